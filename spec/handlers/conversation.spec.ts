import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { age, hears, inState, requestOf, requestsWith, said, stored } from '../support/stored.ts';
import type { LocalSlack } from '../workspace/local-slack.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Message } from '../workspace/wire.ts';

const HOUR = 3_600_000;

describe('the conversation of a request', () => {
  let running: RunningApp;
  /** Of another workspace; in #help-it and, as it happens, in the triage channel. */
  let eva: ReturnType<LocalSlack['people']['add']>;
  /** A responder who leaves. */
  let max: ReturnType<LocalSlack['people']['add']>;

  before(async () => {
    running = await runningApp({
      moreQueues: '  - { name: hr, triage_channel: "#triage-hr", rotation: ["@lea"] }',
      before: (slack, { lea, help, triage }) => {
        slack.channels.add({ name: 'triage-hr', isPrivate: true, members: [lea] });
        eva = slack.people.add({ name: 'eva', teamId: 'T0OTHER' });
        max = slack.people.add({ name: 'max' });
        for (const id of [eva.id, max.id]) {
          help.members.add(id);
          triage.members.add(id);
        }
      },
    });
  });

  after(() => running.stop());

  const mention = (text: string): string => `<@${running.slack.botUserId}> ${text}`;

  /** Uli asks in the channel; the thread there and the card. */
  async function asked(text: string): Promise<{ readonly ts: string; readonly card: Message }> {
    const ts = running.slack.say(running.team.uli, running.team.help, text);
    return { ts, card: await running.cardOf(text) };
  }

  const post = (who: { id: string }, ts: string, text: string): string =>
    running.slack.say(who, running.team.help, text, { threadTs: ts });

  describe('in a channel', () => {
    it('gives it to the responder who replies first, and stops the clock of the first response', async () => {
      const { team } = running;
      const { ts, card } = await asked('Tap drips');
      const reply = post(team.ana, ts, 'I see to it');

      const request = await inState(running, card, 'in_progress');
      post(max, ts, 'So do I');
      await running.settled();

      expect(request.owner).to.equal(team.ana.id);
      expect(request.answeredAt).to.equal(Math.round(Number(reply) * 1000));
      expect((await requestOf(running, card)).owner).to.equal(team.ana.id);
      expect(said(running, team.help, ts), 'the reply speaks for itself').to.have.length(1);
    });

    it('keeps what third parties write, and changes nothing by it', async () => {
      const { team } = running;
      const { ts, card } = await asked('Window is cracked');
      const earlier = await requestOf(running, card);
      post(team.zoe, ts, 'Mine too');
      post(eva, ts, 'Ours as well');
      await running.settled();

      const { rows } = await running.database.pool.query<{ body: string; author: string }>(
        'select body, author from messages where request_id = $1 order by ts',
        [earlier.id],
      );
      expect(await requestOf(running, card)).to.deep.include({
        version: earlier.version,
        state: 'new',
        owner: null,
        answeredAt: null,
      });
      expect(rows).to.deep.equal([
        { body: 'Mine too', author: team.zoe.id },
        { body: 'Ours as well', author: eva.id },
      ]);
      const timeline = await running.database.pool.query<{ what: string; actor: string }>(
        `select what, actor from timeline where request_id = $1 and what = 'wrote' order by id`,
        [earlier.id],
      );
      expect(timeline.rows.map(({ actor }) => actor)).to.have.members([team.zoe.id, eva.id]);
    });

    it('counts a responder who asked as the asker alone: their post takes and answers nothing', async () => {
      const { slack, team } = running;
      const ts = slack.say(team.ana, team.help, 'My own chair squeaks');
      const card = await running.cardOf('My own chair squeaks');
      post(team.ana, ts, 'It is the left wheel');
      await running.settled();
      expect(await requestOf(running, card)).to.deep.include({ state: 'new', owner: null, answeredAt: null });

      await running.press(team.ben, card, 'Take it');
      await running.shows(card, 'in progress');
      await running.press(team.ben, card, 'Waiting for asker');
      await inState(running, card, 'waiting');
      post(team.ana, ts, 'The left one, as I said');

      expect((await inState(running, card, 'in_progress')).owner).to.equal(team.ben.id);
    });

    it('goes on when the asker posts while it waits for them, and not when others do', async () => {
      const { team } = running;
      const { ts, card } = await asked('Radio hisses');
      await running.press(team.ana, card, 'Take it');
      await running.shows(card, 'in progress');
      await running.press(team.ana, card, 'Waiting for asker');
      await inState(running, card, 'waiting');
      post(team.zoe, ts, 'Which radio?');
      post(max, ts, 'Which band?');
      await running.settled();
      expect((await requestOf(running, card)).state).to.equal('waiting');

      post(team.uli, ts, 'FM');

      expect((await inState(running, card, 'in_progress')).owner).to.equal(team.ana.id);
    });

    it('comes off hold when the asker posts', async () => {
      const { slack, team } = running;
      const { ts, card } = await asked('Blinds are stuck');
      await slack.slash(
        team.ana,
        team.triage,
        '/triage',
        `hold #${running.numberOf(card)} until in 3h the vendor`,
      );
      await inState(running, card, 'on_hold');
      post(team.uli, ts, 'They move again');

      const request = await inState(running, card, 'in_progress');
      expect(request).to.deep.include({ owner: team.ana.id, hold: null });
    });

    it('is re-opened by a post of the asker once it is resolved, and by nobody else’s', async () => {
      const { team } = running;
      const { ts, card } = await asked('Heater is off');
      await running.press(team.ana, card, 'Take it');
      await running.shows(card, 'in progress');
      await running.press(team.ana, card, 'Resolve');
      await inState(running, card, 'resolved');
      post(team.zoe, ts, 'Warm here');
      post(team.ana, ts, 'Tell me if not');
      await running.settled();
      expect((await requestOf(running, card)).state).to.equal('resolved');

      post(team.uli, ts, 'Still cold');

      const request = await inState(running, card, 'in_progress');
      expect(request).to.deep.include({ owner: team.ana.id, resolution: null });
    });

    it('makes it new when the asker answers and whoever had it can no longer respond', async () => {
      const { slack, team } = running;
      const { ts, card } = await asked('Carpet is wet');
      await running.press(max, card, 'Take it');
      await running.shows(card, 'in progress');
      await running.press(max, card, 'Waiting for asker');
      await inState(running, card, 'waiting');
      slack.leave(max, team.triage);
      await running.settled();
      expect(await requestOf(running, card)).to.deep.include({ state: 'waiting', owner: null });

      post(team.uli, ts, 'Wet by the door');

      expect((await inState(running, card, 'new')).owner).to.equal(null);
    });

    it('says each thing once: one reply that is edited, and a line each when it is taken, asked back, resolved', async () => {
      const { team } = running;
      const { ts, card } = await asked('Stapler is empty');
      const reply = await hears(running, team.help, ts, 'Got it');
      await running.press(team.ana, card, 'Take it');
      await hears(running, team.help, ts, '👀 ana has');
      await running.shows(card, 'in progress');
      await running.press(team.ana, card, 'Waiting for asker');
      await hears(running, team.help, ts, 'ana needs an answer from you');
      post(team.uli, ts, 'The red one');
      await inState(running, card, 'in_progress');
      await running.press(team.ana, card, 'Resolve');
      await hears(running, team.help, ts, 'Does it work? Without a word from you it closes in');
      await running.settled();

      const lines = said(running, team.help, ts);
      expect(lines).to.have.length(4);
      expect(lines[0]).to.include('is resolved').and.include('Does it work?');
      expect(running.slack.thread(team.help, ts).find((one) => one.ts === reply.ts)).to.have.property(
        'edited',
      );
    });

    it('ends 24 h after an exit: until then a mention is a note, from then on a new, linked request', async () => {
      const { slack, team } = running;
      const { ts, card } = await asked('Buy me a pony');
      await running.press(team.ana, card, 'Not a request');
      const { id } = await inState(running, card, 'not_request');
      post(team.uli, ts, mention('a small pony'));
      await running.settled();
      expect(await requestsWith(running, 'small pony')).to.deep.equal([]);

      await age(running, id, 25 * HOUR);
      post(team.uli, ts, 'or a pony house');
      await running.settled();
      expect(await requestsWith(running, 'pony house')).to.deep.equal([]);
      const ticketed = post(team.zoe, ts, 'a pony for me');
      slack.react(team.uli, { channel: team.help.id, ts: ticketed }, 'ticket');

      const next = await requestOf(running, await running.cardOf('a pony for me'));
      expect(next).to.deep.include({ continues: id, asker: team.zoe.id, state: 'new' });
    });
  });

  describe('in a DM', () => {
    /** Zoe asks by DM; her thread and the card's are one conversation. */
    async function askedByDm(text: string) {
      const { slack, team } = running;
      const ts = slack.dm(team.zoe, mention(`new ${text}`), { isEscaped: true });
      const card = await running.cardOf(text);
      await hears(running, team.triage, card.ts, 'goes to zoe by DM');
      const dm = slack.dmOf(team.zoe);
      return {
        ts,
        card,
        dm,
        toTeam: (words: string) => slack.say(team.zoe, dm, words, { threadTs: ts }),
        toAsker: (words: string, who: { id: string } = team.ana) =>
          slack.say(who, team.triage, words, { threadTs: card.ts }),
        askersSide: (words: string) => hears(running, dm, ts, words),
        teamsSide: (words: string) => hears(running, team.triage, card.ts, words),
      };
    }

    it('is copied both ways with the speaker’s name, files by name, mentions by name', async () => {
      const { slack, team } = running;
      const { dm, ts, card, askersSide, teamsSide } = await askedByDm('My phone is slow');
      slack.say(team.ana, team.triage, `Did @ben see it? In #help-it?`, {
        threadTs: card.ts,
        files: [{ name: 'guide.pdf', size: 2_500_000 }],
      });
      const copy = await askersSide('ana: Did @ben see it? In #help-it?');
      slack.say(team.zoe, dm, 'No, <nobody> & co.', { threadTs: ts });
      await teamsSide('zoe: No, <nobody> & co.');

      expect(textOf(copy)).to.include('guide.pdf (2.5 MB, pdf)');
      expect(JSON.stringify(copy.blocks)).to.not.include(team.ben.id);
      expect((await requestOf(running, card)).owner).to.equal(team.ana.id);
    });

    it('has its copies follow edits and deletions, on both sides', async () => {
      const { slack, team } = running;
      const { dm, ts, card, toAsker, toTeam, askersSide, teamsSide } = await askedByDm('My tablet is slow');
      const question = toAsker('Since wen?');
      await askersSide('ana: Since wen?');
      const answer = toTeam('Mondy');
      await teamsSide('zoe: Mondy');

      slack.edit(team.ana, { channel: team.triage.id, ts: question }, 'Since when?');
      slack.edit(team.zoe, { channel: dm, ts: answer }, 'Monday');
      await askersSide('ana: Since when?');
      await teamsSide('zoe: Monday');
      slack.remove(team.ana, { channel: team.triage.id, ts: question });
      slack.remove(team.zoe, { channel: dm, ts: answer });
      await running.settled();

      expect(said(running, dm, ts).join()).to.not.include('Since');
      expect(said(running, team.triage, card.ts).join()).to.not.include('Mond');
    });

    it('goes on in the thread of a card that somebody deleted', async () => {
      const { slack, team } = running;
      const { card, toAsker, askersSide } = await askedByDm('Lid is stuck');
      toAsker('Which lid?');
      await askersSide('ana: Which lid?');
      slack.removeAny({ channel: team.triage.id, ts: card.ts });
      await running.settled();
      toAsker('The red one?');
      await askersSide('ana: The red one?');
      toAsker(mention('resolve'));
      await askersSide('resolved');
    });

    it('ends in the thread of a card that somebody deleted, when its request moves', async () => {
      const { slack, team } = running;
      const { card, toAsker, askersSide } = await askedByDm('Lock is stuck');
      const id = running.numberOf(card);
      toAsker('Which lock?');
      await askersSide('ana: Which lock?');
      slack.removeAny({ channel: team.triage.id, ts: card.ts });
      await running.settled();
      await slack.slash(team.ana, team.triage, '/triage', `move #${id} hr`);
      await running.settled();
      expect((await stored(running, id)).queue).to.equal('hr');
      toAsker('Is it the old one?');
      await running.settled();
      expect(slack.sees(team.zoe, 'Is it the old one?')).to.equal(false);
    });

    it('keeps a message inside, whole, that has 🔒 at the start of any line: it takes and answers nothing', async () => {
      const { slack } = running;
      const { card, toAsker } = await askedByDm('My scanner is slow');
      toAsker('🔒 he never waits');
      toAsker('Let us see\n  🔒 if he is in a hurry\nor not');
      await running.settled();

      expect(await requestOf(running, card)).to.deep.include({ state: 'new', owner: null, answeredAt: null });
      for (const words of ['he never waits', 'Let us see', 'or not']) {
        expect(slack.sees(running.team.zoe, words), words).to.equal(false);
      }
    });

    it('takes a copy back when 🔒 is added by an edit, and publishes nothing when it is removed', async () => {
      const { slack, team } = running;
      const { dm, ts, toAsker, askersSide } = await askedByDm('My mixer is slow');
      const line = { channel: team.triage.id, ts: toAsker('The mixer is from 1998') };
      await askersSide('from 1998');
      await running.settled();
      slack.edit(team.ana, line, 'Sorry\n🔒 The mixer is from 1998');
      await slack.waitFor(() => !slack.sees(team.zoe, 'from 1998'), 'the copy to be taken back');
      slack.edit(team.ana, line, 'The mixer is from 1998');
      await running.settled();

      expect(said(running, dm, ts).join()).to.not.include('1998');
    });

    it('takes a copy back when 🔒 is added while the copy is still on its way', async () => {
      const { slack, team } = running;
      const { card, toAsker } = await askedByDm('My crane is slow');
      await running.press(team.ana, card, 'Take it');
      await running.settled();
      slack.failNext('chat.postMessage', { kind: 'hang', ms: 200, when: 'after' });
      const line = { channel: team.triage.id, ts: toAsker('The crane is from 1987') };
      await slack.waitFor(() => slack.sees(team.zoe, 'from 1987'), 'the copy');
      slack.edit(team.ana, line, '🔒 The crane is from 1987');
      await running.settled();

      expect(slack.sees(team.zoe, 'from 1987')).to.equal(false);
    });

    const goings = {
      'its card is deleted': (card: Message) =>
        running.slack.removeAny({ channel: running.team.triage.id, ts: card.ts }),
      'it moves to another queue': (card: Message) =>
        running.slack.slash(
          running.team.ana,
          running.team.triage,
          '/triage',
          `move #${running.numberOf(card)} hr`,
        ),
    };
    for (const [what, go] of Object.entries(goings)) {
      it(`keeps 🔒 inside through an edit, and takes a copy back by one, after ${what}`, async () => {
        const { slack, team } = running;
        const { card, toAsker, askersSide } = await askedByDm(`Slow drill; ${what}`);
        const locked = { channel: team.triage.id, ts: toAsker('🔒 it is a cheap drill') };
        const open = { channel: team.triage.id, ts: toAsker('We look for a cheap drill') };
        await askersSide('We look for');
        await go(card);
        await running.settled();
        slack.edit(team.ana, locked, '🔒 it is a very cheap drill');
        slack.edit(team.ana, locked, 'it is a very, very cheap drill');
        slack.edit(team.ana, open, '🔒 nobody looks for a cheap drill');
        await running.settled();

        expect(slack.sees(team.zoe, 'cheap drill')).to.equal(false);
      });
    }

    it('never copies commands, from neither side', async () => {
      const { slack, team } = running;
      const { dm, ts, card, toAsker, toTeam } = await askedByDm('My printer is slow');
      toAsker(mention('claim'));
      await inState(running, card, 'in_progress');
      toTeam('resolve');
      await inState(running, card, 'resolved');
      await running.settled();

      expect(said(running, dm, ts).join()).to.not.include('claim');
      expect(said(running, team.triage, card.ts).join()).to.not.include('resolve');
      expect(slack.sees(team.zoe, 'claim')).to.equal(false);
    });

    it('copies a mention that is no command, for it is a note to the request', async () => {
      const { card, toAsker, askersSide } = await askedByDm('My lathe is slow');
      toAsker(mention('is it the old lathe?'));
      await askersSide('is it the old lathe?');

      expect((await requestOf(running, card)).owner).to.equal(running.team.ana.id);
    });

    it('never goes on in a thread that is none', () => {
      expect(running.slack.complaints()).to.deep.equal([]);
    });
  });
});

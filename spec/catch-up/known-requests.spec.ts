import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ask, askByDm } from '../support/pressing.ts';
import { type RunningApp } from '../support/running-app.ts';
import { age, stored } from '../support/stored.ts';
import { waitFor } from '../support/wait-for.ts';
import { textOf } from '../workspace/text-of.ts';
import { DAY_MS, ownDaemon } from './gap.ts';

describe('what happened in a gap', function () {
  this.timeout(40_000);

  describe('to requests that we know', () => {
    let running: RunningApp;
    const { gap, caughtUp, caughtUpTimes } = ownDaemon(
      (own) => {
        running = own;
      },
      {
        moreQueues: '  - { name: hr, triage_channel: "#triage-hr", rotation: ["@lea"] }',
        before: (slack, { lea }) => {
          slack.channels.add({ name: 'triage-hr', isPrivate: true, members: [lea] });
        },
      },
    );

    /** The daemon starts anew, and Slack tells it of what was done before only when it has read that. */
    async function toldLate(done: () => void): Promise<void> {
      running.slack.deliveryPlan(() => ({ kind: 'delay', ms: 8000 }));
      done();
      running.slack.deliveryPlan(undefined);
      await running.app().stop();
      await running.restart();
    }

    it('is heard: replies, edits and deletions', async () => {
      const { slack, team } = running;
      const replied = await ask(running, 'somebody will reply');
      const edited = await ask(running, 'somebody will edit');
      const deleted = await ask(running, 'somebody will delete');
      const byDm = await askByDm(running, team.lea, 'mirrored both ways');
      const inThread = { threadTs: byDm.card.ts };
      const takenBack = {
        channel: team.triage.id,
        ts: slack.say(team.ben, team.triage, 'never mind', inThread),
      };
      const dmThread = (): string => slack.thread(slack.dmOf(team.lea), byDm.ts).map(textOf).join('\n');
      await slack.waitFor(() => dmThread().includes('never mind'), 'the copy');
      await gap(() => {
        slack.say(team.ana, team.help, 'here I am', { threadTs: replied.ts });
        slack.edit(team.uli, edited, 'somebody has edited');
        slack.remove(team.uli, deleted);
        slack.remove(team.ben, takenBack);
        slack.say(team.ben, team.triage, 'which floor?', { threadTs: byDm.card.ts });
        slack.dm(team.lea, 'the third', { threadTs: byDm.ts });
      });
      expect(await stored(running, replied.id)).to.include({ owner: team.ana.id, state: 'in_progress' });
      expect((await stored(running, edited.id)).source.text).to.equal('somebody has edited');
      expect((await stored(running, deleted.id)).state).to.equal('withdrawn');
      expect(dmThread()).to.include('which floor?').and.not.to.include('never mind');
      const underCard = slack.thread(team.triage, byDm.card.ts).map(textOf).join('\n');
      expect(underCard).to.include('the third');
    });

    it('is heard: a reply is gone from a thread that began long before, and nobody has written there since', async () => {
      const { slack, team } = running;
      const { ts } = await ask(running, 'a thread of long ago');
      const reply = slack.say(team.ana, team.help, 'no longer said', { threadTs: ts });
      await running.settled();
      // Nothing of this thread is read with its channel.
      await running.database.pool.query('update hearing set begun_at = now()');
      await gap(() => slack.remove(team.ana, { channel: team.help.id, ts: reply }));
      const { rows } = await running.database.pool.query('select body from messages where ts = $1', [reply]);
      expect(rows).to.deep.equal([{ body: '' }]);
    });

    it('is heard in the thread of a card that somebody deleted', async () => {
      const { slack, team } = running;
      const { ts, card } = await askByDm(running, team.lea, 'whose card is deleted');
      const say = (who: typeof team.ben, text: string) => ({
        channel: team.triage.id,
        ts: slack.say(who, team.triage, text, { threadTs: card.ts }),
      });
      const dmThread = (): string => slack.thread(slack.dmOf(team.lea), ts).map(textOf).join('\n');
      const wrong = say(team.ben, 'it is on floor 8');
      await slack.waitFor(() => dmThread().includes('floor 8'), 'the copy');
      slack.removeAny({ channel: team.triage.id, ts: card.ts });
      await running.settled();
      await gap(() => {
        slack.remove(team.ben, wrong);
        say(team.ana, 'it is on floor 9');
      });
      expect(dmThread()).to.include('floor 9').and.not.to.include('floor 8');
    });

    it('is heard in the thread of a card that somebody deleted, of which nothing was kept', async () => {
      const { slack, team } = running;
      const { ts, card } = await askByDm(running, team.zoe, 'whose card is deleted early');
      const builds = slack.people.add({ name: 'builds', isBot: true });
      slack.world.channel(team.triage.id).members.add(builds.id);
      slack.say(builds, team.triage, 'see the build', { threadTs: card.ts });
      slack.removeAny({ channel: team.triage.id, ts: card.ts });
      await running.settled();
      await gap(() => {
        slack.say(team.ana, team.triage, 'it is on floor 7', { threadTs: card.ts });
      });
      const inDm = slack.thread(slack.dmOf(team.zoe), ts).map(textOf).join('\n');
      expect(inDm).to.include('floor 7');
    });

    it('is heard in the thread of a card that its request has left', async () => {
      const { slack, team } = running;
      const { ts, card, id } = await askByDm(running, team.uli, 'for another queue');
      const dmThread = (): string => slack.thread(slack.dmOf(team.uli), ts).map(textOf).join('\n');
      const wrong = {
        channel: team.triage.id,
        ts: slack.say(team.ben, team.triage, 'it is on floor 6', { threadTs: card.ts }),
      };
      await slack.waitFor(() => dmThread().includes('floor 6'), 'the copy');
      await slack.slash(team.ana, team.triage, '/triage', `move #${id} hr`);
      await running.settled();
      expect((await stored(running, id)).queue).to.equal('hr');
      // Nothing of this thread is read with its channel.
      await running.database.pool.query('update hearing set begun_at = now()');
      await gap(() => slack.remove(team.ben, wrong));
      expect(dmThread()).to.not.include('floor 6');
    });

    it('is heard of a source that is a reply itself, though nobody has answered since', async () => {
      const { slack, team } = running;
      const first = slack.say(team.zoe, team.help, '⚪ a long story');
      await running.cardOf('a long story');
      const cellar = slack.channels.add({ name: 'cellar', members: [team.uli, team.zoe] });
      const root = slack.say(team.zoe, cellar, 'talk of the cellar');
      const reply = {
        channel: cellar.id,
        ts: slack.say(team.uli, cellar, 'the light is out', { threadTs: root }),
      };
      slack.react(team.zoe, reply, 'ticket');
      const card = await running.cardOf('the light is out');
      await gap(() => {
        slack.edit(team.uli, reply, 'the light is out again');
        slack.edit(team.zoe, { channel: team.help.id, ts: first }, 'a short story');
      });
      await running.shows(card, 'out again');
      await running.cardOf('a short story');
    });

    it('is heard: the first of several DMs that make one request, deleted, then the other', async () => {
      const { slack, team } = running;
      const liv = slack.people.add({ name: 'liv' });
      const channel = slack.dmOf(liv);
      const first = slack.dm(liv, 'liv says hi');
      const card = await running.cardOf('liv says hi');
      const second = slack.dm(liv, 'liv has no key');
      await running.shows(card, 'liv has no key');
      await gap(() => slack.remove(liv, { channel, ts: first }));
      await running.shows(card, '· liv has no key');
      const id = running.numberOf(card);
      const { state, source, version } = await stored(running, id);
      expect(state).to.equal('new');
      expect(source.text).to.equal('liv has no key');
      expect(slack.sees(team.ana, 'liv says hi')).to.equal(false);
      await gap(() => {});
      expect((await stored(running, id)).version).to.equal(version);
      await gap(() => slack.remove(liv, { channel, ts: second }));
      await running.shows(card, 'withdrawn', '· deleted by its author');
    });

    it('is heard: reactions added and taken away, on the source and on the card', async () => {
      const { slack, team } = running;
      const onSource = await ask(running, 'eyes on the source');
      const onCard = await ask(running, 'eyes on the card');
      const givenBack = await ask(running, 'eyes taken away');
      slack.react(team.ana, givenBack, 'eyes');
      await running.shows(givenBack.card, 'in progress');
      await gap(() => {
        slack.react(team.ana, onSource, 'eyes');
        slack.react(team.ben, onCard.card, 'eyes');
        slack.unreact(team.ana, givenBack, 'eyes');
      });
      expect((await stored(running, onSource.id)).owner).to.equal(team.ana.id);
      expect((await stored(running, onCard.id)).owner).to.equal(team.ben.id);
      expect(await stored(running, givenBack.id)).to.include({ owner: null, state: 'new' });
    });

    it('is not heard a second time: a 👀 that was passed on since stays passed on, a command runs once', async () => {
      const { slack, team } = running;
      const passed = await ask(running, 'eyes, and then passed');
      slack.react(team.ana, passed, 'eyes');
      await running.shows(passed.card, 'in progress');
      slack.say(team.ana, team.triage, `@triage pass #${passed.id}`);
      await running.shows(passed.card, 'Take it');
      await running.settled();
      const timeline = async (): Promise<readonly unknown[]> =>
        (await running.database.pool.query('select what from timeline where request_id = $1', [passed.id]))
          .rows;
      const then = await timeline();
      await gap(() => {});
      expect((await stored(running, passed.id)).owner).to.equal(null);
      expect(await timeline()).to.deep.equal(then);
    });

    it('is not heard a second time: a 👀 that was taken away, and told of only after that was read', async () => {
      const { slack, team } = running;
      const asked = await ask(running, 'eyes that go late');
      slack.react(team.ana, asked.card, 'eyes');
      await running.shows(asked.card, 'in progress');
      await running.settled();
      await toldLate(() => slack.unreact(team.ana, asked.card, 'eyes'));
      await running.shows(asked.card, 'Take it');
      slack.react(team.ana, asked, 'eyes');
      await running.shows(asked.card, 'in progress');
      await running.settled();
      expect((await stored(running, asked.id)).owner).to.equal(team.ana.id);
    });

    it('is not mistaken for taken away: a 👀 on a message that its author has deleted, before the gap or in it', async () => {
      const { slack, team } = running;
      const before = await ask(running, 'deleted with eyes on it');
      const within = await ask(running, 'deleted with eyes on it, unheard');
      for (const each of [before, within]) {
        slack.react(team.ana, each, 'eyes');
        await running.shows(each.card, 'in progress');
      }
      slack.remove(team.uli, before);
      await gap(() => slack.remove(team.uli, within));
      for (const { id } of [before, within])
        expect(await stored(running, id)).to.include({ owner: team.ana.id, state: 'in_progress' });
    });

    it('is not heard a second time: a 👀 that was put, and told of only after that was read', async () => {
      const { slack, team } = running;
      const asked = await ask(running, 'eyes that come late');
      await running.settled();
      await toldLate(() => slack.react(team.ana, asked.card, 'eyes'));
      await running.shows(asked.card, 'in progress');
      await slack.slash(team.ana, team.triage, '/triage', `pass #${asked.id}`);
      await running.shows(asked.card, 'Take it');
      await running.settled();
      expect((await stored(running, asked.id)).owner).to.equal(null);
      slack.unreact(team.ana, asked.card, 'eyes');
      await running.settled();
      slack.react(team.ana, asked.card, 'eyes');
      await running.shows(asked.card, 'in progress');
    });

    it('is not mistaken for taken away: a 👀 that somebody puts while the history is read', async () => {
      const { slack, team } = running;
      const asked = await ask(running, 'eyes in between');
      await running.settled();
      await running.app().stop();
      const times = caughtUpTimes();
      const isRead = (method: string, channel: unknown): boolean =>
        method === 'conversations.history' && channel === team.help.id;
      const before = slack.calls().filter(({ method, body }) => isRead(method, body['channel'])).length;
      slack.faultPlan(({ method, args }) =>
        isRead(method, args['channel']) ? { kind: 'hang', ms: 2000, when: 'after' } : undefined,
      );
      await running.restart();
      await slack.waitFor(
        () => slack.calls().filter(({ method, body }) => isRead(method, body['channel'])).length > before,
        'the history to be asked for',
      );
      slack.faultPlan(undefined);
      slack.react(team.ana, asked, 'eyes');
      await running.shows(asked.card, 'in progress');
      await caughtUp(times);
      const { rows } = await running.database.pool.query<{ what: string }>(
        'select what from timeline where request_id = $1 order by id',
        [asked.id],
      );
      expect(rows.map(({ what }) => what)).to.deep.equal(['asked it in a channel', 'took it']);
    });

    it('is not heard of: a 👀 that stood on a message before it was a request', async () => {
      const { slack, team } = running;
      const ids: number[] = [];
      const lounge = slack.channels.add({ name: 'sofa', members: [team.uli, team.ana, team.zoe] });
      const said = (text: string) => ({ channel: lounge.id, ts: slack.say(team.uli, lounge, text) });
      const [ticketed, mentioned, triaged] = [
        said('seen by ana, then a ticket'),
        said('seen by ana, then a mention'),
        said('seen by ana, then Triage this'),
      ];
      for (const each of [ticketed, mentioned, triaged]) slack.react(team.ana, each, 'eyes');
      await running.settled();
      slack.react(team.zoe, ticketed, 'ticket');
      slack.say(team.zoe, lounge, '@triage please', { threadTs: mentioned.ts });
      await slack.shortcut(team.zoe, 'triage_this', triaged);
      for (const words of ['then a ticket', 'then a mention', 'then Triage this'])
        ids.push(running.numberOf(await running.cardOf(words)));
      await gap(() => {});
      for (const id of ids) expect(await stored(running, id)).to.include({ owner: null, state: 'new' });
    });

    it('is heard of: a 👀 of the gap on a message whose 🎫 came before it and was handled after it', async () => {
      const { slack, team } = running;
      const bench = slack.channels.add({ name: 'bench', members: [team.uli, team.ana, team.zoe] });
      const place = { channel: bench.id, ts: slack.say(team.uli, bench, 'a ticket that had to wait') };
      await running.settled();
      const times = caughtUpTimes();
      slack.faultPlan(({ method }) =>
        method === 'conversations.history' ? { kind: 'http', status: 500 } : undefined,
      );
      slack.react(team.zoe, place, 'ticket');
      const { pool } = running.database;
      const waits = 'select 1 from inbox where done_at is null and attempts > 0';
      await waitFor(async () => (await pool.query(waits)).rowCount === 1, 'the 🎫 to be tried');
      await running.app().stop();
      await pool.query(`update inbox set happened_at = happened_at - interval '1 min' where done_at is null`);
      slack.react(team.ana, place, 'eyes');
      slack.faultPlan(undefined);
      await running.restart();
      await caughtUp(times);
      const id = running.numberOf(await running.cardOf('a ticket that had to wait'));
      expect(await stored(running, id)).to.include({ owner: team.ana.id, state: 'in_progress' });
    });

    it('is heard before anything is concluded from the silence of those who asked', async () => {
      const { slack, team, database } = running;
      const [broken, silent] = [
        await ask(running, 'broken after all'),
        await ask(running, 'never heard of again'),
      ];
      for (const one of [broken, silent]) {
        slack.react(team.ana, one.card, 'eyes');
        slack.say(team.ana, team.triage, `@triage resolve #${one.id}`);
        await running.shows(one.card, 'resolved');
      }
      await gap(async () => {
        slack.say(team.uli, team.help, 'it is still broken', { threadTs: broken.ts });
        // Both have been resolved for long enough by now.
        const { rowCount } = await database.pool.query(
          `update pgboss.job set start_after = now() where state = 'created' and (data->>'requestId')::int = any($1)`,
          [[broken.id, silent.id]],
        );
        expect(rowCount).to.equal(2);
      });
      await running.shows(silent.card, 'closed');
      expect(await stored(running, broken.id)).to.include({ state: 'in_progress' });
      const { rows } = await database.pool.query('select what from timeline where request_id = $1', [
        broken.id,
      ]);
      expect(rows.map(({ what }) => String(what)).join()).not.to.include('closed');
    });

    it('is not mistaken for something else: an edit that was heard is none, a mark says its priority once', async () => {
      const { slack, team } = running;
      slack.say(team.uli, team.help, '🔴 an urgent matter');
      const card = await running.cardOf('an urgent matter');
      const id = running.numberOf(card);
      const { source } = await stored(running, id);
      const marked = { id, card, channel: team.help.id, ts: source.ts };
      slack.edit(team.uli, marked, '🔴 an urgent matter indeed');
      await running.shows(marked.card, 'matter indeed');
      slack.say(team.ana, team.triage, `@triage priority #${marked.id} low`);
      await running.shows(marked.card, 'low');
      const version = async (): Promise<number> => (await stored(running, marked.id)).version;
      const then = await version();
      await gap(() => {});
      expect(await version()).to.equal(then);
      await gap(() => slack.edit(team.uli, marked, '🔴 an urgent matter, said again'));
      const request = await stored(running, marked.id);
      expect(request.source.text).to.equal('an urgent matter, said again');
      expect(request.priority).to.equal('low');
    });

    it('tells who left a triage channel or was deactivated, and that there is a new member', async () => {
      const { slack, team } = running;
      const ofBen = await ask(running, 'owned by one who leaves');
      slack.react(team.ben, ofBen.card, 'eyes');
      await running.shows(ofBen.card, 'in progress');
      const kim = slack.people.add({ name: 'kim' });
      await gap(() => {
        slack.leave(team.ben, team.triage);
        slack.join(kim, team.triage);
      });
      expect(await stored(running, ofBen.id)).to.include({ owner: null, state: 'new' });
      expect(slack.messages(team.triage).map(textOf).join('\n')).to.match(/needs? (a )?new owner/);
      await running.press(kim, ofBen.card, 'Take it');
      await running.shows(ofBen.card, 'in progress');
      slack.join(team.ben, team.triage);
      await running.settled();
    });

    it('leaves alone what ended before', async () => {
      const { slack, team } = running;
      const over = await ask(running, 'ended long ago');
      slack.say(team.ana, team.triage, `@triage decline #${over.id} no`);
      await running.shows(over.card, 'declined');
      await age(running, over.id, 2 * DAY_MS);
      await gap(() => {
        slack.edit(team.uli, over, 'ended and then edited');
      });
      expect((await stored(running, over.id)).source.text).to.equal('ended long ago');
    });
  });
});

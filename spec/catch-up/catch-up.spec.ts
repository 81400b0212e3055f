import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { ask, askByDm, pressReply } from '../support/pressing.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { age, stored } from '../support/stored.ts';
import { waitFor } from '../support/wait-for.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Message } from '../workspace/wire.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

describe('what happened in a gap', function () {
  this.timeout(40_000);
  let running: RunningApp;

  /** Each group has a daemon of its own, for what it may read in a minute is counted. */
  function ownDaemon(): void {
    before(async () => {
      running = await runningApp({ slack: { offline: 'lose' } });
    });
    after(() => running.stop());
  }
  afterEach(() => {
    expect(running.slack.complaints()).to.deep.equal([]);
  });

  /** The daemon is away, and Slack loses what it would have told it meanwhile. */
  async function gap(meanwhile: () => void | Promise<void>): Promise<void> {
    await running.settled();
    await running.app().stop();
    const times = caughtUpTimes();
    await meanwhile();
    await running.restart();
    await caughtUp(times);
  }

  const caughtUpTimes = (): number =>
    running.logger.lines.filter(({ message }) => message === 'caught up with Slack').length;

  /** All is read, handled and said, once more than before. */
  async function caughtUp(times: number): Promise<void> {
    await waitFor(() => caughtUpTimes() > times, 'the catch-up to end', 20_000);
    await running.settled();
  }

  const cardsOf = (words: string) => running.cards().filter((card) => textOf(card).includes(words));

  describe('is captured late', () => {
    ownDaemon();

    it('by every way in that leaves a message, each once, with its clocks at the message’s time', async () => {
      const { slack, team } = running;
      const sent: Record<string, string> = {};
      const lounge = slack.channels.add({ name: 'lounge', members: [team.uli, team.zoe] });
      await gap(() => {
        sent['a line in the help channel'] = slack.say(team.uli, team.help, 'a line in the help channel');
        sent['a direct message'] = slack.dm(team.zoe, 'a direct message');
        sent['a mention in the lounge'] = slack.say(team.uli, lounge, '@triage a mention in the lounge');
        const ticket = slack.say(team.uli, lounge, 'nothing but a ticket');
        slack.react(team.zoe, { channel: lounge.id, ts: ticket }, 'ticket');
        sent['nothing but a ticket'] = ticket;
        slack.say(team.uli, lounge, 'just talk');
      });
      for (const [words, ts] of Object.entries(sent)) {
        const [card, ...others] = cardsOf(words);
        expect(others, words).to.deep.equal([]);
        expect(textOf(card!), words).to.include('captured late');
        const request = await stored(running, running.numberOf(card!));
        expect(request.openedAt, words).to.equal(Math.floor(Number(ts) * 1000));
      }
      expect(cardsOf('just talk')).to.deep.equal([]);
      const { rows } = await running.database.pool.query(
        `select what from timeline where what like '%captured late' and request_id = any($1)`,
        [Object.keys(sent).map((words) => running.numberOf(cardsOf(words)[0]!))],
      );
      expect(rows).to.have.lengthOf(4);
    });

    it('with what was then said and done in its thread', async () => {
      const { slack, team } = running;
      await gap(() => {
        const ts = slack.say(team.uli, team.help, 'asked and answered in the gap');
        slack.say(team.ana, team.help, 'I am at it', { threadTs: ts });
        const done = slack.say(team.zoe, team.help, 'taken and resolved by reaction');
        slack.react(team.ana, { channel: team.help.id, ts: done }, 'eyes');
        slack.react(team.ana, { channel: team.help.id, ts: done }, 'white_check_mark');
      });
      const answered = await stored(running, running.numberOf(cardsOf('asked and answered')[0]!));
      expect(answered).to.include({ state: 'in_progress', owner: team.ana.id });
      expect(answered.answeredAt).to.be.a('number');
      const resolved = await stored(running, running.numberOf(cardsOf('taken and resolved')[0]!));
      expect(resolved).to.include({ state: 'resolved', owner: team.ana.id });
    });

    it('by a mention in a thread that began in the gap: its first message is the request', async () => {
      const { slack, team } = running;
      const corner = slack.channels.add({ name: 'corner', members: [team.uli, team.zoe] });
      await gap(() => {
        const ts = slack.say(team.uli, corner, 'a thread of the gap');
        slack.say(team.zoe, corner, '@triage please', { threadTs: ts });
      });
      const request = await stored(running, running.numberOf(cardsOf('a thread of the gap')[0]!));
      expect(request.asker).to.equal(team.uli.id);
    });

    it('by what is written in the thread of a request that is over', async () => {
      const { slack, team } = running;
      const hourAgo = (n: number) => ({ ts: `${Math.floor(Date.now() / 1000) - 3600}.00000${n}` });
      slack.dm(team.uli, 'broken for the first time', hourAgo(1));
      slack.say(team.uli, team.help, 'jammed for the first time', hourAgo(2));
      const [byDm, inHelp] = await Promise.all(
        ['broken for the first time', 'jammed for the first time'].map(async (words) => {
          const card = await running.cardOf(words);
          const id = running.numberOf(card);
          const { channel, ts } = (await stored(running, id)).source;
          return { id, channel: channel!, ts, card: { channel: team.triage.id, ts: card.ts } };
        }),
      );
      for (const one of [byDm!, inHelp!]) {
        slack.react(team.ana, one.card, 'eyes');
        slack.say(team.ana, team.triage, `@triage resolve #${one.id}`);
        await running.shows(one.card, 'resolved');
        await pressReply(running, team.uli, one, 'It works');
        await running.shows(one.card, 'closed');
      }
      await gap(() => {
        slack.dm(team.uli, 'broken for the second time', { threadTs: byDm!.ts });
        slack.say(team.uli, team.help, '@triage jammed for the second time', { threadTs: inHelp!.ts });
      });
      for (const [words, first] of [
        ['broken for the second time', byDm!],
        ['jammed for the second time', inHelp!],
      ] as const) {
        const [card, ...others] = cardsOf(words);
        expect(others, words).to.deep.equal([]);
        expect(await stored(running, running.numberOf(card!)), words).to.include({ continues: first.id });
        expect((await stored(running, first.id)).state).to.equal('closed');
      }
    });

    it('by what is written in a DM under any message there', async () => {
      const { slack, team, database } = running;
      const kim = slack.people.add({ name: 'kim' });
      const dm = slack.dmOf(kim);
      slack.dm(kim, 'the blinds are stuck');
      const card = await running.cardOf('the blinds are stuck');
      const second = slack.dm(kim, 'and so is the window');
      await running.shows(card, 'and so is the window');
      slack.dm(kim, 'help');
      const ours = (): Message | undefined =>
        slack.messages(dm).find((one) => textOf(one).includes('To ask: write me a DM'));
      const help = await slack.waitFor(ours, 'help');
      await gap(async () => {
        // All before is as old as if it were weeks ago.
        await database.pool.query('update hearing set begun_at = now()');
        slack.dm(kim, 'the window whistles, too', { threadTs: second });
        slack.dm(kim, 'my phone is mute', { threadTs: help.ts });
      });
      const thread = slack.thread(team.triage.id, card.ts).map(textOf).join();
      expect(thread).to.include('the window whistles, too');
      expect(cardsOf('my phone is mute')).to.have.length(1);
    });

    it('by 🎫, with the answer that was heard before the 🎫 was read', async () => {
      const { slack, team, database } = running;
      const porch = slack.channels.add({ name: 'porch', members: [team.uli, team.ana, team.zoe] });
      const told = { channel: porch.id, ts: '' };
      await running.settled();
      await running.app().stop();
      const times = caughtUpTimes();
      told.ts = slack.say(team.uli, porch, 'answered before it was read');
      slack.react(team.zoe, told, 'ticket');
      slack.faultPlan(({ method }) =>
        method === 'conversations.history' ? { kind: 'http', status: 500 } : undefined,
      );
      await running.restart();
      await slack.waitFor(() => slack.socket.open().length > 0, 'Slack to be heard');
      slack.say(team.ana, porch, 'I am on my way', { threadTs: told.ts });
      const early = `select 1 from inbox where outcome = 'early' and position($1 in body) > 0`;
      await waitFor(
        async () => (await database.pool.query(early, ['I am on my way'])).rowCount === 1,
        'the answer to be heard',
      );
      slack.faultPlan(undefined);
      await caughtUp(times);
      const id = running.numberOf(cardsOf('answered before it was read')[0]!);
      expect(await stored(running, id)).to.include({ owner: team.ana.id, state: 'in_progress' });
    });

    it('not twice, when Slack tells of it after all', async () => {
      const { slack, team } = running;
      await gap(() => {
        slack.say(team.uli, team.help, 'told after all');
      });
      const untold = slack.lost().find((payload) => JSON.stringify(payload).includes('told after all'));
      expect(untold).not.to.equal(undefined);
      const [delivered] = slack.deliveries();
      slack.again({ ...delivered!, payload: untold! }, 'retry');
      await running.settled();
      expect(cardsOf('told after all')).to.have.lengthOf(1);
    });

    it('also when only the sockets were away', async () => {
      const { slack, team } = running;
      await running.settled();
      const times = caughtUpTimes();
      slack.unreachable();
      await slack.waitFor(() => slack.socket.open().length === 0, 'no socket');
      slack.say(team.uli, team.help, 'while no socket was open');
      slack.unreachable(false);
      await running.cardOf('while no socket was open');
      await caughtUp(times);
      expect(textOf(cardsOf('while no socket was open')[0]!)).to.include('captured late');
    });
  });

  describe('to requests that we know', () => {
    ownDaemon();

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

  describe('is none of ours', () => {
    ownDaemon();

    it('when it was before the bot came into the channel', async () => {
      const { slack, team } = running;
      const late = slack.channels.add({ name: 'late', members: [team.uli, team.zoe], bot: false });
      await gap(() => {
        slack.say(team.uli, late, `<@${slack.botUserId}> before you came`, { isEscaped: true });
        slack.join(slack.bot, late);
        slack.say(team.uli, late, `<@${slack.botUserId}> after you came`, { isEscaped: true });
      });
      expect(cardsOf('after you came')).to.have.lengthOf(1);
      expect(cardsOf('before you came')).to.deep.equal([]);
    });
  });

  describe('of a whole week', () => {
    ownDaemon();

    it('does not flood people: one summary for the person on duty, and one for each of their own', async () => {
      const { slack, team, database } = running;
      const rooms = Array.from({ length: 20 }, (_, n) =>
        slack.channels.add({ name: `room-${n}`, members: [team.uli, team.ana] }),
      );
      const askedBefore = asksTo(team.ana) + asksTo(team.ben);
      await gap(async () => {
        await database.pool.query(
          `update hearing set heard_until = now() - interval '7 days', begun_at = now() - interval '8 days'`,
        );
        for (const [day, room] of rooms.entries()) {
          for (const n of [1, 2]) {
            const ts = `${Math.floor((Date.now() - 6 * DAY_MS + day * 60_000) / 1000)}.00010${n}`;
            slack.say(team.uli, room, `@triage week ${room.name}.${n}`, { ts });
          }
        }
      });
      expect(running.cards().filter((card) => /week room-\d+\.\d/.test(textOf(card)))).to.have.lengthOf(40);
      const summaries = [team.ana, team.ben, team.lea].flatMap((who) =>
        slack.messages(slack.dmOf(who)).filter((one) => textOf(one).includes('Captured late')),
      );
      expect(summaries).to.have.lengthOf(1);
      expect(textOf(summaries[0]!)).to.include('(40)');
      expect(asksTo(team.ana) + asksTo(team.ben)).to.equal(askedBefore);
      const { rows } = await database.pool.query<{ late: string; due: number }>(
        `select late, extract(epoch from next_due_at - now())::float8 as due from requests where title like 'week room%'`,
      );
      // The next step is the ladder's own distance away: two hours less one.
      for (const row of rows) {
        expect(row.late).to.equal('announced');
        expect(row.due).to.be.within(3500, 3600);
      }
    });

    const asksTo = (who: { readonly id: string }): number =>
      running.slack.messages(running.slack.dmOf(who.id)).filter((one) => textOf(one).includes('nobody has'))
        .length;
  });

  describe('that was long', () => {
    ownDaemon();

    it('asks by the usual question, with its buttons, where only one was missed', async () => {
      const { slack, team, database } = running;
      await gap(async () => {
        await database.pool.query(
          `update hearing set heard_until = now() - interval '7 days', begun_at = now() - interval '8 days'`,
        );
        slack.say(team.uli, team.help, 'the only one', {
          ts: `${Math.floor((Date.now() - 5 * DAY_MS) / 1000)}.000200`,
        });
      });
      const asked = await slack.waitFor(
        () =>
          [team.ana, team.ben]
            .flatMap((who) => slack.messages(slack.dmOf(who)))
            .find((one) => textOf(one).includes('the only one')),
        'the person on duty to be asked',
      );
      expect(textOf(asked)).to.include('Pass');
    });

    it('goes on where it was, when the daemon is stopped in the middle', async () => {
      const { slack, team, database } = running;
      await running.settled();
      await running.app().stop();
      await database.pool.query(
        `update hearing set heard_until = now() - interval '7 days', begun_at = now() - interval '8 days'`,
      );
      const rooms = Array.from({ length: 6 }, (_, n) =>
        slack.channels.add({ name: `hall-${n}`, members: [team.uli] }),
      );
      rooms.forEach((room, n) =>
        slack.say(team.uli, room, `@triage in ${room.name}`, {
          ts: `${Math.floor((Date.now() - 4 * DAY_MS) / 1000) + n}.000300`,
        }),
      );
      let answered = 0;
      slack.faultPlan(({ method }) => {
        if (method !== 'conversations.history') return undefined;
        answered += 1;
        return answered > 10 ? { kind: 'http', status: 500 } : undefined;
      });
      await running.restart();
      await slack.waitFor(() => answered > 11, 'the reading to be interrupted');
      await running.app().stop();
      const { rows: left } = await database.pool.query<{ n: number }>('select count(*) as n from catch_up');
      expect(left[0]?.n).to.be.greaterThan(0);
      slack.faultPlan(undefined);
      const times = caughtUpTimes();
      await running.restart();
      await caughtUp(times);
      for (const room of rooms) expect(cardsOf(`in ${room.name}`), room.name).to.have.lengthOf(1);
    });

    it('does not matter where Slack refuses a channel: the others are read, and the log names it', async () => {
      const { slack, team, logger } = running;
      const gone = slack.channels.add({ name: 'a-refused-channel', members: [team.uli] });
      slack.faultPlan(({ method, args }) =>
        method === 'conversations.history' && args['channel'] === gone.id
          ? { kind: 'error', error: 'channel_not_found' }
          : undefined,
      );
      await gap(() => {
        slack.say(team.uli, team.help, 'after a refusal');
      });
      slack.faultPlan(undefined);
      expect(cardsOf('after a refusal')).to.have.lengthOf(1);
      expect(
        logger.lines.some(
          ({ message, meta }) => message === 'a channel cannot be read' && meta['channel'] === gone.id,
        ),
      ).to.equal(true);
    });
  });
});

describe('the first start', () => {
  it('captures nothing of what was before', async () => {
    const running = await runningApp({
      slack: { offline: 'lose' },
      before: (slack, { uli, help }) => {
        slack.say(uli, help, 'from before TrIAge came');
      },
    });
    try {
      const { slack, team } = running;
      slack.say(team.uli, team.help, 'from now on');
      await running.cardOf('from now on');
      await running.restart();
      await waitFor(
        () => running.logger.lines.some(({ message }) => message === 'caught up with Slack'),
        'the catch-up of the second start',
        20_000,
      );
      await running.settled();
      expect(running.cards()).to.have.lengthOf(1);
    } finally {
      await running.stop();
    }
  });
});

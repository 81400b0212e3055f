import { expect } from 'chai';
import { describe, it } from 'mocha';
import { pressReply } from '../support/pressing.ts';
import { type RunningApp } from '../support/running-app.ts';
import { stored } from '../support/stored.ts';
import { waitFor } from '../support/wait-for.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Message } from '../workspace/wire.ts';
import { DAY_MS, ownDaemon } from './gap.ts';

describe('what happened in a gap', function () {
  this.timeout(40_000);

  describe('is captured late', () => {
    let running: RunningApp;
    const { gap, caughtUp, caughtUpTimes, cardsOf } = ownDaemon((own) => {
      running = own;
    });

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

  describe('of a whole week', () => {
    let running: RunningApp;
    const { gap } = ownDaemon((own) => {
      running = own;
    });

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
});

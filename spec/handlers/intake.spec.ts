import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { withTransaction } from '../../src/store/transaction.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { cardsWith, hears, inState, requestOf, requestsWith, said } from '../support/stored.ts';
import { waitFor } from '../support/wait-for.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Channel } from '../workspace/wire.ts';

const HOUR = 3_600_000;

describe('intake', () => {
  let running: RunningApp;
  /** Nobody lists it; the bot is in it. */
  let chat: Channel;
  /** The same, for members only. */
  let den: Channel;
  /** The bot is not in it. */
  let away: Channel;

  before(async () => {
    running = await runningApp({
      before: (slack, { uli, ana, zoe }) => {
        const members = [uli, ana, zoe];
        chat = slack.channels.add({ name: 'chat', members });
        den = slack.channels.add({ name: 'den', members, isPrivate: true });
        away = slack.channels.add({ name: 'away', members, bot: false });
      },
    });
  });

  after(() => running.stop());

  const mention = (text: string): string => `<@${running.slack.botUserId}> ${text}`;
  const atMs = (ts: string): number => Math.round(Number(ts) * 1000);

  describe('of one message by several ways', () => {
    type Way = (ts: string) => unknown;
    const ways = {
      mention: (ts) => running.slack.edit(running.team.uli, { channel: chat.id, ts }, mention('order WAYS')),
      ticket: (ts) => running.slack.react(running.team.zoe, { channel: chat.id, ts }, 'ticket'),
      shortcut: (ts) => running.slack.shortcut(running.team.ana, 'triage_this', { channel: chat.id, ts }),
    } satisfies Record<string, Way>;
    const orders: readonly (readonly (keyof typeof ways)[])[] = [
      ['mention', 'ticket', 'shortcut'],
      ['ticket', 'shortcut', 'mention'],
      ['shortcut', 'mention', 'ticket'],
    ];

    for (const [number, order] of orders.entries()) {
      it(`makes one request with one card in the order ${order.join(', ')}`, async () => {
        const { slack, team } = running;
        const earlier = (await requestsWith(running, 'order ')).length;
        const ts = slack.say(team.uli, chat, `order ${number}`);
        for (const way of order) {
          await ways[way](ts);
          await running.settled();
        }

        const made = (await requestsWith(running, 'order ')).slice(earlier);
        expect(made).to.have.length(1);
        expect(made[0]).to.deep.include({ asker: team.uli.id, state: 'new' });
        expect(made[0]?.source).to.deep.include({ channel: chat.id, ts });
        expect(
          running.cards().filter((card) => running.numberOf(card) === made[0]?.id),
          'cards',
        ).to.have.length(1);
        expect(said(running, chat, ts), 'replies').to.have.length(1);
      });
    }

    it('makes one request with one card when all come at once', async () => {
      const { slack, team } = running;
      const ts = slack.say(team.uli, chat, mention('all at once'));
      slack.react(team.zoe, { channel: chat.id, ts }, 'ticket');
      slack.react(team.ana, { channel: chat.id, ts }, 'ticket');
      await slack.shortcut(team.ana, 'triage_this', { channel: chat.id, ts });
      await running.settled();

      expect(await requestsWith(running, 'all at once')).to.have.length(1);
      expect(cardsWith(running, 'all at once')).to.have.length(1);
    });

    it('makes one request even when two ways have both found none and write at the same moment', async () => {
      const { slack, team, database } = running;
      const root = slack.say(team.uli, chat, 'Morning all');
      const ts = slack.say(team.uli, chat, 'My badge is torn', { threadTs: root });
      await running.settled();
      await withTransaction(database.pool, async (tx) => {
        await tx.query('lock table requests in share row exclusive mode');
        slack.react(team.zoe, { channel: chat.id, ts }, 'ticket');
        await slack.shortcut(team.ana, 'triage_this', { channel: chat.id, ts });
        await waitFor(async () => {
          const { rows } = await tx.query<{ n: number }>(
            `select count(*) as n from pg_locks where relation = 'requests'::regclass and not granted`,
          );
          return rows[0]?.n === 2;
        }, 'both ways to be at their insert');
      });
      await running.settled();

      expect(await requestsWith(running, 'My badge is torn')).to.have.length(1);
      expect(cardsWith(running, 'My badge is torn')).to.have.length(1);
      expect(said(running, chat, root).filter((line) => line.includes('Got it'))).to.have.length(1);
    });
  });

  it('hears what overtook it: a reply that came before its thread was a request takes the request', async () => {
    const { slack, team, database } = running;
    const root = slack.say(team.uli, chat, 'Desk lamp flickers');
    const ts = slack.say(team.uli, chat, 'at desk 12', { threadTs: root });
    await running.settled();
    // Slack is slow to give the message, so that the reply is handled first.
    slack.failNext('conversations.history', { kind: 'http', status: 503 });
    slack.react(team.zoe, { channel: chat.id, ts }, 'ticket');
    const reacted = Date.now();
    await waitFor(() => Date.now() > reacted, 'the next millisecond');
    const reply = slack.say(team.ana, chat, 'I bring another lamp', { threadTs: root });
    await waitFor(async () => {
      const { rows } = await database.pool.query(
        `select 1 from inbox where outcome = 'early' and body like $1`,
        [`%${reply}%`],
      );
      return rows.length > 0;
    }, 'the reply to be set aside');

    const card = await running.cardOf('at desk 12');
    expect((await inState(running, card, 'in_progress')).owner).to.equal(team.ana.id);
  });

  it('starts the clocks at the time of the message, however late it is captured', async () => {
    const { slack, team } = running;
    const past = ((Date.now() - 2 * HOUR) / 1000).toFixed(6);
    const ts = slack.say(team.uli, chat, 'Asked two hours ago', { ts: past });
    slack.react(team.ana, { channel: chat.id, ts }, 'ticket');

    const request = await requestOf(running, await running.cardOf('Asked two hours ago'));

    expect(request.openedAt).to.equal(atMs(ts));
    expect(request.intervals.map(({ startedAt }) => startedAt)).to.deep.equal([atMs(ts), atMs(ts), atMs(ts)]);
  });

  it('makes who captured it the asker of an app’s message', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, team.help, 'Disk 93 % full', { asBot: 'monitoring' });
    slack.react(team.zoe, { channel: team.help.id, ts }, 'ticket');

    const card = await running.cardOf('Disk 93 % full');
    await hears(running, team.help, ts, 'Got it');

    expect((await requestOf(running, card)).asker).to.equal(team.zoe.id);
    expect(textOf(card)).to.include('zoe');
  });

  it('takes text of a private channel into the private triage channel, and names the channel there', async () => {
    const { slack, team } = running;
    slack.say(team.uli, den, mention('the safe is open'));

    const card = await running.cardOf('the safe is open');

    expect(textOf(card)).to.include('#den');
    expect((await requestOf(running, card)).source.isPrivate).to.equal(true);
    expect(slack.sees(team.zoe, `#${running.numberOf(card)} ·`)).to.equal(false);
  });

  it('talks in the asker’s DM where the bot is not: both ways, mirrored with the card', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, away, 'The beamer is broken');
    await slack.shortcut(team.ana, 'triage_this', { channel: away.id, ts });

    const card = await running.cardOf('The beamer is broken');
    const dm = slack.dmOf(team.uli);
    const number = running.numberOf(card);
    const head = await slack.waitFor(
      () => slack.messages(dm).find((message) => textOf(message).includes(`#${number}`)),
      'a reply in the DM',
    );
    slack.say(team.ben, team.triage, 'Which beamer?', { threadTs: card.ts });
    await hears(running, dm, head.ts, 'ben: Which beamer?');
    slack.say(team.uli, dm, 'The one in room 5', { threadTs: head.ts });
    await hears(running, team.triage, card.ts, 'uli: The one in room 5');
    await running.settled();

    expect(slack.messages(away)).to.have.length(1);
    expect((await requestOf(running, card)).source).to.deep.include({ channel: away.id, ts });
    expect(said(running, team.triage, card.ts)[0]).to.include('goes to uli by DM');
  });

  it('talks in the asker’s DM where the channel is archived', async () => {
    const { slack, team } = running;
    const old = slack.channels.add({ name: 'old-times', members: [team.uli, team.ana] });
    const ts = slack.say(team.uli, old, 'The archive smells');
    slack.channels.archive(old);
    await slack.shortcut(team.ana, 'triage_this', { channel: old.id, ts });

    const card = await running.cardOf('The archive smells');
    await slack.waitFor(
      () =>
        slack
          .messages(slack.dmOf(team.uli))
          .some((one) => textOf(one).includes(`#${running.numberOf(card)}`)),
      'a reply in the DM',
    );

    expect((await requestOf(running, card)).conversation.isMirrored).to.equal(true);
  });

  it('moves the conversation to the asker’s DM when Slack lets the bot not write in the channel', async () => {
    const { slack, team } = running;
    const stage = slack.channels.add({ name: 'stage', members: [team.uli, team.ana] });
    slack.faultPlan(({ method, args }) =>
      method === 'chat.postMessage' && args['channel'] === stage.id
        ? { kind: 'error', error: 'restricted_action_read_only_channel' }
        : undefined,
    );
    const ts = slack.say(team.uli, stage, mention('the curtain is stuck'));

    const card = await running.cardOf('the curtain is stuck');
    const number = running.numberOf(card);
    await slack.waitFor(
      () => slack.messages(slack.dmOf(team.uli)).some((one) => textOf(one).includes(`#${number}`)),
      'a reply in the DM',
    );
    await hears(running, team.triage, card.ts, 'goes to uli by DM');
    await running.settled();
    slack.faultPlan(undefined);

    expect((await requestOf(running, card)).conversation.isMirrored).to.equal(true);
    expect(said(running, stage, ts)).to.deep.equal([]);
    // People go on writing under the source all the same, and it counts; they all read it there, so it is not copied.
    slack.say(team.ana, stage, 'I will bring a ladder', { threadTs: ts });
    await running.shows(card, 'in progress', 'ana');
    await running.settled();
    expect(slack.messages(slack.dmOf(team.uli)).some((one) => textOf(one).includes('ladder'))).to.equal(
      false,
    );
  });

  it('of a text without a message talks in the asker’s DM, under the reply that opens it', async () => {
    const { slack, team } = running;
    await slack.slash(team.zoe, team.help, '/triage', 'new 🟠 a chair is missing');

    const card = await running.cardOf('a chair is missing');
    const request = await waitFor(async () => {
      const found = await requestOf(running, card);
      return found.conversation.threadTs === null ? null : found;
    }, 'the DM to be opened');

    expect(request).to.deep.include({ asker: team.zoe.id, priority: 'high', queue: 'it' });
    expect(request.source).to.deep.include({ kind: 'command', channel: null, isPrivate: true });
    expect(request.conversation.channel).to.equal(slack.dmOf(team.zoe));
    expect(request.askerReply?.ts).to.equal(request.conversation.threadTs);
  });

  it('of a form has the priority that somebody chose there, though the text starts with another', async () => {
    const { slack, team } = running;
    await slack.shortcut(team.zoe, 'new_request');
    await slack.waitFor(() => slack.views(team.zoe).length > 0, 'the form');
    await slack.submit(team.zoe, { text: '🔴 a table is missing', level: 'low' });

    const request = await requestOf(running, await running.cardOf('a table is missing'));

    expect(request).to.deep.include({ asker: team.zoe.id, priority: 'low' });
    expect(request.source).to.deep.include({ kind: 'modal', text: 'a table is missing' });
  });
});

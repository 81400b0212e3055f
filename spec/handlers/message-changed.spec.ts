import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { cardsWith, hears, inState, requestOf, requestsWith, said } from '../support/stored.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Channel, Message } from '../workspace/wire.ts';

describe('edits of messages', () => {
  let running: RunningApp;
  let chat: Channel;

  before(async () => {
    running = await runningApp({
      before: (slack, { uli, ana, zoe }) => {
        chat = slack.channels.add({ name: 'chat', members: [uli, ana, zoe] });
      },
    });
  });

  after(() => running.stop());

  const mention = (text: string): string => `<@${running.slack.botUserId}> ${text}`;

  async function asked(text: string): Promise<{ ref: { channel: string; ts: string }; card: Message }> {
    const { slack, team } = running;
    const ts = slack.say(team.uli, team.help, text);
    return { ref: { channel: team.help.id, ts }, card: await running.cardOf(text) };
  }

  it('of the source change title, quote and files of the card, and what is stored', async () => {
    const { slack, team } = running;
    const { ref, card } = await asked('Lapmy is out');
    slack.edit(team.uli, ref, 'Lamp is out\nsince Monday');
    await running.shows(card, '· Lamp is out', 'since Monday');
    await running.settled();

    const { source } = await requestOf(running, card);
    expect(source).to.deep.include({ title: 'Lamp is out', text: 'Lamp is out\nsince Monday' });
    expect(textOf(card)).to.not.include('Lapmy');
    expect(cardsWith(running, 'Lamp is out')).to.have.length(1);
    expect(said(running, team.help, ref.ts)).to.have.length(1);
  });

  it('that nobody made, such as the preview of a link, change nothing', async () => {
    const { slack } = running;
    const { ref, card } = await asked('See https://example.com/ for the noise');
    const { version } = await requestOf(running, card);
    slack.unfurl(ref);
    await running.settled();

    expect((await requestOf(running, card)).version).to.equal(version);
  });

  it('set the priority of the emoji that they add, and keep it when they take one away', async () => {
    const { slack, team } = running;
    const { ref, card } = await asked('Door is stuck');
    slack.edit(team.uli, ref, '🔴 Door is stuck');
    await running.shows(card, 'urgent');
    slack.edit(team.uli, ref, 'Door is quite stuck');
    await running.shows(card, 'quite stuck');

    expect((await requestOf(running, card)).priority).to.equal('urgent');
  });

  it('leave alone what somebody has made of the priority when the emoji was there before', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, team.help, '🔴 Gutter is blocked');
    const card = await running.cardOf('Gutter is blocked');
    await slack.slash(team.ana, team.triage, '/triage', `priority #${running.numberOf(card)} low`);
    await running.shows(card, 'low');
    slack.edit(team.uli, { channel: team.help.id, ts }, '🔴 Gutter is still blocked');
    await running.shows(card, 'still blocked');

    expect((await requestOf(running, card)).priority).to.equal('low');
  });

  it('count as all new when Slack does not say what stood there before', async () => {
    const { slack, team } = running;
    const { ref, card } = await asked('Attic is dark');
    slack.edit(team.uli, ref, '🔴 Attic is very dark');
    await running.shows(card, 'very dark', 'urgent');
    await slack.slash(team.ana, team.triage, '/triage', `priority #${running.numberOf(card)} low`);
    await running.shows(card, '*Priority*\n⚪ low');
    const edit = slack
      .deliveries()
      .find((each) => /"previous_message".*Attic is dark/.test(JSON.stringify(each.payload)))!;
    const { previous_message: _previous, ...event } = edit.payload['event'] as Record<string, unknown>;
    slack.again({ ...edit, payload: later({ ...edit.payload, event }) }, 'new_event_id');
    await running.shows(card, '*Priority*\n🔴 urgent');

    expect((await requestOf(running, card)).source.text).to.equal('Attic is very dark');
  });

  it('of a DM reach its request', async () => {
    const { slack, team } = running;
    const ts = slack.dm(team.zoe, 'Cellar is drak');
    const card = await running.cardOf('Cellar is drak');
    slack.edit(team.zoe, { channel: slack.dmOf(team.zoe), ts }, 'Cellar is dark');
    await running.shows(card, '· Cellar is dark');

    expect((await requestOf(running, card)).source).to.deep.include({
      isPrivate: true,
      text: 'Cellar is dark',
    });
  });

  it('reach a request of a mention without its mention', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, chat, mention('the oven is cold'));
    const card = await running.cardOf('the oven is cold');
    slack.edit(team.uli, { channel: chat.id, ts }, mention('the oven is icy'), { isEscaped: true });
    await running.shows(card, '· the oven is icy');

    expect((await requestOf(running, card)).source.text).to.equal('the oven is icy');
  });

  it('that add a mention make the message a request, or a note where its thread is one', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, chat, 'the toaster is hot');
    slack.edit(team.uli, { channel: chat.id, ts }, mention('the toaster is too hot'), { isEscaped: true });
    const card = await running.cardOf('the toaster is too hot');
    const note = slack.say(team.zoe, chat, 'mine as well', { threadTs: ts });
    slack.edit(team.zoe, { channel: chat.id, ts: note }, mention('mine as well, sorry'), { isEscaped: true });
    await running.settled();

    expect((await requestOf(running, card)).source).to.deep.include({ kind: 'mention', ts });
    expect(await requestsWith(running, 'mine as well')).to.deep.equal([]);
  });

  it('that add a mention to a source are edits of it all the same', async () => {
    const { slack, team } = running;
    const { ref, card } = await asked('Mirror fell');
    slack.edit(team.uli, ref, mention('the mirror fell down'), { isEscaped: true });
    await running.shows(card, '· the mirror fell down');
    await running.settled();

    expect((await requestOf(running, card)).source.text).to.equal('the mirror fell down');
    expect(cardsWith(running, 'irror fell')).to.have.length(1);
  });

  it('of an app’s message reach the request that somebody made of it', async () => {
    const { slack, team } = running;
    const monitor = slack.people.add({ name: 'monitor', isBot: true });
    slack.join(monitor, team.help);
    const ts = slack.say(monitor, team.help, 'Queue length 90');
    slack.react(team.zoe, { channel: team.help.id, ts }, 'ticket');
    const card = await running.cardOf('Queue length 90');
    slack.edit(monitor, { channel: team.help.id, ts }, 'Queue length 400');
    await running.shows(card, '· Queue length 400');

    expect((await requestOf(running, card)).asker).to.equal(team.zoe.id);
  });

  it('of a message that an app posted without a user reach its request too', async () => {
    const { slack, team } = running;
    const ref = { channel: team.help.id, ts: slack.say(team.uli, team.help, 'Load 9', { asBot: 'load' }) };
    slack.react(team.zoe, ref, 'ticket');
    const card = await running.cardOf('Load 9');
    slack.unfurl(ref);
    const told = slack
      .deliveries()
      .findLast((each) => JSON.stringify(each.payload).includes('previous_message'))!;
    const event = told.payload['event'] as { message: object };
    const edited = { ...event, message: { ...event.message, text: 'Load 70' } };
    slack.again({ ...told, payload: later({ ...told.payload, event: edited }) }, 'new_event_id');
    await running.shows(card, '· Load 70');

    expect((await requestOf(running, card)).asker).to.equal(team.zoe.id);
  });

  it('of apps and of the bot itself make no requests', async () => {
    const { slack, team } = running;
    const earlier = await requestsWith(running, '');
    const ticker = slack.people.add({ name: 'ticker', isBot: true });
    slack.join(ticker, team.help);
    const ts = slack.say(ticker, team.help, 'Score 1:0');
    slack.edit(ticker, { channel: team.help.id, ts }, mention('score 2:0'), { isEscaped: true });
    const own = slack.say(slack.bot, team.help, 'I am the bot');
    slack.edit(slack.bot, { channel: team.help.id, ts: own }, mention('I am still the bot'));
    await running.settled();

    expect(await requestsWith(running, '')).to.have.length(earlier.length);
  });

  it('of what is no request and in no conversation change nothing', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, chat, 'Lunch at on?');
    slack.edit(team.uli, { channel: chat.id, ts }, 'Lunch at one?');
    await running.settled();

    expect(await requestsWith(running, 'Lunch')).to.deep.equal([]);
  });

  it('of posts in a channel’s conversation are kept, and copied nowhere', async () => {
    const { slack, team, database } = running;
    const { ref, card } = await asked('Pump is loud');
    const ts = slack.say(team.ana, team.help, 'I lok', { threadTs: ref.ts });
    await inState(running, card, 'in_progress');
    slack.edit(team.ana, { channel: team.help.id, ts }, '🔒 I look');
    await running.settled();

    const { rows } = await database.pool.query<{ body: string; is_inside: boolean }>(
      'select body, is_inside from messages where ts = $1',
      [ts],
    );
    expect(rows).to.deep.equal([{ body: ':lock: I look', is_inside: false }]);
    expect(said(running, team.triage, card.ts)).to.deep.equal([]);
  });

  it('of a source that its author has deleted, told late, bring nothing back', async () => {
    const { slack, team } = running;
    const { ref, card } = await asked('My diary was here');
    slack.edit(team.uli, ref, 'My diary was on the table');
    await running.shows(card, 'on the table');
    const told = slack.deliveries().findLast((each) => {
      const text = JSON.stringify(each.payload);
      return text.includes('on the table') && text.includes('message_changed') && text.includes(ref.ts);
    })!;
    slack.remove(team.uli, ref);
    await running.shows(card, 'withdrawn', 'deleted by its author');
    slack.again({ ...told, payload: later(told.payload) }, 'new_event_id');
    await running.settled();

    expect((await requestOf(running, card)).source).to.deep.include({ text: null, title: null });
    expect(slack.sees(team.ana, 'diary')).to.equal(false);
  });

  describe('that make an ask of what was only a command', () => {
    const ephemerals = (): number => running.slack.ephemerals(running.team.uli).length;

    /** Says it, waits for the answer to it, and edits it. */
    async function answeredThenEdited(where: Channel, from: string, to: string, threadTs?: string) {
      const { slack, team } = running;
      const earlier = ephemerals();
      const ts = slack.say(team.uli, where, from, threadTs === undefined ? {} : { threadTs });
      await slack.waitFor(() => ephemerals() > earlier, `an answer to ${from}`);
      slack.edit(team.uli, { channel: where.id, ts }, to);
      return ts;
    }

    it('make it a request, in whatever channel', async () => {
      const edits = [
        ['@triage', '@triage the fridge hums'],
        ['@triage help', '@triage help, the freezer hums'],
        ['@triage status', '@triage new mixer please'],
        ['@triage away until friday', '@triage away goes the juice'],
      ] as const;
      for (const where of [chat, running.team.help]) {
        for (const [from, to] of edits) {
          const ts = await answeredThenEdited(where, from, `${to} in ${where.name}`);
          const card = await running.cardOf(`${to.slice('@triage '.length)} in ${where.name}`);
          const { source, asker } = await requestOf(running, card);
          expect(source).to.deep.include({ kind: 'mention', channel: where.id, ts });
          expect(asker).to.equal(running.team.uli.id);
        }
      }
    });

    it('make it a request without the mention too, where every message is one', async () => {
      const ts = await answeredThenEdited(running.team.help, '@triage help', 'the grinder is dull');

      const { source } = await requestOf(running, await running.cardOf('the grinder is dull'));
      expect(source).to.deep.include({ kind: 'every_message', ts, text: 'the grinder is dull' });

      await answeredThenEdited(chat, '@triage help', 'the whisk is dull');
      await running.settled();
      expect(await requestsWith(running, 'the whisk')).to.deep.equal([]);
    });

    it('in a thread without a request make one of its first message', async () => {
      const { slack, team } = running;
      const root = slack.say(team.zoe, chat, 'the sieve has a hole');
      await answeredThenEdited(chat, '@triage', '@triage can somebody look', root);

      const request = await requestOf(running, await running.cardOf('the sieve has a hole'));
      expect(request).to.deep.include({ asker: team.zoe.id });
      expect(await requestsWith(running, 'can somebody look')).to.deep.equal([]);
    });

    it('in a triage channel make a request of it when it has become `new TEXT`', async () => {
      const { slack, team } = running;
      const earlier = slack.ephemerals(team.ana).length;
      const ts = slack.say(team.ana, team.triage, '@triage nwe ladle');
      await slack.waitFor(() => slack.ephemerals(team.ana).length > earlier, 'the nearest verb');
      slack.edit(team.ana, { channel: team.triage.id, ts }, '@triage new ladle');

      expect((await requestOf(running, await running.cardOf('new ladle'))).source.ts).to.equal(ts);
    });

    it('in a DM make it a request, or a part of the conversation in whose thread it stands', async () => {
      const { slack } = running;
      const kim = slack.people.add({ name: 'kim' });
      const channel = slack.dmOf(kim);
      const lines = (): number => slack.messages(channel).filter(({ user }) => user !== kim.id).length;
      const ts = slack.dm(kim, 'help');
      await slack.waitFor(() => lines() > 0, 'the help');
      slack.edit(kim, { channel, ts }, 'help, my laptop is dead');
      const card = await running.cardOf('help, my laptop is dead');
      await hears(running, channel, ts, 'Got it');
      const earlier = slack.thread(channel, ts).length;
      const second = slack.dm(kim, 'status', { threadTs: ts });
      await slack.waitFor(() => slack.thread(channel, ts).length > earlier + 1, 'how it stands');
      slack.edit(kim, { channel, ts: second }, 'status light is red');
      await hears(running, running.team.triage, card.ts, 'kim: status light is red');

      const { source } = await requestOf(running, card);
      expect(source).to.deep.include({ kind: 'dm', ts, isPrivate: true, text: 'help, my laptop is dead' });
    });

    it('make it one, however often and late Slack tells of them', async () => {
      const { slack } = running;
      await answeredThenEdited(chat, '@triage help', '@triage the spatula bnds');
      const card = await running.cardOf('the spatula bnds');
      const told = slack
        .deliveries()
        .findLast((each) => JSON.stringify(each.payload).includes('spatula bnds'))!;
      for (const how of ['same_envelope', 'retry', 'new_event_id'] as const) slack.again(told, how);
      slack.again({ ...told, payload: later(told.payload) }, 'new_event_id');
      await running.settled();

      expect(await requestsWith(running, 'spatula')).to.have.length(1);
      expect(cardsWith(running, 'spatula')).to.deep.equal([card]);
    });

    it('come to the text of a later edit that Slack told before', async () => {
      const { slack, team } = running;
      const ts = await answeredThenEdited(chat, '@triage help', '@triage the funnel leeks');
      const card = await running.cardOf('the funnel leeks');
      slack.edit(team.uli, { channel: chat.id, ts }, '@triage the funnel leaks');
      await running.shows(card, '· the funnel leaks');
      const edits = slack.deliveries().filter(({ payload }) => {
        const told = JSON.stringify(payload);
        return told.includes('message_changed') && told.includes(ts) && told.includes('the funnel le');
      });
      // The same story of another message, told the other way round.
      const anotherTs = slack.say(team.uli, chat, '@triage help', { isUntold: true });
      const told = (index: number): void => {
        const story = JSON.stringify(edits[index]).replaceAll(ts, anotherTs);
        slack.again(JSON.parse(story.replaceAll('funnel', 'strainer')), 'new_event_id');
      };
      told(1);
      await running.settled();
      expect(await requestsWith(running, 'strainer')).to.deep.equal([]);
      told(0);
      const strainer = await running.cardOf('the strainer le');
      await running.shows(strainer, '· the strainer leaks');

      expect(cardsWith(running, 'strainer')).to.have.length(1);
    });

    it('run no command that they make of it', async () => {
      const { slack, team } = running;
      const { card } = await asked('Tray is bent');
      const id = running.numberOf(card);
      await answeredThenEdited(team.help, '@triage status', `@triage resolve #${id}`);
      const ts = slack.dm(team.uli, 'status');
      await running.settled();
      slack.edit(team.uli, { channel: slack.dmOf(team.uli), ts }, `resolve #${id}`);
      const earlier = ephemerals();
      await running.settled();

      expect(ephemerals()).to.equal(earlier);
      expect(await requestOf(running, card)).to.deep.include({ state: 'new' });
    });

    it('are of no account when an app made them, or Slack did', async () => {
      const { slack, team } = running;
      const earlier = await requestsWith(running, '');
      const robot = slack.people.add({ name: 'robot', isBot: true });
      slack.join(robot, chat);
      const ts = slack.say(robot, chat, '@triage help');
      slack.edit(robot, { channel: chat.id, ts }, '@triage I am no person');
      slack.unfurl({ channel: chat.id, ts: slack.say(team.uli, chat, '@triage help') });
      await running.settled();

      expect(await requestsWith(running, '')).to.have.length(earlier.length);
    });

    it('are not seen in what was no command, however old', async () => {
      const { slack } = running;
      const earlier = await requestsWith(running, '');
      const old = slack.people.add({ name: 'old' });
      const ts = slack.dm(old, 'written before the bot came', { isUntold: true });
      slack.edit(old, { channel: slack.dmOf(old), ts }, 'written long before the bot came');
      const asking = slack.say(running.team.uli, chat, '@triage an ask from before', { isUntold: true });
      slack.edit(running.team.uli, { channel: chat.id, ts: asking }, '@triage an ask from long before');
      await running.settled();

      expect(await requestsWith(running, '')).to.have.length(earlier.length);
    });
  });
});

/** The same event, told as if it had happened now. */
function later(payload: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const ts = (Date.now() / 1000).toFixed(6);
  return { ...payload, event: { ...(payload['event'] as object), ts, event_ts: ts } };
}

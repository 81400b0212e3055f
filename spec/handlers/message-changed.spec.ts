import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { cardsWith, inState, requestOf, requestsWith, said } from '../support/stored.ts';
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
});

/** The same event, told as if it had happened now. */
function later(payload: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const ts = (Date.now() / 1000).toFixed(6);
  return { ...payload, event: { ...(payload['event'] as object), ts, event_ts: ts } };
}

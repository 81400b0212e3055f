import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { age, cardsWith, hears, inState, requestOf, requestsWith, said } from '../support/stored.ts';
import type { LocalSlack } from '../workspace/local-slack.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Channel, Who } from '../workspace/wire.ts';

const HOUR = 3_600_000;

type Person = ReturnType<LocalSlack['people']['add']>;

describe('*Triage this*', () => {
  let running: RunningApp;
  let chat: Channel;
  /** The bot is not in it. */
  let away: Channel;
  /** Of another workspace. */
  let eva: Person;

  before(async () => {
    running = await runningApp({
      before: (slack, { uli, ana, zoe }) => {
        eva = slack.people.add({ name: 'eva', teamId: 'T0OTHER' });
        chat = slack.channels.add({ name: 'chat', members: [uli, ana, zoe, eva] });
        away = slack.channels.add({ name: 'away', members: [uli, ana, zoe], bot: false });
      },
    });
  });

  after(() => running.stop());

  const triageThis = (who: Who, channel: Channel, ts: string) =>
    running.slack.shortcut(who, 'triage_this', { channel: channel.id, ts });

  /** Waits until somebody has been told these words for their eyes only. */
  const told = (who: Who, words: string): Promise<unknown> =>
    running.slack.waitFor(
      () => running.slack.ephemerals(who).some((one) => textOf(one).includes(words)),
      `somebody to be told "${words}"`,
    );

  it('makes a message a request at once, without a form, of its author, and tells who did it', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, chat, '🟠 Bin is full', { files: [{ name: 'bin.jpg' }] });
    await triageThis(team.zoe, chat, ts);

    const card = await running.cardOf('Bin is full');
    await told(team.zoe, `It is #${running.numberOf(card)} now, in the queue “it”.`);
    await hears(running, chat, ts, 'Got it');

    const request = await requestOf(running, card);
    expect(request).to.deep.include({ asker: team.uli.id, priority: 'high' });
    expect(request.source).to.deep.include({ kind: 'shortcut', text: 'Bin is full' });
    expect(textOf(card)).to.include('bin.jpg');
    expect(slack.views(team.zoe)).to.deep.equal([]);
  });

  it('says so when a message is a request already, and does nothing more', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, team.help, 'Tray is full');
    const card = await running.cardOf('Tray is full');
    await triageThis(team.zoe, team.help, ts);
    await told(team.zoe, `It is #${running.numberOf(card)} already.`);
    await running.settled();

    expect(cardsWith(running, 'Tray is full')).to.have.length(1);
    expect(said(running, team.help, ts)).to.have.length(1);
  });

  it('works where the bot is not: the author’s DM is the conversation', async () => {
    const { slack, team } = running;
    const root = slack.say(team.zoe, away, 'Hello there');
    const ts = slack.say(team.uli, away, 'Cart is full', { threadTs: root });
    await triageThis(team.ana, away, ts);

    const card = await running.cardOf('Cart is full');
    await told(team.ana, `It is #${running.numberOf(card)} now`);
    await slack.waitFor(
      () => slack.messages(slack.dmOf(team.uli)).some((one) => textOf(one).includes('Got it')),
      'a reply in the DM',
    );

    expect((await requestOf(running, card)).conversation).to.deep.include({ isMirrored: true });
    expect(slack.messages(away)).to.have.length(2);
  });

  it('works in a DM of two people, where the author’s DM with the bot is the conversation', async () => {
    const { slack, team } = running;
    const theirs = slack.world.addChannel({
      name: 'directmessage',
      isIm: true,
      isPrivate: true,
      members: new Set([team.uli.id, team.ana.id]),
    });
    const ts = slack.say(team.uli, theirs, 'Between us: the van is full');
    await triageThis(team.ana, theirs, ts);

    const card = await running.cardOf('the van is full');
    await slack.waitFor(
      () =>
        slack
          .messages(slack.dmOf(team.uli))
          .some((one) => textOf(one).includes(`Got it: *#${running.numberOf(card)}*`)),
      'a reply in the DM',
    );

    const request = await requestOf(running, card);
    expect(request.source).to.deep.include({ isPrivate: true, channel: theirs.id });
    expect(request.conversation.isMirrored).to.equal(true);
  });

  it('in the thread of an open request says which request the thread is', async () => {
    const { slack, team } = running;
    const root = slack.say(team.uli, team.help, 'Sack is full');
    const card = await running.cardOf('Sack is full');
    const ts = slack.say(team.zoe, team.help, 'The other sack too', { threadTs: root });
    await triageThis(team.ana, team.help, ts);
    await told(team.ana, `This thread is #${running.numberOf(card)} already.`);
    await running.settled();

    expect(await requestsWith(running, 'The other sack too')).to.deep.equal([]);
  });

  it('in the thread of a request that has ended makes a linked one, with that message as its key', async () => {
    const { slack, team } = running;
    const root = slack.say(team.uli, team.help, 'Tank is full');
    const card = await running.cardOf('Tank is full');
    await running.press(team.ana, card, 'Not a request');
    const { id } = await inState(running, card, 'not_request');
    await age(running, id, 25 * HOUR);
    const ts = slack.say(team.zoe, team.help, 'The tank is full again', { threadTs: root });
    await triageThis(team.ana, team.help, ts);

    const next = await running.cardOf('The tank is full again');
    const request = await requestOf(running, next);
    expect(request).to.deep.include({ continues: id, asker: team.zoe.id });
    expect(request.source.ts).to.equal(ts);
    expect(textOf(next)).to.include(`Continues *#${id}*`);
  });

  it('makes whoever presses it the asker of an app’s message', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, chat, 'Certificate ends soon', { asBot: 'certificates' });
    await triageThis(team.zoe, chat, ts);

    expect((await requestOf(running, await running.cardOf('Certificate ends soon'))).asker).to.equal(
      team.zoe.id,
    );
  });

  it('refuses the bot’s own messages, and says why', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, team.help, 'Jar is full');
    await running.cardOf('Jar is full');
    const reply = await hears(running, team.help, ts, 'Got it');
    await triageThis(team.zoe, team.help, reply.ts);
    await told(team.zoe, 'That is a message of mine');
    await running.settled();

    expect(await requestsWith(running, 'Got it')).to.deep.equal([]);
  });

  it('lets people of other workspaces ask, and who presses it', async () => {
    const { slack, team } = running;
    const ts = slack.say(eva, chat, 'Our silo is full');
    await triageThis(eva, chat, ts);

    const card = await running.cardOf('Our silo is full');
    await told(eva, `It is #${running.numberOf(card)} now`);
    expect((await requestOf(running, card)).asker).to.equal(eva.id);
    slack.say(team.ben, team.triage, 'not for them', { threadTs: card.ts });
    await running.settled();
    expect(slack.sees(eva, 'not for them')).to.equal(false);
  });

  it('answers in the DM when Slack gives no address to answer to', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, chat, 'Mug is full');
    await pressedAs(team.zoe, ts, ({ response_url: _url, ...rest }) => rest);

    const card = await running.cardOf('Mug is full');
    await slack.waitFor(
      () => slack.messages(slack.dmOf(team.zoe)).some((one) => textOf(one).includes('It is #')),
      'an answer in the DM',
    );
    expect((await requestOf(running, card)).asker).to.equal(team.uli.id);
  });

  it('is the only shortcut of messages: another one of the app does nothing', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, chat, 'Cup is full');
    await pressedAs(team.zoe, ts, (payload) => ({ ...payload, callback_id: 'something_else' }));
    await running.settled();

    expect(await requestsWith(running, 'Cup is full')).to.deep.equal([]);
  });

  /** Slack tells of a press of the shortcut as it told of an earlier one, with something else in it. */
  async function pressedAs(
    who: Person,
    ts: string,
    change: (payload: Readonly<Record<string, unknown>>) => Record<string, unknown>,
  ): Promise<void> {
    const { slack, team } = running;
    const other = slack.say(team.uli, chat, `before ${ts}`);
    await triageThis(who, chat, other);
    const earlier = slack.deliveries().findLast(({ type }) => type === 'interactive')!;
    const message = {
      ...(earlier.payload['message'] as object),
      ts,
      text: slack.world.channel(chat.id).byTs.get(ts)?.text,
    };
    const payload = change({ ...earlier.payload, message, message_ts: ts, trigger_id: `9.9.${ts}` });
    slack.again({ ...earlier, payload }, 'retry');
  }
});

import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { cardsWith, hears, inState, requestOf, requestsWith, said } from '../support/stored.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Channel } from '../workspace/wire.ts';

describe('messages in channels', () => {
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

  it('are requests each, where the queue listens to every message: one card and one reply in the thread', async () => {
    const { slack, team } = running;
    const first = slack.say(team.uli, team.help, 'The kettle is cold');
    const second = slack.say(team.zoe, team.help, 'The fridge is warm');

    const card = await running.cardOf('The kettle is cold');
    await running.cardOf('The fridge is warm');
    await hears(running, team.help, first, 'Got it');
    await hears(running, team.help, second, 'Got it');
    await running.settled();

    expect(await requestOf(running, card)).to.deep.include({ asker: team.uli.id, state: 'new', queue: 'it' });
    expect(cardsWith(running, 'The kettle is cold')).to.have.length(1);
    expect(cardsWith(running, 'The fridge is warm')).to.have.length(1);
    expect(said(running, team.help, first)).to.have.length(1);
  });

  it('are no requests as replies there, not even when they are sent to the channel too', async () => {
    const { slack, team } = running;
    const root = slack.say(team.uli, team.help, 'Build 71 is green', { asBot: 'builds' });
    slack.say(team.uli, team.help, 'Nice build', { threadTs: root });
    slack.say(team.zoe, team.help, 'Nice build for all', { threadTs: root, broadcast: true });
    await running.settled();

    expect(await requestsWith(running, 'Nice build')).to.deep.equal([]);
    expect(cardsWith(running, 'Nice build')).to.deep.equal([]);
  });

  it('are ignored when no person wrote them: apps, joins, topics, and the bot itself', async () => {
    const { slack, team } = running;
    const earlier = await requestsWith(running, '');
    slack.say(team.uli, team.help, 'Nightly backup done', { asBot: 'backups' });
    const robot = slack.people.add({ name: 'robot', isBot: true });
    slack.join(robot, team.help);
    slack.join(team.lea, team.help);
    slack.channels.topic(team.uli, team.help, 'Ask here');
    slack.say(robot, team.help, 'I am a robot');
    slack.say(slack.bot, team.help, 'I am the bot');
    await running.settled();

    expect(await requestsWith(running, '')).to.have.length(earlier.length);
  });

  it('are left alone in a channel that no queue lists, until one mentions the bot', async () => {
    const { slack, team } = running;
    slack.say(team.uli, chat, 'Lunch at the corner?');
    const ts = slack.say(team.uli, chat, mention('the corner lamp is broken'));

    const card = await running.cardOf('the corner lamp is broken');
    await hears(running, chat, ts, 'Got it');
    await running.settled();

    expect(textOf(card)).to.not.include('@');
    expect(await requestsWith(running, 'Lunch')).to.deep.equal([]);
    expect((await requestOf(running, card)).source).to.deep.include({
      kind: 'mention',
      channel: chat.id,
      ts,
    });
  });

  it('have the priority of the emoji that they start with, before or after the mention', async () => {
    const { slack, team } = running;
    const levels = { '🔴': 'urgent', '🟠': 'high', '🔵': 'normal', '⚪': 'low' } as const;
    for (const [emoji, level] of Object.entries(levels)) {
      slack.say(team.uli, team.help, `${emoji} a ${level} thing`);
      slack.say(team.uli, chat, mention(`${emoji} a ${level} mention`));
      slack.say(team.uli, chat, `${emoji} ${mention(`a ${level} start`)}`);
    }

    for (const [emoji, level] of Object.entries(levels)) {
      for (const what of ['thing', 'mention', 'start']) {
        const card = await running.cardOf(`a ${level} ${what}`);
        const { priority, source } = await requestOf(running, card);
        expect({ priority, text: source.text }).to.deep.equal({
          priority: level,
          text: `a ${level} ${what}`,
        });
        expect(textOf(card)).to.match(new RegExp(`^${emoji} #\\d+ · a ${level} ${what}`));
      }
    }
  });

  it('are normal when an emoji stands elsewhere in them or says nothing', async () => {
    const { slack, team } = running;
    slack.say(team.uli, team.help, 'the red one 🔴 blinks');
    slack.say(team.uli, team.help, '🙂 the other one blinks');

    const first = await requestOf(running, await running.cardOf('the red one'));
    const second = await requestOf(running, await running.cardOf('the other one blinks'));

    expect([first.priority, second.priority]).to.deep.equal(['normal', 'normal']);
  });

  it('have their files named by name, size and type on the card, and never linked', async () => {
    const { slack, team } = running;
    slack.say(team.uli, team.help, 'See the screenshots', {
      files: [{ name: 'shot.png', size: 52_000 }, { name: 'log.txt' }],
    });
    slack.say(team.uli, team.help, '', { files: [{ name: 'wordless.pdf' }] });

    const card = await running.cardOf('See the screenshots');
    const wordless = await running.cardOf('wordless.pdf');

    expect(textOf(card)).to.include('shot.png (52 kB, png)').and.include('log.txt (1 kB, txt)');
    expect(JSON.stringify([card.blocks, wordless.blocks])).to.not.match(/url_private|\/files\/|"F0/);
    expect(textOf(wordless)).to.match(/^🔵 #\d+ · wordless\.pdf/);
  });

  it('are one request however often and under whatever id Slack tells of them', async () => {
    const { slack, team } = running;
    slack.say(team.uli, team.help, 'Told many times');
    const card = await running.cardOf('Told many times');
    const told = slack
      .deliveries()
      .find((each) => JSON.stringify(each.payload).includes('Told many times') && each.attempt === 0)!;
    for (const how of ['same_envelope', 'retry', 'new_event_id'] as const) slack.again(told, how);
    await running.settled();

    expect(await requestsWith(running, 'Told many times')).to.have.length(1);
    expect(cardsWith(running, 'Told many times').map(({ ts }) => ts)).to.deep.equal([card.ts]);
  });

  it('of people of other workspaces are requests like any other', async () => {
    const { slack, team } = running;
    const eva = slack.people.add({ name: 'eva', teamId: 'T0OTHER' });
    slack.channels.share(team.help);
    slack.join(eva, team.help);
    const ts = slack.say(eva, team.help, '🟠 Our line is dead');

    const card = await running.cardOf('Our line is dead');
    await hears(running, team.help, ts, 'Got it');

    expect(await requestOf(running, card)).to.deep.include({ asker: eva.id, priority: 'high' });
    expect(textOf(card)).to.include('eva');
  });

  it('change nothing as replies in a thread that is no request, whoever writes them', async () => {
    const { slack, team } = running;
    const root = slack.say(team.uli, chat, 'Who comes to the party?');
    slack.say(team.ana, chat, 'I come to the party', { threadTs: root });
    await running.settled();

    expect(said(running, chat, root)).to.deep.equal([]);
    expect(await requestsWith(running, 'party')).to.deep.equal([]);
  });

  it('stay inside under the card of a channel request: they reach nobody and take nothing', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, team.help, 'The clock is late');
    const card = await running.cardOf('The clock is late');
    slack.say(team.ben, team.triage, 'he always says that', { threadTs: card.ts });
    await running.settled();

    expect((await requestOf(running, card)).state).to.equal('new');
    expect(slack.sees(team.uli, 'he always says that')).to.equal(false);
    expect(said(running, team.help, ts)).to.have.length(1);
  });

  it('in the thread of a closed request change nothing, but one that mentions the bot opens a linked one', async () => {
    const { slack, team } = running;
    const root = slack.say(team.uli, team.help, 'The lift is stuck');
    const card = await running.cardOf('The lift is stuck');
    await running.press(team.ana, card, 'Take it');
    await running.shows(card, 'in progress');
    await running.press(team.ana, card, 'Resolve');
    const works = await hears(running, team.help, root, 'Does it work?');
    await slack.press(team.uli, { channel: team.help.id, ts: works.ts }, 'It works');
    const closed = await inState(running, card, 'closed');

    slack.say(team.uli, team.help, 'the lift again, by the way', { threadTs: root });
    slack.say(team.ben, team.triage, 'noted', { threadTs: card.ts });
    await running.settled();
    expect(await requestOf(running, card)).to.deep.include({ state: 'closed', version: closed.version });
    expect(await requestsWith(running, 'by the way')).to.deep.equal([]);

    const again = slack.say(team.uli, team.help, mention('stuck once more'), { threadTs: root });
    const next = await running.cardOf('stuck once more');
    const request = await requestOf(running, next);

    expect(textOf(next)).to.include(`Continues *#${closed.id}*`);
    expect(request).to.deep.include({ state: 'new', continues: closed.id });
    expect(request.source.ts).to.equal(again);
    expect(request.conversation.threadTs).to.equal(root);
  });

  it('are never answered in a thread that is none', () => {
    expect(running.slack.complaints()).to.deep.equal([]);
  });
});

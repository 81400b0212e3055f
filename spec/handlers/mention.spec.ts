import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { read, type Typing, typing } from '../support/typing.ts';
import type { Channel, Message } from '../workspace/wire.ts';

const MORE_QUEUES = `  - name: press
    triage_channel: "#triage-press"
    intake:
      - { channel: "#help-press" }
    rotation: ["@lea"]
`;

describe('@triage at the top of a channel', () => {
  let running: RunningApp;
  let typed: Typing;
  let triagePress: Channel;
  let helpPress: Channel;
  let garden: Channel;

  before(async () => {
    running = await runningApp({
      moreQueues: MORE_QUEUES,
      before: (slack, { uli, lea, ana }) => {
        triagePress = slack.channels.add({ name: 'triage-press', isPrivate: true, members: [lea] });
        helpPress = slack.channels.add({ name: 'help-press', members: [uli] });
        garden = slack.channels.add({ name: 'garden', members: [uli, ana] });
      },
    });
    typed = typing(running);
  });
  after(() => running.stop());
  afterEach(() => expect(running.slack.complaints()).to.deep.equal([]));

  const cardsWith = (words: string): readonly Message[] =>
    running.cards().filter((card) => read(card).includes(words));

  const inThreads = (channel: Channel): readonly Message[] =>
    running.slack.messages(channel).filter(({ user }) => user === running.slack.botUserId);

  it('gets help when it says nothing, for its author alone, and makes no request', async () => {
    const { slack, team } = running;

    expect(await typed.mention(team.uli, garden, '')).to.include('`show #n`');
    expect(await typed.mention(team.uli, team.help, '')).to.include('`show #n`');

    await running.settled();
    expect(slack.ephemerals(team.ana)).to.deep.equal([]);
    expect([...inThreads(garden), ...inThreads(team.help)]).to.deep.equal([]);
  });

  it('makes a request of what is no whole command, without the mention, in the queue of the channel', async () => {
    const { slack, team } = running;
    typed.sayTo(team.uli, garden, '🟠 the hedge is on fire');
    typed.sayTo(team.uli, helpPress, 'a reporter wants a picture');

    const hedge = read(await running.cardOf('the hedge is on fire'));
    await slack.waitFor(
      () => slack.messages(triagePress).find((one) => read(one).includes('a reporter wants a picture')),
      'the card in #triage-press',
    );

    expect(hedge).to.include('🟠').and.to.include('#garden').and.to.include('uli');
    expect(hedge).to.not.include('triage');
    expect(cardsWith('a reporter')).to.deep.equal([]);
  });

  it('makes requests of sentences that only begin like a command', async () => {
    const { uli } = running.team;
    const texts = [
      'help us move the plants',
      'resolve',
      'claim this pot for me',
      'clam soup is cold',
      'resolve 12 flower pots that leak',
      'back door is open',
    ];

    for (const text of texts) typed.sayTo(uli, garden, text);

    for (const text of texts) await running.cardOf(text);
  });

  it('obeys a whole command with its number, once, and makes no request of it', async () => {
    const { slack, team } = running;
    const { id, card } = await typed.ask('The pond is green');

    expect(await typed.mention(team.ana, team.help, `claim #${id}`)).to.equal(`You took #${id}.`);
    await running.shows(card, 'in progress', 'ana');
    expect(await typed.mention(team.uli, garden, `resolve ${id}`)).to.equal(`You resolved #${id}.`);
    await running.shows(card, 'resolved');

    await running.settled();
    expect(slack.ephemerals(team.ana)).to.have.length(1);
    expect(cardsWith('claim #')).to.deep.equal([]);
  });

  it('refuses with the reason what is not allowed, and by name what is not in this version', async () => {
    const { uli, zoe } = running.team;
    const { id } = await typed.ask('The bench wobbles');

    expect(await typed.mention(uli, garden, `claim #${id}`)).to.include('Only the responders');
    expect(await typed.mention(zoe, running.team.help, `show #${id}`)).to.equal(
      `There is no request #${id} that you may see.`,
    );
    expect(await typed.mention(uli, garden, 'stats week')).to.equal('`stats` is not in this version.');
    expect(await typed.mention(uli, garden, 'away until friday')).to.equal('`away` is not in this version.');
    expect(await typed.mention(uli, garden, `show #${id} clocks`)).to.equal(
      '`show clocks` is not in this version.',
    );
  });

  it('makes a request of `new TEXT` with the whole message as its text', async () => {
    const { uli } = running.team;
    typed.sayTo(uli, garden, 'new roses are needed');

    expect(read(await running.cardOf('new roses are needed'))).to.include('#garden');
  });

  it('gets the nearest verb, or what is missing, and help in a triage channel, and makes no request there', async () => {
    const { ana, triage } = running.team;

    expect(await typed.mention(ana, triage, 'clam #1'))
      .to.include('Did you mean `claim`?')
      .and.to.include('`show #n`');
    expect(await typed.mention(ana, triage, 'claim')).to.include('claim needs the number of a request');
    const help = await typed.mention(ana, triage, 'the coffee is out');
    expect(help).to.include('`show #n`').and.to.not.include('Did you mean');

    await running.settled();
    expect(cardsWith('coffee')).to.deep.equal([]);
  });

  it('makes a request of `new TEXT` also in a triage channel', async () => {
    const { ana, triage } = running.team;
    typed.sayTo(ana, triage, 'new kettle for the team');

    expect(read(await running.cardOf('new kettle for the team'))).to.include('ana');
  });
});

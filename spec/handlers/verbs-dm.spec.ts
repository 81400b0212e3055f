import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { read, type Typing, typing } from '../support/typing.ts';

describe('verbs in the DM with the bot', () => {
  let running: RunningApp;
  let typed: Typing;

  before(async () => {
    running = await runningApp();
    typed = typing(running);
  });
  after(() => running.stop());
  afterEach(() => expect(running.slack.complaints()).to.deep.equal([]));

  const underCard = (card: { ts: string }): string => typed.threadText(running.team.triage, card.ts);

  it('are obeyed at its top when they are whole, and answered by an ordinary message there', async () => {
    const { ana, uli } = running.team;
    const { id, card } = await typed.askByDm('My laptop is warm');

    expect(await typed.dm(ana, `claim #${id}`, 'You took')).to.equal(`You took #${id}.`);
    await running.shows(card, 'in progress', 'Ana');
    expect(await typed.dm(uli, `show #${id}`, 'My laptop is warm')).to.include('in progress');
    expect(await typed.dm(uli, 'status', 'Your requests')).to.include('My laptop is warm');
    expect(await typed.dm(uli, 'list mine', 'Your requests')).to.include('My laptop is warm');
    expect(await typed.dm(uli, 'help', 'To ask')).to.include('`show #n`');
    expect(await typed.dm(uli, `resolve #${id} it has cooled down`, 'You resolved')).to.equal(
      `You resolved #${id}.`,
    );

    await running.shows(card, 'resolved', 'it has cooled down');
    expect(running.slack.ephemerals(uli)).to.deep.equal([]);
  });

  it('are refused there with the reason', async () => {
    const { uli, zoe } = running.team;
    const { id } = await typed.askByDm('My mouse squeaks');

    await typed.dm(uli, `claim #${id}`, `Only the responders of #${id}'s queue`);
    await typed.dm(zoe, `show #${id}`, `There is no request #${id} that you may see.`);
    await typed.dm(uli, 'stats', '`stats` is not in this version.');
    await typed.dm(uli, 'away until friday', '`away` is not in this version.');
    await typed.dm(uli, `show #${id} clocks`, '`show clocks` is not in this version.');
  });

  it('make a request of everything that is no whole command', async () => {
    const { slack, team } = running;
    const texts = [
      'help me with my tax form',
      'resolve 12 boxes that came today',
      'clam #1',
      'list of broken chairs',
      'back pain from my chair',
      'withdraw money for the trip',
    ];

    for (const text of texts) {
      const who = slack.people.add({ name: `asker-${texts.indexOf(text)}` });
      slack.dm(who, text);
      expect(read(await running.cardOf(text))).to.include('new');
    }

    slack.dm(team.zoe, 'new resolve #1 by hand');
    await running.cardOf('new resolve #1 by hand');
  });

  it('need no number in the thread of a request when they are one bare verb', async () => {
    const { uli } = running.team;
    const { ts, id, card } = await typed.askByDm('My phone is mute');

    expect(await typed.dm(uli, 'resolve', 'You resolved', ts)).to.equal(`You resolved #${id}.`);
    await running.shows(card, 'resolved');
    expect(await typed.dm(uli, 'Reopen.', 'You re-opened', ts)).to.equal(`You re-opened #${id}.`);
    await running.shows(card, 'new');
    expect(await typed.dm(uli, 'status', 'Your requests', ts)).to.include('My phone is mute');
    expect(await typed.dm(uli, 'help', 'To ask', ts)).to.include('`show #n`');
    expect(await typed.dm(uli, 'withdraw', 'You withdrew', ts)).to.equal(`You withdrew #${id}.`);

    await running.shows(card, 'withdrawn');
    await running.settled();
    expect(underCard(card)).to.not.match(/\bReopen\.|\bstatus\b|\bhelp\b|\bwithdraw\b/);
  });

  it('are conversation in its threads when they are anything else', async () => {
    const { slack, team } = running;
    const { ts, card } = await typed.askByDm('My headset crackles');
    const texts = ['claim', 'resolve it please', 'status?', 'undo', 'list'];

    for (const text of texts) slack.dm(team.uli, text, { threadTs: ts });

    await slack.waitFor(() => texts.every((text) => underCard(card).includes(text)), 'all to be mirrored');
    await running.shows(card, 'new');
  });

  it('are obeyed in its threads after a mention, with or without a number, and never mirrored', async () => {
    const { slack, team } = running;
    const { ts, id, card } = await typed.askByDm('My tablet is cracked');
    const bot = `<@${slack.botUserId}>`;

    expect(await typed.dm(team.uli, `${bot} priority high`, 'You set', ts)).to.equal(
      `You set #${id} to high.`,
    );
    expect(await typed.dm(team.uli, `${bot} show #${id}`, 'My tablet', ts)).to.include('high');
    await typed.dm(team.uli, bot, 'To ask', ts);
    slack.dm(team.uli, `${bot} it fell from the desk`, { threadTs: ts });

    await slack.waitFor(() => underCard(card).includes('it fell from the desk'), 'the note');
    await running.settled();
    expect(underCard(card)).to.not.include('priority high').and.to.not.include(`show #${id}`);
    await running.shows(card, '🟠');
  });

  it('refuse by name, after a mention in its threads, what is not in this version', async () => {
    const { slack, team } = running;
    const { ts, card } = await typed.askByDm('My camera is blurred');

    await typed.dm(
      team.uli,
      `<@${slack.botUserId}> show clocks`,
      '`show clocks` is not in this version.',
      ts,
    );

    await running.settled();
    expect(underCard(card)).to.not.include('clocks');
  });

  it('are help when they are a bare mention', async () => {
    const { slack, team } = running;

    await typed.dm(team.lea, `<@${slack.botUserId}>`, 'To ask');

    await running.settled();
    expect(running.cards().filter((card) => read(card).includes('(no text)'))).to.deep.equal([]);
  });
});

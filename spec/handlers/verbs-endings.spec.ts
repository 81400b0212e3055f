import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { age } from '../support/stored.ts';
import { read, type Typing, typing } from '../support/typing.ts';

describe('verbs that end a request', () => {
  let running: RunningApp;
  let typed: Typing;

  before(async () => {
    running = await runningApp();
    typed = typing(running);
  });
  after(() => running.stop());
  afterEach(() => expect(running.slack.complaints()).to.deep.equal([]));

  it('mark a request as the duplicate of another, whose number is all that the asker reads', async () => {
    const { slack, team } = running;
    const first = await typed.ask('Zoe cannot print either', team.zoe);
    const second = await typed.ask('I cannot print');

    expect(await typed.slash(team.uli, `duplicate #${second.id} of #${second.id}`)).to.include(
      'Only the responders',
    );
    expect(await typed.slash(team.ana, `duplicate #${second.id} of #${second.id}`)).to.include(
      'cannot be a duplicate of itself',
    );
    expect(await typed.slash(team.ana, `duplicate #${second.id} of #${first.id}`)).to.equal(
      `You marked #${second.id} as a duplicate.`,
    );

    await running.shows(second.card, 'duplicate', `Duplicate of #${first.id}`);
    await slack.waitFor(
      () => typed.threadText(team.help, second.ts).includes(`goes on as *#${first.id}*`),
      'the asker to be told of the number',
    );
    expect(typed.threadText(team.help, second.ts)).to.not.include('Zoe cannot');
    expect(await typed.slash(team.ana, `duplicate #${second.id} of #${first.id}`)).to.include(
      `#${second.id} is duplicate, so that does not fit any more`,
    );
  });

  it('mark nothing as the duplicate of what the person may not see', async () => {
    const { ana, uli, zoe } = running.team;
    const { id } = await typed.ask('The beamer smells');
    const { id: others } = await typed.ask('The beamer smells odd', zoe);

    expect(await typed.slash(ana, `duplicate #${id} of #99999`)).to.equal(
      'There is no request #99999 that you may see.',
    );
    expect(await typed.slash(uli, `duplicate #${id} of #${others}`)).to.equal(
      `There is no request #${others} that you may see.`,
    );
    expect(await typed.slash(uli, `duplicate #${id}`)).to.include('duplicate needs "of" and the number');
  });

  it('mark what asks for nothing, for responders', async () => {
    const { ana, uli } = running.team;
    const { id, card } = await typed.ask('Lovely weather today');

    expect(await typed.slash(uli, `not-request #${id}`)).to.include('Only the responders');
    expect(await typed.slash(ana, `not request #${id}`)).to.equal(`You marked #${id} as not a request.`);

    await running.shows(card, 'not a request');
    expect(await typed.slash(ana, `not-request #${id}`)).to.include('does not fit any more');
  });

  it('decline with a reason, which the asker reads', async () => {
    const { slack, team } = running;
    const { id, card, ts } = await typed.ask('I need a golden phone');

    expect(await typed.slash(team.ana, `decline #${id}`)).to.include('decline needs a reason');
    expect(await typed.slash(team.uli, `decline #${id} I changed my mind`)).to.include('Only the responders');
    expect(await typed.slash(team.ana, `decline #${id} we do not buy gold`)).to.equal(`You declined #${id}.`);

    await running.shows(card, 'declined', 'we do not buy gold');
    await slack.waitFor(() => typed.threadText(team.help, ts).includes('we do not buy gold'), 'the reason');
  });

  it('let the asker withdraw, and tell a responder what to do instead', async () => {
    const { ana, uli, zoe } = running.team;
    const { id, card } = await typed.ask('I lost my stapler');

    expect(await typed.slash(ana, `withdraw #${id}`)).to.include('A responder can resolve or decline it');
    expect(await typed.slash(zoe, `withdraw #${id}`)).to.equal(
      `There is no request #${id} that you may see.`,
    );
    expect(await typed.slash(uli, `withdraw #${id}`)).to.equal(`You withdrew #${id}.`);

    await running.shows(card, 'withdrawn');
    expect(await typed.slash(uli, `withdraw #${id}`)).to.include('does not fit any more');
  });

  it('bring a request back to the state before its end, with its owner, for 24 hours', async () => {
    const { ana, ben, uli } = running.team;
    const { id, card } = await typed.ask('The coffee machine is sad');
    expect(await typed.slash(ana, `undo #${id}`)).to.include(`There is nothing to undo on #${id}`);
    await typed.slash(ana, `claim #${id}`);
    await typed.slash(ben, `decline #${id} it is only a machine`);
    await running.shows(card, 'declined');

    expect(await typed.slash(uli, `undo #${id}`)).to.equal(`You brought #${id} back.`);
    await running.shows(card, 'in progress', 'Ana');

    await typed.slash(ben, `not-request #${id}`);
    await age(running, id, 25 * 3_600_000);
    expect(await typed.slash(uli, `undo #${id}`)).to.include(`#${id} ended more than 24 h ago`);
  });

  it('answer for a number that does not exist as for one that the person may not see', async () => {
    const { uli, zoe } = running.team;
    const { id } = await typed.ask('My own secret keyboard');
    const verbs = [
      'show #n',
      'claim #n',
      'assign #n @ana',
      'pass #n',
      'priority #n high',
      'wait #n',
      'hold #n until 2h why not',
      'unhold #n',
      'snooze #n 2h',
      'remind #n 2h',
      'resolve #n',
      'reopen #n',
      `duplicate #n of #n`,
      'not-request #n',
      'decline #n because',
      'withdraw #n',
      'move #n it',
      'undo #n',
    ];

    for (const verb of verbs) {
      for (const [who, n] of [
        [zoe, id],
        [uli, 99_999],
      ] as const) {
        expect(await typed.slash(who, verb.replaceAll('#n', `#${n}`)), verb).to.equal(
          `There is no request #${n} that you may see.`,
        );
      }
    }
    expect(running.slack.ephemerals(zoe).map(read).join()).to.not.include('keyboard');
  });

  it('tell the owner when another responder ends their request', async () => {
    const { slack, team } = running;
    const { id } = await typed.ask('The fridge is too warm');
    await typed.slash(team.lea, `claim #${id}`);

    await typed.slash(team.ben, `not-request #${id}`);

    await slack.waitFor(
      () =>
        slack
          .messages(slack.dmOf(team.lea))
          .some((one) => read(one).includes(`ben marked your *#${id}* as not a request`)),
      'the owner to be told',
    );
  });
});

import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import { besideEnded } from './beside.ts';
import { docker, powerCut } from './engine.ts';
import { sharedStack } from './shared-stack.ts';
import { SERVICES, type Stack } from './stack.ts';

describe('the stack when the power fails', function () {
  this.timeout(300_000);
  let stack: Stack;

  beforeEach(async () => {
    stack = await sharedStack();
  });

  const lines = (where: string | { id: string }, words: RegExp): readonly string[] =>
    stack.slack
      .messages(where)
      .filter((one) => one.user === stack.slack.botUserId)
      .map(({ text }) => text)
      .filter((text) => words.test(text));

  it('sends each reminder of a ladder once, though the power fails in the middle of it', async () => {
    await besideEnded();
    const words = 'The ibis is out.';
    stack.ask(`🔴 ${words}`);
    await stack.cardOf(words);
    const number = await stack.psql(`select id from requests where body like '%${words}%'`);
    const first = new RegExp(`has #${number} yet`);
    const last = () => lines(stack.team.managers, new RegExp(`#${number} in `));
    await stack.slack.waitFor(
      () => [stack.team.ana, stack.team.ben].some((who) => lines(stack.slack.dmOf(who), first).length > 0),
      'the first reminder',
      30_000,
    );
    const pids = await Promise.all(SERVICES.map((service) => stack.pid(service)));
    expect(last()).to.have.length(0);
    await powerCut(pids);
    await stack.untilReady();
    await stack.slack.waitFor(() => last().length > 0, 'the last step of the ladder', 60_000);
    await stack.settled();
    const reminders = [
      ...[stack.team.ana, stack.team.ben].map((who) => lines(stack.slack.dmOf(who), first).length),
      lines(stack.team.triage, new RegExp(`^Nobody has taken #${number} for`)).length,
      last().length,
    ];
    expect(reminders).to.deep.equal([1, 1, 1, 1]);
    expect(stack.cards(words)).to.have.length(1);
    expect(stack.saidTwice()).to.deep.equal([]);
    expect(await stack.psql(`select count(*) from requests where body like '%${words}%'`)).to.equal('1');
    for (const service of SERVICES)
      expect(
        await docker('inspect', '--format', '{{.State.Running}}', await stack.container(service)),
      ).to.equal('true');
  });
});

import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import { besideEnded } from './beside.ts';
import { docker, powerCut, waitForDocker } from './engine.ts';
import { sharedStack } from './shared-stack.ts';
import { SERVICES, type Stack } from './stack.ts';

describe('the stack after what happens to machines', function () {
  this.timeout(180_000);
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

  /** One card each and nothing said twice; in the database one request each. */
  async function nothingLost(words: readonly string[]): Promise<void> {
    for (const each of words) {
      await stack.cardOf(each);
      expect(stack.cards(each), each).to.have.length(1);
    }
    await stack.settled();
    expect(stack.saidTwice()).to.deep.equal([]);
    expect(await requests()).to.equal(asked.length);
  }

  const requests = async (): Promise<number> =>
    Number(await stack.psql("select count(*) from requests where body like '%The okapi%'"));

  const asked: string[] = [];
  function ask(emoji = ''): string {
    const words = `The okapi${asked.length + 1} is out.`;
    asked.push(words);
    stack.ask(`${emoji}${words}`);
    return words;
  }

  it('brings the bot back when it is killed from the host, and loses nothing', async () => {
    const restarts = async () => Number(await stack.inspect('bot', '{{.RestartCount}}'));
    const [before, pid, acked] = [await restarts(), await stack.pid('bot'), stack.slack.acks().length];
    const words = [ask(), ask(), ask()];
    await stack.slack.waitFor(() => stack.slack.acks().length > acked, 'the first to be acknowledged');
    process.kill(pid, 'SIGKILL');
    words.push(ask());
    await waitForDocker(async () => (await restarts()) === before + 1, 'the restart', 30_000);
    await nothingLost(words);
    await stack.untilReady();
  });

  it('keeps everything over down and up, by either version of Compose', async () => {
    for (const version of [1, 2] as const) {
      await stack.compose('down');
      stack.setCompose(version);
      await stack.compose('up', '-d', '--no-build');
      await stack.untilReady();
      expect(await requests()).to.equal(asked.length);
    }
    await nothingLost([ask()]);
  });

  it('sends each reminder of a ladder once, though the power fails in the middle of it', async () => {
    await besideEnded();
    const words = ask('🔴 ');
    await stack.cardOf(words);
    const number = await stack.psql(`select id from requests where body like '%${words}%'`);
    const first = new RegExp(`has #${number} yet`);
    await stack.slack.waitFor(
      () => [stack.team.ana, stack.team.ben].some((who) => lines(stack.slack.dmOf(who), first).length > 0),
      'the first reminder',
      30_000,
    );
    const pids = await Promise.all(SERVICES.map((service) => stack.pid(service)));
    await powerCut(pids);
    await stack.untilReady();
    await stack.slack.waitFor(
      () => lines(stack.team.managers, new RegExp(`#${number} in `)).length > 0,
      'the last step of the ladder',
      60_000,
    );
    await stack.settled();
    const reminders = [
      ...[stack.team.ana, stack.team.ben].map((who) => lines(stack.slack.dmOf(who), first).length),
      lines(stack.team.triage, new RegExp(`^Nobody has taken #${number} for`)).length,
      lines(stack.team.managers, new RegExp(`#${number} in `)).length,
    ];
    expect(reminders).to.deep.equal([1, 1, 1, 1]);
    await nothingLost([words]);
    for (const service of SERVICES)
      expect(
        await docker('inspect', '--format', '{{.State.Running}}', await stack.container(service)),
      ).to.equal('true');
  });
});

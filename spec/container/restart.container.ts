import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import { waitForDocker } from './engine.ts';
import { sharedStack } from './shared-stack.ts';
import type { Stack } from './stack.ts';

describe('the stack after what happens to machines', function () {
  this.timeout(180_000);
  let stack: Stack;

  beforeEach(async () => {
    stack = await sharedStack();
  });

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
  function ask(): string {
    const words = `The okapi${asked.length + 1} is out.`;
    asked.push(words);
    stack.ask(words);
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
});

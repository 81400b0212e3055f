import { expect } from 'chai';
import { describe, it } from 'mocha';
import { waitForDocker } from './engine.ts';
import { sharedStack } from './shared-stack.ts';

// What goes down and up as a whole keeps everything: upgrade-rollback.container.ts.
describe('the bot when it is killed from the host', () => {
  it('comes back and loses nothing', async function () {
    this.timeout(180_000);
    const stack = await sharedStack();
    const restarts = async () => Number(await stack.inspect('bot', '{{.RestartCount}}'));
    const [before, pid, acked] = [await restarts(), await stack.pid('bot'), stack.slack.acks().length];
    const words = [1, 2, 3, 4].map((number) => `The okapi${number} is out.`);
    for (const each of words.slice(0, 3)) stack.ask(each);
    await stack.slack.waitFor(() => stack.slack.acks().length > acked, 'the first to be acknowledged');
    process.kill(pid, 'SIGKILL');
    for (const each of words.slice(3)) stack.ask(each);
    await waitForDocker(async () => (await restarts()) === before + 1, 'the restart', 30_000);
    for (const each of words) await stack.cardOf(each);
    await stack.settled();
    for (const each of words) expect(stack.cards(each), each).to.have.length(1);
    expect(stack.saidTwice()).to.deep.equal([]);
    expect(await stack.psql("select count(*) from requests where body like 'The okapi%'")).to.equal('4');
    await stack.untilReady();
  });
});

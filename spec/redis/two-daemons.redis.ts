import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type Daemons, daemonsOver } from '../support/daemons.ts';
import { waitFor } from '../support/wait-for.ts';
import { type RedisServer, redisServer } from './redis-server.ts';

describe('two daemons with one Redis', function () {
  this.timeout(90_000);
  let server: RedisServer;
  let daemons: Daemons;

  before(async () => {
    server = await redisServer();
    await server.start();
    daemons = await daemonsOver({ environment: { REDIS_URL: server.url, SLACK_POST_INTERVAL: '1s' } });
  });
  after(async () => {
    await daemons.close();
    await server.close();
  });

  /** When each post to the triage channel came to Slack (epoch ms). */
  const posts = (): readonly number[] =>
    daemons.slack
      .calls()
      .filter(
        ({ method, body }) => method === 'chat.postMessage' && body['channel'] === daemons.team.triage.id,
      )
      .map(({ at }) => at)
      .toSorted((a, b) => a - b);

  it('post to one channel once a second, whoever of them posts', async () => {
    const { slack, team } = daemons;
    const [one, other] = [daemons.inThisProcess(), daemons.inThisProcess()];
    await Promise.all([one.start(), other.start()]);
    const words = Array.from({ length: 8 }, (_, n) => `Paced request ${n}.`);
    for (const text of words) slack.say(team.uli, team.help, text);
    // One works off the channel while it can; each stop hands it to the other.
    for (const leaving of [one, other, one, other]) {
      const already = posts().length;
      await waitFor(() => posts().length >= already + 2, 'two more posts', 20_000);
      await leaving.stop();
      // Something new, so that the other looks for what there is to post at once.
      words.push(`Paced request ${words.length}.`);
      slack.say(team.uli, team.help, words.at(-1)!);
      await waitFor(() => posts().length >= already + 3, 'a post of the other', 20_000);
      await leaving.start();
    }
    await daemons.settled(60_000);

    for (const text of words) expect(daemons.cards(text), text).to.equal(1);
    const gaps = posts().map((at, n, all) => at - (all[n - 1] ?? Number.NEGATIVE_INFINITY));
    // Less what one call takes longer on its way than the next; without Redis it is some 50 ms at a handover.
    expect(Math.min(...gaps)).to.be.at.least(900);
    expect(posts()).to.have.length(words.length);
  });
});

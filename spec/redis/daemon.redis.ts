import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { openStory, type Story } from '../chaos/story.ts';
import { type RedisServer, redisServer } from './redis-server.ts';

/** What a busy machine may put between two posts' leaving and arriving is the daemon's second less this. */
const OF_SLACK_MS = 700;

/** P5: whatever becomes of Redis, requests flow, each thing once and none too soon after the other. */
describe('a daemon whose Redis is in trouble', function () {
  this.timeout(60_000);
  let server: RedisServer;
  let story: Story;

  before(async () => {
    server = await redisServer();
    await server.start();
    story = await openStory({
      environment: { REDIS_URL: server.url, SLACK_POST_INTERVAL: '1s' },
      secrets: [new URL(server.url).password],
      slack: { postIntervalMs: OF_SLACK_MS },
    });
    await story.daemon.startReady();
  });

  afterEach(() => server.thaw());

  after(async () => {
    await story.close();
    await server.close();
  });

  /** Requests are under way while it happens, and more come after it. */
  async function flow(trouble: () => Promise<void> | void): Promise<void> {
    story.ask();
    const word = story.ask();
    await story.slack.waitFor(() => story.slack.acks().length > 0, 'the first to be told');
    await trouble();
    story.ask();
    await story.take(word);
    await story.settled();
    expect((await story.daemon.ready()).status).to.equal(200);
    expect(story.slack.calls().filter(({ status }) => status === 429)).to.deep.equal([]);
    await story.check();
  }

  it('works with it', () => flow(() => {}));

  it('goes on when it is killed', () => flow(() => server.kill()));

  it('goes on when it comes back and has forgotten everything', async () => {
    await flow(() => server.start());
    expect(story.daemon.said()).to.include('Redis is back');
  });

  it('goes on when it takes commands and does not answer', () => flow(() => server.freeze()));

  it('goes on when it answers again', () => flow(() => {}));

  it('starts without it', async () => {
    await server.kill();
    await story.daemon.kill();
    await story.daemon.startReady();
    await flow(() => {});
    await server.start();
  });
});

import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { systemClock } from '../../src/clock.ts';
import { createConnectionSet } from '../../src/socket/connection-set.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { type AppDaemon, type Daemons, daemonsOver } from '../support/daemons.ts';
import type { Scrape } from '../support/scrape.ts';
import { waitFor } from '../support/wait-for.ts';

/** As in spec/chaos/two-daemons.spec.ts: a foreign socket is told after seconds, not minutes. */
const COUNTING = { signMs: 50, settleMs: 300, apartMs: 400, againMs: 600, knownAgainMs: 600 };

describe('/metrics of two daemons over one database', function () {
  this.timeout(40_000);
  let daemons: Daemons;
  let one: AppDaemon;
  let other: AppDaemon;

  before(async () => {
    daemons = await daemonsOver({ counting: COUNTING });
    one = daemons.inThisProcess();
    other = daemons.inThisProcess();
    await Promise.all([one.start(), other.start()]);
    await waitFor(() => daemons.slack.socket.open().length === 4, 'all sockets');
  });
  after(() => daemons.close());

  const both = (): Promise<[Scrape, Scrape]> => Promise.all([one.scrape(), other.scrape()]);

  it('tell the same of what they share and each its own of the rest', async () => {
    const { slack, team } = daemons;
    for (let nth = 0; nth < 20; nth += 1) slack.say(team.uli, team.help, `Asked ${nth}.`);
    await daemons.settled();
    await waitFor(async () => {
      const [left, right] = await both();
      return left.value('triage_other_daemons') === 1 && right.value('triage_other_daemons') === 1;
    }, 'each to know the other');

    const [left, right] = await both();
    const type = { type: 'events_api' };
    for (const now of [left, right]) {
      expect(now.value('triage_requests', { queue: 'it', state: 'new' })).to.equal(20);
      expect(now.value('triage_timers', { state: 'pending' })).to.equal(20);
      expect(now.value('triage_inbox_pending_events')).to.equal(0);
      expect(now.value('triage_sockets', { state: 'live' })).to.equal(2);
      expect(now.value('triage_foreign_sockets')).to.equal(0);
      expect(now.value('triage_envelopes_total', type)).to.be.within(1, slack.deliveries().length - 1);
    }
    expect(left.value('triage_envelopes_total', type) + right.value('triage_envelopes_total', type)).to.equal(
      slack.deliveries().length,
    );
    const posted = { method: 'chat.postMessage', outcome: 'ok' };
    expect(
      left.value('triage_slack_calls_total', posted) + right.value('triage_slack_calls_total', posted),
    ).to.equal(slack.countOf('chat.postMessage'));
  });

  it('count the sockets of anybody else', async () => {
    const { slack } = daemons;
    const foreign = createConnectionSet({
      appToken: slack.appToken,
      apiUrl: slack.apiUrl,
      connections: 1,
      accept: (_, acknowledge) => acknowledge(),
      clock: systemClock,
      logger: captureLogger(),
    });
    await foreign.start();
    await waitFor(() => foreign.status().sockets === 1, 'the foreign socket');
    slack.socket.refresh(undefined, 300);
    try {
      await waitFor(
        async () => (await both()).every((now) => now.value('triage_foreign_sockets') === 1),
        'the foreign one in the metrics',
        20_000,
      );
    } finally {
      await foreign.stop();
    }
  });

  it('tell that one of them is gone', async () => {
    await other.stop();
    await waitFor(
      async () => (await one.scrape()).value('triage_other_daemons') === 0,
      'one to be alone',
      20_000,
    );
  });
});

import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import type { Verdict } from '../support/postgres-proxy.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { type Scrape, scrape } from '../support/scrape.ts';
import { waitFor } from '../support/wait-for.ts';

/** What only the database can tell. */
const SHARED = [
  'triage_inbox_pending_events',
  'triage_inbox_pending_oldest_seconds',
  'triage_outbox_failing_rows',
  'triage_outbox_pending_oldest_seconds',
  'triage_outbox_pending_rows',
  'triage_requests',
  'triage_timers',
  'triage_timers_overdue_seconds',
];

describe('/metrics and the database', function () {
  this.timeout(30_000);
  let running: RunningApp;
  let whole: Scrape;

  before(async () => {
    running = await runningApp({ isProxied: true });
    await running.settled();
    whole = await running.scrape();
  });
  afterEach(async () => {
    running.proxy().watchUp(undefined);
    running.proxy().refuse(false);
    running.proxy().freeze(false);
    await waitFor(async () => (await running.scrape()).find('triage_ready') === 1, 'all to be well again');
  });
  after(() => running.stop());

  const names = ({ families }: Scrape): readonly string[] => [...families.keys()];

  /** Everything else is told, within the time that a scrape may take. */
  async function tellsAllElse(): Promise<void> {
    const begun = performance.now();
    const now = await running.scrape();
    expect(performance.now() - begun).to.be.below(5000);
    expect(now.value('triage_database_counted')).to.equal(0);
    expect(now.value('triage_part_ok', { part: 'postgres' })).to.equal(0);
    expect(now.value('triage_ready')).to.equal(0);
    expect(names(whole).filter((name) => !names(now).includes(name))).to.have.members(SHARED);
    expect(now.value('triage_sockets', { state: 'live' })).to.be.at.least(1);
  }

  it('say nothing of what only the database knows while it is away, that this is so, and all the rest', async () => {
    expect(whole.value('triage_database_counted')).to.equal(1);
    running.proxy().refuse(true);
    running.proxy().cut();
    await waitFor(async () => (await running.scrape()).value('triage_database_counted') === 0, 'the outage');
    await tellsAllElse();
  });

  it('do the same in good time while it does not answer, and ask it no second time', async () => {
    running.proxy().freeze(true);
    await tellsAllElse();
    await Promise.all([tellsAllElse(), tellsAllElse(), tellsAllElse()]);
    let asked = 0;
    running.proxy().watchUp(({ text }): Verdict => {
      if (text === 'count-inbox') asked += 1;
      return 'pass';
    });
    running.proxy().freeze(false);
    await waitFor(() => asked > 0, 'the question that was held');
    expect(asked).to.equal(1);
  });

  it('cost the database four questions a scrape, which scrapes at the same moment share', async () => {
    const asked: string[] = [];
    running.proxy().watchUp(({ text }): Verdict => {
      if (text.startsWith('count-')) asked.push(text);
      return 'pass';
    });
    await running.scrape();
    const once = ['count-inbox', 'count-outbox', 'count-timers', 'count-requests'];
    expect(asked).to.deep.equal(once);
    await Promise.all(Array.from({ length: 10 }, () => running.scrape()));
    expect(asked.length).to.be.within(8, 12);
  });

  it('are there before Slack has answered once, and tell what there is by then', async () => {
    const { slack } = running;
    await running.app().stop();
    slack.unreachable();
    const starting = running.app().start();
    starting.catch(() => {});
    try {
      const early = await waitFor(async () => {
        const port = running.app().address()?.port;
        return port === undefined ? null : scrape(port);
      }, 'the listener');
      expect(early.value('triage_ready')).to.equal(0);
      expect(early.find('triage_sockets')).to.equal(undefined);
      expect(early.find('triage_inbox_in_hand_events')).to.equal(undefined);
    } finally {
      slack.unreachable(false);
      await starting;
    }
  });
});

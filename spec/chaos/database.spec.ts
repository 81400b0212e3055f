import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import type { Ready } from './daemon.ts';
import { allow, NO_LIMIT, OF_THE_SERVER, OF_THE_WAY, type Outage } from './outages.ts';
import { type OwnPostgres, ownPostgres } from './own-postgres.ts';
import { openStory, type Story } from './story.ts';

/** Once Slack has answered nothing ends the daemon any more. */
const MOMENTS = [
  ['between Slack’s answer and the first look at its requests', /^stray-requests$/],
  ['while its timers start', /pgboss\.version/],
  ['while its timers’ queues are made', /INSERT INTO pgboss\.schedule/],
] as const;

/** How soon `/ready` has to tell. */
const SOON_MS = 5000;

/** Nothing is acknowledged and `/ready` says so while it lasts; then all of it is done, once. */
async function suffer<On>(story: Story, { state, begin, end }: Outage<On>, on: On): Promise<void> {
  const { daemon, slack } = story;
  // In the middle of its work.
  story.ask();
  const told = slack.deliveries().length;
  const since = () => slack.deliveries().slice(told);
  await begin(on);
  let ready: Ready;
  let outcomes: readonly string[];
  try {
    ready = await daemon.isReady(503, SOON_MS);
    for (let nth = 0; nth < 3; nth += 1) story.ask();
    await slack.waitFor(
      () => since().some(({ outcome }) => outcome === 'timeout'),
      'Slack to wait for an acknowledgement in vain',
    );
    outcomes = since().map(({ outcome }) => outcome);
  } finally {
    await end(on);
  }
  await daemon.isReady();
  await story.take(story.words().at(-1)?.word ?? '');
  await story.settled();

  expect(ready.body['postgres']).to.deep.equal({ ok: false, state });
  expect(ready.body['slack']).to.deep.include({ ok: true });
  expect(outcomes).to.not.include('acked');
  await story.check();
  expect(daemon.isAlive()).to.equal(true);
}

/** A daemon that has been at work. */
async function atWork(story: Story): Promise<void> {
  await story.daemon.startReady();
  story.ask();
  await story.settled();
}

describe('a daemon whose database is in trouble', function () {
  this.timeout(60_000);
  let server: OwnPostgres;
  /** With a server of its own, on a bad way to one, and on a slow way. */
  let own: Story;
  let far: Story;
  let slow: Story;
  let late: Promise<void>;

  before(async () => {
    server = await ownPostgres();
    const impatient = { ackDeadlineMs: 1000 };
    own = await openStory({ database: server, slack: impatient });
    far = await openStory({ slack: impatient });
    slow = await openStory();
    await Promise.all([own, far, slow].map(atWork));
    // While the others have their troubles.
    late = takeLonger(slow);
    late.catch(() => {});
  });

  after(async () => {
    await late.catch(() => {});
    for (const story of [own, far, slow]) await story.close();
    await server.close();
  });

  for (const outage of OF_THE_SERVER)
    it(`acknowledges nothing and says so while the database ${outage.is}, and does it all once it is well`, () =>
      suffer(own, outage, server));

  for (const outage of OF_THE_WAY)
    it(`acknowledges nothing and says so while the database ${outage.is}, and does it all once it is well`, () =>
      suffer(far, outage, far));

  it('does everything, only later, with two connections where it would have ten', async () => {
    await server.administer(...allow(2));
    for (let nth = 0; nth < 5; nth += 1) own.ask();
    await own.settled();
    const most = await server.connections();
    await server.administer(NO_LIMIT);
    await own.daemon.isReady();
    expect(most).to.be.within(1, 2);
    await own.check();
  });

  for (const [when, statement] of MOMENTS)
    it(`waits for it instead of ending when it goes away ${when}`, async () => {
      const { daemon, proxy } = far;
      await daemon.kill();
      const lost = Promise.withResolvers<void>();
      proxy.watchUp(({ text }) => {
        if (!statement.test(text)) return 'pass';
        proxy.watchUp(undefined);
        proxy.refuse(true);
        proxy.cut();
        lost.resolve();
        return 'drop';
      });
      daemon.start();
      await lost.promise;
      try {
        await daemon.isReady(503);
      } finally {
        proxy.refuse(false);
      }
      await daemon.isReady();
      await far.check();
    });

  it('does everything, only later, where every statement takes a third of a second', () => late);
});

/** Everything is acknowledged in time, all the same. */
async function takeLonger(story: Story): Promise<void> {
  const told = story.slack.deliveries().length;
  story.proxy.slowBy(300);
  story.ask();
  await story.daemon.isReady();
  await story.settled();
  story.proxy.slowBy(0);
  const outcomes = story.slack
    .deliveries()
    .slice(told)
    .map(({ outcome }) => outcome);
  expect(new Set(outcomes)).to.deep.equal(new Set(['acked']));
  await story.check();
}

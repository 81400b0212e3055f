import { expect } from 'chai';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { acceptEvents, leaseEvents } from '../../src/store/inbox.ts';
import { appendOutbox, leaseOutbox } from '../../src/store/outbox.ts';
import { openWorkspace, QUICK, type Workspace } from '../outbox/relay-workspace.ts';
import { HOUR } from '../support/builders.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { cardsWith } from '../support/stored.ts';
import { textOf } from '../workspace/text-of.ts';

const LADDER = `    ladder: { normal: [1s, 2s, 3s, 4s] }
`;

/** A clock that is right until somebody sets it. */
function wallClock(): { now(): number; ahead(ms: number): void } {
  let aheadMs = 0;
  return {
    now: () => Date.now() + aheadMs,
    ahead: (ms) => {
      aheadMs = ms;
    },
  };
}

/** What is counted in seconds goes on at once, whichever of the two times was the right one. */
describe('a daemon whose clock is set back an hour', function () {
  this.timeout(40_000);
  const clock = wallClock();
  let running: RunningApp;

  before(async () => {
    clock.ahead(HOUR);
    running = await runningApp({ daemonClock: clock, postInterval: '1s', times: LADDER });
  });
  after(() => running.stop());

  const lines = (where: string | { id: string }, words: RegExp): readonly string[] =>
    running.slack
      .messages(where)
      .filter((one) => one.user === running.slack.botUserId)
      .map(({ text }) => text)
      .filter((text) => words.test(text));

  it('goes on with what waited: for its turn in the channel, and for Slack, that had asked it to slow down', async () => {
    const { slack, team } = running;
    slack.failNext('chat.postMessage', { kind: 'rate_limited', retryAfter: 1 }, 2);
    const texts = ['otter', 'weasel'].map((name) => `The ${name} is ill`);
    for (const text of texts) slack.say(team.uli, team.help, text);
    await slack.waitFor(() => slack.calls().some(({ status }) => status === 429), 'Slack to slow it down');
    clock.ahead(0);
    for (const text of texts) await running.cardOf(text);
    await running.settled();
    for (const text of texts) expect(cardsWith(running, text)).to.have.length(1);
  });

  it('climbs the ladders that were begun, at their own pace and each step once', async () => {
    const { slack, team } = running;
    slack.say(team.uli, team.help, 'The heron is ill');
    const number = running.numberOf(await running.cardOf('The heron is ill'));
    clock.ahead(-HOUR);
    const escalation = new RegExp(`#${number} in `);
    await slack.waitFor(() => lines(team.managers, escalation).length > 0, 'the escalation', 20_000);
    await running.settled();
    const asked = [team.ana, team.ben].map((who) => lines(slack.dmOf(who), new RegExp(`has #${number} yet`)));
    expect(asked.map(({ length }) => length)).to.deep.equal([1, 1]);
    expect(lines(team.triage, new RegExp(`^Nobody has taken #${number} for`))).to.have.length(1);
    expect(lines(team.managers, escalation)).to.have.length(1);
  });

  it('begins new ladders, whose steps come no earlier than they should', async () => {
    const { slack, team } = running;
    const told = Date.now();
    slack.say(team.uli, team.help, 'The lynx is ill');
    const asked = () => [team.ana, team.ben].flatMap((who) => lines(slack.dmOf(who), /Nobody has/)).length;
    const earlier = asked();
    await slack.waitFor(() => asked() > earlier, 'the first to be asked');
    expect(Date.now() - told).to.be.at.least(1000);
  });

  it('knows an event again that it was told before, and does what people do now', async () => {
    const { slack, team } = running;
    const card = await running.cardOf('The otter is ill');
    for (const each of slack.acks().filter(({ type }) => type === 'events_api')) slack.again(each, 'retry');
    await running.press(team.ana, card, 'Take it');
    await running.shows(card, 'in progress', 'Ana');
    await running.settled();
    expect(cardsWith(running, 'The otter is ill')).to.have.length(1);
  });

  it('notes anew up to when Slack is heard, so that a later silence is seen', async () => {
    const { slack, database } = running;
    clock.ahead(-2 * HOUR);
    const soon = new Date(clock.now() + HOUR / 2);
    const isNoted = async () =>
      (await database.pool.query('select from hearing where heard_until < $1', [soon])).rowCount === 1;
    await slack.waitFor(isNoted, 'a note of now', 15_000);
    await running.settled();
  });
});

describe('leases and waits of a clock that was an hour ahead', () => {
  let database: TestDatabase;
  const now = Date.now();

  before(async () => {
    database = await testDatabase();
  });
  after(() => database.drop());

  it('do not keep events from their handlers', async () => {
    const event = {
      eventId: 'Ev1',
      key: null,
      subject: null,
      lane: 'C1',
      type: 'events_api',
      isInteractive: false,
      body: '{}',
      happenedAt: now,
    };
    await acceptEvents(database.pool, [event], now + HOUR, now + HOUR + 3000);
    expect(await leaseEvents(database.pool, now, now + 3000, 10)).to.have.length(1);
    expect(await leaseEvents(database.pool, now, now + 3000, 10)).to.have.length(0);
  });

  it('do not keep rows from being sent', async () => {
    const row = {
      lane: 'A',
      key: 'k1',
      requestId: null,
      effect: { kind: 'card' },
    } as const;
    await appendOutbox(database.pool, [row], now + HOUR);
    expect(await leaseOutbox(database.pool, now + HOUR, now + HOUR + 6000, 10, 10)).to.have.length(1);
    expect(await leaseOutbox(database.pool, now, now + 6000, 10, 10)).to.have.length(1);
    expect(await leaseOutbox(database.pool, now, now + 6000, 10, 10)).to.have.length(0);
  });
});

describe('a post whose outcome is unknown when the clock is set back an hour', () => {
  const clock = wallClock();
  let desk: Workspace;

  beforeEach(async () => {
    desk = await openWorkspace();
  });
  afterEach(() => desk.close());

  const post = async (when: 'before' | 'after', then: () => void): Promise<void> => {
    clock.ahead(HOUR);
    desk.slack.failNext('chat.postMessage', { kind: 'reset', when });
    await desk.ask('of an hour ago', {}, [{ kind: 'card' }]);
    await desk.relay({ clock, times: { ...QUICK, settleMs: 1000 } }).start();
    await desk.slack.waitFor(async () => {
      const { rows } = await desk.database.pool.query('select 1 from outbox where last_error is not null');
      return rows.length === 1;
    }, 'its outcome to be noted as unknown');
    then();
    await desk.done();
    expect(desk.posts('CTRIAGE').map(textOf)).to.have.length(1);
    expect(desk.slack.countOf('conversations.history')).to.equal(1);
  };

  for (const when of ['before', 'after'] as const) {
    it(`is looked for and stands there once: the connection was lost ${when} Slack did it`, () =>
      post(when, () => clock.ahead(0)));
  }

  it('is found though the clock stays an hour ahead', () => post('after', () => {}));
});

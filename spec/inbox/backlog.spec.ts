import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { systemClock } from '../../src/clock.ts';
import type { Delivery } from '../../src/inbox/accept.ts';
import { createInbox, type EventContext, type Inbox } from '../../src/inbox/inbox.ts';
import { MOST_WAITING } from '../../src/inbox/waiting.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { pressed, reacted, renamed } from '../support/deliveries.ts';
import { waitFor } from '../support/wait-for.ts';

describe('the inbox with more than it can do', function () {
  this.timeout(40_000);
  let database: TestDatabase;
  let logger: ReturnType<typeof captureLogger>;
  let inbox: Inbox;
  let forget: () => Promise<void>;
  let acknowledged: string[];
  let letGo: (() => Promise<void>) | undefined;
  let scanned: number;
  let handledIds: unknown[];

  beforeEach(async () => {
    database = await testDatabase();
    logger = captureLogger();
    acknowledged = [];
    scanned = 0;
    handledIds = [];
    forget = () => Promise.resolve();
    inbox = make(logger);
    await inbox.start();
  });
  afterEach(async () => {
    await letGo?.();
    letGo = undefined;
    await inbox.stop();
    await database.drop();
  });

  /** Its handlers wait for `forget` at channel events, and for nothing but the database at others. */
  function make(scope: typeof logger): Inbox {
    const context = {
      desk: { queues: new Map() },
      directory: { forget: () => forget() },
      slack: {},
      bot: { userId: 'UBOT', teamId: 'T1' },
    } as unknown as EventContext;
    return createInbox({ pool: database.pool, clock: systemClock, logger: scope, context });
  }

  function give(one: Delivery): void {
    const payload = one.payload as { event_id?: string; trigger_id?: string };
    inbox.accept(one, () => acknowledged.push(payload.event_id ?? payload.trigger_id ?? ''));
  }

  /** Nothing can be written into the inbox, or read from it, until `letGo`. */
  async function lockTable(): Promise<void> {
    const client = await database.pool.connect();
    await client.query('begin');
    await client.query('lock table inbox');
    letGo = async () => {
      letGo = undefined;
      await client.query('commit');
      client.release();
    };
  }

  /** Until every batch is under way that may be. */
  async function begun(): Promise<void> {
    for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate);
  }

  /** Event by event, as their handlers ended; a scan from where the last one stopped, for it is asked often. */
  function handled(): readonly unknown[] {
    for (; scanned < logger.lines.length; scanned += 1) {
      const line = logger.lines[scanned];
      if (line?.message === 'event handled') handledIds.push(line.meta['eventId']);
    }
    return handledIds;
  }
  const messages = (level: string): readonly string[] =>
    logger.lines.filter((line) => line.level === level).map(({ message }) => message);

  /** How many batches are with the database, and wait for the lock. */
  async function insertions(): Promise<number> {
    const { rows } = await database.pool.query<{ n: number }>(
      `select count(*)::integer as n from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like 'insert into inbox%'`,
    );
    return rows[0]?.n ?? -1;
  }

  async function stored(): Promise<number> {
    const { rows } = await database.pool.query<{ n: number }>('select count(*)::integer as n from inbox');
    return rows[0]?.n ?? -1;
  }

  it('acknowledges nothing before it is committed, takes no more than it can hold, and says so once', async () => {
    await lockTable();
    for (let n = 0; n < 8000; n += 1) give(renamed(`E${n}`));
    // An event that had to wait too long for a connection is warned of as well, and tried again.
    const refusals = () => messages('warn').filter((message) => message.startsWith('too many events wait'));
    await waitFor(() => refusals().length > 0, 'the warning');
    await begun();

    expect(acknowledged).to.deep.equal([]);
    // Those that wait, and the two batches that wait for the lock.
    expect(inbox.status()).to.include({ uncommitted: MOST_WAITING, inHand: 0, isFull: true });
    expect(refusals()).to.have.length(1);
    await letGo?.();
    await waitFor(() => acknowledged.length === MOST_WAITING, 'all to be acknowledged');
    expect(await stored()).to.equal(MOST_WAITING);
    expect(inbox.status()).to.include({ uncommitted: 0, isFull: false });
    expect(messages('info')).to.deep.equal(['events are taken in again']);
    // What was not taken in comes again, no faster than it is committed.
    for (let n = 0; n < 8000; n += 1) {
      if (n % 100 === 0) await waitFor(() => inbox.status().uncommitted < MOST_WAITING / 2, 'room');
      give(renamed(`E${n}`));
    }
    await waitFor(() => acknowledged.length === MOST_WAITING + 8000, 'the others, and the known once more');
    await waitFor(() => handled().length === 8000, 'all to be handled', 30_000);
    expect(new Set(handled()).size).to.equal(8000);
    expect(refusals()).to.have.length(1);
  });

  it('commits a press before thousands of events that came earlier', async () => {
    await lockTable();
    for (let n = 0; n < 2500; n += 1) give(renamed(`E${n}`));
    await begun();
    give(pressed('press', 'C1', '1.1'));
    await waitFor(async () => (await insertions()) === 3, 'a third insertion, for people alone');
    await letGo?.();
    await waitFor(() => acknowledged.includes('press'), 'the press to be acknowledged');

    // Two batches were under way.
    expect(acknowledged.indexOf('press')).to.be.at.most(1000);
    await waitFor(() => handled().includes('press'), 'the press to be handled');
    expect(handled().indexOf('press')).to.be.at.most(1000);
  });

  it('gives up a press that its person was told has failed', async () => {
    await lockTable();
    for (let n = 0; n < 1200; n += 1) give(renamed(`E${n}`));
    await begun();
    give(pressed('on its way', 'C1', '1.1'));
    await begun();
    give(pressed('given up', 'C1', '2.2'));
    const at = performance.now();
    await waitFor(() => performance.now() - at > 3100, 'the three seconds that Slack waits');
    await letGo?.();
    await waitFor(() => acknowledged.length === 1201, 'the others to be acknowledged');

    expect(acknowledged).to.include('on its way').and.not.include('given up');
    expect(messages('warn')).to.deep.equal([
      'presses waited too long to be committed; Slack has told their people so',
    ]);
    give(pressed('given up', 'C1', '2.2'));
    await waitFor(() => acknowledged.includes('given up'), 'the press to be taken when it comes again');
  });

  it('commits an event once that was delivered again while it waited, and acknowledges both deliveries', async () => {
    await lockTable();
    for (let n = 0; n < 1100; n += 1) give(renamed(`E${n}`));
    await begun();
    // One of those under way, and one of those that wait.
    for (const id of ['E5', 'E1050']) give({ ...renamed(id), retryAttempt: 1 });

    expect(inbox.status().uncommitted).to.equal(1100);
    await letGo?.();
    await waitFor(() => acknowledged.length === 1102, 'both deliveries to be acknowledged');
    expect(await stored()).to.equal(1100);
  });

  it('holds a thousand events at most, leaves the others in the table, and says since when they wait', async () => {
    const gate = Promise.withResolvers<void>();
    forget = () => gate.promise;
    const from = Date.now();
    for (let n = 0; n < 2500; n += 1) give(renamed(`E${n}`));
    await waitFor(() => acknowledged.length === 2500, 'all to be acknowledged');
    const status = await waitFor(() => {
      const now = inbox.status();
      return now.inHand + now.left === 2500 ? now : null;
    }, 'the inbox to count what it left');

    expect(status.inHand).to.be.within(1, 1000);
    expect(status.oldestAt).to.be.within(from, from + 2000);
    gate.resolve();
    await waitFor(() => handled().length === 2500, 'all to be handled', 30_000);
    expect(new Set(handled()).size).to.equal(2500);
    await waitFor(() => inbox.status().left === 0, 'nothing to be left');
    expect(inbox.status()).to.include({ inHand: 0, oldestAt: null });
  });

  it('handles a press before what waits in hand and in the table, though all its places are taken', async () => {
    const gate = Promise.withResolvers<void>();
    forget = () => gate.promise;
    for (let n = 0; n < 2500; n += 1) give(renamed(`E${n}`));
    await waitFor(() => inbox.status().left > 0, 'something to be left in the table');
    // The card's thread has an event in the table already, which must not be overtaken.
    give(reacted('in the thread', 'C1', '1767607200.000100'));
    await waitFor(() => acknowledged.includes('in the thread'), 'the event in the thread');
    give(pressed('press', 'C1', '1767607200.000100'));
    give(pressed('another', 'C1', '1767607200.000900'));

    await waitFor(() => handled().length === 3, 'the presses and what belongs to them');
    expect(handled().filter((id) => id !== 'another')).to.deep.equal(['in the thread', 'press']);
    // Each at once, not when the table is looked at anyway, once a second.
    const at = performance.now();
    for (let n = 0; n < 6; n += 1) {
      give(pressed(`one of six ${n}`, 'C1', '1767607200.001000'));
      await waitFor(() => handled().length === 4 + n, 'the next of six presses');
    }
    expect(performance.now() - at).to.be.below(3000);
    gate.resolve();
    await waitFor(() => handled().length === 2509, 'all others', 30_000);
  });

  it('keeps the order of each lane over what it held and what it left', async () => {
    const gate = Promise.withResolvers<void>();
    forget = () => gate.promise;
    const sent = Array.from({ length: 2000 }, (_, n) => ({ lane: `C${n % 7}`, id: `E${n}` }));
    for (const { lane, id } of sent.slice(0, 1300)) give(renamed(id, lane));
    await waitFor(() => inbox.status().left > 0, 'something to be left in the table');
    gate.resolve();
    forget = () => Promise.resolve();
    // The rest comes bit by bit while the inbox catches up, so that some finds room again.
    for (const { lane, id } of sent.slice(1300)) {
      give(renamed(id, lane));
      await new Promise(setImmediate);
    }
    await waitFor(() => handled().length === 2000, 'all to be handled', 30_000);

    const laneOf = new Map(sent.map(({ lane, id }) => [id, lane]));
    for (let lane = 0; lane < 7; lane += 1) {
      const order = handled().filter((id) => laneOf.get(String(id)) === `C${lane}`);
      expect(order).to.deep.equal(sent.filter((one) => one.lane === `C${lane}`).map(({ id }) => id));
    }
  });

  it('shares what it left with another daemon, each event handled once', async () => {
    const gate = Promise.withResolvers<void>();
    forget = () => gate.promise;
    for (let n = 0; n < 2500; n += 1) give(renamed(`E${n}`));
    await waitFor(() => inbox.status().left > 0, 'something to be left in the table');
    const theirs = captureLogger();
    const other = make(theirs);
    await other.start();
    try {
      await waitFor(() => other.status().inHand > 0, 'the other to take up some');
      gate.resolve();
      const byOther = (): number => theirs.lines.filter(({ message }) => message === 'event handled').length;
      await waitFor(() => handled().length + byOther() === 2500, 'all to be handled', 30_000);
      expect(byOther()).to.be.at.least(500);
    } finally {
      await other.stop();
    }
  });

  it('stops in time though the database takes nothing', async () => {
    await lockTable();
    for (let n = 0; n < 2000; n += 1) give(renamed(`E${n}`));
    await begun();
    const at = performance.now();
    await inbox.stop();

    expect(performance.now() - at).to.be.below(4000);
    await letGo?.();
    // What was under way may have been committed; what waited is Slack's again.
    expect(acknowledged.length).to.be.at.most(1000);
  });
});

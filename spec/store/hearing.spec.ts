import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import {
  addReadings,
  beginHearing,
  countReadings,
  finishReading,
  isBehind,
  leaseReading,
  nextReading,
  noteGap,
  noteHearing,
  planReadings,
  readGap,
} from '../../src/store/hearing.ts';
import { acceptEvents, finishEvent, pruneInbox } from '../../src/store/inbox.ts';
import { HOUR } from '../support/builders.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const T = Date.UTC(2026, 0, 5, 10);
const MINUTE = 60_000;

describe('up to when Slack was heard', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase();
    await beginHearing(database.pool, T);
  });
  afterEach(() => database.drop());

  const note = (at: number) => noteHearing(database.pool, at, MINUTE, at + 1000);

  /** An event that a handler was done with. */
  async function handled(happenedAt: number): Promise<void> {
    const event = {
      eventId: `Ev${happenedAt}`,
      key: null,
      subject: null,
      lane: 'l',
      type: 'events_api',
      isInteractive: false,
      body: '{}',
      happenedAt,
    };
    const [accepted] = await acceptEvents(database.pool, [event], happenedAt, happenedAt);
    await finishEvent(database.pool, accepted!.id, 'handled', null, happenedAt);
  }

  it('begins with the first start; nothing before it is a gap', async () => {
    await beginHearing(database.pool, T + 5000);
    await note(T + 10_000);
    expect(await readGap(database.pool, T + MINUTE)).to.equal(null);
    await noteGap(database.pool, T + 20_000, T + 21_000);
    expect(await readGap(database.pool, T + MINUTE)).to.deep.equal({ since: T + 10_000, begunAt: T });
  });

  it('has a gap since the last note when none was made for longer than allowed', async () => {
    await note(T + 10_000);
    await note(T + 10_000 + MINUTE);
    expect(await readGap(database.pool, T + 10 * MINUTE)).to.equal(null);
    await note(T + 12_000 + 2 * MINUTE);
    expect(await readGap(database.pool, T + 10 * MINUTE)).to.include({ since: T + 10_000 + MINUTE });
  });

  it('begins long before a last note that seems yet to come: the clock was set back, nobody knows how far', async () => {
    await note(T + HOUR);
    await planReadings(database.pool, [], 0);
    await noteGap(database.pool, T + 10 * MINUTE, T + 11 * MINUTE);
    expect(await readGap(database.pool, T + 11 * MINUTE)).to.deep.equal({ since: T - HOUR, begunAt: T });
    await planReadings(database.pool, [], T - HOUR);
    await note(T + 12 * MINUTE);
    expect(await readGap(database.pool, T + 13 * MINUTE), 'only once').to.equal(null);
    await note(T + 21 * MINUTE);
    expect(await readGap(database.pool, T + 22 * MINUTE), 'a silence').to.include({ since: T + 12 * MINUTE });
  });

  it('is none between daemons whose clocks disagree by minutes', async () => {
    await note(T + 2 * MINUTE);
    await planReadings(database.pool, [], 0);
    for (let beat = 0; beat < 20; beat += 1)
      await note(T + beat * 10_000 + (beat % 2 === 0 ? 0 : 2 * MINUTE));
    expect(await readGap(database.pool, T + HOUR)).to.equal(null);
  });

  it('begins after a first start that seems yet to come with the first event, or now', async () => {
    const early = T - HOUR;
    await noteGap(database.pool, early, early);
    expect(await readGap(database.pool, T)).to.include({ begunAt: early });
    await database.pool.query('update hearing set begun_at = $1', [new Date(T)]);
    await handled(early - MINUTE);
    await noteGap(database.pool, early, early);
    expect(await readGap(database.pool, T)).to.include({ begunAt: early - MINUTE });
  });

  it('waits until Slack has had its time to deliver by itself', async () => {
    await noteGap(database.pool, T + MINUTE, T + 2 * MINUTE);
    expect(await isBehind(database.pool, T + 2 * MINUTE - 1)).to.equal(false);
    expect(await readGap(database.pool, T + 2 * MINUTE - 1)).to.equal(null);
    expect(await isBehind(database.pool, T + 2 * MINUTE)).to.equal(true);
  });

  it('keeps a gap that grew while its reading was planned', async () => {
    await note(T + 10 * MINUTE);
    await planReadings(database.pool, [{ channel: 'C1', threadTs: null, since: T }], T);
    await noteGap(database.pool, T + 5 * MINUTE, T + 10 * MINUTE);
    await planReadings(database.pool, [], T + 6 * MINUTE);
    expect(await readGap(database.pool, T + 10 * MINUTE)).to.include({ since: T + 5 * MINUTE });
    await planReadings(database.pool, [], T + 5 * MINUTE);
    expect(await readGap(database.pool, T + 10 * MINUTE)).to.equal(null);
  });

  it('gives out what is to be read, channels first, each with its longest stretch', async () => {
    const { pool } = database;
    await addReadings(pool, [
      { channel: 'C1', threadTs: '1.1', since: T },
      { channel: 'C2', threadTs: null, since: T + 10 },
      { channel: 'C2', threadTs: null, since: T + 5 },
    ]);
    await addReadings(pool, [{ channel: 'C2', threadTs: null, since: T + 20 }]);
    const first = await nextReading(pool);
    expect(first).to.deep.equal({ channel: 'C2', threadTs: null, since: T + 5 });
    await addReadings(pool, [{ channel: 'C2', threadTs: null, since: T }]);
    await finishReading(pool, first!);
    expect(await nextReading(pool), 'it became longer meanwhile').to.include({ channel: 'C2', since: T });
    await finishReading(pool, { channel: 'C2', threadTs: null, since: T });
    expect(await nextReading(pool)).to.deep.equal({ channel: 'C1', threadTs: '1.1', since: T });
    expect(await countReadings(pool)).to.equal(1);
  });

  it('lets one daemon read at a time, and another when that one is gone', async () => {
    const { pool } = database;
    expect(await leaseReading(pool, T, T + 1000, false)).to.equal(true);
    expect(await leaseReading(pool, T + 500, T + 1500, false)).to.equal(false);
    expect(await leaseReading(pool, T + 500, T + 1500, true)).to.equal(true);
    expect(await leaseReading(pool, T + 1500, T + 2500, false)).to.equal(true);
  });

  it('keeps old events while there is something to read, for they tell what of it was heard', async () => {
    const { pool } = database;
    await handled(T);
    await addReadings(pool, [{ channel: 'C1', threadTs: null, since: T }]);
    expect(await pruneInbox(pool, T + MINUTE, 10)).to.equal(0);
    await finishReading(pool, { channel: 'C1', threadTs: null, since: T });
    await noteGap(pool, T, T);
    expect(await pruneInbox(pool, T + MINUTE, 10)).to.equal(0);
    await planReadings(pool, [], T);
    expect(await pruneInbox(pool, T + MINUTE, 10), 'a gap from here may still be noted').to.equal(0);
    await note(T + 3 * HOUR);
    await planReadings(pool, [], T);
    expect(await pruneInbox(pool, T + MINUTE, 10)).to.equal(1);
  });
});

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

  it('has one since long before the last note when that seems yet to come: the clock was set back, nobody knows how far', async () => {
    await note(T + HOUR);
    await planReadings(database.pool, [], 0);
    await note(T + 10 * MINUTE);
    expect(await readGap(database.pool, T + 11 * MINUTE)).to.include({ since: T - HOUR });
    await planReadings(database.pool, [], T - HOUR);
    await note(T + 11 * MINUTE);
    expect(await readGap(database.pool, T + 12 * MINUTE), 'only once').to.equal(null);
    await note(T + 21 * MINUTE);
    expect(await readGap(database.pool, T + 22 * MINUTE), 'a silence').to.include({ since: T + 11 * MINUTE });
  });

  it('has one as long after a start with a clock that was set back, and was never first started later than now', async () => {
    await beginHearing(database.pool, T);
    await note(T + HOUR);
    await planReadings(database.pool, [], 0);
    await noteGap(database.pool, T - 10 * MINUTE, T - 9 * MINUTE);
    expect(await readGap(database.pool, T)).to.deep.equal({ since: T - HOUR, begunAt: T - 9 * MINUTE });
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
    const event = {
      eventId: 'Ev1',
      key: null,
      subject: null,
      lane: 'l',
      type: 'events_api',
      isInteractive: false,
      body: '{}',
      happenedAt: T,
    };
    const [accepted] = await acceptEvents(pool, [event], T, T);
    await finishEvent(pool, accepted!.id, 'handled', null, T);
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

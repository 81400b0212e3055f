import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import type { Effect } from '../../src/domain/effects.ts';
import {
  appendOutbox,
  extendOutboxLeases,
  finishOutbox,
  leaseOutbox,
  noteAttempt,
  type OutboxRow,
  postponeOutbox,
  releaseOutbox,
} from '../../src/store/outbox.ts';
import { insertRequest } from '../../src/store/requests.ts';
import { withTransaction } from '../../src/store/transaction.ts';
import { request, T0 } from '../support/builders.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { waitFor } from '../support/wait-for.ts';

const TO = { channel: 'CTRIAGE', threadTs: '1700000000.000100' };
const said: Effect = { kind: 'say', place: { kind: 'conversation' }, saying: { kind: 'escalated' } };

describe('the outbox', () => {
  let database: TestDatabase;
  let requestId: number;
  let count = 0;

  before(async () => {
    database = await testDatabase();
    const { id: _id, ...unnumbered } = request();
    const inserted = await withTransaction(database.pool, (tx) => insertRequest(tx, unnumbered));
    requestId = inserted!.id;
  });

  afterEach(() => database.pool.query('delete from outbox'));
  after(() => database.drop());

  async function append(...lanes: readonly string[]): Promise<void> {
    const rows = lanes.map((lane) => ({ lane, key: `k${(count += 1)}`, requestId, effect: said }));
    await appendOutbox(database.pool, rows, T0);
  }

  const lease = (
    now: number,
    { until = now + 100, lanes = 10, rows = 10 } = {},
  ): Promise<readonly OutboxRow[]> => leaseOutbox(database.pool, now, until, lanes, rows);
  const lanesOf = (rows: readonly OutboxRow[]): readonly string[] => rows.map(({ lane }) => lane);
  const postpone = (row: OutboxRow, retryAt: number, isOutcomeKnown = true, more = 0): Promise<void> =>
    postponeOutbox(database.pool, {
      id: row.id,
      noted: row.attempts,
      attempts: row.attempts + more,
      retryAt,
      reason: 'a reason',
      isOutcomeKnown,
    });

  it('leases rows in the order in which they were appended, to one relay at a time', async () => {
    await append('A', 'B', 'A', 'A');
    const rows = await lease(T0);
    expect(lanesOf(rows)).to.deep.equal(['A', 'B', 'A', 'A']);
    expect(rows[0]).to.include({ requestId, createdAt: T0, attempts: 0, attempt: null });
    expect(rows[0]?.effect).to.deep.equal(said);
    expect(await lease(T0 + 99)).to.deep.equal([]);
    expect(await lease(T0 + 100)).to.have.length(4);
  });

  it('takes the first rows of so many lanes, edits and answers before posts, then the oldest', async () => {
    await append('Z', 'A', 'A', 'A', 'edit:C:1', 'answer:1');
    expect(lanesOf(await lease(T0, { lanes: 3, rows: 2 }))).to.deep.equal(['Z', 'edit:C:1', 'answer:1']);
    expect(lanesOf(await lease(T0, { lanes: 3, rows: 2 }))).to.deep.equal(['A', 'A']);
  });

  it('leases nothing behind a row that is in other hands, or that waits', async () => {
    await append('A', 'A');
    const [first] = await lease(T0, { rows: 1 });
    expect(await lease(T0)).to.deep.equal([]);
    await postpone(first!, T0 + 500);
    expect(await lease(T0 + 499)).to.deep.equal([]);
    expect(await lease(T0 + 500)).to.have.length(2);
  });

  it('keeps a row, and its lane behind it, until the row of another lane is done that comes first', async () => {
    const row = (lane: string, key: string, afterKey: string | null = null) =>
      ({ lane, key, requestId, effect: said, afterKey }) as const;
    await appendOutbox(
      database.pool,
      [row('A', 'k1'), row('B', 'k2'), row('B', 'k3', 'k1'), row('B', 'k4')],
      T0,
    );
    const [first, ...others] = await lease(T0);
    expect([first, ...others].map((each) => each?.key)).to.deep.equal(['k1', 'k2']);
    await finishOutbox(database.pool, others[0]!.id);
    expect(await lease(T0)).to.deep.equal([]);
    await finishOutbox(database.pool, first!.id);
    expect((await lease(T0)).map(({ key }) => key)).to.deep.equal(['k3', 'k4']);
  });

  it('lets nothing wait behind a row that Slack does not take', async () => {
    const row = (lane: string, key: string, afterKey: string | null = null) =>
      ({ lane, key, requestId, effect: said, afterKey }) as const;
    await appendOutbox(database.pool, [row('A', 'f1'), row('B', 'f2', 'f1')], T0);
    const [first] = await lease(T0);
    await postpone(first!, T0 + 60_000);
    expect((await lease(T0)).map(({ key }) => key)).to.deep.equal(['f2']);
  });

  it('leaves out lanes that the relay is at, and rows that are in other hands', async () => {
    await append('A', 'A', 'B');
    const [first, second, other] = await lease(T0);
    expect([first?.lane, second?.lane, other?.lane]).to.deep.equal(['A', 'A', 'B']);
    // What was committed later may have a lower id: here the first row comes free again before the second.
    await releaseOutbox(database.pool, [first!.id, other!.id]);
    const again = await leaseOutbox(database.pool, T0 + 1, T0 + 200, 10, 10, ['B']);
    expect(again.map(({ id }) => id)).to.deep.equal([first!.id]);
  });

  it('gives nothing twice to relays that ask at once', async () => {
    await append(...Array.from({ length: 40 }, (_, place) => `L${place % 20}`));
    const all = await Promise.all(Array.from({ length: 5 }, () => lease(T0, { lanes: 5, rows: 1 })));
    const ids = all.flat().map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('keeps an attempt whose outcome is unknown, and forgets one that had no effect', async () => {
    await append('A');
    const [row] = await lease(T0);
    expect(await noteAttempt(database.pool, row!.id, 0, T0 + 1, TO)).to.equal(true);
    await postpone({ ...row!, attempts: 1 }, T0 + 10, false);
    const [again] = await lease(T0 + 10);
    expect(again).to.deep.include({ attempts: 1, attempt: { at: T0 + 1, to: TO } });
    expect(await noteAttempt(database.pool, row!.id, 1, T0 + 11, TO)).to.equal(true);
    await postpone({ ...row!, attempts: 2 }, T0 + 20);
    const [third] = await lease(T0 + 20);
    expect(third).to.include({ attempts: 2, attempt: null });
    await postpone(third!, T0 + 30, true, 1);
    const [fourth] = await lease(T0 + 30);
    expect(fourth).to.include({ attempts: 3, attempt: null });
    // As the version before left it, which did not note the place.
    await database.pool.query("update outbox set attempted_at = 'epoch', attempted_channel = null");
    await postpone({ ...row!, attempts: 3 }, T0 + 40, false);
    expect((await lease(T0 + 40))[0]).to.deep.include({ attempt: { at: 0, to: null } });
  });

  it('lets nobody write who lost the row to somebody faster, or whose row is done', async () => {
    await append('A');
    const [row] = await lease(T0);
    await noteAttempt(database.pool, row!.id, 0, T0, TO);
    expect(await noteAttempt(database.pool, row!.id, 0, T0, TO)).to.equal(false);
    await postpone(row!, T0 + 10_000);
    expect(await lease(T0 + 100)).to.have.length(1);
    await finishOutbox(database.pool, row!.id);
    expect(await noteAttempt(database.pool, row!.id, 1, T0, TO)).to.equal(false);
  });

  it('extends the leases of what is in hand only, and releases at once', async () => {
    await append('A', 'B', 'C');
    const rows = await lease(T0);
    const ids = rows.map(({ id }) => id);
    await postpone(rows[0]!, T0 + 10);
    await releaseOutbox(database.pool, [rows[1]!.id]);
    await releaseOutbox(database.pool, []);
    await extendOutboxLeases(database.pool, ids, T0 + 1000);
    expect(lanesOf(await lease(T0 + 10))).to.deep.equal(['A', 'B']);
    expect(await lease(T0 + 999, { lanes: 1 })).to.have.length(1);
    expect(lanesOf(await lease(T0 + 1000)).includes('C')).to.equal(true);
  });

  it('keeps one waiting row for what is rendered from the state, and another behind one in hand', async () => {
    const card = (key: string): Promise<void> =>
      appendOutbox(database.pool, [{ lane: 'A', key, requestId, effect: { kind: 'card' } }], T0);
    await card('c1');
    await card('c2');
    const rows = await lease(T0);
    expect(rows.map(({ key }) => key)).to.deep.equal(['c1']);
    await card('c3');
    await card('c4');
    await releaseOutbox(database.pool, [rows[0]!.id]);
    expect((await lease(T0)).map(({ key }) => key)).to.deep.equal(['c1', 'c3']);
  });

  it('keeps a change whose row was left out because of one that is leased in the same moment', async () => {
    const card = { lane: 'A', requestId, effect: { kind: 'card' } } as const;
    await appendOutbox(database.pool, [{ ...card, key: 'm1' }], T0);
    let appended: Promise<void> | undefined;
    await withTransaction(database.pool, async (tx) => {
      await leaseOutbox(tx, T0, T0 + 100, 10, 10);
      appended = appendOutbox(database.pool, [{ ...card, key: 'm2' }], T0);
      // It waits to see what becomes of the lease.
      await waitFor(async () => {
        const { rowCount } = await database.pool.query(
          `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%into outbox%'`,
        );
        return rowCount === 1;
      }, 'the append to wait');
    });
    await appended;
    const { rows } = await database.pool.query<{ key: string }>('select key from outbox order by id');
    expect(rows.map(({ key }) => key)).to.deep.equal(['m1', 'm2']);
  });
});

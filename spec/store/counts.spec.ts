import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { countInbox, countOutbox, countRequests, countTimers, MOST_COUNTED } from '../../src/store/counts.ts';
import type { Db } from '../../src/store/pool.ts';
import { withTransaction } from '../../src/store/transaction.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');
const DONE = 60_000;
const ENDED = 30_000;
const LIVE = 40;
const WAITING = 30;

/** Columns that say nothing here. */
const REQUEST = `insert into requests (version, queue, state, state_since, priority, asker, source_kind, source_ts,
  source_is_private, source_is_deleted, files, unshown_files, is_mirrored, left_cards, opened_at, ladder, waiting,
  snoozes, reminders, next_due_at)
  select 1, 'q' || n % 2, $1, now(), 'normal', 'U' || n, 'dm', $1 || n, false, false, '[]', '[]', false, '[]', now(), '{}',
  '{}', '[]', '[]', $3 from generate_series(1, $2::integer) n`;

describe('store/counts, in tables of some years', () => {
  let database: TestDatabase;

  before(async () => {
    database = await testDatabase();
    const { pool } = database;
    await pool.query(
      `insert into inbox (event_id, lane, type, is_interactive, body, received_at, lease_until, done_at)
       select 'done' || n, 'l', 'message', false, repeat('x', 300), now(), now(), now() from generate_series(1, $1::integer) n`,
      [DONE],
    );
    await pool.query(REQUEST, ['closed', ENDED, null]);
    await pool.query(REQUEST, ['new', LIVE, new Date(NOW + 1000)]);
    await pool.query(REQUEST, ['waiting', 3, new Date(NOW)]);
    await pool.query(REQUEST, ['resolved', 2, new Date(NOW - 30_000)]);
    await fill(WAITING);
    await pool.query('vacuum analyze');
  });
  after(() => database.drop());

  /** So many events and Slack writes that wait, the first of them since a minute. */
  async function fill(count: number): Promise<void> {
    const { pool } = database;
    await pool.query(
      `insert into inbox (event_id, lane, type, is_interactive, body, received_at, lease_until)
       select 'e' || n || random(), 'l', 'message', false, '{}', $2, 'epoch' from generate_series(1, $1::integer) n`,
      [count, new Date(NOW - 60_000)],
    );
    await pool.query(
      `insert into outbox (lane, key, kind, effect, created_at, not_before, last_error)
       select 'l', n::text || random(), 'say', '{}', $2, 'epoch', case when n <= 3 then 'is_archived' end
       from generate_series(1, $1::integer) n`,
      [count, new Date(NOW - 60_000)],
    );
  }

  /** How many rows a question reads, whole tables and by index. */
  async function reads(ask: (db: Db) => Promise<unknown>): Promise<{ whole: number; byIndex: number }> {
    return withTransaction(database.pool, async (tx) => {
      // What the connection did before may still be in its numbers.
      const counts = async () => {
        const { rows } = await tx.query<{ whole: number; by_index: number }>(
          `select coalesce(sum(seq_tup_read), 0)::integer as whole, coalesce(sum(idx_tup_fetch), 0)::integer as by_index
           from pg_stat_xact_user_tables where relname in ('inbox', 'requests')`,
        );
        return { whole: rows[0]?.whole ?? -1, byIndex: rows[0]?.by_index ?? -1 };
      };
      const earlier = await counts();
      await ask(tx);
      const later = await counts();
      return { whole: later.whole - earlier.whole, byIndex: later.byIndex - earlier.byIndex };
    });
  }

  it('tell what waits and since when', async () => {
    const { pool } = database;
    expect(await countInbox(pool)).to.deep.equal({ pending: WAITING, oldestAt: NOW - 60_000 });
    expect(await countOutbox(pool)).to.deep.equal({ pending: WAITING, failing: 3, oldestAt: NOW - 60_000 });
    expect(await countTimers(pool, NOW, 30_000)).to.deep.equal({
      pending: LIVE,
      due: 3,
      late: 2,
      nextAt: NOW - 30_000,
    });
  });

  it('count the requests that have not ended, and only those', async () => {
    const found = await countRequests(database.pool);
    expect(found.map(({ queue, state, count }) => `${queue} ${state} ${count}`).toSorted()).to.deep.equal([
      'q0 new 20',
      'q0 resolved 1',
      'q0 waiting 1',
      'q1 new 20',
      'q1 resolved 1',
      'q1 waiting 2',
    ]);
  });

  it('read no table whole, and no more rows than wait', async () => {
    const questions = [countInbox, countRequests, (db: Db) => countTimers(db, NOW, 30_000)];
    for (const ask of questions) {
      const { whole, byIndex } = await reads(ask);
      expect(whole, ask.name).to.equal(0);
      expect(byIndex, ask.name).to.be.at.most(LIVE + WAITING);
    }
    // What it would be to read one whole.
    expect((await reads((db) => db.query('select count(body) from inbox'))).whole).to.equal(DONE + WAITING);
  });

  it('end where an exact number helps nobody', async () => {
    const { pool } = database;
    await fill(2 * MOST_COUNTED);
    await pool.query(REQUEST, ['on_hold', 2 * MOST_COUNTED, new Date(NOW + 1000)]);
    expect((await countInbox(pool)).pending).to.equal(MOST_COUNTED);
    expect((await countOutbox(pool)).pending).to.equal(MOST_COUNTED);
    const { pending, due, late } = await countTimers(pool, NOW, 30_000);
    expect([pending, due, late]).to.deep.equal([MOST_COUNTED - 5, 3, 2]);
    // Not told of the change by an analyze.
    expect((await reads(countInbox)).whole).to.equal(0);
  });

  it('are nothing in empty tables', async () => {
    const { pool } = database;
    await pool.query('truncate inbox, outbox, requests cascade');
    expect(await countInbox(pool)).to.deep.equal({ pending: 0, oldestAt: null });
    expect(await countOutbox(pool)).to.deep.equal({ pending: 0, failing: 0, oldestAt: null });
    expect(await countTimers(pool, NOW, 30_000)).to.deep.equal({ pending: 0, due: 0, late: 0, nextAt: null });
    expect(await countRequests(pool)).to.deep.equal([]);
  });
});

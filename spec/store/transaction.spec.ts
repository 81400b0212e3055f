import { expect } from 'chai';
import { after, before, beforeEach, describe, it } from 'mocha';
import pg from 'pg';
import { TransientError } from '../../src/errors.ts';
import { createPool } from '../../src/store/pool.ts';
import { afterCommit, bossDb, readTogether, withTransaction } from '../../src/store/transaction.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { type TestDatabase, testDatabase, withRollback } from '../support/database.ts';

describe('store/transaction', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase({ migrated: false });
    await database.pool.query('CREATE TABLE thing (id int PRIMARY KEY, n int NOT NULL DEFAULT 0)');
  });
  after(() => database.drop());
  beforeEach(() => database.pool.query('TRUNCATE thing'));

  const ids = async () => {
    const { rows } = await database.pool.query<{ id: number }>('SELECT id FROM thing ORDER BY id');
    return rows.map(({ id }) => id);
  };

  it('commits what the function did and returns its value', async () => {
    const value = await withTransaction(database.pool, async (tx) => {
      await tx.query('INSERT INTO thing VALUES ($1)', [1]);
      expect(await ids()).to.deep.equal([]);
      return 'done';
    });
    expect(value).to.equal('done');
    expect(await ids()).to.deep.equal([1]);
  });

  it('rolls back and rethrows whatever the function throws, and gives the connection back clean', async () => {
    const failure = new Error('no');
    const pool = createPool({ ...base(), max: 1 });
    const caught = await withTransaction(pool, async (tx) => {
      await tx.query('INSERT INTO thing VALUES (1)');
      throw failure;
    }).catch((error: unknown) => error);
    expect(caught).to.equal(failure);
    await withTransaction(pool, (tx) => tx.query('INSERT INTO thing VALUES (2)'));
    expect(pool.counts()).to.deep.equal({ total: 1, idle: 1, waiting: 0 });
    await pool.end();
    expect(await ids()).to.deep.equal([2]);
  });

  it('fails when an error inside was swallowed, instead of pretending to have committed', async () => {
    const caught = await withTransaction(database.pool, async (tx) => {
      await tx.query('INSERT INTO thing VALUES (1)');
      await tx.query('SELECT 1/0').catch(() => {});
    }).catch((error: unknown) => error);
    expect(String(caught)).to.match(/rolled back/);
    expect(await ids()).to.deep.equal([]);
  });

  it('reads together: in one transaction, and the connection is as it was afterwards', async () => {
    const pool = createPool({ ...base(), max: 1, onConnect: ['SET synchronous_commit = on'] });
    const [first, second] = await readTogether(pool, (tx) =>
      Promise.all([
        tx.query<{ at: number; durable: string }>(
          `SELECT now() AS at, current_setting('synchronous_commit') AS durable, pg_sleep(0.01)`,
        ),
        tx.query<{ at: number }>('SELECT now() AS at'),
      ]),
    );
    expect(second.rows[0]?.at).to.equal(first.rows[0]?.at);
    expect(first.rows[0]?.durable).to.equal('off');

    const failed = await readTogether(pool, (tx) => tx.query('SELECT 1/0')).catch(String);
    expect(failed).to.include('division by zero');

    const { rows } = await pool.query<{ durable: string }>(
      `SELECT current_setting('synchronous_commit') AS durable`,
    );
    expect(rows[0]?.durable).to.equal('on');
    expect(pool.counts()).to.deep.equal({ total: 1, idle: 1, waiting: 0 });
    await pool.end();
  });

  it('refuses what is asked behind the end of a transaction', async () => {
    const late = await readTogether(database.pool, async (tx) => {
      await tx.query('SELECT 1');
      return tx.query('SELECT 2');
    }).catch(String);
    expect(late).to.include('the transaction is over');
  });

  it('calls afterCommit callbacks once, in order, when others can see the commit', async () => {
    const pool = createPool({ ...base(), max: 1 });
    const calls: string[] = [];
    const seen = Promise.withResolvers<number[]>();
    await withTransaction(pool, async (tx) => {
      await tx.query('INSERT INTO thing VALUES (1)');
      afterCommit(tx, () => {
        calls.push('first');
        // The connection is back by now, or a pool of one would wait for itself.
        seen.resolve(
          pool.query<{ id: number }>('SELECT id FROM thing').then(({ rows }) => rows.map(({ id }) => id)),
        );
      });
      afterCommit(tx, () => calls.push('second'));
      expect(calls).to.deep.equal([]);
    });
    expect(calls).to.deep.equal(['first', 'second']);
    expect(await seen.promise).to.deep.equal([1]);
    await pool.end();
  });

  it('never calls them after a rollback', async () => {
    let called = false;
    await withTransaction(database.pool, async (tx) => {
      afterCommit(tx, () => {
        called = true;
      });
      throw new Error('no');
    }).catch(() => {});
    await withTransaction(database.pool, async (tx) => {
      afterCommit(tx, () => {
        called = true;
      });
      await tx.query('SELECT 1/0').catch(() => {});
    }).catch(() => {});
    expect(called).to.be.false;
  });

  it('logs a callback that throws and calls the others', async () => {
    const logger = captureLogger();
    const pool = createPool({ ...base(), logger });
    let called = false;
    await withTransaction(pool, async (tx) => {
      afterCommit(tx, () => {
        throw new Error('broken');
      });
      afterCommit(tx, () => {
        called = true;
      });
    });
    await pool.end();
    expect(called).to.be.true;
    expect(logger.lines.map(({ level, message }) => [level, message])).to.deep.equal([
      ['error', 'a callback after a commit failed'],
    ]);
  });

  it('refuses a query that comes after its end', async () => {
    const leaked = await withTransaction(database.pool, async (tx) => tx);
    const caught = await leaked.query('SELECT 1').catch((error: unknown) => error);
    expect(String(caught)).to.match(/transaction is over/);
  });

  it('surfaces a deadlock as a TransientError to one of the two, and the other commits', async () => {
    await database.pool.query('INSERT INTO thing VALUES (1), (2)');
    const both = { first: Promise.withResolvers<void>(), second: Promise.withResolvers<void>() };
    const cross = (mine: number, theirs: number, ready: () => void, other: Promise<void>) =>
      withTransaction(database.pool, async (tx) => {
        await tx.query('UPDATE thing SET n = n + 1 WHERE id = $1', [mine]);
        ready();
        await other;
        await tx.query('UPDATE thing SET n = n + 1 WHERE id = $1', [theirs]);
      });
    const results = await Promise.allSettled([
      cross(1, 2, both.first.resolve, both.second.promise),
      cross(2, 1, both.second.resolve, both.first.promise),
    ]);
    const failed = results.filter((result) => result.status === 'rejected');
    expect(failed).to.have.length(1);
    expect(failed[0]!.reason).to.be.instanceOf(TransientError);
    expect(failed[0]!.reason.cause.code).to.equal('40P01');
  });

  it('surfaces a connection killed in the middle as a TransientError and does not pool it', async () => {
    const pool = createPool({ ...base(), max: 1 });
    const caught = await withTransaction(pool, async (tx) => {
      const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await database.pool.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
      await tx.query('SELECT 1');
    }).catch((error: unknown) => error);
    expect(caught).to.be.instanceOf(TransientError);
    expect(pool.counts().total).to.equal(0);
    expect((await pool.query('SELECT 1')).rowCount).to.equal(1);
    await pool.end();
  });

  it('lets pg-boss write in the same transaction, with the column types that pg-boss expects', async () => {
    const rows = await withTransaction(database.pool, async (tx) => {
      await tx.query('INSERT INTO thing VALUES (1)');
      const found = await bossDb(tx).executeSql('SELECT id, now() AS at FROM thing WHERE id = $1', [1]);
      return found.rows;
    });
    expect(rows[0].id).to.equal(1);
    expect(rows[0].at).to.be.instanceOf(Date);
  });

  it('gives specs a transaction that leaves nothing behind', async () => {
    const count = await withRollback(database.pool, async (tx) => {
      await tx.query('INSERT INTO thing VALUES (7)');
      return (await tx.query('SELECT FROM thing')).rowCount;
    });
    expect(count).to.equal(1);
    expect(await ids()).to.deep.equal([]);
  });

  function base() {
    return { connection: database.connection, applicationName: 'spec', logger: captureLogger() };
  }

  it('leaves the global types of pg alone', () => {
    expect(pg.types.getTypeParser(pg.types.builtins.INT8, 'text')('1')).to.equal('1');
  });
});

import { hash } from 'node:crypto';
import pg from 'pg';
import { isLostConnection, toStoreError } from './failure.ts';
import type { Db, Pool, Statement } from './pool.ts';

/** An open transaction. */
export interface Tx extends Db {
  /** Use `afterCommit`. */
  readonly onCommit: (() => void)[];
}

/**
 * Runs `fn` in one transaction (read committed) and commits it; any error rolls back and is thrown on, through
 * `toStoreError`. A TransientError from the COMMIT itself leaves open whether it happened: the work must be safe to repeat.
 */
export async function withTransaction<T>(pool: Pool, fn: (tx: Tx) => Promise<T>): Promise<T> {
  const onCommit: (() => void)[] = [];
  const result = await onConnection(pool, async (client) => {
    let over = false;
    const tx: Tx = {
      onCommit,
      query: (query, values) => ask(client, over, query, values),
    };
    // Sent together with the first statement of `fn`: the connection keeps the order, and a BEGIN that fails has lost it.
    const begun = inOnePacket(client, 'BEGIN');
    begun.catch(() => {});
    const value = await fn(tx).finally(() => {
      over = true;
    });
    await begun;
    const { command } = await client.query('COMMIT');
    // PostgreSQL answers ROLLBACK, without an error, when a statement had failed and `fn` swallowed that.
    if (command !== 'COMMIT')
      throw new Error('the transaction was rolled back: an error in it was swallowed');
    return value;
  });
  for (const callback of onCommit) {
    try {
      callback();
    } catch (error) {
      // What is committed stays so; the sweeps find what was not started here.
      pool.logger.error('a callback after a commit failed', { error });
    }
  }
  return result;
}

/** A query that nobody waited for would land in the connection's next transaction. */
function ask<R extends pg.QueryResultRow>(
  client: pg.PoolClient,
  isOver: boolean,
  query: string | Statement,
  values?: unknown[],
): Promise<pg.QueryResult<R>> {
  return isOver ? Promise.reject(new Error('the transaction is over')) : inOnePacket(client, query, values);
}

/** What is asked in one turn goes out in one write, and the server wakes once. */
function inOnePacket<R extends pg.QueryResultRow>(
  client: pg.PoolClient,
  query: string | Statement,
  values?: unknown[],
): Promise<pg.QueryResult<R>> {
  const { stream } = client.connection;
  stream.cork();
  process.nextTick(() => stream.uncork());
  return client.query(query, values);
}

/** Has `fn` called once, after the COMMIT of `tx` succeeded and its connection was given back; never after a rollback. */
export function afterCommit(tx: Tx, fn: () => void): void {
  tx.onCommit.push(fn);
}

/**
 * Reads in a transaction of one round trip, for reads that lock: locks are written too, but nobody misses them after a power
 * failure, so that the disk is not waited for.
 * @param fn has to ask everything at once, before it waits: the transaction ends behind that
 */
export function readTogether<T>(pool: Pool, fn: (tx: Tx) => Promise<T>): Promise<T> {
  return onConnection(pool, async (client) => {
    const begun = [inOnePacket(client, 'BEGIN'), inOnePacket(client, 'SET LOCAL synchronous_commit = off')];
    let over = false;
    const reading = fn({ onCommit: [], query: (query, values) => ask(client, over, query, values) });
    over = true;
    const [value] = await Promise.all([reading, ...begun, inOnePacket(client, 'COMMIT')]);
    return value;
  });
}

/** Rolls back on any error; a connection on which even that fails is destroyed, not pooled. */
async function onConnection<T>(pool: Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    return await work(client);
  } catch (error) {
    broken = isLostConnection(error) || !(await rollBack(client));
    throw toStoreError(error);
  } finally {
    client.release(broken);
  }
}

async function rollBack(client: pg.PoolClient): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
}

/** pg-boss's `db` option over our transaction or pool. Its own code expects pg's usual types: dates as Date. */
export function bossDb(db: Db): BossDb {
  return { executeSql: (text, values) => db.query({ text, values: values ?? [], types: pg.types }) };
}

/** The same for its statements that run with every change of a request: long ones, which are parsed and planned once. */
export function preparedBossDb(tx: Tx): BossDb {
  return {
    executeSql: (text, values) =>
      tx.query({ name: `boss-${hash('md5', text)}`, text, values: values ?? [], types: pg.types }),
  };
}

/** The part of pg-boss's IDatabase that its `db` options need. */
export interface BossDb {
  executeSql(text: string, values?: unknown[]): Promise<pg.QueryResult>;
}

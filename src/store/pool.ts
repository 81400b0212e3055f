import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { ConfigError, StartError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { codeOf, describe, toStoreError } from './failure.ts';
import { columnTypes } from './types.ts';

/** A statement; `query_timeout` (ms) replaces the pool's for one that may take long. */
export interface Statement extends pg.QueryConfig {
  query_timeout?: number;
}

/** Whatever runs a statement: the pool, or a transaction. Every SQL verb takes one first. */
export interface Db {
  query<R extends pg.QueryResultRow = pg.QueryResultRow>(
    query: string | Statement,
    values?: unknown[],
  ): Promise<pg.QueryResult<R>>;
}

/** Connections to the one database. Errors of `query` and `connect` have gone through `toStoreError`. */
export interface Pool extends Db {
  /** For transaction.ts; release it, with `true` when it is broken. */
  connect(): Promise<pg.PoolClient>;
  /** Waits for what is checked out, closes all. May be called twice. */
  end(): Promise<void>;
  /** `host:port`, or the socket's directory: what may be said of where the database is. */
  readonly target: string;
  readonly logger: Logger;
  /** For metrics. */
  counts(): { readonly total: number; readonly idle: number; readonly waiting: number };
}

export interface PoolOptions {
  /** `DATABASE_URL`, or what the embedded server gives. */
  readonly connection: string | Readonly<pg.ClientConfig>;
  readonly applicationName: string;
  readonly logger: Logger;
  /** Connections at most; 10 when absent. */
  readonly max?: number;
  /** Statements that every new connection runs before it is used, such as pg-boss's `SET pgboss.test_clock = 'on'`. */
  readonly onConnect?: readonly string[];
}

const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 10_000;
const IDLE_IN_TRANSACTION_MS = 30_000;
const CONNECTION_TIMEOUT_MS = 5000;
/** Longer than the server's own limit: only for a server that has vanished without closing the connection. */
const QUERY_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5000;

/** Opens no connection yet. ConfigError when `connection` is no PostgreSQL URL. */
export function createPool(options: PoolOptions): Pool {
  const { logger } = options;
  const config = {
    ...parseConnection(options.connection),
    application_name: options.applicationName,
    max: options.max ?? 10,
    types: columnTypes,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    keepAlive: true,
    // Statements that nobody waits between go out together: a transaction costs as many round trips as it has questions.
    pipeline: true,
  };
  const pool = new pg.Pool({
    ...config,
    // Typed as returning nothing, but pg-pool waits for the promise before it hands the connection out.
    // oxlint-disable-next-line typescript/no-misused-promises
    onConnect: async (client) => {
      for (const statement of options.onConnect ?? []) await client.query(statement);
    },
  });
  // An idle connection broke: the pool has dropped it already, but an 'error' nobody hears would end the process.
  pool.on('error', (error) => logger.debug('an idle database connection was lost', { error }));
  // The same for one in use, whose holder learns it from its next query.
  pool.on('connect', (client) => client.on('error', () => {}));
  let ended: Promise<void> | null = null;
  return {
    logger,
    target: describeTarget(config),
    query: (query, values) => mapped(() => pool.query(query, values)),
    connect: () => mapped(() => pool.connect()),
    end: () => (ended ??= pool.end()),
    counts: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
  };
}

async function mapped<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw toStoreError(error);
  }
}

function parseConnection(connection: string | Readonly<pg.ClientConfig>): pg.ClientConfig {
  if (typeof connection !== 'string') return { ...connection };
  // pg takes a string without scheme for the name of a database on localhost.
  if (!/^postgres(ql)?:\/\//.test(connection)) throw malformed();
  try {
    // The parser is pg's own; its error is dropped, for it would quote the password.
    void new pg.Client({ connectionString: connection });
  } catch {
    throw malformed();
  }
  return { connectionString: connection };
}

function malformed(): ConfigError {
  return new ConfigError([
    'DATABASE_URL is not a PostgreSQL URL (postgresql://user:password@host:5432/database)',
  ]);
}

function describeTarget(config: pg.ClientConfig): string {
  const { host, port } = new pg.Client(config);
  return host.startsWith('/') ? host : `${host}:${port}`;
}

/** Counted from the start of the process, so that whoever started it hears of it in less than five seconds. */
const PATIENCE_MS = 4000;
const LEAST_PATIENCE_MS = 3000;
const RETRY_MS = 100;
/** As in the Compose stack and the embedded server. */
const OLDEST_SERVER = 150_000;

/**
 * Waits until the database answers. StartError when it does not within `patienceMs` (4 s; PRODUCT.md), ConfigError when
 * what is wrong is the configuration: name, password, database, or a server older than 15. Both name host and port,
 * neither the password.
 */
export async function awaitDatabase(pool: Pool, patienceMs: number = patience()): Promise<void> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const result = await firstAnswer(pool, Math.max(1, until - performance.now()));
    if ('version' in result) {
      if (result.version >= OLDEST_SERVER) return;
      throw new ConfigError([`DATABASE_URL: PostgreSQL at ${pool.target} is older than 15`]);
    }
    if (performance.now() + RETRY_MS > until) throw refusal(pool, result.error);
    await sleep(RETRY_MS);
  }
}

/** Whether statements of ours could write anything: not on a standby, nor where an administrator has switched it off. */
export async function isDatabaseReadOnly(db: Db): Promise<boolean> {
  const { rows } = await db.query<{ setting: string }>(
    `SELECT current_setting('transaction_read_only') AS setting`,
  );
  return rows[0]?.setting === 'on';
}

function patience(): number {
  return Math.max(PATIENCE_MS - performance.now(), LEAST_PATIENCE_MS);
}

async function firstAnswer(pool: Pool, withinMs: number): Promise<{ version: number } | { error: unknown }> {
  const deadline = new AbortController();
  const late = sleep(withinMs, { error: new Error('no answer in time') }, { signal: deadline.signal }).catch(
    (error: unknown) => ({ error }),
  );
  const answer = pool
    .query<{ version: string }>(`SELECT current_setting('server_version_num') AS version`)
    .then(
      ({ rows }) => ({ version: Number(rows[0]?.version) }),
      (error: unknown) => ({ error }),
    );
  try {
    return await Promise.race([answer, late]);
  } finally {
    deadline.abort();
  }
}

function refusal(pool: Pool, error: unknown): Error {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = `DATABASE_URL: PostgreSQL at ${pool.target}: ${describe(cause)}`;
  // 28: name or password; 3D: no such database; 42501: no right to connect.
  if (/^(28|3D|42501)/.test(codeOf(cause))) return new ConfigError([text]);
  return new StartError(text, { cause });
}

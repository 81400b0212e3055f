import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientConfig } from 'pg';
import { createEmbeddedServer, type EmbeddedServer } from '../../src/store/embedded/server.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createPool, type Pool } from '../../src/store/pool.ts';
import { type Tx, withTransaction } from '../../src/store/transaction.ts';
import { captureLogger } from './capture-logger.ts';

export interface TestDatabase {
  readonly pool: Pool;
  readonly connection: Readonly<ClientConfig>;
  /** The same as `connection`, for a daemon in a process of its own: its DATABASE_URL. */
  readonly connectionString: string;
  /** Closes the pool and removes the database. Breaks connections of others to it. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** See PoolOptions. */
  readonly onConnect?: readonly string[];
  readonly max?: number;
  /** False: without any table. */
  readonly migrated?: boolean;
}

/**
 * A database of the suite's own: a clone of the migrated template, on the one server that the whole run shares and
 * whose first caller starts it. Make it in `before`, drop it in `after`.
 */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { admin, connection, count } = await sharedServer();
  const name = `spec_${count()}`;
  const template = options.migrated === false ? 'template0' : TEMPLATE;
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const own = { ...connection, database: name };
  const pool = createPool({
    connection: own,
    applicationName: 'spec',
    logger: captureLogger(),
    max: options.max ?? 10,
    onConnect: options.onConnect ?? [],
  });
  return {
    pool,
    connection: own,
    connectionString: toUrl(own),
    async drop() {
      await pool.end();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** Runs `fn` in a transaction that is always rolled back: for verbs that neither commit nor notify. */
export async function withRollback<T>(pool: Pool, fn: (tx: Tx) => Promise<T>): Promise<T> {
  let outcome: { value: T } | null = null;
  await withTransaction(pool, async (tx) => {
    outcome = { value: await fn(tx) };
    throw ROLLBACK;
  }).catch((error: unknown) => {
    if (error !== ROLLBACK) throw error;
  });
  return outcome!['value'];
}

const ROLLBACK = new Error('rolled back on purpose');
const TEMPLATE = 'spec_template';
const PREFIX = 'triage-spec-';

interface SharedServer {
  readonly server: EmbeddedServer;
  readonly dataDir: string;
  readonly admin: Pool;
  readonly connection: Readonly<ClientConfig>;
  readonly count: () => number;
}

let shared: Promise<SharedServer> | null = null;

function sharedServer(): Promise<SharedServer> {
  return (shared ??= startShared());
}

async function startShared(): Promise<SharedServer> {
  await removeAbandoned();
  const dataDir = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  // As root, the server's account has to pass it.
  await chmod(dataDir, 0o711);
  const logger = captureLogger();
  const server = createEmbeddedServer({
    dataDir,
    logger,
    // It holds nothing that anybody would miss after a power failure.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  });
  await server.start();
  const { connection } = server;
  const admin = createPool({
    connection: { ...connection, database: 'postgres' },
    applicationName: 'spec',
    logger,
    max: 2,
  });
  await admin.query(`CREATE DATABASE ${TEMPLATE}`);
  const template = createPool({
    connection: { ...connection, database: TEMPLATE },
    applicationName: 'spec',
    logger,
  });
  await migrate(template);
  await template.end();
  let made = 0;
  return { server, dataDir, admin, connection, count: () => (made += 1) };
}

/** Called once, by hooks.ts, when the run is over. */
export async function stopSharedServer(): Promise<void> {
  // One that could not start has failed the specs already.
  const started = await shared?.catch(() => null);
  if (!started) return;
  const { admin, server, dataDir } = started;
  await admin.end();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}

/** Servers of our own runs that were killed: adopted like any other, then ended. Another run may be doing the same. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const dataDir = join(tmpdir(), name);
    const owner = await stat(dataDir).catch(() => null);
    if (owner?.uid !== process.getuid?.()) continue;
    const left = createEmbeddedServer({ dataDir, logger: captureLogger() });
    await left.start().catch(() => {});
    await left.stop().catch(() => {});
    await rm(dataDir, { recursive: true, force: true }).catch(() => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A DATABASE_URL by way of a Unix socket. */
export function toUrl({ host, port, user, database }: Readonly<ClientConfig>): string {
  return `postgresql://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host ?? '')}`;
}

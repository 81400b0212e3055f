import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../errors.ts';
import { codeOf } from './failure.ts';
import type { Db, Pool } from './pool.ts';
import { type Tx, withTransaction } from './transaction.ts';

/** Beside this file in the source, and beside the bundle in the image. */
const DIRECTORY = fileURLToPath(new URL('./migrations/', import.meta.url));

/** Any number, as long as it stays the same. */
const LOCK_KEY = 774_726_962;

/** Migrations of a big table, or the wait for another daemon's: an hour, so that a vanished server is noticed some day. */
const PATIENCE_MS = 3_600_000;

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly file: string;
}

/**
 * Brings the database to the code's version: every `NNNN-name.sql` that it lacks, in order, each in a transaction of
 * its own together with its row in `schema_migrations`. Two daemons may do it at once. Returns the versions applied here.
 * ConfigError when the database is newer than the code, or when the role may not create tables.
 */
export async function migrate(pool: Pool, options: { readonly directory?: string } = {}): Promise<number[]> {
  const migrations = await readMigrations(options.directory ?? DIRECTORY);
  const applied: number[] = [];
  for (;;) {
    const version = await underMigrationLock(pool, (tx) => applyNext(tx, migrations)).catch(
      (error: unknown) => {
        if (codeOf(error) !== '42501') throw error;
        throw new ConfigError(
          [`DATABASE_URL: its role may not create tables in the database at ${pool.target}`],
          {
            cause: error,
          },
        );
      },
    );
    if (version === null) return applied;
    applied.push(version);
    pool.logger.info('migrated the database', { version });
  }
}

/**
 * Does work that changes the schema, for as long as no other daemon does any. The lock lives as long as the transaction,
 * so that a daemon killed here, or a pooler between, cannot keep it.
 */
export async function underMigrationLock<T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  return withTransaction(pool, async (tx) => {
    // A migration may take its time, and so may the daemon that migrates before us.
    await tx.query('SET LOCAL statement_timeout = 0');
    await tx.query('SET LOCAL lock_timeout = 0');
    await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await tx.query({ text: 'SELECT pg_advisory_xact_lock($1)', query_timeout: PATIENCE_MS }, [LOCK_KEY]);
    return work(tx);
  });
}

async function applyNext(tx: Tx, migrations: readonly Migration[]): Promise<number | null> {
  const current = await schemaVersion(tx);
  const latest = migrations.at(-1)?.version ?? 0;
  if (current > latest)
    throw new ConfigError([
      `DATABASE_URL: the database has schema version ${current}, this TrIAge knows ${latest}: run the newer one`,
    ]);
  const next = migrations.find(({ version }) => version > current);
  if (!next) return null;
  if (current === 0)
    await tx.query(`CREATE TABLE schema_migrations (
      version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
  await tx.query({ text: await readFile(next.file, 'utf8'), query_timeout: PATIENCE_MS });
  await tx.query('INSERT INTO schema_migrations (version, name) VALUES ($1, $2)', [next.version, next.name]);
  return next.version;
}

/** The last migration that the database has; 0 when it has none. */
export async function schemaVersion(db: Db): Promise<number> {
  const table = await db.query<{ there: boolean }>(
    `SELECT to_regclass('schema_migrations') IS NOT NULL AS there`,
  );
  if (table.rows[0]?.there !== true) return 0;
  const { rows } = await db.query<{ version: number | null }>(
    'SELECT max(version) AS version FROM schema_migrations',
  );
  return rows[0]?.version ?? 0;
}

/** The last migration that the code has; the database is current when `schemaVersion` says the same. */
export async function latestMigration(directory: string = DIRECTORY): Promise<number> {
  return (await readMigrations(directory)).at(-1)?.version ?? 0;
}

async function readMigrations(directory: string): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  return names.map((name, index) => {
    const [, digits, title] = /^(\d{4})-([a-z0-9-]+)\.sql$/.exec(name) ?? [];
    if (digits === undefined || title === undefined || Number(digits) !== index + 1)
      throw new Error(`migrations are numbered 0001, 0002, … without gaps: ${name}`);
    return { version: index + 1, name: title, file: join(directory, name) };
  });
}

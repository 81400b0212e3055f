/**
 * The PostgreSQL of the bench: the embedded server just as a user gets it, on disk and durable, which the specs' own is
 * not. Every contender gets a database of its own, a copy of one that the daemon itself has migrated.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientConfig } from 'pg';
import { createEmbeddedServer } from '../../src/store/embedded/server.ts';
import { createPool, type Pool } from '../../src/store/pool.ts';
import { captureLogger } from '../support/capture-logger.ts';
import type { LocalSlack } from '../workspace/local-slack.ts';
import { startDaemon } from './contender.ts';

export interface BenchDatabase {
  readonly name: string;
  readonly url: string;
  readonly pool: Pool;
  drop(): Promise<void>;
}

export interface DatabaseServer {
  /** The server's settings that decide what a commit is worth. */
  readonly settings: string;
  readonly connection: Readonly<ClientConfig>;
  copy(): Promise<BenchDatabase>;
  stop(): Promise<void>;
}

const TEMPLATE = 'bench_template';

export async function startDatabaseServer(workspace: LocalSlack): Promise<DatabaseServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'triage-bench-pg-'));
  await chmod(dataDir, 0o711);
  const logger = captureLogger();
  const server = createEmbeddedServer({ dataDir, logger });
  await server.start();
  const { connection } = server;
  const poolOf = (database: string): Pool =>
    createPool({ connection: { ...connection, database }, applicationName: 'bench', logger, max: 4 });
  const admin = poolOf('postgres');
  await admin.query(`create database ${TEMPLATE}`);
  const first = await startDaemon(workspace, toUrl(connection, TEMPLATE));
  await first.end();
  let copies = 0;
  return {
    connection,
    settings: await settingsOf(admin),
    async copy() {
      copies += 1;
      const name = `bench_${copies}`;
      await gone(admin, TEMPLATE);
      await admin.query(`create database ${name} template ${TEMPLATE}`);
      const pool = poolOf(name);
      return {
        name,
        pool,
        url: toUrl(connection, name),
        drop: async () => {
          await pool.end();
          await admin.query(`drop database ${name} with (force)`);
        },
      };
    },
    async stop() {
      await admin.end();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Connections of a daemon that was killed end when the server notices; until then its database cannot be copied. */
async function gone(admin: Pool, database: string): Promise<void> {
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [database]);
}

async function settingsOf(admin: Pool): Promise<string> {
  const { rows } = await admin.query<{ text: string }>(
    `select string_agg(name || ' ' || setting, ', ' order by name) as text from pg_settings
     where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'server_version')`,
  );
  return rows[0]?.text ?? '';
}

function toUrl({ host, port, user }: Readonly<ClientConfig>, database: string): string {
  return `postgresql://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host ?? '')}`;
}

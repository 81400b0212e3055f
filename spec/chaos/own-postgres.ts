/** A PostgreSQL of a spec's own that can be stopped, started and reconfigured, with a role that has no rights beyond its database. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientConfig } from 'pg';
import {
  type Cluster,
  findPostmaster,
  openCluster,
  ROLE,
  startPostmaster,
  stopPostmaster,
} from '../../src/store/embedded/cluster.ts';
import { run } from '../../src/store/embedded/run.ts';
import { SOCKET_PORT, socketDirectory } from '../../src/store/embedded/socket-directory.ts';
import { createPool, type Pool } from '../../src/store/pool.ts';
import { captureLogger } from '../support/capture-logger.ts';

export interface OwnPostgres {
  /** As the daemon's role, to its database. */
  readonly connection: Readonly<ClientConfig>;
  /** As the server's superuser, to the same database. */
  readonly pool: Pool;
  start(): Promise<void>;
  /** `fast` cuts everybody off in order, `immediate` is a crash. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  /** Statements of an administrator, one after the other. */
  administer(...statements: readonly string[]): Promise<void>;
  /** How many connections the daemon's role has. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

export const DAEMON_ROLE = 'daemon';
const DATABASE = 'daemon';

export async function ownPostgres(): Promise<OwnPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'triage-own-'));
  // As root, the server's account has to pass it.
  await chmod(dataDir, 0o711);
  const cluster: Cluster = await openCluster(dataDir);
  const start = async (): Promise<void> => {
    const failure = await startPostmaster(cluster, {});
    if (failure !== null) throw failure;
  };
  await start();
  const to = (user: string, database: string): ClientConfig => ({
    host: socketDirectory(cluster.directory),
    port: SOCKET_PORT,
    user,
    database,
    ssl: false,
  });
  const open = (database: string): Pool =>
    createPool({ connection: to(ROLE, database), applicationName: 'spec', logger: captureLogger(), max: 2 });
  const first = open('postgres');
  await first.query(`CREATE ROLE ${DAEMON_ROLE} LOGIN`);
  await first.query(`CREATE DATABASE ${DATABASE} OWNER ${DAEMON_ROLE}`);
  await first.end();
  const pool = open(DATABASE);
  return {
    connection: to(DAEMON_ROLE, DATABASE),
    pool,
    start,
    async stop(mode) {
      const options = { cwd: cluster.directory, env: { PGDATA: cluster.directory } };
      await run(cluster.binaries.pgCtl, ['stop', '-w', '-t', '10', '-m', mode], cluster.launch, options);
      if ((await findPostmaster(cluster)) !== null) throw new Error('PostgreSQL did not stop');
    },
    async administer(...statements) {
      for (const statement of statements) await pool.query(statement);
    },
    async connections() {
      const { rows } = await pool.query<{ n: number }>(
        'select count(*) as n from pg_stat_activity where usename = $1',
        [DAEMON_ROLE],
      );
      return rows[0]?.n ?? 0;
    },
    async close() {
      await pool.end();
      await stopPostmaster(cluster);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The soak's own PostgreSQL, durable as a real one, and what can be done to it. */
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedServer } from '../../src/store/embedded/server.ts';
import { createPool, type Pool } from '../../src/store/pool.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { type PostgresProxy, postgresProxy } from '../support/postgres-proxy.ts';
import { waitFor } from '../support/wait-for.ts';

export interface SoakDatabase {
  /** For the daemon, through the proxy. */
  readonly url: string;
  /** For the soak, past it. */
  readonly pool: Pool;
  readonly proxy: PostgresProxy;
  /** As `pg_ctl stop -m immediate`, and started again: all connections end, what was committed stays. */
  crash(): Promise<void>;
  /** Refuses every write, on old connections too. */
  readOnly(on: boolean): Promise<void>;
  close(): Promise<void>;
}

export async function soakDatabase(): Promise<SoakDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'triage-soak-'));
  // As root, the server's account has to pass it.
  await chmod(dataDir, 0o711);
  const logger = captureLogger();
  // When a transaction committed is what tells whether a thing was said too late.
  const server = createEmbeddedServer({ dataDir, logger, settings: { track_commit_timestamp: 'on' } });
  await server.start();
  const { connection } = server;
  const pool = createPool({ connection, applicationName: 'soak', logger, max: 4 });
  const proxy = await postgresProxy(connection);

  async function answers(): Promise<boolean> {
    return (await pool.query('select 1')).rowCount === 1;
  }

  return {
    url: `postgresql://${String(connection.user)}@127.0.0.1:${proxy.port}/${String(connection.database)}`,
    pool,
    proxy,
    async crash() {
      const pidFile = await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8');
      process.kill(Number(pidFile.split('\n')[0]), 'SIGQUIT');
      // The server is started again by whoever holds it.
      await waitFor(
        async () =>
          (await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8').catch(() => '')) !== pidFile &&
          answers(),
        'PostgreSQL to be back',
        30_000,
      );
    },
    async readOnly(on) {
      const client = await pool.connect();
      try {
        await client.query('set default_transaction_read_only = off');
        await client.query(`alter system set default_transaction_read_only = ${on ? 'on' : 'off'}`);
        await client.query('select pg_reload_conf()');
      } finally {
        client.release();
      }
    },
    async close() {
      await pool.end();
      await proxy.close();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

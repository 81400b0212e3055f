/** What every show needs: a folder of its own, and a PostgreSQL in it that the demo starts, stops and removes. */
import { readFileSync, rmSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, type Logger } from '../../../src/logger.ts';
import { createEmbeddedServer, DATABASE, type EmbeddedServer } from '../../../src/store/embedded/server.ts';
import { createPool, type Pool } from '../../../src/store/pool.ts';
import { toUrl } from '../../support/database.ts';

export interface House {
  readonly folder: string;
  readonly postgres: EmbeddedServer;
  /** Of the demo's own database; Error before its first start. */
  databaseUrl(): string;
  /** To look into it; null until it was started once. */
  pool(): Pool | null;
  /** Starts PostgreSQL; the first time it makes the cluster. */
  open(): Promise<void>;
  /** Stops what runs and removes the folder. */
  close(): Promise<void>;
}

/** A log of the parts that run in the demo's own process: what is wrong and nothing else, on standard error. */
export const quietLogger: Logger = createLogger({ level: 'error', format: 'text', stream: process.stderr });

export async function buildHouse(): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'triage-demo-'));
  // PostgreSQL refuses to be root and then runs under another account, which has to get through here.
  await chmod(folder, 0o755);
  const postgres = createEmbeddedServer({ dataDir: join(folder, 'data'), logger: quietLogger });
  let pool: Pool | null = null;
  // PostgreSQL is in a session of its own: where this process ends without `close`, it goes with it all the same.
  const abandon = (): void => {
    endNow(join(folder, 'data/postgres/postmaster.pid'));
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  process.once('exit', abandon);
  const connection = () => ({ ...postgres.connection, database: DATABASE });
  return {
    folder,
    postgres,
    databaseUrl: () => toUrl(connection()),
    pool: () => pool,
    async open() {
      await postgres.start();
      pool ??= createPool({
        connection: connection(),
        applicationName: 'triage demo',
        logger: quietLogger,
        max: 4,
      });
    },
    async close() {
      await pool?.end();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
      process.off('exit', abandon);
    },
  };
}

/** SIGKILL for the server that wrote the file; its own processes see that it is gone. */
function endNow(pidFile: string): void {
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8').split('\n', 1)[0]), 'SIGKILL');
  } catch {
    // It does not run.
  }
}

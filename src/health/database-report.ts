/** What `/ready` says of the database. One that takes statements and does not answer must not keep it from saying so. */
import { setTimeout as sleep } from 'node:timers/promises';
import { latestMigration, schemaVersion } from '../store/migrate.ts';
import { isDatabaseReadOnly, type Pool } from '../store/pool.ts';
import type { ReadyReport } from './readiness.ts';

/** Health itself waits 2 s for all parts together. */
const PATIENCE_MS = 1500;

/** Makes the function that says it; what has not been answered yet is not asked a second time beside itself. */
export function createDatabaseReport(
  patienceMs: number = PATIENCE_MS,
): (pool: Pool | undefined) => Promise<ReadyReport> {
  let asked: Promise<ReadyReport> | undefined;
  return async (pool) => {
    if (pool === undefined) return databaseIs('away');
    asked ??= ask(pool).finally(() => {
      asked = undefined;
    });
    const answered = new AbortController();
    const silent = sleep(patienceMs, databaseIs('silent'), { signal: answered.signal });
    silent.catch(() => {});
    try {
      return await Promise.race([asked, silent]);
    } finally {
      answered.abort();
    }
  };
}

async function ask(pool: Pool): Promise<ReadyReport> {
  try {
    const isReadOnly = await isDatabaseReadOnly(pool);
    const [version, latest] = [await schemaVersion(pool), await latestMigration()];
    return {
      postgres: { ok: !isReadOnly, state: isReadOnly ? 'read_only' : 'well' },
      schema: { ok: version === latest, version },
    };
  } catch {
    return databaseIs('away');
  }
}

function databaseIs(state: 'away' | 'silent'): ReadyReport {
  return { postgres: { ok: false, state }, schema: { ok: false, version: null } };
}

/** What `/ready` says of the database. One that takes statements and does not answer must not keep it from saying so. */
import { latestMigration, schemaVersion } from '../store/migrate.ts';
import { isDatabaseReadOnly, type Pool } from '../store/pool.ts';
import { inTime } from './in-time.ts';
import type { ReadyReport } from './readiness.ts';

/** Health itself waits 2 s for all parts together. */
const PATIENCE_MS = 1500;

/** Makes the function that says it. */
export function createDatabaseReport(
  patienceMs: number = PATIENCE_MS,
): (pool: Pool | undefined) => Promise<ReadyReport> {
  const report = inTime(ask, patienceMs, databaseIs('silent'));
  return async (pool) => (pool === undefined ? databaseIs('away') : report(pool));
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

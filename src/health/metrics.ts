/** What `/metrics` says: how things are, and what has happened. It neither hangs nor fails when the database does. */
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { countInbox, countOutbox, countRequests, countTimers } from '../store/counts.ts';
import type { Pool } from '../store/pool.ts';
import type { Counters } from './counters.ts';
import { type Counts, type Parts, renderGauges } from './gauges.ts';
import { inTime } from './in-time.ts';
import type { Readiness } from './readiness.ts';

export interface MetricsOptions {
  readonly counters: Counters;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly parts: () => Parts;
  /** Undefined while there is none. */
  readonly pool: () => Pool | undefined;
  /** How long the database may take to count (ms); 1,500 if absent. */
  readonly patienceMs?: number;
}

/** Less than Health's 2 s for readiness, which is asked beside it. */
const PATIENCE_MS = 1500;
/** So late the sweep takes an alarm for lost (src/jobs/sweep-alarms.ts). */
const LATE_MS = 30_000;

/**
 * Makes the function that answers a scrape, in Prometheus's text format. A scrape asks the database four questions, one after
 * the other on one connection; scrapes at the same moment share them.
 */
export function createMetrics(options: MetricsOptions): (readiness: Promise<Readiness>) => Promise<string> {
  const { counters, clock, logger, patienceMs = PATIENCE_MS } = options;

  async function count(pool: Pool): Promise<Counts | null> {
    try {
      return {
        inbox: await countInbox(pool),
        outbox: await countOutbox(pool),
        timers: await countTimers(pool, clock.now(), LATE_MS),
        requests: await countRequests(pool),
      };
    } catch (error) {
      // Of the database's absence others tell.
      logger.debug('the database does not tell what waits in it', { error });
      return null;
    }
  }

  const counted = inTime(count, patienceMs, null);
  return async (asked) => {
    const pool = options.pool();
    const [readiness, counts] = await Promise.all([asked, pool === undefined ? null : counted(pool)]);
    const moment = { now: clock.now(), readiness, parts: options.parts(), counts };
    return `${await renderGauges(moment)}\n${await counters.text()}`;
  };
}

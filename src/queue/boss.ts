/** pg-boss as one of our services: everything that is timed or retried. Its jobs live in the same database. */
import { type Clock as BossClock, type Db as IDatabase, PgBoss } from 'pg-boss';
import type { Logger } from '../logger.ts';
import { oneAtATime, type Service } from '../service.ts';
import { underMigrationLock } from '../store/migrate.ts';
import type { Pool } from '../store/pool.ts';
import { preparedBossDb, type Tx } from '../store/transaction.ts';
import { createBossDatabase } from './boss-database.ts';

/** The queue of the requests' follow-up alarms. */
export const FOLLOW_UP_QUEUE = 'follow-up';

/**
 * pg-boss marks a batch as begun before it opens the transaction in which we work, so a process that is killed leaves its
 * jobs begun; without a sign of life from it for 10 s (pg-boss's least) they are given back, instead of after 15 minutes.
 */
const QUEUE = {
  retryLimit: 1000,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 60,
  heartbeatSeconds: 10,
};

const SUPERVISE_SECONDS = 10;

export interface BossOptions {
  readonly pool: Pool;
  readonly logger: Logger;
  /** How often due jobs are looked for, in seconds; deferred jobs are never notified. 0.5 at least. */
  readonly pollingSeconds: number;
  /** pg-boss's own clock, for specs that move time; the pool then runs the statement it needs. */
  readonly clock?: BossClock;
  readonly sessionStatements?: readonly string[];
}

export interface TimedWork {
  /** The queue's name. */
  readonly queue: string;
  /** Does a batch inside the transaction that also completes its jobs. */
  readonly run: (
    jobs: readonly { readonly id: string; readonly data: unknown }[],
    db: IDatabase,
  ) => Promise<void>;
  /** A cron line (UTC) that sends one job each time; absent for work that others send. */
  readonly cron?: string;
}

export interface Boss extends Service {
  /**
   * Sends a job of that id in the caller's transaction, to run `afterMs` from now or soon after; a time already past: at once.
   * Not at an instant, for that would be one of the database's clock and not of ours.
   */
  sendIn(tx: Tx, queue: string, id: string, data: object, afterMs: number): Promise<void>;
  /** Cancels a job in the caller's transaction; one that has run or is unknown is left alone. */
  cancel(tx: Tx, queue: string, id: string): Promise<void>;
}

/** Creates the service; `work` is the table of everything that runs on it. Workers begin with `start`. */
export function createBoss(options: BossOptions, work: readonly TimedWork[]): Boss {
  const { pool, logger, pollingSeconds } = options;
  let running: PgBoss | null = null;
  const inTurn = oneAtATime();

  async function open(): Promise<void> {
    if (running !== null) return;
    const boss = new PgBoss({
      db: createBossDatabase(pool, options.sessionStatements ?? []),
      // Signs of life are looked at when both have passed.
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: SUPERVISE_SECONDS,
      ...(options.clock === undefined ? {} : { clock: options.clock }),
    });
    boss.on('error', (error) => logger.warn('pg-boss met an error', { error }));
    boss.on('warning', (warning) => logger.debug('pg-boss warns', { warning }));
    try {
      // Two that make its schema at once get in each other's way, and one of them fails.
      await underMigrationLock(pool, async () => {
        await boss.start();
        for (const { queue } of work) {
          await boss.createQueue(queue, QUEUE);
          // One that is there already keeps the options that it was made with.
          await boss.updateQueue(queue, QUEUE);
        }
      });
      for (const { queue, run, cron } of work) {
        const polling = { pollingIntervalSeconds: pollingSeconds, batchSize: 20, burstWhenBatchFull: true };
        await boss.work(queue, { ...polling, transactional: true }, (jobs, db) => run(jobs, db));
        if (cron !== undefined) await boss.schedule(queue, cron);
      }
      running = boss;
    } catch (error) {
      await boss.stop({ graceful: false }).catch(() => {});
      throw error;
    }
  }

  async function close(): Promise<void> {
    const boss = running;
    running = null;
    // The pool is ours and outlives it.
    await boss?.stop({ graceful: true, close: false, timeout: 2500 });
  }

  function started(): PgBoss {
    if (running === null) throw new Error('pg-boss is not running');
    return running;
  }

  return {
    name: 'pg-boss',
    start: () => inTurn(open),
    stop: () => inTurn(close),
    sendIn: async (tx, queue, id, data, afterMs) => {
      const when = { id, startAfter: Math.max(afterMs, 0) / 1000, db: preparedBossDb(tx) };
      if ((await started().send(queue, data, when)) === null) throw new Error('pg-boss did not take the job');
    },
    cancel: async (tx, queue, id) => {
      await started().cancel(queue, id, { db: preparedBossDb(tx) });
    },
  };
}

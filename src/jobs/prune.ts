/** Events that were done days ago no longer answer for duplicates: Slack retries for 24 h at most. */
import type { Clock } from '../clock.ts';
import type { TimedWork } from '../queue/boss.ts';
import { txOf } from '../queue/boss-database.ts';
import { pruneInbox } from '../store/inbox.ts';

/** PRODUCT's default of `retention.inbox`. */
const KEPT_MS = 3 * 24 * 60 * 60 * 1000;
const MOST_AT_ONCE = 10_000;

export function pruneWork(clock: Clock): TimedWork {
  return {
    queue: 'prune',
    cron: '17 * * * *',
    run: async (_jobs, db) => {
      await pruneInbox(txOf(db), clock.now() - KEPT_MS, MOST_AT_ONCE);
    },
  };
}

/** Events that were done days ago no longer answer for duplicates: Slack retries for 24 h at most. */
import type { Clock } from '../clock.ts';
import type { RetentionSpec } from '../config/triage-spec.ts';
import type { Logger } from '../logger.ts';
import type { TimedWork } from '../queue/boss.ts';
import { txOf } from '../queue/boss-database.ts';
import { pruneInbox } from '../store/inbox.ts';

/** Slack gives an app at most 30,000 events an hour: what a busy workspace leaves is kept up with. */
const MOST_AT_ONCE = 10_000;

export function pruneWork(clock: Clock, logger: Logger, { inboxMs }: RetentionSpec): TimedWork {
  return {
    queue: 'prune',
    cron: '*/15 * * * *',
    run: async (_jobs, db) => {
      const events = await pruneInbox(txOf(db), clock.now() - inboxMs, MOST_AT_ONCE);
      if (events > 0) logger.info('events whose time was over are gone', { events });
    },
  };
}

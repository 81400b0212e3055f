/** Texts whose time is over: requests that ended long ago, and what we answered then. Later only numbers remain. */
import type { Clock } from '../clock.ts';
import type { RetentionSpec } from '../config/triage-spec.ts';
import type { Logger } from '../logger.ts';
import { removeAnswers } from '../queue/apply.ts';
import { add, blankRequest, NOTHING_BLANKED } from '../queue/blank-request.ts';
import type { TimedWork } from '../queue/boss.ts';
import { txOf } from '../queue/boss-database.ts';
import type { Desk } from '../queue/desk.ts';
import { takeQuotesBefore } from '../store/quotes.ts';
import { lockRequest } from '../store/requests.ts';
import { blankEvents, blankJobOutputs, lockEndedWithText, pendingEdits } from '../store/texts.ts';

/**
 * Slack takes about 50 deletions and 50 edits a minute, and makes whoever asks for more wait with everything else: a minute
 * begins no more than these (the last request may go beyond), and nothing while so many still wait.
 */
const REMOVALS_A_MINUTE = 20;
const REQUESTS_AT_ONCE = 10;
const MOST_PENDING = 40;

export function retentionWork(
  desk: () => Desk,
  clock: Clock,
  logger: Logger,
  { closedTextMs }: RetentionSpec,
): TimedWork {
  return {
    queue: 'retention',
    cron: '* * * * *',
    run: async (_jobs, db) => {
      const tx = txOf(db);
      if ((await pendingEdits(tx)) >= MOST_PENDING) return;
      const now = clock.now();
      const before = now - closedTextMs;
      const names: string[] = [];
      let done = NOTHING_BLANKED;
      for (const id of await lockEndedWithText(tx, before, REQUESTS_AT_ONCE)) {
        const stored = await lockRequest(tx, id);
        if (stored === null) continue;
        const blanked = await blankRequest(tx, desk(), stored, null, now);
        done = add(done, blanked.done);
        names.push(...blanked.names);
        if (done.removals >= REMOVALS_A_MINUTE) break;
      }
      const answers = await takeQuotesBefore(tx, before, REMOVALS_A_MINUTE);
      await removeAnswers(tx, desk(), answers, now);
      const events = names.length === 0 ? 0 : await blankEvents(tx, names);
      if (names.length > 0) await blankJobOutputs(tx);
      if (done.requests + answers.length > 0)
        logger.info('texts whose time was over are gone', {
          requests: done.requests,
          messages: done.messages,
          removals: done.removals + answers.length,
          events,
        });
    },
  };
}

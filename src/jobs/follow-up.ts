/** A follow-up's alarm rings: the request is read again, and what is still due is done. */
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { FOLLOW_UP_QUEUE, type TimedWork } from '../queue/boss.ts';
import { txOf } from '../queue/boss-database.ts';
import { followUp } from '../queue/change-request.ts';
import type { Desk } from '../queue/desk.ts';
import type { Db } from '../store/pool.ts';
import { lockRequest } from '../store/requests.ts';

/** Whether all that people have written until now is known: Slack is heard, and what it did not tell has been read. */
export type IsHeard = (db: Db) => Promise<boolean>;

/** Fires the follow-ups of a batch of requests in the transaction that also completes their jobs. */
export function followUpWork(desk: () => Desk, clock: Clock, logger: Logger, isHeard: IsHeard): TimedWork {
  return {
    queue: FOLLOW_UP_QUEUE,
    run: async (jobs, db) => {
      const tx = txOf(db);
      // In order of number, so that two batches never wait for each other's locks crosswise.
      const due = jobs
        .map(({ id, data }) => ({ jobId: id, requestId: requestIdOf(data) }))
        .sort((a, b) => a.requestId - b.requestId);
      const heard = await isHeard(tx);
      for (const { jobId, requestId } of due) {
        const stored = await lockRequest(tx, requestId);
        if (stored === null) {
          logger.warn('an alarm rang for a request that is not there', { requestId });
          continue;
        }
        await followUp(tx, desk(), stored, jobId, clock.now(), heard);
      }
    },
  };
}

function requestIdOf(data: unknown): number {
  const id = typeof data === 'object' && data !== null && 'requestId' in data ? data.requestId : null;
  if (typeof id !== 'number') throw new TypeError('an alarm without the number of its request');
  return id;
}

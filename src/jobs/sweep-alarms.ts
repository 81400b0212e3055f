/** Requests that are due though no alarm rang: one was lost, so the follow-up is done without it. */
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { TimedWork } from '../queue/boss.ts';
import { txOf } from '../queue/boss-database.ts';
import { followUp } from '../queue/change-request.ts';
import type { Desk } from '../queue/desk.ts';
import { lockRequest, overdueAlarms } from '../store/requests.ts';
import type { IsHeard } from './follow-up.ts';

/** Alarms ring within a poll; what is later than this has lost its alarm. */
const PATIENCE_MS = 30_000;

export function sweepAlarmsWork(desk: () => Desk, clock: Clock, logger: Logger, isHeard: IsHeard): TimedWork {
  return {
    queue: 'sweep-alarms',
    cron: '* * * * *',
    run: async (_jobs, db) => {
      const tx = txOf(db);
      const now = clock.now();
      // What waits to be heard of has its alarm, and is later than it should be.
      if (!(await isHeard(tx))) return;
      for (const id of await overdueAlarms(tx, now - PATIENCE_MS)) {
        const stored = await lockRequest(tx, id);
        if (stored === null || stored.nextDueAt === null || stored.nextDueAt > now - PATIENCE_MS) continue;
        logger.warn('a follow-up had lost its alarm', { requestId: id });
        await followUp(tx, desk(), stored, stored.alarmId, now, true);
      }
    },
  };
}

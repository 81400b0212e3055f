/** The one table of what runs on time. */
import type { Clock } from '../clock.ts';
import type { RetentionSpec } from '../config/triage-spec.ts';
import type { Logger } from '../logger.ts';
import type { TimedWork } from '../queue/boss.ts';
import type { Desk } from '../queue/desk.ts';
import { followUpWork, type IsHeard } from './follow-up.ts';
import { pruneWork } from './prune.ts';
import { retentionWork } from './retention.ts';
import { sweepAlarmsWork } from './sweep-alarms.ts';

/** @param desk asked each time, for pg-boss and the desk need each other */
export function jobs(
  desk: () => Desk,
  clock: Clock,
  logger: Logger,
  retention: RetentionSpec,
  isHeard: IsHeard,
): readonly TimedWork[] {
  return [
    followUpWork(desk, clock, logger, isHeard),
    sweepAlarmsWork(desk, clock, logger, isHeard),
    pruneWork(clock, logger, retention),
    retentionWork(desk, clock, logger, retention),
  ];
}

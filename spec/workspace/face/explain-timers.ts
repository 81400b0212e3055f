/** The alarms of a request: those that rang, those that were not needed, and the one that is set. */
import { LADDER_STEPS, type LadderStep } from '../../../src/domain/queue.ts';
import type { Request } from '../../../src/domain/request.ts';
import { FOLLOW_UP_QUEUE } from '../../../src/queue/boss.ts';
import type { Db } from '../../../src/store/pool.ts';
import type { StoredRequest } from '../../../src/store/rows.ts';
import type { World } from '../world.ts';
import { handle } from './plain-text.ts';
import type { ExplainedLine } from './wire.ts';

interface Job {
  readonly id: string;
  readonly state: 'created' | 'retry' | 'active' | 'completed' | 'cancelled' | 'failed';
  readonly start_after: number;
  readonly started_on: number | null;
  readonly completed_on: number | null;
}

interface Timers {
  readonly rung: readonly ExplainedLine[];
  /** Cancelled ones, and the one that is set. */
  readonly rest: readonly ExplainedLine[];
}

/** The truth about the next one is the request's; jobs that have rung are kept for some days only. */
export async function readTimers(
  db: Db,
  world: World,
  { request, nextDueAt, alarmId }: StoredRequest,
): Promise<Timers> {
  const { rows } = await db.query<Job>({
    name: 'face-timers',
    text: `select id, state, start_after, started_on, completed_on from pgboss.job
      where name = $1 and data ->> 'requestId' = $2 order by created_on limit 500`,
    values: [FOLLOW_UP_QUEUE, String(request.id)],
  });
  const jobs = rows.filter(({ id }) => id !== alarmId);
  const rung = jobs.filter(({ state }) => state === 'completed').map(lineOf);
  const rest = jobs.filter(({ state }) => state !== 'completed').map(lineOf);
  if (nextDueAt === null) return { rung, rest };
  const what = `next: ${nextStep(world, request, nextDueAt)}`;
  const next = { at: nextDueAt, kind: 'timer', what, by: null, key: alarmId, isPending: true } as const;
  return { rung, rest: [...rest, next] };
}

function lineOf(job: Job): ExplainedLine {
  const { id, state, start_after: dueAt, started_on: startedAt, completed_on: endedAt } = job;
  const line = { kind: 'timer', by: null, key: id, isPending: false } as const;
  switch (state) {
    case 'completed':
      return { ...line, at: startedAt ?? endedAt ?? dueAt, what: 'the alarm rang' };
    case 'cancelled': {
      const at = endedAt ?? dueAt;
      const left = dueAt > at ? `, ${duration(dueAt - at)} before it would have rung` : '';
      return { ...line, at, what: `the alarm was cancelled${left}` };
    }
    case 'failed':
      return { ...line, at: endedAt ?? dueAt, what: 'the alarm rang in vain' };
    case 'created':
    case 'retry':
    case 'active':
      return { ...line, at: dueAt, what: 'an alarm', isPending: true };
  }
}

const STEPS: Readonly<Record<LadderStep, string>> = {
  duty: 'the person on duty is asked',
  next: 'the next person is asked',
  lead: 'the lead is asked',
  escalation: 'it is escalated',
};

/** As far as the request itself tells; how often an asker is nudged only its queue knows. */
function nextStep(world: World, request: Request, dueAt: number): string {
  const reminder = request.reminders.find((each) => each.dueAt === dueAt);
  if (reminder !== undefined) return `${handle(world, reminder.user)} is reminded`;
  switch (request.state) {
    case 'new': {
      const snooze = request.snoozes.find((each) => each.isOwed && each.untilAt === dueAt);
      if (snooze !== undefined) return `${handle(world, snooze.user)} is asked again`;
      const step = LADDER_STEPS[request.ladder.nextStep];
      return step === undefined ? 'nobody is left to ask' : STEPS[step];
    }
    case 'unposted':
      return 'it is taken as withdrawn';
    case 'waiting':
      if (request.waiting.closesAt === dueAt) return 'it is resolved without an answer';
      return 'the asker is nudged, or told that it ends soon';
    case 'on_hold':
      return 'the hold ends';
    case 'resolved':
      return 'it is closed';
    case 'in_progress':
    case 'closed':
    case 'duplicate':
    case 'not_request':
    case 'declined':
    case 'withdrawn':
      return 'it is looked at';
  }
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

function duration(ms: number): string {
  const [unit, size] = UNITS.find(([, each]) => ms >= each) ?? ['s', 1000];
  return `${Math.round(ms / size)} ${unit}`;
}

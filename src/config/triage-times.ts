/** The times of a queue: its ladder and how it waits for askers. */
import { type ByPriority, LADDER_STEPS, type LadderStep, type WaitingPolicy } from '../domain/queue.ts';
import { PRIORITIES, type Priority } from '../domain/request.ts';
import type { Field, Reader } from './read-tree.ts';
import { DEFAULT_LADDER, DEFAULT_WAITING } from './triage-defaults.ts';

type Steps = Readonly<Record<LadderStep, number>>;

/** `{ urgent: [5m, 10m, 15m, 30m] }`; the default ladder for the priorities that it leaves out. */
export function readLadder(reader: Reader, field: Field | undefined): ByPriority<Steps> {
  const fields = field && reader.map(field, { owner: 'a ladder', keys: PRIORITIES }, 'ladder.');
  const steps = (priority: Priority): Steps => {
    const given = fields?.get(priority);
    return (given && readSteps(reader, given)) ?? DEFAULT_LADDER[priority];
  };
  return { urgent: steps('urgent'), high: steps('high'), normal: steps('normal'), low: steps('low') };
}

function readSteps(reader: Reader, field: Field): Steps | null {
  const items = reader.list(field, 'durations');
  if (items === null) return null;
  // The first step may come at once.
  const times = items.map((item, index) => reader.durationMs(item, index === 0 ? 0 : 1));
  const [duty, next, lead, escalation, ...more] = times;
  if (
    duty === undefined ||
    next === undefined ||
    lead === undefined ||
    escalation === undefined ||
    more.length > 0
  ) {
    reader.problems.add(
      field.line,
      `${field.name} must have ${LADDER_STEPS.length} steps: ${LADDER_STEPS.join(', ')}`,
    );
    return null;
  }
  if (!isRising(reader, field, times)) return null;
  if (duty === null || next === null || lead === null || escalation === null) return null;
  return { duty, next, lead, escalation };
}

/** `{ nudge: [1bd, 3bd], notice: 5bd, resolve: 7bd }`, each with its default. */
export function readWaiting(reader: Reader, field: Field | undefined): WaitingPolicy {
  const fields =
    field && reader.map(field, { owner: 'waiting', keys: ['nudge', 'notice', 'resolve'] }, 'waiting.');
  if (!field || !fields) return DEFAULT_WAITING;
  const read = (key: string, fallback: number): number | null => {
    const given = fields.get(key);
    return given ? reader.durationMs(given) : fallback;
  };
  const nudges = readNudges(reader, fields.get('nudge'));
  const noticeMs = read('notice', DEFAULT_WAITING.noticeMs);
  const resolveMs = read('resolve', DEFAULT_WAITING.resolveMs);
  const order = { ...field, name: 'waiting (nudge, notice, resolve)' };
  if (!isRising(reader, order, [...(nudges ?? []), noticeMs, resolveMs])) return DEFAULT_WAITING;
  if (nudges === null || noticeMs === null || resolveMs === null) return DEFAULT_WAITING;
  return { nudgeMs: nudges.filter((nudge) => nudge !== null), noticeMs, resolveMs };
}

/** An empty list is allowed: nobody is nudged then. */
function readNudges(reader: Reader, field: Field | undefined): readonly (number | null)[] | null {
  if (!field) return DEFAULT_WAITING.nudgeMs;
  return reader.list(field, 'durations')?.map((item) => reader.durationMs(item)) ?? null;
}

/** Whether each time is later than the one before; those that could not be read (null) are left out. */
function isRising(reader: Reader, field: Field, times: readonly (number | null)[]): boolean {
  const known = times.filter((time) => time !== null);
  const isFine = known.every((time, index) => index === 0 || time > (known[index - 1] ?? 0));
  if (!isFine)
    reader.problems.add(field.line, `${field.name} must rise: each time later than the one before`);
  return isFine;
}

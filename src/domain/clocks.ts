/**
 * Deadlines from intervals. Intervals are stored, deadlines derived: on a change of priority starts and pauses stay
 * and only the target changes. Business time has its place here; in this version it runs around the clock.
 */
import type { Queue } from './queue.ts';
import {
  CLOCK_KINDS,
  type ClockKind,
  type Interval,
  isOpen,
  type Priority,
  type Request,
} from './request.ts';

/** The instant at which `ms` of business time have passed since `fromAt`. */
export function addBusinessMs(fromAt: number, ms: number): number {
  return fromAt + ms;
}

/** Business time between two instants, in milliseconds; 0 when the second is not later. */
export function businessMsBetween(fromAt: number, toAt: number): number {
  return Math.max(0, toAt - fromAt);
}

/** Which clocks run in this state of a request. */
export function runningClocks(
  request: Pick<Request, 'state' | 'owner' | 'answeredAt'>,
): ReadonlySet<ClockKind> {
  const running = new Set<ClockKind>();
  if (!isOpen(request.state)) return running;
  if (request.state === 'new') running.add('assign');
  if (request.answeredAt === null) running.add('first_response');
  if (request.state === 'new' || request.state === 'in_progress') running.add('resolution');
  return running;
}

/**
 * Ends the intervals of the clocks that no longer run and begins those that do, at `now`.
 * Clocks that already ran go on in their interval. A clock that starts again at the instant at which it stopped (or
 * before, should time have gone backwards) goes on in that interval too: two never overlap or begin together.
 */
export function settleIntervals(
  intervals: readonly Interval[],
  running: ReadonlySet<ClockKind>,
  now: number,
): readonly Interval[] {
  const settled = intervals.map((interval) =>
    interval.endedAt === null && !running.has(interval.kind)
      ? { ...interval, endedAt: Math.max(now, interval.startedAt) }
      : interval,
  );
  for (const kind of CLOCK_KINDS) {
    if (!running.has(kind)) continue;
    const at = settled.findLastIndex((interval) => interval.kind === kind);
    const last = settled[at];
    if (last === undefined || (last.endedAt !== null && last.endedAt < now))
      settled.push({ kind, startedAt: now, endedAt: null });
    else settled[at] = { ...last, endedAt: null };
  }
  return settled;
}

/** Ends the first-response clock when the answer was written, which may be long before we heard of it. */
export function endFirstResponse(
  intervals: readonly Interval[],
  answeredAt: number | null,
): readonly Interval[] {
  if (answeredAt === null) return intervals;
  return intervals.map((interval) =>
    interval.kind === 'first_response' && interval.endedAt === null
      ? { ...interval, endedAt: Math.max(answeredAt, interval.startedAt) }
      : interval,
  );
}

/** How long one clock has run until `now`, in milliseconds of business time. */
export function elapsedMs(intervals: readonly Interval[], kind: ClockKind, now: number): number {
  return intervals
    .filter((interval) => interval.kind === kind)
    .reduce((sum, interval) => sum + businessMsBetween(interval.startedAt, interval.endedAt ?? now), 0);
}

/** When a running clock reaches its target (ms); null when it does not run. May lie in the past: then it is overdue. */
export function deadline(intervals: readonly Interval[], kind: ClockKind, target: number): number | null {
  const running = intervals.find((interval) => interval.kind === kind && interval.endedAt === null);
  if (running === undefined) return null;
  const before = elapsedMs(intervals, kind, running.startedAt);
  return addBusinessMs(running.startedAt, target - before);
}

function targetMs(queue: Queue, kind: ClockKind, priority: Priority): number {
  switch (kind) {
    case 'assign':
      return queue.targets.assignMs[priority];
    case 'first_response':
      return queue.targets.firstResponseMs[priority];
    case 'resolution':
      return queue.targets.resolutionMs[priority];
  }
}

/** The deadline that counts now: assign until owned, first response until answered, then resolution. */
export interface Due {
  readonly kind: ClockKind;
  /** Null while the clock is paused. */
  readonly dueAt: number | null;
}

/** What is due next on an open request; null when nothing is owed any more. */
export function dueNext(request: Request, queue: Queue): Due | null {
  if (!isOpen(request.state)) return null;
  const kind: ClockKind =
    request.state === 'new' ? 'assign' : request.answeredAt === null ? 'first_response' : 'resolution';
  return { kind, dueAt: deadline(request.intervals, kind, targetMs(queue, kind, request.priority)) };
}

/** True when what is due next is late. */
export function isOverdue(request: Request, queue: Queue, now: number): boolean {
  const dueAt = dueNext(request, queue)?.dueAt ?? null;
  return dueAt !== null && dueAt < now;
}

/**
 * Requests, queues and situations with defaults, so that a spec names only what it is about. A state brings what it
 * needs: `request({ state: 'on_hold' })` has an owner and a hold, and its clocks run as that state wants.
 *
 * People: ASK asked, ANA is on duty, BEN and CAT follow, LEA leads; all but ASK respond. ZOE is nobody.
 */
import { runningClocks, settleIntervals } from '../../src/domain/clocks.ts';
import { EMPTY_LADDER, startLadder } from '../../src/domain/ladder.ts';
import type { Queue } from '../../src/domain/queue.ts';
import { isExit, NO_WAITING, type Request, type Source } from '../../src/domain/request.ts';
import type { Situation } from '../../src/domain/situation.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Monday 2026-01-05 10:00 UTC: when requests open, unless a spec says otherwise. */
export const T0 = Date.UTC(2026, 0, 5, 10);

export const ASK = 'UASK';
export const ANA = 'UANA';
export const BEN = 'UBEN';
export const CAT = 'UCAT';
export const LEA = 'ULEA';
export const ZOE = 'UZOE';
export const RESPONDERS: ReadonlySet<string> = new Set([ANA, BEN, CAT, LEA]);

const byPriority = (urgent: number, high: number, normal: number, low: number) => ({
  urgent,
  high,
  normal,
  low,
});

/** A queue with PRODUCT.md's default times; ANA is on duty in T0's week. */
export function queue(overrides: Partial<Queue> = {}): Queue {
  return {
    name: 'it',
    isDefault: true,
    triageChannel: 'CTRIAGE',
    intake: [{ channel: 'CHELP', mode: 'mention' }],
    rotation: { people: [ANA, BEN, CAT], turnMs: 7 * DAY, fromMs: Date.UTC(2026, 0, 5), zone: 'UTC' },
    lead: LEA,
    escalation: { kind: 'channel', channel: 'CMANAGERS' },
    targets: {
      assignMs: byPriority(10 * MINUTE, 30 * MINUTE, 2 * HOUR, 4 * HOUR),
      firstResponseMs: byPriority(15 * MINUTE, HOUR, 4 * HOUR, 8 * HOUR),
      resolutionMs: byPriority(4 * HOUR, 8 * HOUR, 24 * HOUR, 40 * HOUR),
    },
    ladder: {
      urgent: { duty: 5 * MINUTE, next: 10 * MINUTE, lead: 15 * MINUTE, escalation: 30 * MINUTE },
      high: { duty: 15 * MINUTE, next: 30 * MINUTE, lead: HOUR, escalation: 2 * HOUR },
      normal: { duty: HOUR, next: 2 * HOUR, lead: 4 * HOUR, escalation: DAY },
      low: { duty: 2 * HOUR, next: 4 * HOUR, lead: 8 * HOUR, escalation: 2 * DAY },
    },
    waiting: { nudgeMs: [DAY, 3 * DAY], noticeMs: 5 * DAY, resolveMs: 7 * DAY },
    closeAfterMs: 2 * DAY,
    hasTakenLine: true,
    ...overrides,
  };
}

/** A message in a public channel. */
export function source(overrides: Partial<Source> = {}): Source {
  return {
    kind: 'mention',
    channel: 'CHELP',
    ts: '1767607200.000100',
    threadTs: '1767607200.000100',
    isPrivate: false,
    title: 'The printer is on fire',
    text: 'The printer is on fire',
    files: [],
    isDeleted: false,
    ...overrides,
  };
}

/** A request in a channel, new since T0; what its state needs (owner, hold, clocks …) is filled in to match. */
export function request(overrides: Partial<Request> = {}, of: Queue = queue()): Request {
  const state = overrides.state ?? 'new';
  const openedAt = overrides.openedAt ?? T0;
  const stateSinceAt = overrides.stateSinceAt ?? openedAt;
  const isOwned = state !== 'new' && state !== 'unposted' && !isExit(state);
  const plain: Request = {
    id: 12,
    version: 1,
    queue: of.name,
    state,
    stateSinceAt,
    priority: 'normal',
    asker: ASK,
    owner: isOwned ? ANA : null,
    takenByReactionOf: null,
    source: source(),
    unshownText: state === 'unposted' ? 'The printer is on fire' : null,
    unshownFiles: [],
    conversation: { channel: 'CHELP', threadTs: '1767607200.000100', isMirrored: false },
    card: state === 'unposted' ? null : { channel: of.triageChannel, ts: '1767607201.000100' },
    leftCards: [],
    askerReply: { channel: 'CHELP', ts: '1767607202.000100' },
    openedAt,
    answeredAt: null,
    unansweredSinceAt: null,
    intervals: [],
    hold: state === 'on_hold' ? { untilAt: stateSinceAt + 2 * DAY, reason: 'the vendor' } : null,
    exit: isExit(state)
      ? {
          by: BEN,
          at: stateSinceAt,
          reason: null,
          duplicateOf: null,
          before: 'new',
          ownerBefore: null,
          holdBefore: null,
        }
      : null,
    resolution:
      state === 'resolved' || state === 'closed'
        ? {
            by: ANA,
            at: stateSinceAt,
            note: null,
            before: 'in_progress',
            ownerBefore: ANA,
            holdBefore: null,
            reactionOf: null,
          }
        : null,
    ladder: { ...EMPTY_LADDER, anchorAt: openedAt },
    waiting: NO_WAITING,
    snoozes: [],
    reminders: [],
    lastChange: null,
    continues: null,
    late: null,
    textGone: null,
    ...overrides,
  };
  return {
    ...plain,
    intervals: overrides.intervals ?? settleIntervals([], runningClocks(plain), openedAt),
  };
}

/** A request captured at `now`, perhaps long after its message was written (`openedAt`). */
export function captured(now: number, overrides: Partial<Request> = {}, of: Queue = queue()): Request {
  const fresh = request(overrides, of);
  return { ...fresh, ladder: startLadder(fresh, of, now) };
}

/** What the world looks like at T0 when somebody (by default BEN, a responder) acts. */
export function situation(overrides: Partial<Situation> = {}): Situation {
  return {
    now: T0,
    by: BEN,
    queue: queue(),
    responders: RESPONDERS,
    dutyOverride: null,
    target: null,
    ...overrides,
  };
}

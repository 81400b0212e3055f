/** What a queue does when its file does not say; the numbers are those of the product's description. */
import type { ByPriority, LadderStep, Targets, WaitingPolicy } from '../domain/queue.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A business day is 24 h until queues have business hours. */
const BUSINESS_DAY_MS = 24 * HOUR_MS;

export const DEFAULT_LADDER: ByPriority<Readonly<Record<LadderStep, number>>> = {
  urgent: { duty: 5 * MINUTE_MS, next: 10 * MINUTE_MS, lead: 15 * MINUTE_MS, escalation: 30 * MINUTE_MS },
  high: { duty: 15 * MINUTE_MS, next: 30 * MINUTE_MS, lead: HOUR_MS, escalation: 2 * HOUR_MS },
  normal: { duty: HOUR_MS, next: 2 * HOUR_MS, lead: 4 * HOUR_MS, escalation: BUSINESS_DAY_MS },
  low: { duty: 2 * HOUR_MS, next: 4 * HOUR_MS, lead: 8 * HOUR_MS, escalation: 2 * BUSINESS_DAY_MS },
};

export const DEFAULT_TARGETS: Targets = {
  assignMs: { urgent: 10 * MINUTE_MS, high: 30 * MINUTE_MS, normal: 2 * HOUR_MS, low: 4 * HOUR_MS },
  firstResponseMs: { urgent: 15 * MINUTE_MS, high: HOUR_MS, normal: 4 * HOUR_MS, low: 8 * HOUR_MS },
  resolutionMs: { urgent: 4 * HOUR_MS, high: 8 * HOUR_MS, normal: 24 * HOUR_MS, low: 40 * HOUR_MS },
};

export const DEFAULT_WAITING: WaitingPolicy = {
  nudgeMs: [BUSINESS_DAY_MS, 3 * BUSINESS_DAY_MS],
  noticeMs: 5 * BUSINESS_DAY_MS,
  resolveMs: 7 * BUSINESS_DAY_MS,
};

export const DEFAULT_CLOSE_AFTER_MS = 2 * BUSINESS_DAY_MS;

const DAY_MS = 24 * HOUR_MS;

export const DEFAULT_RETENTION = { inboxMs: 3 * DAY_MS, closedTextMs: 365 * DAY_MS };

export const DEFAULT_TIMEZONE = 'UTC';

export const DEFAULT_TURN_MS = 7 * DAY_MS;

/**
 * A rotation without a start counts its turns from this Monday, 00:00 in the file's zone. It never changes: a
 * start of "this week" would put the first person on duty again at every start of the daemon.
 */
export const DEFAULT_FIRST_TURN = '2026-01-05';

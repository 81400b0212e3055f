/**
 * How much waits, for metrics. Each is asked at every scrape, so that its cost must not grow with the tables: what waits is
 * read in the order of an index, and no further than `MOST_COUNTED`.
 */
import { isExit, STATES, type State } from '../domain/request.ts';
import type { Db } from './pool.ts';
import { at } from './rows.ts';

/** Counts end here; more than that needs no exact number. */
export const MOST_COUNTED = 10_000;

export interface InboxCount {
  /** Events that are not done. */
  readonly pending: number;
  /** When the first of them came (epoch ms). */
  readonly oldestAt: number | null;
}

export async function countInbox(db: Db): Promise<InboxCount> {
  const { rows } = await db.query<{ pending: number; oldest_at: number | null }>({
    name: 'count-inbox',
    text: `select
      (select count(*)::integer from (select from inbox where done_at is null order by id limit ${MOST_COUNTED}) waiting) as pending,
      (select received_at from inbox where done_at is null order by id limit 1) as oldest_at`,
  });
  return { pending: rows[0]?.pending ?? 0, oldestAt: rows[0]?.oldest_at ?? null };
}

export interface OutboxCount {
  /** Rows that are not done. */
  readonly pending: number;
  /** Those of them whose last attempt failed. */
  readonly failing: number;
  /** When the first of them was written (epoch ms). */
  readonly oldestAt: number | null;
}

export async function countOutbox(db: Db): Promise<OutboxCount> {
  const { rows } = await db.query<{ pending: number; failing: number; oldest_at: number | null }>({
    name: 'count-outbox',
    text: `select count(*)::integer as pending, count(last_error)::integer as failing, min(created_at) as oldest_at
      from (select last_error, created_at from outbox order by id limit ${MOST_COUNTED}) waiting`,
  });
  const [row] = rows;
  return { pending: row?.pending ?? 0, failing: row?.failing ?? 0, oldestAt: row?.oldest_at ?? null };
}

export interface TimerCount {
  /** Their time is still to come. */
  readonly pending: number;
  /** Their time has come, no longer than `lateMs` ago. */
  readonly due: number;
  /** Their time came longer ago. */
  readonly late: number;
  /** The earliest time of all (epoch ms). */
  readonly nextAt: number | null;
}

/** Counts the follow-ups that requests wait for; those that are most overdue first. */
export async function countTimers(db: Db, now: number, lateMs: number): Promise<TimerCount> {
  const { rows } = await db.query<{ pending: number; due: number; late: number; next_at: number | null }>({
    name: 'count-timers',
    text: `select count(*) filter (where next_due_at > $1)::integer as pending,
        count(*) filter (where next_due_at <= $1 and next_due_at > $2)::integer as due,
        count(*) filter (where next_due_at <= $2)::integer as late,
        min(next_due_at) as next_at
      from (select next_due_at from requests where next_due_at is not null order by next_due_at limit ${MOST_COUNTED}) timers`,
    values: [at(now), at(now - lateMs)],
  });
  const [row] = rows;
  return {
    pending: row?.pending ?? 0,
    due: row?.due ?? 0,
    late: row?.late ?? 0,
    nextAt: row?.next_at ?? null,
  };
}

/** The states of requests that have not ended: no more of them than people can have at once. */
export const LIVE_STATES: readonly State[] = STATES.filter((state) => state !== 'closed' && !isExit(state));

export interface RequestCount {
  readonly queue: string;
  readonly state: string;
  readonly count: number;
}

/** Counts the requests that have not ended, by queue and state; what there is none of is left out. */
export async function countRequests(db: Db): Promise<readonly RequestCount[]> {
  const { rows } = await db.query<RequestCount>({
    name: 'count-requests',
    // In the words of the index requests_asker, which holds these and no others.
    text: `select queue, state, count(*)::integer as count from requests
      where state not in ('closed', 'duplicate', 'not_request', 'declined', 'withdrawn') group by queue, state`,
  });
  return rows;
}

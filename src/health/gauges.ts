/** How things are at the moment of a scrape. Made anew each time, so that what cannot be told is not there at all. */

import Counter from 'prom-client/lib/counter.js';
import Gauge from 'prom-client/lib/gauge.js';
import Registry from 'prom-client/lib/registry.js';
import {
  type InboxCount,
  LIVE_STATES,
  type OutboxCount,
  type RequestCount,
  type TimerCount,
} from '../store/counts.ts';
import type { Readiness } from './readiness.ts';

/** What the parts say of themselves; absent while they are not there. Instants are epoch milliseconds. */
export interface Parts {
  readonly sockets?:
    | {
        /** The state of the connection, one of `states`. */
        readonly state: string;
        readonly states: readonly string[];
        /** How many sockets are in which phase. */
        readonly phases: Readonly<Record<string, number>>;
        readonly foreign: number;
        readonly gaps: number;
      }
    | undefined;
  readonly inbox?:
    | {
        readonly uncommitted: number;
        readonly inHand: number;
        readonly oldestAt: number | null;
        readonly isFull: boolean;
      }
    | undefined;
  readonly outbox?:
    | { readonly inHand: number; readonly refusedChannels: Readonly<Record<string, string>> }
    | undefined;
  readonly catchUp?: { readonly toRead: number } | undefined;
  readonly otherDaemons?: number | undefined;
  readonly pool?: { readonly total: number; readonly idle: number; readonly waiting: number } | undefined;
  /** The names of the queues. */
  readonly queues?: readonly string[] | undefined;
}

/** What the database says, which all daemons over it share. */
export interface Counts {
  readonly inbox: InboxCount;
  readonly outbox: OutboxCount;
  readonly timers: TimerCount;
  readonly requests: readonly RequestCount[];
}

export interface Moment {
  /** Epoch ms, by the daemon's clock. */
  readonly now: number;
  readonly readiness: Readiness;
  readonly parts: Parts;
  /** Null when the database does not tell. */
  readonly counts: Counts | null;
}

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [value: number, labels?: Labels];
type Put = (name: string, help: string, ...samples: readonly Sample[]) => void;

/** Stands at the end of the help of what every daemon over a database tells alike. */
const SHARED = 'The same from every daemon over the database: take the max, not the sum.';

/** Renders a moment in Prometheus's text format. */
export function renderGauges(moment: Moment): Promise<string> {
  const registry = new Registry();
  const put: Put = (name, help, ...samples) => {
    const labelNames = Object.keys(samples[0]?.[1] ?? {});
    const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
    for (const [value, labels] of samples) gauge.set({ ...labels }, value);
  };
  putHealth(put, moment);
  putParts(put, moment, (name, help, value) => {
    new Counter({ name, help, registers: [registry] }).inc(value);
  });
  put(
    'triage_database_counted',
    '1 when the database told what waits in it; at 0 everything that only it knows is absent.',
    [moment.counts === null ? 0 : 1],
  );
  if (moment.counts !== null) putCounts(put, moment.counts, moment.parts.queues ?? [], moment.now);
  return registry.metrics();
}

function putHealth(put: Put, { readiness }: Moment): void {
  put('triage_ready', '1 when /ready says 200.', [Number(readiness.ready)]);
  put(
    'triage_part_ok',
    '1 when this part of /ready is well.',
    ...Object.entries(readiness.parts).map(([part, { ok }]): Sample => [Number(ok), { part }]),
  );
  const startedAt = performance.timeOrigin / 1000;
  put('process_start_time_seconds', 'When the process started, in seconds since the Unix epoch.', [
    startedAt,
  ]);
  put('process_resident_memory_bytes', 'Memory that the process holds.', [process.memoryUsage.rss()]);
}

function putParts(
  put: Put,
  { now, parts }: Moment,
  count: (name: string, help: string, value: number) => void,
): void {
  const { sockets, inbox, outbox, catchUp, otherDaemons, pool } = parts;
  if (sockets !== undefined) {
    put(
      'triage_sockets',
      'Sockets of this daemon: opening, live, leaving (a successor is on its way) or draining.',
      ...Object.entries(sockets.phases).map(([state, value]): Sample => [value, { state }]),
    );
    put(
      'triage_slack_connection',
      'The state of the connection to Slack: 1 for the one that it is in.',
      ...sockets.states.map((state): Sample => [Number(state === sockets.state), { state }]),
    );
    put(
      'triage_foreign_sockets',
      'Sockets of anybody else on our app token, who takes a share of the events.',
      [sockets.foreign],
    );
    count('triage_gaps_total', 'How often the last open socket was lost.', sockets.gaps);
  }
  if (inbox !== undefined) {
    put('triage_inbox_uncommitted_events', 'Events that wait to be committed and are not acknowledged yet.', [
      inbox.uncommitted,
    ]);
    put('triage_inbox_in_hand_events', 'Events of this daemon that wait for their handler or are with it.', [
      inbox.inHand,
    ]);
    put('triage_inbox_oldest_seconds', 'How long the oldest event that this daemon knows of has waited.', [
      ageOf(inbox.oldestAt, now),
    ]);
    put('triage_inbox_full', '1 while no more events are taken in.', [Number(inbox.isFull)]);
  }
  if (outbox !== undefined) {
    put('triage_outbox_in_hand_rows', 'Rows of the outbox that this daemon carries to Slack.', [
      outbox.inHand,
    ]);
    put('triage_outbox_refused_channels', 'Channels that take none of our messages.', [
      Object.keys(outbox.refusedChannels).length,
    ]);
  }
  if (catchUp !== undefined)
    put('triage_catch_up_pending', 'Channels and threads that this daemon has still to read after a gap.', [
      catchUp.toRead,
    ]);
  if (otherDaemons !== undefined)
    put('triage_other_daemons', 'Other daemons that live over the same database.', [otherDaemons]);
  if (pool !== undefined) {
    put(
      'triage_database_connections',
      'Connections to the database.',
      [pool.total - pool.idle, { state: 'busy' }],
      [pool.idle, { state: 'idle' }],
    );
    put('triage_database_waiting', 'Statements and transactions that wait for a connection.', [pool.waiting]);
  }
}

function putCounts(put: Put, counts: Counts, queues: readonly string[], now: number): void {
  const { inbox, outbox, timers, requests } = counts;
  put('triage_inbox_pending_events', `Events in the inbox that are not done, 10,000 at most. ${SHARED}`, [
    inbox.pending,
  ]);
  put('triage_inbox_pending_oldest_seconds', `How long the first of them has waited. ${SHARED}`, [
    ageOf(inbox.oldestAt, now),
  ]);
  put('triage_outbox_pending_rows', `Rows in the outbox that are not done, 10,000 at most. ${SHARED}`, [
    outbox.pending,
  ]);
  put('triage_outbox_failing_rows', `Those of them that Slack did not take when last tried. ${SHARED}`, [
    outbox.failing,
  ]);
  put('triage_outbox_pending_oldest_seconds', `How long the first of them has waited. ${SHARED}`, [
    ageOf(outbox.oldestAt, now),
  ]);
  put(
    'triage_timers',
    `Follow-ups that requests wait for, 10,000 at most: pending, due, or late by more than 30 s. ${SHARED}`,
    [timers.pending, { state: 'pending' }],
    [timers.due, { state: 'due' }],
    [timers.late, { state: 'late' }],
  );
  put('triage_timers_overdue_seconds', `How overdue the most overdue follow-up is. ${SHARED}`, [
    ageOf(timers.nextAt, now),
  ]);
  const found = new Map(requests.map(({ queue, state, count }) => [JSON.stringify([queue, state]), count]));
  const names = new Set([...queues, ...requests.map(({ queue }) => queue)]);
  put(
    'triage_requests',
    `Requests that have not ended, by queue and state. ${SHARED}`,
    ...[...names].flatMap((queue) =>
      LIVE_STATES.map((state): Sample => [found.get(JSON.stringify([queue, state])) ?? 0, { queue, state }]),
    ),
  );
}

/** In seconds; 0 for nothing, and for what a clock that was ahead has written. */
function ageOf(instant: number | null, now: number): number {
  return instant === null ? 0 : Math.max(0, now - instant) / 1000;
}

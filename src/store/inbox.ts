/** SQL verbs of `inbox`: accept, lease, finish, replay, prune. */
import { READ_AGAIN_MS } from './hearing.ts';
import type { Db } from './pool.ts';
import { at } from './rows.ts';
import { textArray } from './text-array.ts';
import { LONGEST_WAIT_MS } from './waits.ts';

/** An event to be accepted; see `EventIdentity` in slack/event.ts for the fields' meaning. */
export interface NewEvent {
  readonly eventId: string;
  readonly key: string | null;
  readonly subject: string | null;
  readonly lane: string;
  readonly type: string;
  readonly isInteractive: boolean;
  /** The payload as JSON text. */
  readonly body: string;
  readonly happenedAt: number | null;
  /** Slack never told of it: it was read from the history, after a gap. */
  readonly isLate?: boolean;
}

export interface AcceptedEvent {
  readonly id: number;
  readonly eventId: string;
}

/** One event to be handled. */
export interface InboxEvent {
  readonly id: number;
  readonly eventId: string;
  readonly subject: string | null;
  readonly lane: string;
  readonly type: string;
  readonly isInteractive: boolean;
  readonly body: string;
  readonly happenedAt: number | null;
  readonly receivedAt: number;
  readonly attempts: number;
  readonly isLate: boolean;
}

export type EventOutcome = 'handled' | 'ignored' | 'early' | 'failed';

/**
 * Stores a batch of events, leased to the caller until `leaseUntil`. What is already known, by its id or by its key,
 * is left out of the answer: it is a duplicate.
 */
export async function acceptEvents(
  db: Db,
  events: readonly NewEvent[],
  now: number,
  leaseUntil: number,
): Promise<readonly AcceptedEvent[]> {
  const { rows } = await db.query<{ id: number; event_id: string }>({
    name: 'accept-events',
    text: `insert into inbox (event_id, key, subject, lane, type, is_interactive, body, happened_at, is_late, received_at, lease_until)
      select event_id, key, subject, lane, type, is_interactive, body, happened_at, is_late, $10, $11
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::boolean[], $7::text[], $8::timestamptz[], $9::boolean[])
        as event (event_id, key, subject, lane, type, is_interactive, body, happened_at, is_late)
      on conflict do nothing returning id, event_id`,
    values: [
      textArray(events.map((event) => event.eventId)),
      textArray(events.map((event) => event.key)),
      textArray(events.map((event) => event.subject)),
      textArray(events.map((event) => event.lane)),
      textArray(events.map((event) => event.type)),
      events.map((event) => event.isInteractive),
      textArray(events.map((event) => event.body)),
      events.map((event) => at(event.happenedAt)),
      events.map((event) => event.isLate === true),
      at(now),
      at(leaseUntil),
    ],
  });
  return rows.map((row) => ({ id: row.id, eventId: row.event_id }));
}

interface InboxRow {
  readonly id: number;
  readonly event_id: string;
  readonly subject: string | null;
  readonly lane: string;
  readonly type: string;
  readonly is_interactive: boolean;
  readonly body: string;
  readonly happened_at: number | null;
  readonly received_at: number;
  readonly attempts: number;
  readonly is_late: boolean;
}

function toEvent(row: InboxRow): InboxEvent {
  return {
    id: row.id,
    eventId: row.event_id,
    subject: row.subject,
    lane: row.lane,
    type: row.type,
    isInteractive: row.is_interactive,
    body: row.body,
    happenedAt: row.happened_at,
    receivedAt: row.received_at,
    attempts: row.attempts,
    isLate: row.is_late,
  };
}

export interface LeaseOptions {
  /** What the caller has in hand: it keeps the order of these lanes itself. */
  readonly held?: readonly number[];
  /** Only lanes in which somebody waits at a button. */
  readonly onlyPeople?: boolean;
}

/**
 * Leases up to `limit` events that nobody handles now: their lease has run out (by a crash, for a retry), or they never
 * had one. Lanes in which somebody waits at a button come first, and within a lane what is earlier. A lane of which
 * another daemon has events in hand is left until they are done; an event that has failed holds nobody up.
 */
export async function leaseEvents(
  db: Db,
  now: number,
  leaseUntil: number,
  limit: number,
  { held = [], onlyPeople = false }: LeaseOptions = {},
): Promise<readonly InboxEvent[]> {
  const { rows } = await db.query<InboxRow>({
    name: 'lease-events',
    // Its cost must not grow with what waits: people are looked for in an index of their own, the others in the order
    // of an index as far as the limit. `any (array(...))` keeps the planner from a hash over a table that has just filled.
    text: `with hurried as materialized (
        select lane from inbox where done_at is null and is_interactive and (lease_until <= $1 or lease_until > $6)
      ),
      busy as materialized (
        select lane from inbox
        where done_at is null and lease_until > $1 and lease_until <= $6 and attempts = 0 and id <> all ($4::bigint[])
      ),
      people as materialized (
        select id from inbox
        where exists (select from hurried) and done_at is null and (lease_until <= $1 or lease_until > $6)
          and lane in (select lane from hurried) and lane not in (select lane from busy)
        order by id limit $3 for update skip locked
      ),
      others as materialized (
        select id from inbox
        where not $5 and done_at is null and (lease_until <= $1 or lease_until > $6)
          and lane not in (select lane from hurried) and lane not in (select lane from busy)
        order by id limit $3 - (select count(*) from people) for update skip locked
      )
      update inbox set lease_until = $2
      where id = any (array(select id from people union all select id from others))
      returning id, event_id, subject, lane, type, is_interactive, body, happened_at, received_at, attempts, is_late`,
    values: [at(now), at(leaseUntil), limit, held, onlyPeople, at(now + LONGEST_WAIT_MS)],
  });
  return rows.map(toEvent).sort((a, b) => a.id - b.id);
}

/** The events that are in nobody's hands and could be handled now: how many, and when the oldest of them came. */
export async function leftEvents(
  db: Db,
  now: number,
): Promise<{ readonly count: number; readonly oldestAt: number | null }> {
  const { rows } = await db.query<{ count: number; oldest_at: number | null }>({
    name: 'left-events',
    text: `select count(*)::integer as count, min(received_at) as oldest_at
      from inbox where done_at is null and lease_until <= $1`,
    values: [at(now)],
  });
  return { count: rows[0]?.count ?? 0, oldestAt: rows[0]?.oldest_at ?? null };
}

/** Keeps the leases of events that are still in hand. */
export async function extendLeases(
  db: Db,
  ids: readonly number[],
  now: number,
  leaseUntil: number,
): Promise<void> {
  await db.query({
    name: 'extend-event-leases',
    // What is to be handled again was given back meanwhile, though our hands may not be off it yet.
    text: 'update inbox set lease_until = $3 where id = any($1) and done_at is null and lease_until > $2',
    values: [ids, at(now), at(leaseUntil)],
  });
}

/** An event as Slack sent it; empty when that is no longer kept, or never was. */
export async function readEventBody(db: Db, eventId: string): Promise<string> {
  const { rows } = await db.query<{ body: string }>({
    name: 'read-event-body',
    text: 'select body from inbox where event_id = $1',
    values: [eventId],
  });
  return rows[0]?.body ?? '';
}

/** What changed nothing is nobody's request: only that it was told has to be known, to tell a duplicate. */
const keptBody = (outcome: string): string => `case when ${outcome} = 'ignored' then '' else body end`;

/**
 * Marks an event done inside the transaction of its effect. False when it was done already: then there must be no
 * effect, and the caller rolls back.
 */
export async function finishEvent(
  db: Db,
  id: number,
  outcome: EventOutcome,
  reason: string | null,
  now: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'finish-event',
    text: `update inbox set done_at = $4, outcome = $2, reason = $3, body = ${keptBody('$2')} where id = $1 and done_at is null`,
    values: [id, outcome, reason, at(now)],
  });
  return rowCount === 1;
}

export interface FinishedEvent {
  readonly id: number;
  readonly outcome: EventOutcome;
  readonly reason: string | null;
}

/** Marks events done that have no effect; those that are done already stay as they are. */
export async function finishEvents(db: Db, events: readonly FinishedEvent[], now: number): Promise<void> {
  await db.query({
    name: 'finish-events',
    text: `update inbox set done_at = $4, outcome = event.outcome, reason = event.reason, body = ${keptBody('event.outcome')}
      from unnest($1::bigint[], $2::text[], $3::text[]) as event (id, outcome, reason)
      where inbox.id = event.id and done_at is null`,
    values: [
      events.map(({ id }) => id),
      events.map(({ outcome }) => outcome),
      events.map(({ reason }) => reason),
      at(now),
    ],
  });
}

/** Lets a failed event rest until `retryAt`; counts the attempt. */
export async function postponeEvent(db: Db, id: number, retryAt: number, reason: string): Promise<void> {
  await db.query({
    name: 'postpone-event',
    text: 'update inbox set attempts = attempts + 1, lease_until = $2, reason = $3 where id = $1 and done_at is null',
    values: [id, at(retryAt), reason],
  });
}

/**
 * Has the events handled again that came before the request they are about existed, and that happened at or after
 * `since` (epoch ms): a 👀 that overtook its message. Returns how many.
 */
export async function replayEarlyEvents(
  db: Db,
  subject: string,
  since: number,
  now: number,
): Promise<number> {
  const { rowCount } = await db.query({
    name: 'replay-early-events',
    text: `update inbox set done_at = null, outcome = null, lease_until = $3
      where subject = $1 and outcome = 'early' and happened_at >= $2`,
    values: [subject, at(since), at(now)],
  });
  return rowCount ?? 0;
}

/** True when an event is stored whose key lies between the two. */
export async function isKeyBetween(db: Db, after: string, before: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'is-key-between',
    text: 'select 1 from inbox where key > $1 and key < $2 limit 1',
    values: [after, before],
  });
  return rowCount === 1;
}

/** True while events that were read from the history wait for their handlers. */
export async function areLateEventsPending(db: Db): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'late-events-pending',
    text: 'select 1 from inbox where done_at is null and is_late limit 1',
  });
  return rowCount === 1;
}

/**
 * Deletes events that were done before `before`. Returns how many. While something is still to be read from the history they
 * stay, for they tell what of it was heard; so does what a gap would be read from that nobody could note yet.
 */
export async function pruneInbox(db: Db, before: number, limit: number): Promise<number> {
  const { rowCount } = await db.query({
    name: 'prune-inbox',
    text: `delete from inbox where id in (
        select id from inbox where done_at < least($1, (select heard_until from hearing) - $3 * interval '1 ms') limit $2
      ) and not exists (select from catch_up) and not exists (select from hearing where gap_since is not null)`,
    values: [at(before), limit, READ_AGAIN_MS],
  });
  return rowCount ?? 0;
}

/**
 * Makes the events about one message follow each other, whichever daemon handles them, until the transaction ends:
 * without it an event could miss a request that another transaction is just capturing.
 */
export async function lockSubject(db: Db, subject: string): Promise<void> {
  await db.query({
    name: 'lock-subject',
    text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
    values: [subject],
  });
}

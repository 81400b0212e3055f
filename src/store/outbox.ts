/** SQL verbs of `outbox`: append, lease by lane, note the attempt, finish, postpone. */
import type { AnswerEffect, Effect } from '../domain/effects.ts';
import type { Db } from './pool.ts';
import { at } from './rows.ts';
import { LONGEST_WAIT_MS } from './waits.ts';

export type OutboxEffect = Effect | AnswerEffect;

export interface NewOutboxRow {
  /** Rows of one lane go out one after the other; a channel for posts, the message for edits. */
  readonly lane: string;
  /** Names a said thing for ever. */
  readonly key: string;
  readonly requestId: number | null;
  readonly effect: OutboxEffect;
  /** Waits until the row of this key is done. */
  readonly afterKey?: string | null;
}

export interface OutboxRow {
  readonly id: number;
  readonly lane: string;
  readonly key: string;
  readonly requestId: number | null;
  readonly effect: OutboxEffect;
  readonly createdAt: number;
  readonly attempts: number;
  /** Set while the outcome of an attempt is unknown. */
  readonly attempt: Attempt | null;
  /** A text that it shows, if it was posted, is no longer kept (see `blankOutbox`). */
  readonly isBlanked: boolean;
}

/** A channel, or the thread in it that begins with a message. */
export interface Place {
  readonly channel: string;
  readonly threadTs: string | null;
}

/** A post of which it is unknown whether it stands. */
export interface Attempt {
  /** Epoch ms. */
  readonly at: number;
  /** Null where an earlier version, which did not note it, made the attempt. */
  readonly to: Place | null;
}

/** Appends rows in order. A card or an asker's reply that already waits is not appended again: that one will do. */
export async function appendOutbox(db: Db, rows: readonly NewOutboxRow[], now: number): Promise<void> {
  if (rows.length === 0) return;
  await db.query({
    name: 'append-outbox',
    text: `insert into outbox (lane, key, request_id, kind, effect, after_key, created_at, not_before)
      -- due at once, whatever becomes of the clock
      select lane, key, request_id, kind, effect, after_key, $7, 'epoch'
      from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::jsonb[], $6::text[]) with ordinality
        as row (lane, key, request_id, kind, effect, after_key, place)
      order by place on conflict do nothing`,
    values: [
      rows.map(({ lane }) => lane),
      rows.map(({ key }) => key),
      rows.map(({ requestId }) => requestId),
      rows.map(({ effect }) => effect.kind),
      rows.map(({ effect }) => JSON.stringify(effect)),
      rows.map(({ afterKey }) => afterKey ?? null),
      at(now),
    ],
  });
}

interface Row {
  readonly id: number;
  readonly lane: string;
  readonly key: string;
  readonly request_id: number | null;
  readonly effect: OutboxEffect;
  readonly created_at: number;
  readonly attempts: number;
  readonly attempted_at: number | null;
  readonly attempted_channel: string | null;
  readonly attempted_thread_ts: string | null;
}

/**
 * Leases the first `perLane` rows of up to `lanes` lanes whose head is due and in nobody's hands, edits and answers
 * before posts, since somebody who pressed a button waits for them. Lanes are found by skipping through the index, so
 * a long backlog in one costs nothing to the others.
 * @param busy lanes that the caller is at: a row with a lower id than one in hand may have been committed meanwhile
 */
export async function leaseOutbox(
  db: Db,
  now: number,
  leaseUntil: number,
  lanes: number,
  perLane: number,
  busy: readonly string[] = [],
): Promise<readonly OutboxRow[]> {
  const { rows } = await db.query<Row>({
    name: 'lease-outbox',
    // Not durably: after a power failure nobody has anything in hand, and a lease that is gone is taken anew.
    text: `with recursive setting as materialized (select set_config('synchronous_commit', 'off', true) as value),
      lane (name) as (
        (select lane from outbox order by lane limit 1)
        union all
        select (select o.lane from outbox o where o.lane > lane.name order by o.lane limit 1) from lane where lane.name is not null
      ),
      head as (
        select o.id, o.lane from lane
        cross join lateral (select * from outbox where outbox.lane = lane.name order by id limit 1) first
        join outbox o on o.id = first.id
        where lane.name is not null and lane.name <> all($5) and (select value from setting) = 'off'
          and (o.not_before <= $1 or o.not_before > $6)
          and (o.lease_until is null or o.lease_until <= $1 or o.lease_until > $6)
          -- order is a courtesy: behind a row that Slack does not take nobody waits
          and not exists (select 1 from outbox earlier where earlier.key = o.after_key and earlier.last_error is null)
        order by lane.name ~ '^(edit|answer):' desc, o.id
        limit $3
        for update of o skip locked
      ),
      batch as (
        -- up to the first that waits for another lane, or is in other hands
        select b.id from head cross join lateral (
          select id, bool_or(id > head.id and (after_key is not null or lease_until > $1)) over (order by id) as is_behind
          from (select id, after_key, lease_until from outbox where outbox.lane = head.lane and outbox.id >= head.id order by id limit $4) first
        ) b where b.is_behind is not true
      )
      update outbox set lease_until = $2,
        -- noted for later than now, by a clock that was ahead: counted from now
        attempted_at = case when outbox.attempted_at > $1 then $1 else outbox.attempted_at end
      from batch where outbox.id = batch.id
      returning outbox.id, outbox.lane, outbox.key, outbox.request_id, outbox.effect, outbox.created_at, outbox.attempts,
        outbox.attempted_at, outbox.attempted_channel, outbox.attempted_thread_ts`,
    values: [at(now), at(leaseUntil), lanes, perLane, busy, at(now + LONGEST_WAIT_MS)],
  });
  return rows
    .map((row) => ({
      id: row.id,
      lane: row.lane,
      key: row.key,
      requestId: row.request_id,
      effect: row.effect,
      createdAt: row.created_at,
      attempts: row.attempts,
      attempt: attemptOf(row),
      isBlanked: 'isBlanked' in row.effect,
    }))
    .sort((a, b) => a.id - b.id);
}

function attemptOf(row: Row): Attempt | null {
  if (row.attempted_at === null) return null;
  const { attempted_channel: channel, attempted_thread_ts: threadTs } = row;
  return { at: row.attempted_at, to: channel === null ? null : { channel, threadTs } };
}

/** Keeps the leases of rows that are still in hand. */
export async function extendOutboxLeases(db: Db, ids: readonly number[], leaseUntil: number): Promise<void> {
  await db.query({
    name: 'extend-outbox-leases',
    // What was given back meanwhile is left alone.
    text: 'update outbox set lease_until = $2 where id = any($1) and lease_until > not_before',
    values: [ids, at(leaseUntil)],
  });
}

/**
 * Notes, before a post is sent, that its outcome will be unknown until `finishOutbox` or `postponeOutbox`.
 * @param attempts how many there were when the row was leased
 * @param to where it will stand, whatever becomes of its request meanwhile
 * @returns false when the row is done, or in other hands that were faster (a lease ran out): then it must not be sent
 */
export async function noteAttempt(
  db: Db,
  id: number,
  attempts: number,
  now: number,
  to: Place,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'note-attempt',
    text: `update outbox set attempted_at = $3, attempted_channel = $4, attempted_thread_ts = $5, attempts = attempts + 1
      where id = $1 and attempts = $2`,
    values: [id, attempts, at(now), to.channel, to.threadTs],
  });
  return rowCount === 1;
}

/**
 * Deletes a row that is done, or that will never be.
 * @returns whether a text that it shows went while it was in hand
 */
export async function finishOutbox(db: Db, id: number): Promise<{ readonly isBlanked: boolean }> {
  const { rows } = await db.query<{ is_blanked: boolean }>({
    name: 'finish-outbox',
    text: `delete from outbox where id = $1 returning effect ? 'isBlanked' as is_blanked`,
    values: [id],
  });
  return { isBlanked: rows[0]?.is_blanked ?? false };
}

/** A row as its holder knows it. */
export interface Postponed {
  readonly id: number;
  /** How many attempts were noted, the holder's own included: another number says that it is in other hands. */
  readonly noted: number;
  /** How many there were, with those that failed before anything was sent. */
  readonly attempts: number;
  readonly retryAt: number;
  readonly reason: string;
  /** The attempt certainly had no effect, so the next one need not look first. */
  readonly isOutcomeKnown: boolean;
}

/** Gives a row back until `retryAt`; the rest of its lane waits behind it. */
export async function postponeOutbox(db: Db, row: Postponed): Promise<void> {
  await db.query({
    name: 'postpone-outbox',
    text: `update outbox set not_before = $3, lease_until = $3, last_error = $4, attempts = $6,
      attempted_at = case when $5 then null else attempted_at end where id = $1 and attempts = $2`,
    values: [row.id, row.noted, at(row.retryAt), row.reason, row.isOutcomeKnown, row.attempts],
  });
}

/** Gives rows back untouched, so that whoever comes first goes on with them. */
export async function releaseOutbox(db: Db, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await db.query({
    name: 'release-outbox',
    // Not null: there may be another row of the same request and kind that nobody has leased.
    text: 'update outbox set lease_until = not_before where id = any($1)',
    values: [ids],
  });
}

/** What the key of a row ends in that has gone behind the line which opens its thread. */
export const OPENED = '.opened';

/** True while the line that opens a mirrored thread is still to be said, or a copy that has gone behind it. */
export async function isStillToOpen(db: Db, requestId: number): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'is-still-to-open',
    text: `select 1 from outbox where request_id = $1
      and (effect -> 'saying' ->> 'kind' = 'mirror_opens' or key like '%' || $2) limit 1`,
    values: [requestId, OPENED],
  });
  return rowCount === 1;
}

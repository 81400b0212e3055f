/** SQL verbs of `hearing` and `catch_up`: up to when Slack was heard, and what is to be read again after a gap. */
import type { Db } from './pool.ts';
import { at } from './rows.ts';
import { LONGEST_WAIT_MS } from './waits.ts';

export interface Gap {
  /** What happened since then (epoch ms) is to be read again. */
  readonly since: number;
  /** TrIAge's first start: nothing from before is anybody's request. */
  readonly begunAt: number;
}

/** One piece of reading: a channel's top-level messages, or one thread. */
export interface Reading {
  readonly channel: string;
  /** Null: the channel's top-level messages. */
  readonly threadTs: string | null;
  readonly since: number;
}

/**
 * A gap is read from so long before it (ms): what came shortly before it was noticed may have gone to a socket that was dead
 * already (its silence is noticed after 90 s at most), and Slack's clock is not ours.
 */
export const OVERLAP_MS = 5 * 60_000;

/** By how much our clock may have been ahead before it was set back (ms): an hour, where somebody mistook the season, and as much again. */
const SET_BACK_MS = 2 * 60 * 60_000;

/** What was handled so long (ms) before Slack was last heard may be read again in a gap that nobody has noted yet. */
export const READ_AGAIN_MS = SET_BACK_MS + OVERLAP_MS;

/** The very first start: nothing from before is anybody's request. Later ones change nothing. */
export async function beginHearing(db: Db, now: number): Promise<void> {
  await db.query({
    name: 'begin-hearing',
    text: 'insert into hearing (begun_at, heard_until, lease_until) values ($1, $1, $1) on conflict do nothing',
    values: [at(now)],
  });
}

/**
 * Slack is being heard at `now`. When nobody noted that for longer than `longestMs`, all since the last note is a gap.
 */
export async function noteHearing(db: Db, now: number, longestMs: number, readFrom: number): Promise<void> {
  await db.query({
    name: 'note-hearing',
    text: `update hearing set
        gap_since = case when heard_until < $2 then least(gap_since, heard_until) else gap_since end,
        read_from = case when heard_until < $2 then greatest(read_from, $3) else read_from end,
        heard_until = greatest(heard_until, $1)`,
    values: [at(now), at(now - longestMs), at(readFrom)],
  });
}

/** Two daemons' clocks, and two looks at one clock, are no further apart than this (ms). */
const APART_MS = 60_000;

/**
 * Something that happened since Slack was last heard, or since `since` if that is earlier, may be missing. Nothing before the
 * first start is. What is yet to come was noted by a clock that has been set back: up to when Slack was heard, and the first start,
 * which was before the first event that is known.
 * @param readFrom from when it may be read (epoch ms): soon
 */
export async function noteGap(db: Db, since: number, readFrom: number): Promise<void> {
  await db.query({
    name: 'note-gap',
    text: `update hearing set
        gap_since = least(gap_since, case when heard_until > $3 then heard_until - $4 * interval '1 ms' else heard_until end, $1),
        read_from = greatest(read_from, $2),
        heard_until = case when heard_until > $3 then $2 else heard_until end,
        begun_at = case when begun_at > $3
          then coalesce((select min(happened_at) from inbox where not is_late), $2) else begun_at end`,
    values: [at(since), at(readFrom), at(readFrom + APART_MS), SET_BACK_MS],
  });
}

/** The gap that is to be read now; null when there is none, or Slack may still deliver by itself. */
export async function readGap(db: Db, now: number): Promise<Gap | null> {
  const { rows } = await db.query<{ gap_since: number; begun_at: number }>({
    name: 'read-gap',
    text: 'select gap_since, begun_at from hearing where gap_since is not null and (read_from <= $1 or read_from > $2)',
    values: [at(now), at(now + LONGEST_WAIT_MS)],
  });
  return rows[0] === undefined ? null : { since: rows[0].gap_since, begunAt: rows[0].begun_at };
}

/** Writes down what is to be read; the gap itself is done with, unless it grew meanwhile. */
export async function planReadings(db: Db, readings: readonly Reading[], gapSince: number): Promise<void> {
  await addReadings(db, readings);
  await db.query({
    name: 'close-gap',
    text: 'update hearing set gap_since = null, read_from = null where gap_since >= $1',
    values: [at(gapSince)],
  });
}

/** Adds to what is to be read; of two readings of one place the longer one stays. */
export async function addReadings(db: Db, readings: readonly Reading[]): Promise<void> {
  await db.query({
    name: 'add-readings',
    text: `insert into catch_up (channel, thread_ts, since)
      select channel, thread_ts, min(since) from unnest($1::text[], $2::text[], $3::timestamptz[]) as place (channel, thread_ts, since)
      group by channel, thread_ts
      on conflict (channel, thread_ts) do update set since = least(catch_up.since, excluded.since)`,
    values: [
      readings.map(({ channel }) => channel),
      readings.map(({ threadTs }) => threadTs ?? ''),
      readings.map(({ since }) => at(since)),
    ],
  });
}

/** What is to be read next: channels before threads, which their reading may show to exist. */
export async function nextReading(db: Db): Promise<Reading | null> {
  const { rows } = await db.query<{ channel: string; thread_ts: string; since: number }>({
    name: 'next-reading',
    text: `select channel, thread_ts, since from catch_up order by thread_ts <> '', channel, thread_ts limit 1`,
  });
  const [row] = rows;
  if (row === undefined) return null;
  return { channel: row.channel, threadTs: row.thread_ts === '' ? null : row.thread_ts, since: row.since };
}

/** It is read. One that another gap has made longer meanwhile stays. */
export async function finishReading(db: Db, { channel, threadTs, since }: Reading): Promise<void> {
  await db.query({
    name: 'finish-reading',
    text: 'delete from catch_up where channel = $1 and thread_ts = $2 and since = $3',
    values: [channel, threadTs ?? '', at(since)],
  });
}

/** True when there is something to read now. */
export async function isBehind(db: Db, now: number): Promise<boolean> {
  const { rows } = await db.query<{ is_behind: boolean }>({
    name: 'is-behind',
    text: `select exists (select from catch_up)
      or exists (select from hearing where gap_since is not null and (read_from <= $1 or read_from > $2)) as is_behind`,
    values: [at(now), at(now + LONGEST_WAIT_MS)],
  });
  return rows[0]?.is_behind === true;
}

/** True when no gap is known of which something is still to be read. */
export async function isAllRead(db: Db): Promise<boolean> {
  const { rows } = await db.query<{ is_read: boolean }>({
    name: 'is-all-read',
    text: `select not exists (select from hearing where gap_since is not null) and not exists (select from catch_up) as is_read`,
  });
  return rows[0]?.is_read === true;
}

export async function countReadings(db: Db): Promise<number> {
  const { rows } = await db.query<{ n: number }>({
    name: 'count-readings',
    text: 'select count(*) as n from catch_up',
  });
  return rows[0]?.n ?? 0;
}

/** Only one daemon reads at a time. True when that is the caller, until `leaseUntil`. */
export async function leaseReading(
  db: Db,
  now: number,
  leaseUntil: number,
  isHeld: boolean,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'lease-reading',
    text: 'update hearing set lease_until = $2 where $3 or lease_until <= $1 or lease_until > $4',
    values: [at(now), at(leaseUntil), isHeld, at(now + LONGEST_WAIT_MS)],
  });
  return rowCount === 1;
}

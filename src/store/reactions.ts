/** SQL verbs of `reactions`: those on sources and cards that have been heard, so that a catch-up sees which were not. */
import type { Db } from './pool.ts';
import { at } from './rows.ts';

export interface HeardReaction {
  readonly user: string;
  /** Without colons and without skin tone. */
  readonly emoji: string;
}

export interface ReactionNote extends HeardReaction {
  readonly channel: string;
  readonly ts: string;
  /** False: it was taken away. */
  readonly added: boolean;
  /** Slack's time of its event; of one that was read after a gap, ours when the reading began (epoch ms). */
  readonly happenedAt: number;
  readonly isRead: boolean;
}

interface Known {
  readonly is_there: boolean;
  readonly told_at: number | null;
  readonly noted_at: number | null;
  readonly was_read: boolean;
}

/** Our clock and Slack's are no further apart than this (ms). */
const APART_MS = 60_000;

/**
 * Notes that a reaction was put on a message or taken away. False when that is no news: it was known, or something newer is. What
 * was put or taken away while nobody heard is read, and Slack tells of it after all, minutes later.
 */
export async function noteReaction(db: Db, note: ReactionNote, now: number): Promise<boolean> {
  const { channel, ts, user, emoji, added, happenedAt, isRead } = note;
  const { rows } = await db.query<Known>({
    name: 'known-reaction',
    text: `select is_there, told_at, noted_at, was_read from reactions
      where channel = $1 and ts = $2 and user_id = $3 and emoji = $4 for update`,
    values: [channel, ts, user, emoji],
  });
  const known = rows[0] ?? null;
  const isNews = known === null ? added : isNewsTo(known, note);
  const isNewest = !isRead && (known?.told_at ?? Number.NEGATIVE_INFINITY) < happenedAt;
  if (known !== null && !isNews && !isNewest) return false;
  await db.query({
    name: 'note-reaction',
    text: `insert into reactions as known (channel, ts, user_id, emoji, is_there, told_at, noted_at, was_read)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
      on conflict (channel, ts, user_id, emoji) do update set is_there = $5, told_at = coalesce($6, known.told_at),
        noted_at = case when $9 then $7 else known.noted_at end, was_read = case when $9 then $8 else known.was_read end`,
    values: [channel, ts, user, emoji, added, at(isRead ? null : happenedAt), at(now), isRead, isNews],
  });
  return isNews;
}

function isNewsTo(known: Known, { added, happenedAt, isRead }: ReactionNote): boolean {
  const isOther = added !== known.is_there;
  // What was heard since the reading began is newer than what it found.
  if (isRead) return isOther && (known.noted_at ?? Number.NEGATIVE_INFINITY) <= happenedAt;
  if (known.told_at !== null && (happenedAt < known.told_at || (happenedAt === known.told_at && !isOther)))
    return false;
  // Put once more, it was taken away meanwhile, and that was lost.
  return isOther || (added && !(known.was_read && happenedAt <= (known.noted_at ?? 0) + APART_MS));
}

/**
 * Notes a reaction that is to count for nothing.
 * @param until what Slack tells of one from before then counts for nothing either (epoch ms, by Slack's clock); null: all that it
 *   tells counts
 */
export async function passOverReaction(
  db: Db,
  channel: string,
  ts: string,
  { user, emoji }: HeardReaction,
  until: number | null,
): Promise<void> {
  await db.query({
    name: 'pass-over-reaction',
    text: `insert into reactions (channel, ts, user_id, emoji, told_at) values ($1, $2, $3, $4, $5) on conflict do nothing`,
    values: [channel, ts, user, emoji, at(until)],
  });
}

/**
 * The reactions that have been heard and not been taken away since, by message.
 * @param sinceTs of the oldest message that is wanted
 */
export async function reactionsSince(
  db: Db,
  channel: string,
  sinceTs: string,
): Promise<ReadonlyMap<string, readonly HeardReaction[]>> {
  const { rows } = await db.query<{ ts: string; user: string; emoji: string }>({
    name: 'reactions-since',
    text: 'select ts, user_id as "user", emoji from reactions where channel = $1 and ts >= $2 and is_there',
    values: [channel, sinceTs],
  });
  return Map.groupBy(rows, ({ ts }) => ts);
}

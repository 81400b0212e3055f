/** SQL verbs of `reactions`: those on sources and cards that have been heard, so that a catch-up sees which were not. */
import type { Db } from './pool.ts';
import { at } from './rows.ts';

export interface HeardReaction {
  readonly user: string;
  /** Without colons and without skin tone. */
  readonly emoji: string;
}

/**
 * Notes that a reaction was added or taken away. False when that was known already.
 * @param heardAt when it was put there, or read there after a gap (epoch ms): what Slack tells of one from before then is known. Null:
 *   nobody knows, and all that Slack tells is news.
 * @param isRead it was read after a gap: then any that is noted is known
 */
export async function noteReaction(
  db: Db,
  channel: string,
  ts: string,
  { user, emoji }: HeardReaction,
  added: boolean,
  heardAt: number | null,
  isRead: boolean,
): Promise<boolean> {
  const { rowCount } = await db.query(
    added
      ? {
          name: 'note-reaction',
          text: `insert into reactions as known (channel, ts, user_id, emoji, heard_at) values ($1, $2, $3, $4, $5)
            on conflict (channel, ts, user_id, emoji) do update set heard_at = $5
              where not $6 and coalesce(known.heard_at < $5, true)`,
          values: [channel, ts, user, emoji, at(heardAt), isRead],
        }
      : {
          name: 'forget-reaction',
          text: 'delete from reactions where channel = $1 and ts = $2 and user_id = $3 and emoji = $4',
          values: [channel, ts, user, emoji],
        },
  );
  return rowCount === 1;
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
    text: 'select ts, user_id as "user", emoji from reactions where channel = $1 and ts >= $2',
    values: [channel, sinceTs],
  });
  return Map.groupBy(rows, ({ ts }) => ts);
}

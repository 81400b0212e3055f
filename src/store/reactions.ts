/** SQL verbs of `reactions`: those on sources and cards that have been heard, so that a catch-up sees which were not. */
import type { Db } from './pool.ts';

export interface HeardReaction {
  readonly user: string;
  /** Without colons and without skin tone. */
  readonly emoji: string;
}

/** Notes that a reaction was added or taken away. False when that was known already. */
export async function noteReaction(
  db: Db,
  channel: string,
  ts: string,
  { user, emoji }: HeardReaction,
  added: boolean,
): Promise<boolean> {
  const { rowCount } = await db.query(
    added
      ? {
          name: 'note-reaction',
          text: `insert into reactions (channel, ts, user_id, emoji) values ($1, $2, $3, $4) on conflict do nothing`,
          values: [channel, ts, user, emoji],
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

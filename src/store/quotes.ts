/** SQL verbs of `quotes`: messages of ours that show what people wrote, to be deleted when that is no longer kept. */
import type { Posted } from '../domain/request.ts';
import type { Db } from './pool.ts';
import { at } from './rows.ts';

/** What such a message shows. */
export interface Quoted {
  /** Null: it gives back to `user` what they typed. */
  readonly requestId: number | null;
  /** Who wrote it; null: it is the request's own text. */
  readonly user: string | null;
}

/** Notes that a message stands in Slack, and all that it shows. */
export async function noteQuotes(
  db: Db,
  { channel, ts }: Posted,
  quoted: readonly Quoted[],
  now: number,
): Promise<void> {
  await db.query({
    name: 'note-quotes',
    text: `insert into quotes (channel, ts, request_id, user_id, said_at)
      select $1, $2, request_id, user_id, $5 from unnest($3::bigint[], $4::text[]) as shown (request_id, user_id)
      on conflict do nothing`,
    values: [channel, ts, quoted.map(({ requestId }) => requestId), quoted.map(({ user }) => user), at(now)],
  });
}

/**
 * Forgets the messages that show something of a request, whatever else they show: all of them, or those that show what
 * `user` wrote.
 * @param isAsker whether the request's own text is this person's
 * @returns where they stand
 */
export function takeQuotesOf(
  db: Db,
  requestId: number,
  user: string | null,
  isAsker: boolean,
): Promise<readonly Posted[]> {
  return take(
    db,
    'take-quotes-of',
    `request_id = $1 and ($2::text is null or user_id = $2 or (user_id is null and $3))`,
    [requestId, user, isAsker],
  );
}

/** The same for those that give back to a person what they typed. */
export function takeQuotesTo(db: Db, user: string): Promise<readonly Posted[]> {
  return take(db, 'take-quotes-to', 'request_id is null and user_id = $1', [user]);
}

/** The same for whoever typed it, where it was said before `before`; the oldest, at most `limit` of them. */
export function takeQuotesBefore(db: Db, before: number, limit: number): Promise<readonly Posted[]> {
  const which = 'request_id is null and said_at < $1 order by said_at limit $2';
  return take(db, 'take-quotes-before', which, [at(before), limit]);
}

async function take(db: Db, name: string, which: string, values: unknown[]): Promise<readonly Posted[]> {
  const { rows } = await db.query<Posted>({
    name,
    text: `with gone as (
        delete from quotes where (channel, ts) in (select channel, ts from quotes where ${which}) returning channel, ts
      )
      select distinct channel, ts from gone`,
    values,
  });
  return rows;
}

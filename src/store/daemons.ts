/** SQL verbs of `daemons`: who else works over this database, and with how many sockets. */
import type { Db } from './pool.ts';
import { at } from './rows.ts';

export interface OtherDaemon {
  readonly id: string;
  readonly sockets: number;
}

/** Says that daemon `id` lives and holds so many sockets. Returns the others that have said so within `withinMs` of `now`. */
export async function noteDaemon(
  db: Db,
  id: string,
  sockets: number,
  now: number,
  withinMs: number,
): Promise<readonly OtherDaemon[]> {
  const { rows } = await db.query<OtherDaemon>({
    name: 'note-daemon',
    // From the future only after a clock was set back: that must not count until the clock is there again.
    text: `with own as (
        insert into daemons (id, sockets, seen_at) values ($1, $2, $3)
        on conflict (id) do update set sockets = excluded.sockets, seen_at = excluded.seen_at
      )
      select id, sockets from daemons where id <> $1 and seen_at between $4 and $5`,
    values: [id, sockets, at(now), at(now - withinMs), at(now + withinMs)],
  });
  return rows;
}

/** How many daemons have given a sign of life since `since`. */
export async function livingDaemons(db: Db, since: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>({
    name: 'living-daemons',
    text: 'select count(*)::integer as count from daemons where seen_at >= $1',
    values: [at(since)],
  });
  return rows[0]?.count ?? 0;
}

export async function forgetDaemon(db: Db, id: string): Promise<void> {
  await db.query({ name: 'forget-daemon', text: 'delete from daemons where id = $1', values: [id] });
}

/** Deletes those that were killed before `before`. */
export async function pruneDaemons(db: Db, before: number): Promise<void> {
  await db.query({
    name: 'prune-daemons',
    text: 'delete from daemons where seen_at < $1',
    values: [at(before)],
  });
}

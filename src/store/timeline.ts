/** SQL verbs of `timeline`. */
import type { TimelineLine } from '../domain/effects.ts';
import type { Db } from './pool.ts';
import { at } from './rows.ts';

/** Appends what happened, in order. */
export async function appendTimeline(
  db: Db,
  requestId: number,
  lines: readonly TimelineLine[],
): Promise<void> {
  if (lines.length === 0) return;
  await db.query({
    name: 'append-timeline',
    text: `insert into timeline (request_id, at, actor, what)
      select $1, at, actor, what from unnest($2::timestamptz[], $3::text[], $4::text[]) with ordinality as line (at, actor, what, place) order by place`,
    values: [
      requestId,
      lines.map((line) => at(line.at)),
      lines.map((line) => line.actor),
      lines.map((line) => line.what),
    ],
  });
}

/** The latest lines of a request's timeline, the oldest of them first. */
export async function readTimeline(
  db: Db,
  requestId: number,
  limit: number,
): Promise<readonly TimelineLine[]> {
  const { rows } = await db.query<TimelineLine>({
    name: 'read-timeline',
    text: 'select at, actor, what from timeline where request_id = $1 order by id desc limit $2',
    values: [requestId, limit],
  });
  return rows.toReversed();
}

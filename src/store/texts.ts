/** SQL verbs over all tables that hold what people wrote: whose is still there, and its end. */
import type { Posted } from '../domain/request.ts';
import type { Db } from './pool.ts';
import { at } from './rows.ts';

const ENDED = `state in ('closed', 'duplicate', 'not_request', 'declined', 'withdrawn')`;

/**
 * Numbers of requests that ended before `before` and whose texts are still kept, the longest ended first. Locks them; what
 * another transaction has in hand is left out.
 */
export async function lockEndedWithText(db: Db, before: number, limit: number): Promise<readonly number[]> {
  const { rows } = await db.query<{ id: number }>({
    name: 'lock-ended-with-text',
    text: `select id from requests
      where ${ENDED}
        and text_gone is distinct from 'retention' and state_since < $1
      order by state_since, id limit $2 for no key update skip locked`,
    values: [at(before), limit],
  });
  return rows.map(({ id }) => id);
}

/** Numbers of the requests in which something that this person wrote is still kept, the oldest first. */
export async function requestsWithTextOf(db: Db, user: string): Promise<readonly number[]> {
  const { rows } = await db.query<{ id: number }>({
    name: 'requests-with-text-of',
    text: `select id from requests r
      where (asker = $1 and (title is not null or body is not null or files <> '[]' or unshown_text is not null or unshown_files <> '[]'))
        or (exit ->> 'by' = $1 and exit ->> 'reason' is not null)
        or (resolution ->> 'by' = $1 and resolution ->> 'note' is not null)
        or (coalesce(nullif(hold ->> 'reason', ''), nullif(exit -> 'holdBefore' ->> 'reason', ''),
              nullif(resolution -> 'holdBefore' ->> 'reason', '')) is not null
            and (select actor from timeline where request_id = r.id and what = 'put on hold' order by id desc limit 1) = $1)
        or exists (select from messages where request_id = r.id and author = $1 and not is_deleted)
      order by id`,
    values: [user],
  });
  return rows.map(({ id }) => id);
}

/** Who put a request on hold last; null when nobody did. */
export async function heldBy(db: Db, requestId: number): Promise<string | null> {
  const { rows } = await db.query<{ actor: string | null }>({
    name: 'held-by',
    text: `select actor from timeline where request_id = $1 and what = 'put on hold' order by id desc limit 1`,
    values: [requestId],
  });
  return rows[0]?.actor ?? null;
}

/** A message whose text is gone now. */
export interface Blanked extends Posted {
  /** Where its copy stands; null where none is known. */
  readonly copy: Posted | null;
}

/**
 * Blanks what was written in a request's conversation, as if its authors had deleted it: by everybody, or by one person.
 * Its copies are the caller's from now on. Returns what was still there.
 */
export async function blankMessagesOf(
  db: Db,
  requestId: number,
  author: string | null,
): Promise<readonly Blanked[]> {
  const { rows } = await db.query<{
    channel: string;
    ts: string;
    copy_channel: string | null;
    copy_ts: string | null;
  }>({
    name: 'blank-messages-of',
    text: `with theirs as (
        select channel, ts, copy_channel, copy_ts from messages
        where request_id = $1 and ($2::text is null or author = $2) and not is_deleted for update
      )
      update messages m set body = '', files = '[]', is_deleted = true, copy_channel = null, copy_ts = null
      from theirs where m.channel = theirs.channel and m.ts = theirs.ts
      returning m.channel, m.ts, theirs.copy_channel, theirs.copy_ts`,
    values: [requestId, author],
  });
  return rows.map(({ channel, ts, copy_channel, copy_ts }) => ({
    channel,
    ts,
    copy: copy_channel === null || copy_ts === null ? null : { channel: copy_channel, ts: copy_ts },
  }));
}

/**
 * True when the text of one of these requests is no longer kept. Locks them: nothing of theirs is blanked meanwhile.
 * @param onlyEnded leaves out those that go on without text
 */
export async function areTextsGone(
  db: Db,
  requestIds: readonly number[],
  onlyEnded: boolean,
): Promise<boolean> {
  const { rows } = await db.query<{ is_gone: boolean }>({
    name: 'are-texts-gone',
    text: `select text_gone is not null
          and (not $2 or ${ENDED}) as is_gone
        from requests where id = any($1) order by id for no key update`,
    values: [requestIds, onlyEnded],
  });
  return rows.some((row) => row.is_gone);
}

/** Takes the reason of a hold out of what waits to be said about a request: the state no longer has it. */
export async function blankSayings(db: Db, requestId: number): Promise<void> {
  await db.query({
    name: 'blank-sayings',
    text: `update outbox set effect = jsonb_set(effect, '{saying,reason}', '""')
      where request_id = $1 and effect -> 'saying' ? 'reason'`,
    values: [requestId],
  });
}

/**
 * Drops answers that wait to be given and show one of these requests, or give a person's own words back to them. Whoever
 * asked asks again: what waits so long has met a Slack that does not answer. Returns how many.
 */
export async function dropAnswers(
  db: Db,
  requestIds: readonly number[],
  user: string | null,
): Promise<number> {
  const { rowCount } = await db.query({
    name: 'drop-answers',
    text: `delete from outbox where kind = 'answer' and (
        (effect -> 'answer' ->> 'kind' in ('list', 'show', 'status')
          and exists (select from jsonb_path_query(effect, '$.answer.**.id') as shown (id) where (id #>> '{}')::bigint = any($1)))
        or (effect -> 'answer' ->> 'kind' in ('text', 'refusal', 'help') and effect -> 'to' ->> 'user' = $2))`,
    values: [requestIds, user],
  });
  return rowCount ?? 0;
}

/**
 * Blanks the bodies of events that are done and name one of these: a person, the ts of a message, a view. The rows stay,
 * for they answer for duplicates; what came too early is not handled again. Returns how many.
 */
export async function blankEvents(db: Db, names: readonly string[]): Promise<number> {
  const { rowCount } = await db.query({
    name: 'blank-events',
    text: `update inbox set body = '', outcome = case outcome when 'early' then 'ignored' else outcome end
      where done_at is not null and body <> ''
        and exists (select from unnest($1::text[]) as named (name) where position(name in body) > 0)`,
    values: [names],
  });
  return rowCount ?? 0;
}

/** Blanks what pg-boss keeps of its jobs' failures: a database's error may tell of the row that it was about. */
export async function blankJobOutputs(db: Db): Promise<void> {
  await db.query({
    name: 'blank-job-outputs',
    text: 'update pgboss.job set output = null where output is not null',
  });
}

/** How many events that name this person still wait to be handled. */
export async function pendingEventsOf(db: Db, user: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>({
    name: 'pending-events-of',
    text: 'select count(*)::integer as count from inbox where done_at is null and position($1 in body) > 0',
    values: [user],
  });
  return rows[0]?.count ?? 0;
}

/** How many messages of ours still wait to be edited or deleted in Slack. */
export async function pendingEdits(db: Db): Promise<number> {
  const { rows } = await db.query<{ count: number }>({
    name: 'pending-edits',
    text: `select count(*)::integer as count from outbox where kind in ('card', 'asker_reply', 'take_back')`,
  });
  return rows[0]?.count ?? 0;
}

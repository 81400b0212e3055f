/** SQL verbs over all tables that hold what people wrote: whose is still there, and its end. */

import type { Posted } from '../domain/request.ts';
import { SHOW_TEXT } from '../domain/show-text.ts';
import { NOT_KEPT_WORDS } from '../domain/wording.ts';
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

/** SQL: who put a request on hold last, before a moment if anybody did. */
const holder = (requestId: string, before: string): string =>
  `(select actor from timeline where request_id = ${requestId} and what = 'put on hold'
      order by at <= ${before} desc, id desc limit 1)`;

/** SQL: whether a row of the outbox is a line with the reason of a hold that this person wrote. */
const saysReasonOf = (user: string): string =>
  `(coalesce(effect -> 'saying' ->> 'reason', '') <> '' and ${holder('outbox.request_id', 'outbox.created_at')} = ${user})`;

/** SQL: or with their note. */
const saysNoteOf = (user: string): string =>
  `(effect -> 'saying' ->> 'kind' = 'resolved' and effect -> 'saying' ->> 'by' = ${user})`;

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
            and ${holder('r.id', `'infinity'`)} = $1)
        or exists (select from messages where request_id = r.id and author = $1 and not is_deleted)
        -- said, or to be said, though the state no longer has it
        or exists (select from quotes where request_id = r.id and user_id = $1)
        or exists (select from outbox where request_id = r.id and (${saysReasonOf('$1')} or ${saysNoteOf('$1')}))
      order by id`,
    values: [user],
  });
  return rows.map(({ id }) => id);
}

/** Who put a request on hold last, before that moment (epoch ms) if anybody did; null when nobody did. */
export async function heldBy(
  db: Db,
  requestId: number,
  before = Number.POSITIVE_INFINITY,
): Promise<string | null> {
  const { rows } = await db.query<{ actor: string | null }>({
    name: 'held-by',
    text: `select ${holder('$1', '$2')} as actor`,
    values: [requestId, before === Number.POSITIVE_INFINITY ? 'infinity' : at(before)],
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

/** What answers show of requests, by number; of one whose text is no longer kept, that. */
export async function readTexts(db: Db, ids: readonly number[]): Promise<ReadonlyMap<number, KeptText>> {
  const { rows } = await db.query<{
    id: number;
    title: string | null;
    body: string | null;
    unshown_text: string | null;
    is_gone: boolean;
  }>({
    name: 'read-texts',
    text: `select id, title, body, unshown_text, text_gone is not null as is_gone from requests where id = any($1)`,
    values: [ids],
  });
  return new Map(
    rows.map(({ id, title, body, unshown_text, is_gone }) => [
      id,
      { title: is_gone ? NOT_KEPT_WORDS : title, text: body, unshownText: unshown_text, isGone: is_gone },
    ]),
  );
}

export interface KeptText {
  readonly title: string | null;
  readonly text: string | null;
  /** What its asker has not agreed to show yet. */
  readonly unshownText: string | null;
  readonly isGone: boolean;
}

/**
 * Sayings and answers that are in hand while a request's text goes may show it. One that was not sent yet is rendered anew,
 * for its holder finds it in other hands; one that is on its way is marked, and deleted once it stands (see `finishOutbox`).
 * Takes the reason of a hold out of what waits to be said, for the state no longer has it. Before `takeQuotesOf`, which
 * then finds what was recorded meanwhile.
 * @param user whose reasons and notes go; null: everybody's
 * @param isAskersGone whether the request's own text goes too
 * @returns how many are on their way, and will be deleted
 */
export async function blankOutbox(
  db: Db,
  requestId: number,
  user: string | null,
  isAskersGone: boolean,
): Promise<number> {
  const { rows } = await db.query<{ is_sent: boolean }>({
    name: 'blank-outbox',
    text: `update outbox set
        effect = case when attempted_at is not null then effect || '{"isBlanked": true}' else effect end
          || case when effect -> 'saying' ? 'reason' and ($2::text is null or ${saysReasonOf('$2')})
            then jsonb_build_object('saying', jsonb_set(effect -> 'saying', '{reason}', '""')) else '{}' end,
        attempts = attempts + case when attempted_at is null then 1 else 0 end
      where not (effect ? 'isBlanked' and coalesce(effect -> 'saying' ->> 'reason', '') = '')
        and ((request_id = $1 and (${saysReasonOf('$2')} or ${saysNoteOf('$2')}
            or ($2 is null and effect -> 'saying' ->> 'kind' in ('hold_over', 'resolved'))
            or ($3 and effect -> 'saying' ->> 'kind' = any($4))))
          or ($3 and kind = 'answer' and effect -> 'answer' ->> 'kind' in ('list', 'show', 'status')
            and exists (select from jsonb_path_query(effect, '$.answer.**.id') as shown (id) where (id #>> '{}')::bigint = $1)))
      returning attempted_at is not null as is_sent`,
    values: [requestId, user, isAskersGone, SHOW_TEXT],
  });
  return rows.filter((row) => row.is_sent).length;
}

/**
 * Drops answers that wait to be given and give a person's own words back to them; whoever asked asks again. One that is on
 * its way loses the words and is deleted once it stands. Returns how many.
 */
export async function dropAnswers(db: Db, user: string): Promise<number> {
  const theirs = `kind = 'answer' and effect -> 'answer' ->> 'kind' in ('text', 'refusal', 'help') and effect -> 'to' ->> 'user' = $1`;
  const { rowCount: dropped } = await db.query({
    name: 'drop-answers',
    text: `delete from outbox where attempted_at is null and ${theirs}`,
    values: [user],
  });
  const { rowCount: marked } = await db.query({
    name: 'mark-answers',
    text: `update outbox set effect = effect || jsonb_build_object('isBlanked', true, 'answer', jsonb_build_object('kind', 'text', 'text', $2::text))
      where ${theirs}`,
    values: [user, NOT_KEPT_WORDS],
  });
  return (dropped ?? 0) + (marked ?? 0);
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

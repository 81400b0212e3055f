/** SQL verbs over `requests` and `messages`: what is known of the messages of a place, to hold against what Slack has. */
import type { FileName, Priority } from '../domain/request.ts';
import type { Db } from './pool.ts';
import { at } from './rows.ts';

/** A message that a request knows: its source, a part of it, or a post in its conversation. */
export interface KnownMessage {
  readonly ts: string;
  /** As it is stored: of a source without the mention and the mark of its priority. */
  readonly text: string;
  /** True when `text` is the whole message. */
  readonly isWhole: boolean;
  readonly files: readonly FileName[];
  readonly priority: Priority;
  readonly isDeleted: boolean;
}

interface Row {
  readonly ts: string;
  readonly body: string | null;
  readonly is_whole: boolean;
  readonly files: readonly FileName[];
  readonly priority: Priority;
  readonly is_deleted: boolean;
}

function toKnown(row: Row): KnownMessage {
  return {
    ts: row.ts,
    text: row.body ?? '',
    isWhole: row.is_whole,
    files: row.files,
    priority: row.priority,
    isDeleted: row.is_deleted,
  };
}

/** Of requests in whose conversations something can still happen; `$2`: exits since then can be undone. */
const LIVE = `r.state <> 'closed' and (r.state not in ('duplicate', 'not_request', 'declined', 'withdrawn') or r.state_since > $2)`;

/** A source that others were added to is known as one of its parts. */
const SOURCES = `select r.source_ts as ts, coalesce(r.unshown_text, r.body) as body, false as is_whole,
    case when r.unshown_text is null or r.state = 'unposted' then r.files else r.unshown_files end as files, r.priority, r.source_is_deleted as is_deleted
  from requests r where r.source_channel = $1 and ${LIVE}
    and not exists (select from messages p where p.channel = r.source_channel and p.ts = r.source_ts)`;

const POSTS = `select m.ts, m.body, true as is_whole, m.files, r.priority, m.is_deleted
  from messages m join requests r on r.id = m.request_id where m.channel = $1 and ${LIVE}`;

/** What stands at the top of a channel or DM: sources, their parts, posts that were added to a request. */
export async function knownAtTop(
  db: Db,
  channel: string,
  undoSince: number,
): Promise<readonly KnownMessage[]> {
  const { rows } = await db.query<Row>({
    name: 'known-at-top',
    text: `${SOURCES} and coalesce(r.source_thread_ts, r.source_ts) = r.source_ts union all ${POSTS} and m.thread_ts is null`,
    values: [channel, at(undoSince)],
  });
  return rows.map(toKnown);
}

/** First messages, in this channel, of the threads of conversations that are not mirrored: sources, cards; and of deleted cards. */
export async function plainThreads(db: Db, channel: string, undoSince: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ ts: string }>({
    name: 'plain-threads',
    text: `select r.conversation_ts as ts from requests r where r.conversation_channel = $1 and not r.is_mirrored and ${LIVE}
      union select r.source_thread_ts from requests r where r.source_channel = $1 and not r.is_mirrored and ${LIVE}
      union select r.card_ts from requests r where r.card_channel = $1 and not r.is_mirrored and ${LIVE}
      union select c.ts from lost_cards c join requests r on r.id = c.request_id where c.channel = $1 and ${LIVE}`,
    values: [channel, at(undoSince)],
  });
  return rows.map(({ ts }) => ts).filter((ts) => ts !== null);
}

/**
 * First messages, in this channel, of the threads of requests that are over and were opened after `openedSince` (epoch ms). What is
 * written there may be a new request.
 */
export async function endedThreads(
  db: Db,
  channel: string,
  undoSince: number,
  openedSince: number,
): Promise<readonly string[]> {
  const { rows } = await db.query<{ ts: string }>({
    name: 'ended-threads',
    text: `select distinct place.ts from requests r, lateral (values
        (r.conversation_channel, r.conversation_ts), (r.source_channel, r.source_thread_ts), (r.card_channel, r.card_ts)) as place (channel, ts)
      where place.channel = $1 and place.ts is not null and r.opened_at > $3 and not (${LIVE})`,
    values: [channel, at(undoSince), at(openedSince)],
  });
  return rows.map(({ ts }) => ts);
}

/** What stands in a thread: sources, its first message among them, and posts. */
export async function knownInThread(
  db: Db,
  channel: string,
  threadTs: string,
  undoSince: number,
): Promise<readonly KnownMessage[]> {
  const { rows } = await db.query<Row>({
    name: 'known-in-thread',
    text: `${SOURCES} and r.source_thread_ts = $3 union all ${POSTS} and (m.thread_ts = $3 or m.ts = $3)`,
    values: [channel, at(undoSince), threadTs],
  });
  return rows.map(toKnown);
}

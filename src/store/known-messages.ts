/** SQL verbs over `requests` and `messages`: what is known of the messages of a place, to hold against what Slack has. */
import type { FileName, Priority } from '../domain/request.ts';
import type { Db } from './pool.ts';

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

/** What stands at the top of a DM: sources, their parts, posts that were added to a request. */
export async function knownInDm(
  db: Db,
  channel: string,
  undoSince: number,
): Promise<readonly KnownMessage[]> {
  const { rows } = await db.query<Row>({
    name: 'known-in-dm',
    text: `${SOURCES} and coalesce(r.source_thread_ts, r.source_ts) = r.source_ts union all ${POSTS} and m.thread_ts is null`,
    values: [channel, new Date(undoSince)],
  });
  return rows.map(toKnown);
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
    values: [channel, new Date(undoSince), threadTs],
  });
  return rows.map(toKnown);
}

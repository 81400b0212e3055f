/** SQL verbs of `requests` and its `intervals`. */
import type { Posted, Request } from '../domain/request.ts';
import type { Db } from './pool.ts';
import { at, type RequestRow, type StoredRequest, toColumns, toStored } from './rows.ts';
import type { Tx } from './transaction.ts';

const INTERVALS = `coalesce((
    select jsonb_agg(jsonb_build_object(
      'kind', i.kind,
      'started_at', round(extract(epoch from i.started_at) * 1000),
      'ended_at', round(extract(epoch from i.ended_at) * 1000)) order by i.started_at)
    from intervals i where i.request_id = r.id), '[]') as intervals`;

const SELECT = `select r.*, ${INTERVALS} from requests r`;

const OPEN = `r.state in ('new', 'in_progress', 'waiting', 'on_hold')`;

/** Reads one request without locking it. Null when there is none of that number. */
export async function readRequest(db: Db, id: number): Promise<StoredRequest | null> {
  const { rows } = await db.query<RequestRow>({
    name: 'read-request',
    text: `${SELECT} where r.id = $1`,
    values: [id],
  });
  return rows[0] === undefined ? null : toStored(rows[0]);
}

/**
 * Locks first and reads then, in a statement of its own: one that had to wait for the lock sees the new row, but
 * everything else (the intervals) as it was before the wait. Locks are `for no key update`: a stronger one would also hold
 * up the foreign keys of rows that a relay adds, while the holder may wait for that relay.
 */
async function locked(
  db: Db,
  name: string,
  where: string,
  values: unknown[],
): Promise<readonly StoredRequest[]> {
  const { rows } = await db.query<{ id: number }>({
    name,
    text: `select r.id from requests r where ${where}`,
    values,
  });
  const found: StoredRequest[] = [];
  for (const { id } of rows) {
    const stored = await readRequest(db, id);
    if (stored !== null) found.push(stored);
  }
  return found;
}

/** The request for which a condition on `requests r` holds. @param where ends in how it is locked */
export async function oneRequest(
  db: Db,
  name: string,
  where: string,
  values: unknown[],
): Promise<StoredRequest | null> {
  return (await locked(db, name, where, values))[0] ?? null;
}

async function many(db: Db, name: string, text: string, values: unknown[]): Promise<readonly Request[]> {
  const { rows } = await db.query<RequestRow>({ name, text, values });
  return rows.map((row) => toStored(row).request);
}

/** Locks one request until the transaction ends; whoever changes a request holds this lock. */
export async function lockRequest(tx: Tx, id: number): Promise<StoredRequest | null> {
  // Both go out at once, and over the transaction's one connection the second begins when the lock is held.
  const [, stored] = await Promise.all([
    tx.query({
      name: 'lock-request',
      text: 'select 1 from requests r where r.id = $1 for no key update of r',
      values: [id],
    }),
    readRequest(tx, id),
  ]);
  return stored;
}

/**
 * Reads a request after every change that was under way has committed. Rendering goes through here: a change that
 * found its card's job still waiting relies on that job seeing it.
 */
export async function readSettledRequest(tx: Tx, id: number): Promise<StoredRequest | null> {
  const [, stored] = await Promise.all([
    tx.query({
      name: 'settle-request',
      text: 'select 1 from requests r where r.id = $1 for share of r',
      values: [id],
    }),
    readRequest(tx, id),
  ]);
  return stored;
}

/** The request that a message is the source of, locked. */
export function lockRequestBySource(
  db: Db,
  channel: string | null,
  ts: string,
): Promise<StoredRequest | null> {
  return oneRequest(
    db,
    'lock-request-by-source',
    `coalesce(r.source_channel, '') = $1 and r.source_ts = $2 for no key update of r`,
    [channel ?? '', ts],
  );
}

/** True when a message is the source of a request. Locks nothing. */
export async function isSource(db: Db, channel: string, ts: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'is-source',
    text: `select 1 from requests where coalesce(source_channel, '') = $1 and source_ts = $2`,
    values: [channel, ts],
  });
  return rowCount === 1;
}

/**
 * The newest request of a thread, locked: it owns the conversation there. Where the bot cannot post the conversation is
 * elsewhere, but people still write under the source.
 */
export function lockRequestByConversation(
  db: Db,
  channel: string,
  threadTs: string,
): Promise<StoredRequest | null> {
  return oneRequest(
    db,
    'lock-request-by-conversation',
    `((r.conversation_channel = $1 and r.conversation_ts = $2) or (r.source_channel = $1 and r.source_thread_ts = $2))
       order by r.id desc limit 1 for no key update of r`,
    [channel, threadTs],
  );
}

/** True when a thread is some request's conversation, or under a card. Locks nothing. */
export async function threadHasRequest(db: Db, channel: string, threadTs: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'thread-has-request',
    text: `select 1 from requests where conversation_channel = $1 and conversation_ts = $2
      union all select 1 from requests where source_channel = $1 and source_thread_ts = $2
      union all select 1 from requests where card_channel = $1 and card_ts = $2 limit 1`,
    values: [channel, threadTs],
  });
  return rowCount === 1;
}

/** The asker's newest request from a DM in this channel that nobody has taken yet, locked. */
export function lockNewestUnownedDm(db: Db, channel: string, asker: string): Promise<StoredRequest | null> {
  return oneRequest(
    db,
    'lock-newest-unowned-dm',
    `r.source_channel = $1 and r.asker = $2 and r.source_kind = 'dm' and r.owner is null
       and r.state in ('new', 'unposted') order by r.id desc limit 1 for no key update of r`,
    [channel, asker],
  );
}

/** The asker's requests from DMs that wait for them, locked, at most two: one is an answer's home, two are not. */
export async function lockWaitingForAsker(
  db: Db,
  channel: string,
  asker: string,
): Promise<readonly StoredRequest[]> {
  return locked(
    db,
    'lock-waiting-for-asker',
    `r.conversation_channel = $1 and r.asker = $2 and r.state = 'waiting' order by r.id limit 2 for no key update of r`,
    [channel, asker],
  );
}

/** Stores a request that is new to us; null when its message already is one. The number is given by the database. */
export async function insertRequest(db: Db, request: Omit<Request, 'id'>): Promise<Request | null> {
  const columns = toColumns({ ...request, id: 0 });
  const names = Object.keys(columns);
  const { rows } = await db.query<{ id: number }>({
    name: 'insert-request',
    text: `insert into requests (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')})
      on conflict (coalesce(source_channel, ''), source_ts) do nothing returning id`,
    values: Object.values(columns),
  });
  const id = rows[0]?.id;
  if (id === undefined) return null;
  const inserted = { ...request, id };
  await saveIntervals(db, inserted);
  return inserted;
}

/** Writes every column of a locked request, its intervals and when it is due next. */
export async function saveRequest(
  db: Db,
  request: Request,
  nextDueAt: number | null,
  alarmId: string | null,
): Promise<void> {
  const columns: Readonly<Record<string, unknown>> = {
    ...toColumns(request),
    next_due_at: at(nextDueAt),
    alarm_id: alarmId,
  };
  const names = Object.keys(columns);
  await Promise.all([
    db.query({
      name: 'save-request',
      text: `update requests set ${names.map((name, i) => `${name} = $${i + 2}`).join(', ')} where id = $1`,
      values: [request.id, ...Object.values(columns)],
    }),
    saveIntervals(db, request),
  ]);
}

async function saveIntervals(db: Db, { id, intervals }: Request): Promise<void> {
  await db.query({
    name: 'save-intervals',
    text: `insert into intervals (request_id, kind, started_at, ended_at)
      select $1, * from unnest($2::text[], $3::timestamptz[], $4::timestamptz[])
      on conflict (request_id, kind, started_at) do update set ended_at = excluded.ended_at
      where intervals.ended_at is distinct from excluded.ended_at`,
    values: [
      id,
      intervals.map(({ kind }) => kind),
      intervals.map(({ startedAt }) => at(startedAt)),
      intervals.map(({ endedAt }) => at(endedAt)),
    ],
  });
}

/** Notes where the asker's reply stands; where there was no message, the reply opens the conversation. */
export async function saveAskerReply(
  db: Db,
  id: number,
  reply: Posted | null,
  opensConversation: boolean,
): Promise<void> {
  await db.query({
    name: 'save-asker-reply',
    text: `update requests set reply_channel = $2, reply_ts = $3,
      conversation_channel = case when $4 then $2 else conversation_channel end,
      conversation_ts = case when $4 then $3 else conversation_ts end where id = $1`,
    values: [id, reply?.channel ?? null, reply?.ts ?? null, opensConversation],
  });
}

/** Open requests of these queues, the oldest first. */
export function openInQueues(db: Db, queues: readonly string[]): Promise<readonly Request[]> {
  return many(db, 'open-in-queues', `${SELECT} where r.queue = any($1) and ${OPEN} order by r.id`, [queues]);
}

/** Requests that this person asked and that still count: open, unposted or resolved; the oldest first. */
export function askedBy(db: Db, asker: string): Promise<readonly Request[]> {
  return many(
    db,
    'asked-by',
    `${SELECT} where r.asker = $1 and r.state not in ('closed', 'duplicate', 'not_request', 'declined', 'withdrawn') order by r.id`,
    [asker],
  );
}

/** Numbers of the requests that this person owns in these queues and that they would lose: open or resolved. */
export async function ownedBy(db: Db, owner: string, queues: readonly string[]): Promise<readonly number[]> {
  const { rows } = await db.query<{ id: number }>({
    name: 'owned-by',
    text: `select id from requests where owner = $1 and queue = any($2) and state in ('new', 'in_progress', 'waiting', 'on_hold', 'resolved') order by id`,
    values: [owner, queues],
  });
  return rows.map(({ id }) => id);
}

/** Requests that are due without an alarm that could ring: what the sweep sends anew. A hundred at most. */
export async function overdueAlarms(db: Db, before: number): Promise<readonly number[]> {
  // The limit is no parameter: with one PostgreSQL plans this anew each time.
  const text = 'select id from requests where next_due_at < $1 order by next_due_at limit 100';
  const { rows } = await db.query<{ id: number }>({ name: 'overdue-alarms', text, values: [at(before)] });
  return rows.map(({ id }) => id);
}

/** Where a request's words stand in Slack: what a catch-up reads again. */
export interface Followed {
  readonly id: number;
  readonly sourceChannel: string | null;
  readonly sourceTs: string;
  readonly sourceThreadTs: string | null;
  readonly conversationChannel: string | null;
  readonly conversationTs: string | null;
  readonly cardChannel: string | null;
  readonly cardTs: string | null;
  readonly isMirrored: boolean;
  /** Threads of which something is kept that people wrote there; one may be under a card that it has left or that is gone. */
  readonly postedIn: readonly { readonly channel: string; readonly threadTs: string }[];
  readonly queue: string;
  readonly owner: string | null;
}

/** Requests in whose conversations something can still happen: neither closed, nor gone by an exit before `undoSince`. */
export async function followedRequests(db: Db, undoSince: number): Promise<readonly Followed[]> {
  const { rows } = await db.query<{
    id: number;
    source_channel: string | null;
    source_ts: string;
    source_thread_ts: string | null;
    conversation_channel: string | null;
    conversation_ts: string | null;
    card_channel: string | null;
    card_ts: string | null;
    is_mirrored: boolean;
    posted_in: { channel: string; threadTs: string }[];
    queue: string;
    owner: string | null;
  }>({
    name: 'followed-requests',
    text: `select id, source_channel, source_ts, source_thread_ts, conversation_channel, conversation_ts, card_channel, card_ts, is_mirrored, queue, owner,
        coalesce((select jsonb_agg(distinct jsonb_build_object('channel', channel, 'threadTs', thread_ts))
          from messages where request_id = requests.id and thread_ts is not null), '[]') as posted_in
      from requests where state <> 'closed'
        and (state not in ('duplicate', 'not_request', 'declined', 'withdrawn') or state_since > $1) order by id`,
    values: [at(undoSince)],
  });
  return rows.map((row) => ({
    id: row.id,
    sourceChannel: row.source_channel,
    sourceTs: row.source_ts,
    sourceThreadTs: row.source_thread_ts,
    conversationChannel: row.conversation_channel,
    conversationTs: row.conversation_ts,
    cardChannel: row.card_channel,
    cardTs: row.card_ts,
    isMirrored: row.is_mirrored,
    postedIn: row.posted_in,
    queue: row.queue,
    owner: row.owner,
  }));
}

/** Numbers of a queue's late captures that nobody has been told of yet. */
export async function unannounced(db: Db, queue: string): Promise<readonly number[]> {
  const { rows } = await db.query<{ id: number }>({
    name: 'unannounced',
    text: `select id from requests where queue = $1 and late = 'unannounced' order by id`,
    values: [queue],
  });
  return rows.map(({ id }) => id);
}

export async function isAnyUnannounced(db: Db): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'is-any-unannounced',
    text: `select 1 from requests where late = 'unannounced' limit 1`,
  });
  return rowCount === 1;
}

export interface Strays {
  readonly queue: string;
  readonly ids: readonly number[];
  /** Where their cards stand. */
  readonly cardChannels: readonly string[];
}

/** Requests that can still be acted on, in queues of other names than these. `undoSince`: exits since then can be undone. */
export async function strayRequests(
  db: Db,
  names: readonly string[],
  undoSince: number,
): Promise<readonly Strays[]> {
  const { rows } = await db.query<{ queue: string; ids: number[]; channels: string[] }>({
    name: 'stray-requests',
    text: `select queue, array_agg(id order by id) as ids,
        array_remove(array_agg(distinct card_channel), null) as channels
      from requests
      where queue <> all($1) and state <> 'closed'
        and (state not in ('duplicate', 'not_request', 'declined', 'withdrawn') or state_since > $2)
      group by queue order by queue`,
    values: [names, at(undoSince)],
  });
  return rows.map(({ queue, ids, channels }) => ({ queue, ids, cardChannels: channels }));
}

/** The queue goes by another name from now on. */
export async function renameQueue(db: Db, from: string, to: string): Promise<void> {
  await db.query({
    name: 'rename-queue',
    text: 'update requests set queue = $2 where queue = $1',
    values: [from, to],
  });
}

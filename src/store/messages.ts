/** SQL verbs of `messages`: what people wrote in a request's conversation, and its copies on the other side. */
import type { FileName, Posted } from '../domain/request.ts';
import type { Db } from './pool.ts';

export interface ConversationMessage {
  readonly channel: string;
  readonly ts: string;
  /** Null at the top of its channel. */
  readonly threadTs: string | null;
  readonly requestId: number;
  readonly author: string;
  readonly role: 'part' | 'reply' | 'note';
  readonly text: string;
  readonly files: readonly FileName[];
  readonly isInside: boolean;
  readonly isDeleted: boolean;
  readonly copy: Posted | null;
}

interface Row {
  readonly channel: string;
  readonly ts: string;
  readonly thread_ts: string | null;
  readonly request_id: number;
  readonly author: string;
  readonly role: 'part' | 'reply' | 'note';
  readonly body: string;
  readonly files: readonly FileName[];
  readonly is_inside: boolean;
  readonly is_deleted: boolean;
  readonly copy_channel: string | null;
  readonly copy_ts: string | null;
}

function toMessage(row: Row): ConversationMessage {
  return {
    channel: row.channel,
    ts: row.ts,
    threadTs: row.thread_ts,
    requestId: row.request_id,
    author: row.author,
    role: row.role,
    text: row.body,
    files: row.files,
    isInside: row.is_inside,
    isDeleted: row.is_deleted,
    copy:
      row.copy_channel === null || row.copy_ts === null
        ? null
        : { channel: row.copy_channel, ts: row.copy_ts },
  };
}

/** Stores a message; false when it is known already. */
export async function insertMessage(
  db: Db,
  message: Omit<ConversationMessage, 'isDeleted' | 'copy'>,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'insert-message',
    text: `insert into messages (channel, ts, thread_ts, request_id, author, role, body, files, is_inside)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (channel, ts) do nothing`,
    values: [
      message.channel,
      message.ts,
      message.threadTs,
      message.requestId,
      message.author,
      message.role,
      message.text,
      JSON.stringify(message.files),
      message.isInside,
    ],
  });
  return rowCount === 1;
}

/** One message; null when it is not part of any conversation. */
export async function readMessage(db: Db, channel: string, ts: string): Promise<ConversationMessage | null> {
  const { rows } = await db.query<Row>({
    name: 'read-message',
    text: 'select * from messages where channel = $1 and ts = $2',
    values: [channel, ts],
  });
  return rows[0] === undefined ? null : toMessage(rows[0]);
}

/** All messages of one role of a request, in order of time. */
export async function messagesOf(
  db: Db,
  requestId: number,
  role: ConversationMessage['role'],
): Promise<readonly ConversationMessage[]> {
  const { rows } = await db.query<Row>({
    name: 'messages-of',
    text: 'select * from messages where request_id = $1 and role = $2 order by ts',
    values: [requestId, role],
  });
  return rows.map(toMessage);
}

/** An edit by its author. What was deleted, or is no longer kept, stays so. */
export async function editMessage(
  db: Db,
  channel: string,
  ts: string,
  text: string,
  files: readonly FileName[],
  isInside: boolean,
): Promise<void> {
  await db.query({
    name: 'edit-message',
    text: 'update messages set body = $3, files = $4, is_inside = $5 where channel = $1 and ts = $2 and not is_deleted',
    values: [channel, ts, text, JSON.stringify(files), isInside],
  });
}

/** Its author deleted it: the text goes, that it was there stays. */
export async function blankMessage(db: Db, channel: string, ts: string): Promise<void> {
  await db.query({
    name: 'blank-message',
    text: `update messages set body = '', files = '[]', is_deleted = true where channel = $1 and ts = $2`,
    values: [channel, ts],
  });
}

/**
 * Takes a message out of a request altogether: it becomes one of its own.
 * @returns where its copy stands, as it is known in the moment of the removal
 */
export async function removeMessage(db: Db, channel: string, ts: string): Promise<Posted | null> {
  const { rows } = await db.query<Row>({
    name: 'remove-message',
    text: 'delete from messages where channel = $1 and ts = $2 returning *',
    values: [channel, ts],
  });
  return rows[0] === undefined ? null : toMessage(rows[0]).copy;
}

/** Notes where the copy of a message stands; null when it was taken away. False when the message is in no conversation. */
export async function saveCopy(db: Db, channel: string, ts: string, copy: Posted | null): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'save-copy',
    text: 'update messages set copy_channel = $3, copy_ts = $4 where channel = $1 and ts = $2',
    values: [channel, ts, copy?.channel ?? null, copy?.ts ?? null],
  });
  return rowCount === 1;
}

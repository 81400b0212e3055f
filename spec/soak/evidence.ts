/** What a soak has left behind: in the database, in Slack, and in the model. Read once, when all is quiet. */
import type { TimelineLine } from '../../src/domain/effects.ts';
import type { Queue } from '../../src/domain/queue.ts';
import type { Request } from '../../src/domain/request.ts';
import type { Pool } from '../../src/store/pool.ts';
import { readRequest } from '../../src/store/requests.ts';
import type { MessageRef } from '../workspace/people.ts';
import type { CallRecord } from '../workspace/web-api.ts';
import { asText, isJson, type Json } from '../workspace/wire.ts';
import type { Stage } from './stage.ts';

/**
 * How long the app may not know what happened in Slack (somebody left, a message was deleted): Slack's retries, or, where it
 * gave up, the catch-up's turn, which may take a minute and a failed call more; and a call under way.
 */
export const UNHEARD_MS = 120_000;

/** What is wrong, and with what: messages as `channel:ts`, requests as `#12`, words. */
export interface Finding {
  readonly check: string;
  readonly what: string;
  readonly about: readonly string[];
}

export interface StoredMessage {
  readonly channel: string;
  readonly ts: string;
  readonly requestId: number;
  readonly role: string;
  readonly isInside: boolean;
  readonly isDeleted: boolean;
  readonly copy: { readonly channel: string; readonly ts: string } | null;
}

export interface InboxRow {
  readonly eventId: string;
  readonly key: string | null;
  readonly subject: string | null;
  readonly isDone: boolean;
  readonly outcome: string | null;
  readonly reason: string | null;
}

/** One message of ours that Slack took, even if its answer was lost. */
export interface Post {
  readonly key: string | null;
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly body: Json;
  readonly at: number;
  /** Nobody sees what stands under a message that was deleted before. */
  readonly isSeen: boolean;
}

export interface Line extends TimelineLine {
  /** When its transaction had committed (epoch ms); `at` is when its handler began. */
  readonly committedAt: number;
}

export interface Evidence extends Stage {
  readonly pool: Pool;
  readonly queues: ReadonlyMap<string, Queue>;
  readonly defaultQueue: Queue;
  readonly requests: readonly Request[];
  /** By request, in the order in which they were committed. */
  readonly timelines: ReadonlyMap<number, readonly Line[]>;
  readonly messages: readonly StoredMessage[];
  /** Cards that were deleted, by request. */
  readonly lostCards: ReadonlyMap<number, readonly MessageRef[]>;
  readonly inbox: readonly InboxRow[];
  readonly outbox: readonly {
    readonly key: string;
    readonly requestId: number | null;
    readonly error: string | null;
  }[];
  readonly posts: readonly Post[];
}

export async function gather(
  stage: Stage,
  pool: Pool,
  { queues, defaultQueue }: Pick<Evidence, 'queues' | 'defaultQueue'>,
): Promise<Evidence> {
  const all = async <R extends Record<string, unknown>>(text: string): Promise<readonly R[]> =>
    (await pool.query<R>(text)).rows;
  const requests: Request[] = [];
  for (const { id } of await all<{ id: number }>('select id from requests order by id')) {
    const stored = await readRequest(pool, id);
    if (stored !== null) requests.push(stored.request);
  }
  const lines = await all<Line & { request_id: number } & Record<string, unknown>>(
    `select request_id, at, actor, what, pg_xact_commit_timestamp(xmin) as "committedAt" from timeline order by id`,
  );
  const messages = await all<{
    channel: string;
    ts: string;
    request_id: number;
    role: string;
    is_inside: boolean;
    is_deleted: boolean;
    copy_channel: string | null;
    copy_ts: string | null;
  }>('select channel, ts, request_id, role, is_inside, is_deleted, copy_channel, copy_ts from messages');
  const inbox = await all<{
    event_id: string;
    key: string | null;
    subject: string | null;
    done: boolean;
    outcome: string | null;
    reason: string | null;
  }>('select event_id, key, subject, done_at is not null as done, outcome, reason from inbox');
  const lost = await all<{ channel: string; ts: string; requestId: number }>(
    'select channel, ts, request_id as "requestId" from lost_cards',
  );
  const outbox = await all<{ key: string; request_id: number | null; last_error: string | null }>(
    'select key, request_id, last_error from outbox',
  );
  return {
    ...stage,
    pool,
    queues,
    defaultQueue,
    requests,
    timelines: Map.groupBy(lines, (line) => line.request_id),
    messages: messages.map((row) => ({
      channel: row.channel,
      ts: row.ts,
      requestId: row.request_id,
      role: row.role,
      isInside: row.is_inside,
      isDeleted: row.is_deleted,
      copy:
        row.copy_channel === null || row.copy_ts === null
          ? null
          : { channel: row.copy_channel, ts: row.copy_ts },
    })),
    lostCards: Map.groupBy(lost, ({ requestId }) => requestId),
    inbox: inbox.map((row) => ({
      eventId: row.event_id,
      key: row.key,
      subject: row.subject,
      isDone: row.done,
      outcome: row.outcome,
      reason: row.reason,
    })),
    outbox: outbox.map((row) => ({ key: row.key, requestId: row.request_id, error: row.last_error })),
    posts: stage.slack.calls().flatMap((call) => toPost(stage, call)),
  };
}

function toPost({ slack }: Stage, { method, body, answer, at }: CallRecord): readonly Post[] {
  if (method !== 'chat.postMessage' || answer?.['ok'] !== true) return [];
  const metadata = isJson(body['metadata']) ? body['metadata']['event_payload'] : undefined;
  const key = isJson(metadata) && typeof metadata['key'] === 'string' ? metadata['key'] : null;
  const [channel, ts] = [asText(answer['channel']), asText(answer['ts'])];
  const threadTs = body['thread_ts'];
  const isSeen =
    threadTs === undefined || slack.world.channels.get(channel)?.byTs.has(asText(threadTs)) === true;
  return [{ key, channel, ts, text: asText(body['text']), body, at, isSeen }];
}

/** Messages (`channel:ts`) of which Slack gave up telling that they were changed, or deleted. */
export function untold(
  { slack }: Pick<Stage, 'slack'>,
  subtype: 'message_changed' | 'message_deleted',
): ReadonlySet<string> {
  return new Set(
    slack.lost().flatMap(({ event }) => {
      if (!isJson(event) || event['subtype'] !== subtype) return [];
      const changed = isJson(event['message']) ? event['message']['ts'] : event['deleted_ts'];
      return [`${asText(event['channel'])}:${asText(changed)}`];
    }),
  );
}

export function whats(evidence: Evidence, id: number): readonly string[] {
  return (evidence.timelines.get(id) ?? []).map(({ what }) => what);
}

/** What names a request in the story: its number, its source, its card. */
export function aboutRequest({ id, source, card }: Request): readonly string[] {
  return [
    `#${id}`,
    ...(source.channel === null ? [] : [`${source.channel}:${source.ts}`]),
    ...(card === null ? [] : [`${card.channel}:${card.ts}`]),
  ];
}

/** What TrIAge wrote about a request in Slack, with the keys by which it knows its own writes again. */
import type { Posted, Request } from '../../../src/domain/request.ts';
import type { OutboxEffect } from '../../../src/store/outbox.ts';
import type { Db } from '../../../src/store/pool.ts';
import type { LocalSlack } from '../local-slack.ts';
import type { CallRecord } from '../web-api.ts';
import { asText } from '../wire.ts';
import type { World } from '../world.ts';
import { blockKey, postKey, requestOfKey } from './keys.ts';
import { place, quoted } from './plain-text.ts';
import type { ExplainedLine } from './wire.ts';

/** In the order in which they were called; each attempt is a line. */
export function writesOf(slack: LocalSlack, request: Request): readonly ExplainedLine[] {
  const own = placesOf(request);
  /** The keys of its posts, by where they stand: a deletion names no key, and a copy's own names no request. */
  const standing = new Map<string, string>();
  return slack.calls().flatMap((call) => {
    const where = placeOf(call);
    const key = call.method === 'chat.delete' ? standing.get(where) : keyOf(call);
    if (key === undefined) return [];
    const isAbout = requestOfKey(key) === request.id || standing.has(where) || isIn(own, call, key);
    if (!isAbout) return [];
    if (call.method === 'chat.postMessage') standing.set(where, key);
    return [
      { at: call.at, kind: 'write', what: wordsOf(slack.world, call), by: null, key, isPending: false },
    ];
  });
}

function keyOf({ method, body }: CallRecord): string | undefined {
  if (method === 'chat.postMessage') return postKey(body['metadata']) ?? undefined;
  return method === 'chat.update' ? (blockKey(body['blocks']) ?? undefined) : undefined;
}

/** Where the message of a call stands. */
function placeOf({ method, body, answer }: CallRecord): string {
  const { channel, ts } = method === 'chat.postMessage' ? (answer ?? {}) : body;
  return `${asText(channel)}:${asText(ts)}`;
}

/** Copies of what people wrote have their events' keys: theirs is the request in whose threads they stand. */
function isIn(own: ReadonlySet<string>, { body }: CallRecord, key: string): boolean {
  const thread = body['thread_ts'];
  return (
    requestOfKey(key) === null &&
    thread !== undefined &&
    own.has(`${asText(body['channel'])}:${asText(thread)}`)
  );
}

function placesOf({ card, leftCards, conversation, source }: Request): ReadonlySet<string> {
  const heads: readonly Partial<Record<keyof Posted, string | null>>[] = [
    ...(card === null ? [] : [card]),
    ...leftCards,
    { channel: conversation.channel, ts: conversation.threadTs },
    { channel: source.channel, ts: source.threadTs },
  ];
  return new Set(heads.map(({ channel, ts }) => `${channel}:${ts}`));
}

function wordsOf(world: World, call: CallRecord): string {
  const { answer, fault } = call;
  const said = didOf(world, call);
  if (answer?.['ok'] === true) return call.status === 200 ? said : `${said} (the answer was lost)`;
  const why = answer === undefined ? (fault?.kind ?? 'no answer') : asText(answer['error']);
  return `${said} (not done: ${why.replaceAll('_', ' ')})`;
}

function didOf(world: World, { method, body }: CallRecord): string {
  const where = place(world, asText(body['channel']));
  const text = quoted(world, asText(body['text'] ?? ''));
  if (method === 'chat.delete') return `deleted a message in ${where}`;
  if (method === 'chat.update') return `edited in ${where}: ${text}`;
  return `${body['thread_ts'] === undefined ? 'wrote in' : 'wrote in a thread of'} ${where}: ${text}`;
}

interface Row {
  readonly key: string;
  readonly effect: OutboxEffect;
  readonly created_at: number;
  readonly last_error: string | null;
}

/** What the outbox still has to write. */
export async function readWaitingWrites(db: Db, world: World, id: number): Promise<readonly ExplainedLine[]> {
  const { rows } = await db.query<Row>({
    name: 'face-waiting-writes',
    text: 'select key, effect, created_at, last_error from outbox where request_id = $1 order by id',
    values: [id],
  });
  return rows.map(({ key, effect, created_at: at, last_error: error }) => ({
    at,
    kind: 'write',
    what: `${toDo(world, effect)}${error === null ? '' : ` (not yet: ${error})`}`,
    by: null,
    key,
    isPending: true,
  }));
}

function toDo(world: World, effect: OutboxEffect): string {
  switch (effect.kind) {
    case 'card':
      return 'is to write or edit the card';
    case 'asker_reply':
      return 'is to write or edit the reply to the asker';
    case 'left_card':
      return 'is to edit the card that it left';
    case 'mirror':
      return `is to copy a message of ${place(world, effect.channel)}`;
    case 'take_back':
      return `is to delete a message in ${place(world, effect.channel)}`;
    case 'say':
      return `is to say: ${effect.saying.kind.replaceAll('_', ' ')}`;
    case 'answer':
      return 'is to answer somebody';
  }
}

/** What Slack told of a request, as far as the inbox still has it. */
import type { Request } from '../../../src/domain/request.ts';
import type { SlackEvent } from '../../../src/slack/event.ts';
import { parseEvent } from '../../../src/slack/parse-event.ts';
import type { Db } from '../../../src/store/pool.ts';
import { plainOf } from '../elements.ts';
import { isJson, isJsonList, type Json } from '../wire.ts';
import type { World } from '../world.ts';
import { handle, plainText, quoted } from './plain-text.ts';
import type { ExplainedLine } from './wire.ts';

interface Row {
  readonly event_id: string;
  /** What happened, by the message and whoever did it; the inbox keeps no more of what came to nothing. */
  readonly key: string | null;
  readonly type: string;
  readonly body: string;
  readonly subject: string | null;
  readonly happened_at: number | null;
  readonly received_at: number;
  readonly done_at: number | null;
  readonly outcome: string | null;
  readonly reason: string | null;
}

/** By the messages that it stands in, and what people pressed, typed and sent that names its number. */
export async function readEvents(db: Db, world: World, request: Request): Promise<readonly ExplainedLine[]> {
  const { rows: posts } = await db.query<{ subject: string }>({
    name: 'face-subjects',
    text: `select channel || ':' || ts as subject from messages where request_id = $1
      union select copy_channel || ':' || copy_ts from messages where request_id = $1 and copy_ts is not null`,
    values: [request.id],
  });
  const subjects = new Set([...posts.map(({ subject }) => subject), ...placesOf(request)]);
  const { rows } = await db.query<Row>({
    name: 'face-events',
    text: `select event_id, key, type, body, subject, happened_at, received_at, done_at, outcome, reason from inbox
      where subject = any($1) or (is_interactive and body ~ $2) order by id limit 1000`,
    values: [[...subjects], `\\m${request.id}\\M`],
  });
  return rows.flatMap((row) => {
    const isAbout = row.subject !== null && subjects.has(row.subject);
    if (row.body === '') {
      const told = isAbout ? toldByKey(row.key ?? '', world, request) : null;
      return told === null ? [] : [lineOf(row, told)];
    }
    const payload = parsed(row.body);
    const event = parseEvent(row.type, payload);
    if (!isAbout && !names(event, request.id)) return [];
    const what = wordsOf(event, isJson(payload) ? payload : {}, world, request);
    return [lineOf(row, { by: 'user' in event ? event.user : null, what })];
  });
}

type Told = Pick<ExplainedLine, 'by' | 'what'>;

/** Null for what TrIAge heard of itself. */
function toldByKey(key: string, world: World, request: Request): Told | null {
  const [kind = '', channel = '', ts = '', user = '', emoji = ''] = key.split(':');
  if (kind === 'reaction+' || kind === 'reaction-')
    return { by: user, what: reacted(kind === 'reaction+', emoji, ts, request) };
  const message = world.channels.get(channel)?.byTs.get(ts);
  if (message?.bot_id === world.botId) return null;
  const by = message?.user ?? null;
  return { by, what: message === undefined ? 'something was told' : `wrote ${quoted(world, message.text)}` };
}

function reacted(isAdded: boolean, emoji: string, ts: string, { card }: Request): string {
  const where = ts === card?.ts ? 'the card' : 'a message';
  return isAdded ? `put :${emoji}: on ${where}` : `took :${emoji}: off ${where}`;
}

function placesOf({ source, conversation, card, leftCards, askerReply }: Request): readonly string[] {
  const places = [
    { channel: source.channel, ts: source.ts },
    { channel: source.channel, ts: source.threadTs },
    { channel: conversation.channel, ts: conversation.threadTs },
    ...(card === null ? [] : [card]),
    ...(askerReply === null ? [] : [askerReply]),
    ...leftCards,
  ];
  return places.flatMap(({ channel, ts }) => (channel === null || ts === null ? [] : [`${channel}:${ts}`]));
}

/** In a button's value (`12`, `take:12`, `12:mark`), a form's metadata, a command's text. */
function names(event: SlackEvent, id: number): boolean {
  if (event.kind === 'button') return new RegExp(`^(\\w+:)?${id}(:|$)`).test(event.value);
  if (event.kind === 'submission') return event.privateMetadata === String(id);
  // The number after the verb, or any with a #; the text of a new request may have whatever numbers.
  return (
    event.kind === 'command' &&
    new RegExp(`^\\s*(?!new\\s)\\S+\\s+(${id}(\\s|$)|(.*\\s)?#${id}\\b)`).test(event.text)
  );
}

function lineOf(row: Row, { by, what }: Told): ExplainedLine {
  return {
    at: row.happened_at ?? row.received_at,
    kind: 'event',
    what: what + outcomeOf(row),
    by,
    key: row.event_id,
    isPending: row.done_at === null,
  };
}

function wordsOf(event: SlackEvent, payload: Json, world: World, request: Request): string {
  switch (event.kind) {
    case 'message':
      return `wrote ${quoted(world, event.text)}`;
    case 'message_changed':
      return `edited a message: ${quoted(world, event.text)}`;
    case 'message_deleted':
      return 'a message was deleted';
    case 'reaction':
      return reacted(event.added, event.emoji, event.ts, request);
    case 'button':
      return pressed(payload, event.actionId, world);
    case 'command':
      return `typed ${plainText(world, `${String(payload['command'])} ${event.text}`)}`;
    case 'message_shortcut':
      return 'used a shortcut of the message';
    case 'submission': {
      const view = isJson(payload['view']) ? payload['view'] : {};
      return `sent the form ${quoted(world, plainOf(view['title']))}`;
    }
    case 'ignored':
      return event.reason;
    case 'global_shortcut':
    case 'member':
    case 'channel':
    case 'person_changed':
    case 'app':
      return event.kind.replaceAll('_', ' ');
  }
}

/** By the words that were on it. */
function pressed(payload: Json, actionId: string, world: World): string {
  const [action = {}] = isJsonList(payload['actions']) ? payload['actions'] : [];
  const { selected_option: option, selected_user: user } = action;
  const words = plainOf(action['text']) || (isJson(option) ? plainOf(option['text']) : '');
  if (words !== '') return `pressed ${quoted(world, words)}`;
  return typeof user === 'string' ? `chose ${handle(world, user)}` : `used ${actionId}`;
}

function outcomeOf({ done_at: doneAt, outcome, reason }: Row): string {
  if (doneAt === null) return ' (waits to be handled)';
  if (outcome === 'handled' || outcome === null) return '';
  if (outcome === 'early') return ' (kept: nothing to do with it yet)';
  return reason === null ? ` (${outcome})` : ` (${outcome}: ${reason})`;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

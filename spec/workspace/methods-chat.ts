import { checkBlocks } from './block-kit.ts';
import { ApiError, type Call, knownChannel, type Method, type Parts, RateLimited } from './method.ts';
import { type Channel, copy, isJson, isJsonList, type Json, type Message } from './wire.ts';
import type { World } from './world.ts';

/** Longer texts are refused (chat.update allows less than chat.postMessage). */
const MAX_POST = 40_000;
const MAX_UPDATE = 4000;

interface Content {
  readonly text: string | undefined;
  readonly blocks: Json[] | undefined;
  readonly metadata: Json | undefined;
}

function contentOf(call: Call, world: World, maxText: number): Content {
  const text = call.text('text');
  if (text !== undefined && text.length > maxText) throw new ApiError('msg_too_long');
  const blocks = call.json('blocks', 'invalid_blocks_format');
  if (blocks !== undefined) {
    if (!isJsonList(blocks)) throw new ApiError('invalid_blocks_format');
    const problems = checkBlocks(blocks, 'message');
    if (problems.length > 0) {
      throw new ApiError('invalid_blocks', { errors: problems, response_metadata: { messages: problems } });
    }
  }
  const metadata = call.object('metadata', 'invalid_metadata_format');
  if (metadata && (typeof metadata['event_type'] !== 'string' || !isJson(metadata['event_payload']))) {
    throw new ApiError('invalid_metadata_format');
  }
  return { text, blocks: blocks === undefined ? undefined : withBlockIds(blocks, world), metadata };
}

/** Slack names every block that has no name. */
export function withBlockIds(blocks: readonly Json[], world: World): Json[] {
  return blocks.map((block) => copy({ ...block, block_id: block['block_id'] ?? world.nextId('b') }));
}

/** What a message is shown as where only its blocks say something. */
function fallback(content: Content): string {
  return content.text ?? '';
}

/** A channel id, or a person's id for their direct message. */
function target(call: Call, world: World): Channel {
  const id = call.text('channel') ?? '';
  const person = world.people.get(id);
  if (person) {
    if (person.isBot || person.deleted) throw new ApiError('channel_not_found');
    return world.dm(id);
  }
  return knownChannel(call, world);
}

function postable(call: Call, world: World): Channel {
  const channel = target(call, world);
  if (!channel.members.has(world.botUserId)) throw new ApiError('not_in_channel');
  if (channel.isArchived) throw new ApiError('is_archived');
  return channel;
}

/** About one post a second a channel, with the little tolerance that a network needs. */
function pace(channel: Channel, { world, postIntervalMs }: Parts): void {
  if (postIntervalMs <= 0) return;
  const now = performance.now();
  const wait = (world.lastPostAt.get(channel.id) ?? Number.NEGATIVE_INFINITY) + postIntervalMs - now;
  if (wait > Math.min(50, postIntervalMs * 0.1)) throw new RateLimited(Math.max(1, Math.ceil(wait / 1000)));
  world.lastPostAt.set(channel.id, now);
}

/** The bot's own message, without what belongs to one of them only. */
export function botMessage(world: World, text: string): Message {
  return {
    type: 'message',
    user: world.botUserId,
    bot_id: world.botId,
    app_id: world.appId,
    team: world.teamId,
    bot_profile: {
      id: world.botId,
      app_id: world.appId,
      name: 'TrIAge',
      deleted: false,
      team_id: world.teamId,
    },
    text,
    ts: world.nextTs(),
  };
}

export function postAsBot(
  parts: Parts,
  channel: Channel,
  message: Message,
  threadTs?: string,
  broadcast = false,
): void {
  const { world, events } = parts;
  if (threadTs !== undefined) {
    const parent = channel.byTs.get(threadTs);
    if (!parent || (parent.thread_ts !== undefined && parent.thread_ts !== parent.ts)) {
      // Slack takes such a post and shows it to nobody; an app that does this has lost its thread.
      world.complaints.push(`replied to ${channel.id}:${threadTs}, which is no first message of a thread`);
    }
    message.thread_ts = threadTs;
    if (parent?.user !== undefined) message.parent_user_id = parent.user;
    if (broadcast) message.subtype = 'thread_broadcast';
  }
  world.addMessage(channel, message);
  events.message(channel, message);
}

function post(call: Call, parts: Parts): Json {
  const { world } = parts;
  call.need('chat:write');
  const channel = postable(call, world);
  const content = contentOf(call, world, MAX_POST);
  if (content.text === undefined && !content.blocks?.length) throw new ApiError('no_text');
  pace(channel, parts);
  const message = botMessage(world, fallback(content));
  if (content.blocks?.length) message.blocks = content.blocks;
  if (content.metadata) message.metadata = content.metadata;
  postAsBot(parts, channel, message, call.text('thread_ts'), call.flag('reply_broadcast'));
  return { channel: channel.id, ts: message.ts, message: copy(message) };
}

function own(call: Call, world: World, channel: Channel, error: string): Message {
  const message = channel.byTs.get(call.text('ts') ?? '');
  if (!message || message.subtype === 'tombstone') throw new ApiError('message_not_found');
  if (message.bot_id !== world.botId) throw new ApiError(error);
  return message;
}

/** Changes a message of ours in place and tells so, unless nothing has changed. */
export function changeOwn(parts: Parts, channel: Channel, message: Message, content: Partial<Content>): void {
  const { world, events } = parts;
  const before = copy(message);
  if (content.text !== undefined) message.text = content.text;
  if (content.blocks?.length === 0) delete message.blocks;
  else if (content.blocks) message.blocks = content.blocks;
  if (content.metadata) message.metadata = content.metadata;
  message.edited = { user: world.botId, ts: world.nextTs() };
  world.changed();
  const { metadata: _now, ...now } = message;
  const { metadata: _then, ...previous } = before;
  events.hidden(channel, 'message_changed', { message: copy(now), previous_message: previous });
}

function update(call: Call, parts: Parts): Json {
  call.need('chat:write');
  const channel = knownChannel(call, parts.world);
  const message = own(call, parts.world, channel, 'cant_update_message');
  if (channel.isArchived) throw new ApiError('is_archived');
  const content = contentOf(call, parts.world, MAX_UPDATE);
  if (content.text === undefined && content.blocks === undefined) throw new ApiError('no_text');
  changeOwn(parts, channel, message, content);
  return { channel: channel.id, ts: message.ts, text: message.text, message: copy(message) };
}

/** A first message with replies stays as a tombstone; any other is gone. */
export function removeMessage(
  parts: Pick<Parts, 'world' | 'events'>,
  channel: Channel,
  message: Message,
): void {
  const { world, events } = parts;
  const previous = copy(message);
  if (world.replies(channel, message.ts).length === 0) {
    world.removeMessage(channel, message);
    events.hidden(channel, 'message_deleted', { deleted_ts: message.ts, previous_message: previous });
    const parent = channel.byTs.get(message.thread_ts ?? '');
    if (parent?.subtype === 'tombstone' && world.replies(channel, parent.ts).length === 0) {
      removeMessage(parts, channel, parent);
    }
    return;
  }
  for (const field of [
    'blocks',
    'files',
    'metadata',
    'bot_id',
    'app_id',
    'bot_profile',
    'edited',
    'reactions',
  ] as const) {
    delete message[field];
  }
  Object.assign(message, {
    subtype: 'tombstone',
    user: 'USLACKBOT',
    text: 'This message was deleted.',
    hidden: true,
  });
  world.changed();
  events.hidden(channel, 'message_changed', { message: copy(message), previous_message: previous });
}

function remove(call: Call, parts: Parts): Json {
  call.need('chat:write');
  const channel = knownChannel(call, parts.world);
  const message = own(call, parts.world, channel, 'cant_delete_message');
  removeMessage(parts, channel, message);
  return { channel: channel.id, ts: call.text('ts') };
}

function ephemeral(call: Call, parts: Parts): Json {
  const { world } = parts;
  call.need('chat:write');
  const channel = postable(call, world);
  const user = call.text('user') ?? '';
  if (!world.people.has(user)) throw new ApiError('user_not_found');
  if (!channel.members.has(user)) throw new ApiError('user_not_in_channel');
  const content = contentOf(call, world, MAX_POST);
  if (content.text === undefined && !content.blocks?.length) throw new ApiError('no_text');
  const ts = world.nextTs();
  const threadTs = call.text('thread_ts');
  world.ephemerals.push({
    user,
    channel: channel.id,
    ts,
    text: fallback(content),
    blocks: content.blocks ?? [],
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
  });
  world.changed();
  return { message_ts: ts };
}

function permalink(call: Call, { world }: Parts): Json {
  const channel = knownChannel(call, world);
  const ts = call.text('message_ts') ?? '';
  const message = channel.byTs.get(ts);
  if (!message) throw new ApiError('message_not_found');
  const url = `https://${world.teamDomain}.slack.com/archives/${channel.id}/p${ts.replace('.', '')}`;
  const inThread = message.thread_ts !== undefined && message.thread_ts !== ts;
  const permalinkUrl = inThread ? `${url}?thread_ts=${message.thread_ts}&cid=${channel.id}` : url;
  return { channel: channel.id, permalink: permalinkUrl };
}

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': { token: 'bot', run: post },
  'chat.update': { token: 'bot', run: update },
  'chat.delete': { token: 'bot', run: remove },
  'chat.postEphemeral': { token: 'bot', run: ephemeral },
  'chat.getPermalink': { token: 'bot', run: permalink },
};

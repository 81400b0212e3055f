import { ApiError, type Call, knownChannel, type Method, type Parts, page, scopeFor } from './method.ts';
import { type Channel, copy, type Json, type Message } from './wire.ts';
import type { World } from './world.ts';

/** The most that one page of the history holds. */
const MAX_PAGE = 999;

function conversationOf(world: World, channel: Channel, withCount: boolean): Json {
  const created = Math.floor(channel.createdAt / 1000);
  if (channel.isIm) {
    return {
      id: channel.id,
      created,
      is_im: true,
      is_org_shared: false,
      is_archived: false,
      user: channel.imUser,
    };
  }
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !channel.isPrivate,
    is_group: channel.isPrivate,
    is_im: false,
    is_mpim: false,
    is_private: channel.isPrivate,
    is_archived: channel.isArchived,
    is_general: channel.name === 'general',
    is_shared: channel.isExtShared,
    is_ext_shared: channel.isExtShared,
    is_org_shared: false,
    is_pending_ext_shared: false,
    is_member: channel.members.has(world.botUserId),
    created,
    updated: channel.createdAt,
    context_team_id: world.teamId,
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    ...(withCount ? { num_members: channel.members.size } : {}),
  };
}

/** `types=public_channel,private_channel,im`, each with its scope. */
function ofTypes(call: Call, channels: Iterable<Channel>): Channel[] {
  const types = (call.text('types') ?? 'public_channel').split(',').map((each) => each.trim());
  for (const type of types) {
    if (type === 'public_channel') call.need('channels:read');
    else if (type === 'private_channel') call.need('groups:read');
    else if (type === 'im') call.need('im:read');
    else if (type === 'mpim') call.need('mpim:read');
    else throw new ApiError('invalid_types');
  }
  return [...channels].filter(
    (each) => types.includes(typeOf(each)) && !(call.flag('exclude_archived') && each.isArchived),
  );
}

function typeOf(channel: Channel): string {
  if (channel.isIm) return 'im';
  return channel.isPrivate ? 'private_channel' : 'public_channel';
}

function listed(call: Call, world: World, channels: Channel[]): Json {
  const { rows, next } = page(channels, call, Math.min(MAX_PAGE, call.number('limit', 100)));
  return {
    channels: rows.map((each) => conversationOf(world, each, true)),
    response_metadata: { next_cursor: next },
  };
}

function shown(message: Message, call: Call): Json {
  const { metadata, ...rest } = message;
  return copy(metadata && call.flag('include_all_metadata') ? { ...rest, metadata } : rest);
}

function isReply(message: Message): boolean {
  return message.thread_ts !== undefined && message.thread_ts !== message.ts;
}

/** The window of `oldest`, `latest` and `inclusive`; both ends are left out unless `inclusive`. */
function inWindow(call: Call): (message: Message) => boolean {
  const oldest = Number(call.text('oldest') ?? 0);
  const latest = Number(call.text('latest') ?? Number.POSITIVE_INFINITY);
  if (Number.isNaN(oldest)) throw new ApiError('invalid_ts_oldest');
  if (Number.isNaN(latest)) throw new ApiError('invalid_ts_latest');
  const inclusive = call.flag('inclusive');
  return ({ ts }) => {
    const at = Number(ts);
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  };
}

function readable(call: Call, world: World): Channel {
  const channel = knownChannel(call, world);
  call.need(scopeFor(channel, 'history'));
  if (!channel.members.has(world.botUserId)) throw new ApiError('not_in_channel');
  return channel;
}

function history(call: Call, { world }: Parts): Json {
  const channel = readable(call, world);
  const limit = Math.min(MAX_PAGE, call.number('limit', 100));
  if (limit < 1) throw new ApiError('invalid_limit');
  const within = inWindow(call);
  const all = channel.messages.filter(
    (each) => (!isReply(each) || each.subtype === 'thread_broadcast') && within(each),
  );
  // With `oldest` alone Slack pages forward from it, otherwise backward from the newest; each page is newest first.
  const forward = call.text('oldest') !== undefined && call.text('latest') === undefined;
  const { rows, next } = page(forward ? all : all.toReversed(), call, limit);
  return {
    messages: (forward ? rows.toReversed() : rows).map((each) => shown(each, call)),
    has_more: next !== '',
    pin_count: 0,
    ...(next === '' ? {} : { response_metadata: { next_cursor: next } }),
  };
}

function replies(call: Call, { world }: Parts): Json {
  const channel = readable(call, world);
  const ts = call.text('ts') ?? '';
  const parent = channel.byTs.get(ts);
  if (!parent) throw new ApiError('thread_not_found');
  const within = inWindow(call);
  const thread = isReply(parent) ? [] : world.replies(channel, ts);
  const { rows, next } = page(
    thread.filter(within),
    call,
    Math.min(MAX_PAGE, call.number('limit', MAX_PAGE)),
  );
  const first = call.text('cursor') === undefined ? [parent] : [];
  return {
    messages: [...first, ...rows].map((each) => shown(each, call)),
    has_more: next !== '',
    ...(next === '' ? {} : { response_metadata: { next_cursor: next } }),
  };
}

function open(call: Call, { world }: Parts): Json {
  call.need('im:write');
  const users = (call.text('users') ?? '').split(',').filter((each) => each !== '');
  if (users.length > 1) call.need('mpim:write');
  const existing = call.text('channel');
  const user = existing === undefined ? users[0] : (world.channels.get(existing)?.imUser ?? undefined);
  if (existing !== undefined && user === undefined) throw new ApiError('channel_not_found');
  const person = world.people.get(user ?? '');
  if (!person) throw new ApiError(user === undefined ? 'users_list_not_supplied' : 'user_not_found');
  if (person.deleted) throw new ApiError('user_disabled');
  if (person.isBot) throw new ApiError('cannot_dm_bot');
  const isOpen = [...world.channels.values()].some((each) => each.imUser === person.id);
  const channel = world.dm(person.id);
  return {
    ...(isOpen ? { no_op: true, already_open: true } : {}),
    channel: call.flag('return_im') ? conversationOf(world, channel, false) : { id: channel.id },
  };
}

export const conversationMethods: Record<string, Method> = {
  'users.conversations': {
    token: 'bot',
    run: (call, { world }) => {
      const user = call.text('user') ?? world.botUserId;
      if (!world.people.has(user)) throw new ApiError('user_not_found');
      const seen = [...world.channels.values()].filter(
        (each) => each.members.has(user) && (!each.isPrivate || each.members.has(world.botUserId)),
      );
      return listed(call, world, ofTypes(call, seen));
    },
  },
  'conversations.list': {
    token: 'bot',
    run: (call, { world }) => {
      const seen = [...world.channels.values()].filter(
        (each) => !each.isPrivate || each.members.has(world.botUserId),
      );
      return listed(call, world, ofTypes(call, seen));
    },
  },
  'conversations.info': {
    token: 'bot',
    run: (call, { world }) => {
      const channel = knownChannel(call, world);
      call.need(scopeFor(channel, 'read'));
      return { channel: conversationOf(world, channel, call.flag('include_num_members')) };
    },
  },
  'conversations.members': {
    token: 'bot',
    run: (call, { world }) => {
      const channel = knownChannel(call, world);
      call.need(scopeFor(channel, 'read'));
      const { rows, next } = page([...channel.members], call, Math.min(MAX_PAGE, call.number('limit', 100)));
      return { members: rows, response_metadata: { next_cursor: next } };
    },
  },
  'conversations.open': { token: 'bot', run: open },
  'conversations.history': { token: 'bot', run: history },
  'conversations.replies': { token: 'bot', run: replies },
};

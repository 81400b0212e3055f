import { ApiError, type Call, knownChannel, type Method, type Parts } from './method.ts';
import { type Channel, copy, type Json, type Message } from './wire.ts';

/** Adds or takes away somebody's reaction and tells so; answers false when there was nothing to do. */
export function changeReaction(
  parts: Pick<Parts, 'world' | 'events'>,
  user: string,
  channel: Channel,
  message: Message,
  name: string,
  added: boolean,
): boolean {
  const reactions = (message.reactions ??= []);
  let reaction = reactions.find((each) => each.name === name);
  if (added === (reaction?.users.includes(user) ?? false)) return false;
  if (!reaction) {
    reaction = { name, users: [], count: 0 };
    reactions.push(reaction);
  }
  if (added) reaction.users.push(user);
  else reaction.users.splice(reaction.users.indexOf(user), 1);
  reaction.count = reaction.users.length;
  if (reaction.count === 0) reactions.splice(reactions.indexOf(reaction), 1);
  if (reactions.length === 0) delete message.reactions;
  parts.world.changed();
  parts.events.publish(
    {
      type: added ? 'reaction_added' : 'reaction_removed',
      user,
      reaction: name,
      item: { type: 'message', channel: channel.id, ts: message.ts },
      ...(message.user === undefined ? {} : { item_user: message.user }),
      event_ts: parts.world.nextTs(),
    },
    channel,
  );
  return true;
}

function item(call: Call, parts: Parts): { channel: Channel; message: Message } {
  const channel = knownChannel(call, parts.world);
  const message = channel.byTs.get(call.text('timestamp') ?? '');
  if (!message) throw new ApiError('message_not_found');
  return { channel, message };
}

function change(call: Call, parts: Parts, added: boolean): Json {
  call.need('reactions:write');
  const { channel, message } = item(call, parts);
  if (!channel.members.has(parts.world.botUserId)) throw new ApiError('not_in_channel');
  const name = call.text('name');
  if (name === undefined || !/^[a-z0-9_+'-]+$/.test(name)) throw new ApiError('invalid_name');
  if (!changeReaction(parts, parts.world.botUserId, channel, message, name, added)) {
    throw new ApiError(added ? 'already_reacted' : 'no_reaction');
  }
  return {};
}

export const reactionMethods: Record<string, Method> = {
  'reactions.add': { token: 'bot', run: (call, parts) => change(call, parts, true) },
  'reactions.remove': { token: 'bot', run: (call, parts) => change(call, parts, false) },
  'reactions.get': {
    token: 'bot',
    run: (call, parts) => {
      call.need('reactions:read');
      const { channel, message } = item(call, parts);
      return { type: 'message', channel: channel.id, message: copy(message) };
    },
  },
};

/** Events about reactions, members, channels, people and the installation itself. */
import type { ChannelEvent, SlackEvent } from './event.ts';
import { asRecord, flag, id, type JsonRecord, list, text, timestamp } from './json.ts';
import { ignored } from './parse-message.ts';

/** `channel_…` for public and `group_…` for private channels say the same. */
const CHANNEL_CHANGES: Readonly<Record<string, ChannelEvent['change']>> = {
  channel_rename: 'renamed',
  channel_archive: 'archived',
  channel_unarchive: 'unarchived',
  channel_deleted: 'deleted',
  channel_shared: 'shared',
  channel_unshared: 'unshared',
  group_rename: 'renamed',
  group_archive: 'archived',
  group_unarchive: 'unarchived',
  group_deleted: 'deleted',
};

/** Every event that is no message. */
export function parseLifecycle(type: string, event: JsonRecord): SlackEvent {
  switch (type) {
    case 'reaction_added':
      return parseReaction(event, true);
    case 'reaction_removed':
      return parseReaction(event, false);
    case 'member_joined_channel':
      return parseMember(event, true);
    case 'member_left_channel':
      return parseMember(event, false);
    case 'user_change':
    case 'team_join':
      return parsePerson(event);
    case 'app_uninstalled':
      return { kind: 'app', change: 'uninstalled' };
    case 'tokens_revoked':
      return parseRevoked(event);
    default:
      return parseChannel(type, event);
  }
}

function parseReaction(event: JsonRecord, added: boolean): SlackEvent {
  const item = asRecord(event.item);
  if (text(item.type) !== 'message') return ignored('a reaction to something that is no message');
  const channel = id(item.channel);
  const ts = timestamp(item.ts);
  const user = id(event.user);
  const emoji = id(event.reaction)?.split('::')[0];
  if (channel === null || ts === null || user === null || emoji === undefined || emoji === '') {
    return ignored('a reaction without a message, a person or a name');
  }
  return { kind: 'reaction', added, channel, ts, user, emoji, eventTs: timestamp(event.event_ts) ?? ts };
}

function parseMember(event: JsonRecord, joined: boolean): SlackEvent {
  const channel = id(event.channel);
  const user = id(event.user);
  if (channel === null || user === null) return ignored('a member event without a channel or a person');
  return { kind: 'member', joined, channel, user };
}

function parsePerson(event: JsonRecord): SlackEvent {
  const person = asRecord(event.user);
  const user = id(person.id);
  if (user === null) return ignored('a change of a person without an id');
  return { kind: 'person_changed', user, deactivated: flag(person.deleted) };
}

function parseRevoked(event: JsonRecord): SlackEvent {
  const tokens = asRecord(event.tokens);
  // People's own tokens are listed under `oauth`; we have none, and only the bot's matter.
  if (list(tokens.oauth).length > 0 && list(tokens.bot).length === 0)
    return ignored("a person's own token revoked");
  return { kind: 'app', change: 'tokens_revoked' };
}

function parseChannel(type: string, event: JsonRecord): SlackEvent {
  const change = Object.hasOwn(CHANNEL_CHANGES, type) ? CHANNEL_CHANGES[type] : undefined;
  if (change === undefined) return ignored(`event ${type.slice(0, 60)}`);
  // Renames carry the channel as an object, everything else its id.
  const channel = id(event.channel) ?? id(asRecord(event.channel).id);
  if (channel === null) return ignored('a channel event without a channel');
  return { kind: 'channel', change, channel, name: id(asRecord(event.channel).name) };
}

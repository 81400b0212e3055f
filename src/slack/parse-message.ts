/** Messages: of the Events API, of a shortcut's payload and of `conversations.history` alike. */
import type {
  EscapedText,
  IgnoredEvent,
  MessageReaction,
  SlackEvent,
  SlackFile,
  SlackMessage,
} from './event.ts';
import { asRecord, flag, id, isRecord, type JsonRecord, list, number, text, timestamp } from './json.ts';
import { escapedText } from './mrkdwn.ts';

/** Subtypes that are somebody's words. All others are notices of Slack's (joins, topics, pins, huddles, …). */
const SPOKEN = new Set(['file_share', 'thread_broadcast', 'me_message', 'bot_message']);

/** Slackbot posts as a user without a bot id. */
const SLACKBOT = 'USLACKBOT';

/**
 * Reads one message object, whichever way it came.
 * @returns null if it has no timestamp, no author, or is not a message that somebody wrote
 */
export function readMessage(value: unknown): SlackMessage | null {
  const message = asRecord(value);
  const subtype = text(message.subtype);
  if (subtype !== null && !SPOKEN.has(subtype)) return null;
  const ts = timestamp(message.ts);
  const user = id(message.user);
  const botId = readBotId(message, subtype, user);
  if (ts === null || (user === null && botId === null)) return null;
  const threadTs = timestamp(message.thread_ts);
  return {
    ts,
    threadTs: threadTs === ts ? null : threadTs,
    user,
    botId,
    // In a shared channel `team` may be the channel's workspace; `user_team` is always the author's.
    team: id(message.user_team) ?? id(message.source_team) ?? id(message.team),
    text: escaped(message.text),
    files: readFiles(message.files),
  };
}

/** The reactions on a message, one for each person whom Slack names. */
export function readReactions(value: unknown): readonly MessageReaction[] {
  return reactionsByEmoji(value).flatMap(({ emoji, users }) =>
    users.flatMap((user) => {
      const who = id(user);
      return who === null ? [] : [{ user: who, emoji }];
    }),
  );
}

/** The emoji on a message of which Slack does not name everybody who put them there. */
export function reactionsCutShort(value: unknown): ReadonlySet<string> {
  const cut = reactionsByEmoji(value).filter(({ users, count }) => count > users.length);
  return new Set(cut.map(({ emoji }) => emoji));
}

/** Without tones of skin. */
function reactionsByEmoji(
  value: unknown,
): readonly { readonly emoji: string; readonly users: readonly unknown[]; readonly count: number }[] {
  return list(asRecord(value).reactions).flatMap((entry) => {
    const reaction = asRecord(entry);
    const emoji = id(reaction.name)?.split('::')[0];
    if (emoji === undefined) return [];
    return [{ emoji, users: list(reaction.users), count: number(reaction.count) ?? 0 }];
  });
}

/** An event of type `message` or `app_mention`. */
export function parseMessage(event: JsonRecord): SlackEvent {
  const channel = id(event.channel);
  if (channel === null) return ignored('a message without a channel');
  const isDm = text(event.channel_type) === 'im' || channel.startsWith('D');
  const subtype = text(event.subtype);
  if (subtype === 'message_changed') return parseChanged(event, channel, isDm);
  if (subtype === 'message_deleted') return parseDeleted(event, channel);
  if (subtype !== null && !SPOKEN.has(subtype)) return ignored(`message subtype ${subtype.slice(0, 60)}`);
  if (flag(event.hidden) || flag(event.is_ephemeral)) return ignored('a hidden message');
  const message = readMessage(event);
  if (message === null) return ignored('a message without a timestamp or an author');
  return { kind: 'message', channel, isDm, ...message };
}

function parseChanged(event: JsonRecord, channel: string, isDm: boolean): SlackEvent {
  const inner = asRecord(event.message);
  // Slack leaves a tombstone where a message with replies was deleted.
  if (text(inner.subtype) === 'tombstone') return deletedMessage(channel, inner);
  const now = readMessage(inner);
  if (now === null) return ignored('a change of something that is no message');
  const previous = isRecord(event.previous_message) ? event.previous_message : null;
  if (previous !== null && sameContent(now, previous)) return ignored('a change of neither text nor files');
  return {
    kind: 'message_changed',
    channel,
    isDm,
    ts: now.ts,
    threadTs: now.threadTs,
    user: now.user,
    botId: now.botId,
    text: now.text,
    previousText: previous === null ? null : escaped(previous.text),
    files: now.files,
    // The event's own time first: `edited` is not renewed when a file is taken out of a message, and two
    // changes must not share a key.
    editedTs:
      timestamp(event.event_ts) ?? timestamp(event.ts) ?? timestamp(asRecord(inner.edited).ts) ?? now.ts,
  };
}

function parseDeleted(event: JsonRecord, channel: string): SlackEvent {
  const previous = asRecord(event.previous_message);
  return deletedMessage(channel, { ...previous, ts: timestamp(event.deleted_ts) ?? previous.ts });
}

function deletedMessage(channel: string, message: JsonRecord): SlackEvent {
  const ts = timestamp(message.ts);
  if (ts === null) return ignored('a deletion without a timestamp');
  const threadTs = timestamp(message.thread_ts);
  return { kind: 'message_deleted', channel, ts, threadTs: threadTs === ts ? null : threadTs };
}

/** A deletion as it is stored: which message it was, without the text that its author took back. Read, it is the same event. */
export function deletionBody({
  channel,
  ts,
  threadTs,
}: {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | null;
}): string {
  const previous = { ts, ...(threadTs === null ? {} : { thread_ts: threadTs }) };
  const event = {
    type: 'message',
    subtype: 'message_deleted',
    channel,
    deleted_ts: ts,
    previous_message: previous,
  };
  return JSON.stringify({ type: 'event_callback', event });
}

const nameFiles = (files: readonly SlackFile[]): string =>
  JSON.stringify(files.map((file) => [file.id, file.name]));

/** Unfurled links, reply counts and the like change a message too; people did not. */
function sameContent(now: SlackMessage, previous: JsonRecord): boolean {
  return now.text === escaped(previous.text) && nameFiles(now.files) === nameFiles(readFiles(previous.files));
}

function readBotId(message: JsonRecord, subtype: string | null, user: string | null): string | null {
  const botId = id(message.bot_id) ?? id(asRecord(message.bot_profile).id);
  if (botId !== null) return botId;
  if (user === SLACKBOT) return SLACKBOT;
  return subtype === 'bot_message' ? (id(message.app_id) ?? 'unknown') : null;
}

function readFiles(value: unknown): readonly SlackFile[] {
  return list(value).flatMap((entry) => {
    const file = asRecord(entry);
    const fileId = id(file.id);
    if (fileId === null || text(file.mode) === 'tombstone') return [];
    return [
      {
        id: fileId,
        name: text(file.name) ?? text(file.title) ?? 'file',
        bytes: number(file.size),
        type: text(file.pretty_type) ?? text(file.filetype) ?? text(file.mimetype) ?? 'file',
      },
    ];
  });
}

/** Slack escapes `& < >` in every message text; this is the edge where that becomes a type. */
export function escaped(value: unknown): EscapedText {
  return escapedText(text(value) ?? '');
}

export function ignored(reason: string): IgnoredEvent {
  return { kind: 'ignored', reason };
}

/**
 * What Slack has and we were not told of, as the events by which it would have told us. They go into the inbox like any
 * other: what was heard after all is known there by its key, and everything behind the inbox is the same for both.
 */
import { priorityOfText, reactionMeaning } from '../domain/emoji.ts';
import type { FileName } from '../domain/request.ts';
import { identify } from '../slack/identify.ts';
import { asRecord, flag, type JsonRecord, text, timestamp } from '../slack/json.ts';
import { withoutMention } from '../slack/mrkdwn.ts';
import { reactionsCutShort, readMessage, readReactions } from '../slack/parse-message.ts';
import { msToTimestamp } from '../slack/timestamp.ts';
import type { NewEvent } from '../store/inbox.ts';
import type { KnownMessage } from '../store/known-messages.ts';
import type { HeardReaction } from '../store/reactions.ts';

export interface Place {
  readonly channel: string;
  readonly isDm: boolean;
  readonly botUserId: string;
  readonly now: number;
}

/** A message that somebody wrote; null for notices, for what we said, and for what is gone. */
export function missedMessage(place: Place, found: JsonRecord): NewEvent | null {
  const message = readMessage(found);
  if (message === null || message.user === place.botUserId) return null;
  const { edited: _edited, reactions: _reactions, ...written } = found;
  return toEvent({ type: 'message', ...written, ...whereOf(place) });
}

/** An edit of a message that we know; null when it says what we know. */
export function missedEdit(place: Place, found: JsonRecord, known: KnownMessage): NewEvent | null {
  const message = readMessage(found);
  if (message === null || known.isDeleted || message.user === place.botUserId) return null;
  const edited = timestamp(asRecord(found.edited).ts);
  const { priority, rest } = priorityOfText(withoutMention(message.text, place.botUserId));
  const isRewritten = edited !== null && (known.isWhole ? message.text : rest) !== known.text;
  if (!isRewritten && sameFiles(message.files, known.files)) return null;
  // What the text was before is known without the mark that set its priority. Where nobody has set one since, a mark counts.
  const mark = known.priority === 'normal' ? '' : message.text.slice(0, message.text.length - rest.length);
  const previous = priority === null ? known.text : `${mark}${known.text}`;
  return toEvent({
    type: 'message',
    subtype: 'message_changed',
    hidden: true,
    ...whereOf(place),
    message: found,
    previous_message: {
      ...found,
      text: previous,
      files: known.files.map(({ name }) => ({ id: name, name })),
    },
    event_ts: edited ?? msToTimestamp(place.now),
  });
}

/** A message of ours or theirs that is gone. */
export function missedDeletion(place: Place, ts: string, threadTs: string | null): NewEvent | null {
  const previous = threadTs === null ? { ts } : { ts, thread_ts: threadTs };
  return toEvent({
    type: 'message',
    subtype: 'message_deleted',
    hidden: true,
    ...whereOf(place),
    deleted_ts: ts,
    previous_message: previous,
    event_ts: msToTimestamp(place.now),
  });
}

/** True for what Slack leaves where a message with replies was deleted. */
export function isTombstone(found: JsonRecord): boolean {
  return text(found.subtype) === 'tombstone';
}

/** Reactions with a meaning that were added or taken away since we last heard; 🎫 first, for it makes the request. */
export function missedReactions(
  place: Place,
  found: JsonRecord,
  heard: readonly HeardReaction[],
): readonly NewEvent[] {
  const ts = timestamp(found.ts);
  // What stood on a message that was deleted, nobody took away.
  if (ts === null || isTombstone(found)) return [];
  const there = reactionsOf(found).filter(({ user }) => user !== place.botUserId);
  const added = there.filter((each) => !heard.some((known) => isSame(each, known)));
  const cut = reactionsCutShort(found);
  const removed = heard.filter(
    (known) =>
      reactionMeaning(known.emoji) !== 'capture' &&
      !cut.has(known.emoji) &&
      !there.some((each) => isSame(each, known)),
  );
  const captures = added.filter(({ emoji }) => reactionMeaning(emoji) === 'capture');
  const others = added.filter(({ emoji }) => reactionMeaning(emoji) !== 'capture');
  return [
    ...[...captures, ...others].flatMap((each) => reactionEvent(place, ts, each, 'reaction_added') ?? []),
    ...removed.flatMap((each) => reactionEvent(place, ts, each, 'reaction_removed') ?? []),
  ];
}

/** Somebody came into a triage channel or left it. */
export function missedMember(channel: string, user: string, joined: boolean, now: number): NewEvent | null {
  const type = joined ? 'member_joined_channel' : 'member_left_channel';
  return toEvent({ type, user, channel, event_ts: msToTimestamp(now) });
}

/** Somebody was deactivated. */
export function missedDeactivation(user: string, now: number): NewEvent | null {
  return toEvent({ type: 'user_change', user: { id: user, deleted: true }, event_ts: msToTimestamp(now) });
}

/** When the bot itself came into the channel, if that is among these: what was before is none of its business. */
export function joinedAt(messages: readonly JsonRecord[], botUserId: string): string | null {
  const joins = messages.filter(
    ({ subtype, user }) => (subtype === 'channel_join' || subtype === 'group_join') && user === botUserId,
  );
  return timestamp(joins.at(-1)?.ts);
}

/** Threads that have replies. */
export function hasReplies(found: JsonRecord): boolean {
  return typeof found.reply_count === 'number' && found.reply_count > 0 && !flag(found.hidden);
}

/** The newest reply in a message's thread; `0.0` without any. */
export function latestReply(found: JsonRecord): string {
  return timestamp(found.latest_reply) ?? '0.0';
}

function whereOf({ channel, isDm }: Place): JsonRecord {
  return isDm ? { channel, channel_type: 'im' } : { channel };
}

function reactionsOf(found: JsonRecord): readonly HeardReaction[] {
  return readReactions(found).filter(({ emoji }) => reactionMeaning(emoji) !== null);
}

function isSame(one: HeardReaction, other: HeardReaction): boolean {
  return one.user === other.user && one.emoji === other.emoji;
}

/** Slack does not say when it was; that it was heard already is seen by the table of those that were. */
function reactionEvent(
  { channel, now }: Place,
  ts: string,
  { user, emoji }: HeardReaction,
  type: 'reaction_added' | 'reaction_removed',
): NewEvent | null {
  return toEvent({
    type,
    user,
    reaction: emoji,
    item: { type: 'message', channel, ts },
    event_ts: msToTimestamp(now),
  });
}

function sameFiles(found: readonly { readonly name: string }[], known: readonly FileName[]): boolean {
  return namesOf(found) === namesOf(known);
}

function namesOf(files: readonly { readonly name: string }[]): string {
  return JSON.stringify(files.map(({ name }) => name));
}

function toEvent(event: JsonRecord): NewEvent | null {
  const identity = identify('events_api', 'late', { type: 'event_callback', event });
  if (identity.key === null) return null;
  const body = JSON.stringify({ type: 'event_callback', event });
  return { ...identity, eventId: `late:${identity.key}`, type: 'events_api', body, isLate: true };
}

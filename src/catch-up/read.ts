/** One piece of reading after a gap: what a channel or a thread has that we were not told of goes into the inbox. */
import { UNDO_MS } from '../domain/request.ts';
import type { SlackClient } from '../slack/client.ts';
import { type JsonRecord, timestamp } from '../slack/json.ts';
import type { Turn } from '../slack/port.ts';
import { msToTimestamp, timestampToMs } from '../slack/timestamp.ts';
import { addReadings, type Reading } from '../store/hearing.ts';
import { acceptEvents, type NewEvent } from '../store/inbox.ts';
import { type KnownMessage, knownInDm, knownInThread } from '../store/known-messages.ts';
import type { Pool } from '../store/pool.ts';
import { reactionsOn } from '../store/reactions.ts';
import {
  hasReplies,
  isSince,
  isTombstone,
  joinedAt,
  missedDeletion,
  missedEdit,
  missedMessage,
  missedReactions,
  type Place,
} from './missed.ts';

export interface ReaderParts {
  readonly pool: Pool;
  readonly slack: Pick<SlackClient, 'history' | 'thread' | 'message'>;
  readonly botUserId: string;
  /** Slack's allowance for each of the two methods. */
  readonly turns: { readonly history: Turn; readonly replies: Turn };
  readonly wakeInbox: () => void;
}

/** Slack's smallest plan hides what is older than this: then a message that is not there need not be deleted. */
const SHOWN_MS = 90 * 24 * 60 * 60 * 1000;
const ROWS_AT_ONCE = 200;

/** Reads one piece; throws what Slack or the database could not do, and may be repeated. */
export function read(parts: ReaderParts, reading: Reading, now: number): Promise<void> {
  const { channel, threadTs } = reading;
  const place: Place = { channel, isDm: channel.startsWith('D'), botUserId: parts.botUserId, now };
  return threadTs === null
    ? readTop(parts, place, reading.since)
    : readThread(parts, place, threadTs, reading.since);
}

async function readTop(parts: ReaderParts, place: Place, since: number): Promise<void> {
  const { pool, slack, turns } = parts;
  const { channel } = place;
  const sinceTs = msToTimestamp(since);
  // What is known is read first: what is heard while Slack answers is no difference.
  const known = place.isDm ? await knownInDm(pool, channel, place.now - UNDO_MS) : [];
  const oldest = known.map(({ ts }) => ts).reduce((a, b) => (a < b ? a : b), sinceTs);
  const messages = await slack.history({ channel, sinceTs: oldest, turn: turns.history });
  const joined = joinedAt(messages, place.botUserId) ?? '0.0';
  const events: (NewEvent | null)[] = [];
  const threads: Reading[] = [];
  for (const found of messages.filter((each) => isSince(each, joined))) {
    if (isSince(found, sinceTs)) {
      events.push(missedMessage(place, found), ...(await reactionsMissed(parts, place, found)));
      if (hasReplies(found)) threads.push({ channel, threadTs: timestamp(found.ts), since });
    }
  }
  events.push(...(await changesMissed(parts, place, null, messages, known)));
  await accept(parts, events, place.now);
  if (threads.length > 0) await addReadings(pool, threads);
}

async function readThread(parts: ReaderParts, place: Place, threadTs: string, since: number): Promise<void> {
  const { pool, slack, turns } = parts;
  const { channel } = place;
  const sinceTs = msToTimestamp(since);
  const known = await knownInThread(pool, channel, threadTs, place.now - UNDO_MS);
  const messages = await slack.thread({ channel, threadTs, turn: turns.replies });
  if (messages === null) {
    // The first message is gone, and nobody had answered it: a source, or a card of ours.
    if (timestampToMs(threadTs) > place.now - SHOWN_MS)
      await accept(parts, [missedDeletion(place, threadTs, null)], place.now);
    return;
  }
  const events: (NewEvent | null)[] = [];
  for (const found of messages) {
    const isFirst = found.ts === threadTs;
    if (!isFirst && isSince(found, sinceTs)) events.push(missedMessage(place, found));
    const isKnown = isFirst || known.some(({ ts }) => ts === found.ts);
    if (isKnown || isSince(found, sinceTs)) events.push(...(await reactionsMissed(parts, place, found)));
  }
  events.push(...(await changesMissed(parts, place, threadTs, messages, known)));
  await accept(parts, events, place.now);
}

async function reactionsMissed(
  parts: ReaderParts,
  place: Place,
  found: JsonRecord,
): Promise<readonly NewEvent[]> {
  const ts = timestamp(found.ts);
  if (ts === null) return [];
  return missedReactions(place, found, await reactionsOn(parts.pool, place.channel, ts));
}

/** Edits and deletions of what is known; that something is gone is asked once more, for itself. */
async function changesMissed(
  { slack }: ReaderParts,
  place: Place,
  threadTs: string | null,
  messages: readonly JsonRecord[],
  known: readonly KnownMessage[],
): Promise<readonly (NewEvent | null)[]> {
  const { channel, now } = place;
  const events: (NewEvent | null)[] = [];
  for (const one of known.filter(({ isDeleted }) => !isDeleted)) {
    const found = messages.find(({ ts }) => ts === one.ts);
    const within = threadTs === one.ts ? null : threadTs;
    if (found !== undefined && !isTombstone(found)) events.push(missedEdit(place, found, one));
    else if (found !== undefined) events.push(missedDeletion(place, one.ts, within));
    else if (
      timestampToMs(one.ts) > now - SHOWN_MS &&
      (await slack.message({ channel, ts: one.ts }, within)) === null
    )
      events.push(missedDeletion(place, one.ts, within));
  }
  return events;
}

/** Into the inbox, leased to nobody: whoever sweeps it next handles them. */
async function accept(parts: ReaderParts, found: readonly (NewEvent | null)[], now: number): Promise<void> {
  const events = found.filter((event) => event !== null);
  for (let start = 0; start < events.length; start += ROWS_AT_ONCE)
    await acceptEvents(parts.pool, events.slice(start, start + ROWS_AT_ONCE), now, now);
  if (events.length > 0) parts.wakeInbox();
}

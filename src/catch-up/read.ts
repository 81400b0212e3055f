/** One piece of reading after a gap: what a channel or a thread has that we were not told of goes into the inbox. */
import { UNDO_MS } from '../domain/request.ts';
import type { SlackClient } from '../slack/client.ts';
import { type JsonRecord, timestamp } from '../slack/json.ts';
import type { Turn } from '../slack/port.ts';
import { compareTimestamps, msToTimestamp, timestampToMs } from '../slack/timestamp.ts';
import { addReadings, type Reading } from '../store/hearing.ts';
import { acceptEvents, type NewEvent } from '../store/inbox.ts';
import {
  endedThreads,
  type KnownMessage,
  knownAtTop,
  knownInThread,
  plainThreads,
} from '../store/known-messages.ts';
import type { Pool } from '../store/pool.ts';
import { reactionsSince } from '../store/reactions.ts';
import {
  hasReplies,
  isTombstone,
  joinedAt,
  latestReply,
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

/** So far back one page of a channel's history is cheaper than a call for each of its threads. */
const LOOK_BACK_MS = 3 * 24 * 60 * 60 * 1000;

/** Less is written in a DM with the bot, and all of it to the bot, under whatever message there, our own lines included. */
const DM_LOOK_BACK_MS = 30 * 24 * 60 * 60 * 1000;

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
  const { channel, now } = place;
  const sinceTs = msToTimestamp(since);
  const lookBack = since - (place.isDm ? DM_LOOK_BACK_MS : LOOK_BACK_MS);
  const nearTs = msToTimestamp(lookBack);
  // What is known is read first: what is heard while Slack answers is no difference.
  const known = (await knownAtTop(pool, channel, now - UNDO_MS)).filter(
    ({ ts }) => place.isDm || isFrom(ts, nearTs),
  );
  const roots = await plainThreads(pool, channel, now - UNDO_MS);
  const near = roots.filter((ts) => isFrom(ts, nearTs));
  const ended = place.isDm ? [] : await endedThreads(pool, channel, now - UNDO_MS, lookBack);
  const watched = new Set([...near, ...ended.filter((ts) => isFrom(ts, nearTs))]);
  const starts = [...known.map(({ ts }) => ts), ...watched, ...(place.isDm ? [nearTs] : [])];
  const oldest = starts.reduce((a, b) => (isFrom(a, b) ? b : a), sinceTs);
  const heard = await reactionsSince(pool, channel, oldest);
  const messages = await slack.history({ channel, sinceTs: oldest, turn: turns.history });
  const joined = joinedAt(messages, place.botUserId) ?? '0.0';
  const events: (NewEvent | null)[] = [];
  const threads = new Set(roots.filter((ts) => !near.includes(ts)));
  for (const found of messages) {
    const ts = timestamp(found.ts);
    if (ts === null) continue;
    const isNew = isFrom(ts, sinceTs) && isFrom(ts, joined);
    if (isNew) events.push(missedMessage(place, found));
    if (isNew || near.includes(ts) || known.some((one) => one.ts === ts))
      events.push(...missedReactions(place, found, heard.get(ts) ?? []));
    const isWatched = place.isDm || watched.has(ts);
    if ((isNew && hasReplies(found)) || (isWatched && isFrom(latestReply(found), sinceTs))) threads.add(ts);
  }
  events.push(...(await changesMissed(parts, place, null, messages, known)));
  // A first message that is gone may be a card of ours, or have a thread all the same: its thread tells.
  for (const ts of near) if (!messages.some((found) => found.ts === ts)) threads.add(ts);
  await accept(parts, events, now);
  await addReadings(
    pool,
    [...threads].map((threadTs) => ({ channel, threadTs, since })),
  );
}

async function readThread(parts: ReaderParts, place: Place, threadTs: string, since: number): Promise<void> {
  const { pool, slack, turns } = parts;
  const { channel } = place;
  const sinceTs = msToTimestamp(since);
  const known = await knownInThread(pool, channel, threadTs, place.now - UNDO_MS);
  const heard = await reactionsSince(pool, channel, threadTs);
  const messages = await slack.thread({ channel, threadTs, turn: turns.replies });
  if (messages === null) {
    // The first message is gone, and nobody had answered it: a source, or a card of ours.
    if (timestampToMs(threadTs) > place.now - SHOWN_MS)
      await accept(parts, [missedDeletion(place, threadTs, null)], place.now);
    return;
  }
  const events: (NewEvent | null)[] = [];
  for (const found of messages) {
    const ts = timestamp(found.ts);
    if (ts === null) continue;
    const isFirst = ts === threadTs;
    if (!isFirst && isFrom(ts, sinceTs)) events.push(missedMessage(place, found));
    const isKnown = isFirst || known.some((one) => one.ts === ts);
    if (isKnown || isFrom(ts, sinceTs)) events.push(...missedReactions(place, found, heard.get(ts) ?? []));
  }
  events.push(...(await changesMissed(parts, place, threadTs, messages, known)));
  await accept(parts, events, place.now);
}

/** True for a timestamp at or after another. */
function isFrom(ts: string, sinceTs: string): boolean {
  return compareTimestamps(ts, sinceTs) >= 0;
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

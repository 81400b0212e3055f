/** What is noted once a post stands in Slack, in the transaction that finishes its row. */
import type { Posted, Request } from '../../domain/request.ts';
import { laneOf } from '../../queue/lane.ts';
import { saveCard } from '../../store/cards.ts';
import { lockSubject, replayEarlyEvents } from '../../store/inbox.ts';
import { saveCopy } from '../../store/messages.ts';
import {
  appendOutbox,
  type NewOutboxRow,
  type OutboxEffect,
  type OutboxRow,
  type Place,
} from '../../store/outbox.ts';
import { lockRequest, saveAskerReply, saveRequest } from '../../store/requests.ts';
import { afterCommit, type Tx } from '../../store/transaction.ts';
import { type Finished, type Follow, queueOf, type RelayParts } from './parts.ts';
import { recordQuotes } from './quoting.ts';

/** Notes where a row's post stands, whatever has become of the request meanwhile. */
export async function recordPost(
  parts: RelayParts,
  tx: Tx,
  row: OutboxRow,
  place: Posted,
  finished: Finished,
): Promise<void> {
  const { effect, requestId } = row;
  if (effect.kind === 'answer') return recordQuotes(parts, tx, row, place, finished);
  if (requestId === null) return;
  switch (effect.kind) {
    case 'card':
      return recordCard(parts, tx, row, requestId, place);
    case 'asker_reply':
      return recordReply(parts, tx, requestId, place);
    case 'mirror':
      return recordCopy(parts, tx, row, effect, place);
    case 'say':
      return recordQuotes(parts, tx, row, place, finished);
    case 'left_card':
    case 'take_back':
  }
}

/** A post of which it was unknown whether it stands. Its original may have changed since, and is looked at once more. */
export async function recordFound(
  parts: RelayParts,
  tx: Tx,
  row: OutboxRow,
  place: Posted,
  finished: Finished,
): Promise<void> {
  await recordPost(parts, tx, row, place, finished);
  if (row.effect.kind !== 'mirror' || row.requestId === null) return;
  const stored = await lockRequest(tx, row.requestId);
  if (stored === null) return;
  await appendOutbox(tx, [rowFor(parts, stored.request, row.effect, `${row.key}.found`)], parts.clock.now());
}

/** A message that left the conversation while its copy was on the way takes the copy with it. */
async function recordCopy(
  parts: RelayParts,
  tx: Tx,
  row: OutboxRow,
  { channel, ts }: { readonly channel: string; readonly ts: string },
  place: Posted,
): Promise<void> {
  if ((await saveCopy(tx, channel, ts, place)) || row.requestId === null) return;
  const stored = await lockRequest(tx, row.requestId);
  if (stored === null) return;
  const effect = { kind: 'take_back', ...place } as const;
  await appendOutbox(tx, [rowFor(parts, stored.request, effect, `${row.key}.back`)], parts.clock.now());
}

/**
 * Whoever was quicker than our note of where a message of ours stands (a reaction on a card, a reply under it) is heard
 * now.
 */
async function hearEarly(parts: RelayParts, tx: Tx, { channel, ts }: Posted): Promise<void> {
  const subject = `${channel}:${ts}`;
  const [, heard] = await Promise.all([
    lockSubject(tx, subject),
    replayEarlyEvents(tx, subject, 0, parts.clock.now()),
  ]);
  if (heard > 0) afterCommit(tx, () => parts.wakeInbox());
}

async function recordCard(
  parts: RelayParts,
  tx: Tx,
  row: OutboxRow,
  requestId: number,
  place: Posted,
): Promise<void> {
  const [, stored] = await Promise.all([hearEarly(parts, tx, place), lockRequest(tx, requestId)]);
  if (stored === null) return;
  const { request } = stored;
  if (queueOf(parts, request).triageChannel !== place.channel) {
    // It moved while its card was on the way: this one is the card that it left, and has again if it comes back.
    const leftCards = [...request.leftCards, { channel: place.channel, ts: place.ts }];
    await saveRequest(tx, { ...request, leftCards }, stored.nextDueAt, stored.alarmId);
    const effect = { kind: 'left_card', ...place, toQueue: request.queue } as const;
    await appendOutbox(tx, [rowFor(parts, request, effect, `${row.key}.left`)], parts.clock.now());
    return;
  }
  await saveCard(tx, requestId, place);
  if (!request.conversation.isMirrored) return;
  await appendOutbox(tx, [opensRow(parts, { ...request, card: place }, row.key)], parts.clock.now());
}

/** The line in a mirrored card's thread that says so, before anything is written there. */
function opensRow(parts: RelayParts, request: Request, key: string): NewOutboxRow {
  const place = { kind: 'card_thread', broadcast: false } as const;
  const effect = { kind: 'say', place, saying: { kind: 'mirror_opens' } } as const;
  return rowFor(parts, request, effect, `${key}.opens`);
}

/** Where the conversation is a DM that has no thread yet, the reply opens it. */
async function recordReply(parts: RelayParts, tx: Tx, requestId: number, place: Posted): Promise<void> {
  const [, stored] = await Promise.all([hearEarly(parts, tx, place), lockRequest(tx, requestId)]);
  if (stored === null) return;
  const { isMirrored, threadTs } = stored.request.conversation;
  await saveAskerReply(tx, requestId, place, isMirrored && threadTs === null);
}

/** The card is gone from Slack: posted anew, behind what its channel waits for already. */
export const forgetCard =
  (parts: RelayParts, row: OutboxRow, gone: Posted): Follow =>
  async (tx) => {
    const stored = row.requestId === null ? null : await lockRequest(tx, row.requestId);
    if (stored === null) return;
    const isOurs = isSame(stored.request.card, gone);
    if (isOurs) await saveCard(tx, stored.request.id, null);
    const request = isOurs ? { ...stored.request, card: null } : stored.request;
    await appendOutbox(tx, [rowFor(parts, request, row.effect, row.key)], parts.clock.now());
  };

/** The asker's reply is gone from Slack; where it opened the conversation, the next one opens it anew. */
export const forgetReply =
  (parts: RelayParts, row: OutboxRow, gone: Posted): Follow =>
  async (tx) => {
    const stored = row.requestId === null ? null : await lockRequest(tx, row.requestId);
    if (stored === null || !isSame(stored.request.askerReply, gone)) return;
    const { request } = stored;
    const { conversation, source } = request;
    const wasItsHead = conversation.isMirrored && conversation.threadTs === gone.ts;
    await saveAskerReply(tx, request.id, null, wasItsHead);
    // Under a message that its author deleted there is nothing left to answer.
    if (source.isDeleted && !wasItsHead) return;
    const opened = wasItsHead ? { ...conversation, channel: null, threadTs: null } : conversation;
    const next = { ...request, askerReply: null, conversation: opened };
    await appendOutbox(tx, [rowFor(parts, next, row.effect, row.key)], parts.clock.now());
  };

/** Nothing can be said any more where a request's conversation was: it goes on in the asker's DM, in a thread of its own. */
export const moveToDm =
  (parts: RelayParts, row: OutboxRow, from: Place): Follow =>
  async (tx) => {
    const stored = row.requestId === null ? null : await lockRequest(tx, row.requestId);
    if (stored === null) return;
    let { request } = stored;
    const rows: NewOutboxRow[] = [];
    const { channel, threadTs, isMirrored } = request.conversation;
    if (channel === from.channel && threadTs === from.threadTs) {
      const conversation = { channel: null, threadTs: null, isMirrored: true };
      request = { ...request, conversation, askerReply: null };
      await saveRequest(tx, request, stored.nextDueAt, stored.alarmId);
      if (request.card !== null && !isMirrored) rows.push(opensRow(parts, request, row.key));
    }
    rows.push(rowFor(parts, request, row.effect, row.key));
    await appendOutbox(tx, rows, parts.clock.now());
  };

export function rowFor(parts: RelayParts, request: Request, effect: OutboxEffect, key: string): NewOutboxRow {
  const lane =
    effect.kind === 'answer'
      ? `answer:${key}`
      : laneOf(effect, request, queueOf(parts, request).triageChannel);
  return { lane, key, requestId: request.id, effect };
}

function isSame(one: Posted | null, other: Posted): boolean {
  return one !== null && one.channel === other.channel && one.ts === other.ts;
}

/** DMs to the bot: commands, new requests, additions to the last one, and the conversation under each. */
import { priorityOfText } from '../domain/emoji.ts';
import { BURST_MS, isOver } from '../domain/request.ts';
import { queueOf } from '../queue/desk.ts';
import type { MessageEvent } from '../slack/event.ts';
import { mentionsUser } from '../slack/mrkdwn.ts';
import { msToTimestamp, timestampToMs } from '../slack/timestamp.ts';
import { lockSubject } from '../store/inbox.ts';
import { insertMessage, messagesOf, readMessage } from '../store/messages.ts';
import {
  lockNewestUnownedDm,
  lockRequest,
  lockRequestByConversation,
  lockRequestBySource,
  lockWaitingForAsker,
  threadHasRequest,
} from '../store/requests.ts';
import type { StoredRequest } from '../store/rows.ts';
import type { Tx } from '../store/transaction.ts';
import { askingIn, notInThisVersion, tell } from './answering.ts';
import { isCommand, parseAt } from './command-text.ts';
import { converse } from './conversation.ts';
import { EARLY, HANDLED, type Handled, type HandlerContext } from './handler.ts';
import { captureMessage, fileNames, type Placed, placeOf, replayEarly } from './intake.ts';
import { retextFromParts } from './parts.ts';
import { shownMessage } from './shown-message.ts';
import { runCommand } from './verbs.ts';

export type PersonsMessage = MessageEvent & { readonly user: string };

export async function handleDirectMessage(
  message: PersonsMessage,
  context: HandlerContext,
): Promise<Handled> {
  return message.threadTs === null || message.threadTs === message.ts
    ? atTop(message, context)
    : inThread(message, message.threadTs, context);
}

async function atTop(message: PersonsMessage, context: HandlerContext): Promise<Handled> {
  const { bot, directory, desk } = context;
  const { zone } = await directory.person(message.user);
  const reading = { botUser: bot.userId, now: context.now, zone };
  const parsed = parseAt(message.text, { isDm: true, threadTs: null }, reading);
  const asking = askingIn(message.user, { channel: message.channel, isDm: true, threadTs: null });
  if (parsed.kind === 'not_yet') {
    return context.commit(async (tx) => {
      await tell(context, tx, asking, notInThisVersion(parsed.verb));
      return HANDLED;
    });
  }
  if (parsed.kind === 'command' && parsed.command.kind !== 'new') {
    const { command } = parsed;
    return context.commit(async (tx) => {
      await runCommand(context, tx, command, { ...asking, here: null, channel: message.channel });
      return HANDLED;
    });
  }
  const placed = await placeOf(context, message, desk.defaultQueue);
  return context.commit(async (tx) => {
    // Another daemon may be at this person's message before.
    await lockSubject(tx, message.channel);
    const isNewByCommand = parsed.kind === 'command';
    const home = isNewByCommand ? null : await homeOf(tx, message);
    if (home !== null) return addTo(context, tx, home, message);
    await captureMessage(context, tx, {
      message,
      kind: 'dm',
      queue: desk.defaultQueue,
      placed,
      by: message.user,
      continues: null,
    });
    return HANDLED;
  });
}

/** The earlier request that a new DM belongs to: the only one that waits for its asker, or one asked just before. */
async function homeOf(tx: Tx, message: PersonsMessage): Promise<StoredRequest | null> {
  if ((await lockRequestBySource(tx, message.channel, message.ts)) !== null) return null;
  const waiting = await lockWaitingForAsker(tx, message.channel, message.user);
  if (waiting.length === 1 && waiting[0] !== undefined) return waiting[0];
  const last = await lockNewestUnownedDm(tx, message.channel, message.user);
  if (last === null) return null;
  const parts = await messagesOf(tx, last.request.id, 'part');
  const lastTs = parts.at(-1)?.ts ?? last.request.source.ts;
  const gap = timestampToMs(message.ts) - timestampToMs(lastTs);
  return Math.abs(gap) <= BURST_MS && last.request.source.text !== null ? last : null;
}

async function addTo(
  context: HandlerContext,
  tx: Tx,
  home: StoredRequest,
  message: PersonsMessage,
): Promise<Handled> {
  const { request } = home;
  const asking = askingIn(message.user, { channel: message.channel, isDm: true, threadTs: message.ts });
  if (request.state === 'waiting') {
    await converse(context, tx, home, { message, role: 'reply', isUnderCard: false });
  } else {
    await addPart(context, tx, home, message);
  }
  await tell(context, tx, asking, {
    kind: 'merged',
    id: request.id,
    channel: message.channel,
    ts: message.ts,
  });
  return HANDLED;
}

/** Adds a message to the text of an unowned request; from now on its text is the sum of its parts. */
async function addPart(
  context: HandlerContext,
  tx: Tx,
  home: StoredRequest,
  message: PersonsMessage,
): Promise<void> {
  const { request } = home;
  const { source } = request;
  if ((await messagesOf(tx, request.id, 'part')).length === 0) {
    await insertMessage(tx, {
      // What came by a form or a command has no message; its place among the parts is that of its time.
      channel: source.channel ?? `request:${request.id}`,
      ts: source.channel === null ? msToTimestamp(request.openedAt) : source.ts,
      threadTs: source.threadTs === source.ts ? null : source.threadTs,
      requestId: request.id,
      author: request.asker,
      role: 'part',
      text: request.unshownText ?? source.text ?? '',
      files: source.files,
      isInside: false,
    });
  }
  const added = await insertMessage(tx, {
    channel: message.channel,
    ts: message.ts,
    threadTs: message.threadTs,
    requestId: request.id,
    author: message.user,
    role: 'part',
    text: message.text,
    files: fileNames(message.files),
    isInside: false,
  });
  if (!added) return;
  await replayEarly(context, tx, message);
  await retextFromParts(context, tx, home, message.user, priorityOfText(message.text).priority);
}

async function inThread(
  message: PersonsMessage,
  threadTs: string,
  context: HandlerContext,
): Promise<Handled> {
  const { bot, directory, desk } = context;
  const { zone } = await directory.person(message.user);
  const isMention = mentionsUser(message.text, bot.userId);
  const reading = { botUser: bot.userId, now: context.now, zone };
  const parsed = parseAt(message.text, { isDm: true, threadTs }, reading);
  const placed: Placed = await placeOf(context, message, desk.defaultQueue);
  const root = (await threadHasRequest(context.db, message.channel, threadTs))
    ? null
    : await shownMessage(context, { channel: message.channel, ts: threadTs });
  return context.commit(async (tx) => {
    const stored = await requestOfThread(tx, message.channel, threadTs);
    const asking = askingIn(message.user, { channel: message.channel, isDm: true, threadTs });
    if (parsed.kind === 'not_yet') {
      await tell(context, tx, asking, notInThisVersion(parsed.verb));
      return HANDLED;
    }
    if (parsed.kind === 'command' && parsed.command.kind !== 'new') {
      await runCommand(context, tx, parsed.command, { ...asking, here: stored, channel: message.channel });
      return HANDLED;
    }
    // The thread's first message may not have come yet; but what stands under a line of ours, or under a command, is a
    // request of its own.
    const isCommandsThread =
      root !== null && isCommand(parseAt(root.text, { isDm: true, threadTs: null }, reading));
    if (stored === null && root?.user !== bot.userId && !isCommandsThread) return EARLY;
    if (stored === null || isOver(stored.request, context.now)) {
      await captureMessage(context, tx, {
        message,
        kind: 'dm',
        queue: stored === null ? desk.defaultQueue : queueOf(desk, stored.request),
        placed,
        by: message.user,
        continues: stored === null ? null : stored.request.id,
      });
      return HANDLED;
    }
    if (stored.request.state === 'unposted' && message.user === stored.request.asker) {
      // Nothing of it is shown yet, so this belongs to the text that its asker is asked about.
      await addPart(context, tx, stored, message);
      return HANDLED;
    }
    await converse(context, tx, stored, { message, role: isMention ? 'note' : 'reply', isUnderCard: false });
    return HANDLED;
  });
}

/** The request of a thread in the DM; under a message that was added to another request, that one. */
async function requestOfThread(tx: Tx, channel: string, threadTs: string): Promise<StoredRequest | null> {
  const own = await lockRequestByConversation(tx, channel, threadTs);
  if (own !== null) return own;
  const added = await readMessage(tx, channel, threadTs);
  return added === null ? null : lockRequest(tx, added.requestId);
}

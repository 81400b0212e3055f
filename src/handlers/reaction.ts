/** 🎫 captures a message; 👀 takes and ✅ resolves the request of a source or a card; taken away they are undone. */
import type { Change } from '../domain/change.ts';
import { type ReactionMeaning, reactionMeaning } from '../domain/emoji.ts';
import { isOver } from '../domain/request.ts';
import { changeRequest } from '../queue/change-request.ts';
import type { ReactionEvent } from '../slack/event.ts';
import { timestampToMs } from '../slack/timestamp.ts';
import { lockRequestByCard } from '../store/cards.ts';
import { noteReaction } from '../store/reactions.ts';
import { lockRequestByConversation, lockRequestBySource } from '../store/requests.ts';
import type { Tx } from '../store/transaction.ts';
import { askingIn, tell, tellRefusal } from './answering.ts';
import { EARLY, HANDLED, type Handled, type HandlerContext, ignored } from './handler.ts';
import { captureMessage, placeOf, sourceOf } from './intake.ts';
import { queueForChannel } from './places.ts';
import { shownMessage } from './shown-message.ts';

export async function handleReaction(event: ReactionEvent, context: HandlerContext): Promise<Handled> {
  const meaning = reactionMeaning(event.emoji);
  if (meaning === null) return ignored('a reaction without a meaning');
  if (event.user === context.bot.userId) return ignored("the bot's own reaction");
  if (meaning === 'capture')
    return event.added ? captureByReaction(event, context) : captureTakenAway(event, context);
  return context.commit(async (tx) => {
    const stored =
      (await lockRequestByCard(tx, event.channel, event.ts)) ??
      (await lockRequestBySource(tx, event.channel, event.ts));
    if (stored === null) return EARLY;
    // What was read after a gap is told after all: since then the same person may have done something else about it.
    if (!(await isNews(event, context, tx))) return ignored('heard of meanwhile');
    const outcome = await changeRequest(
      tx,
      context.desk,
      stored,
      changeOf(meaning, event.added),
      event.user,
      context.now,
    );
    if (outcome.kind === 'refused') {
      const threadTs = stored.request.card?.ts === event.ts ? null : stored.request.source.threadTs;
      const isDm = event.channel.startsWith('D') && stored.request.conversation.channel === event.channel;
      await tellRefusal(
        context,
        tx,
        askingIn(event.user, { channel: event.channel, isDm, threadTs }),
        outcome.refusal,
        stored.request,
      );
    }
    return HANDLED;
  });
}

/** Notes a reaction that was put or taken away. False when that is no news. */
function isNews(
  { channel, ts, user, emoji, added }: ReactionEvent,
  { happenedAt, isLate, now }: HandlerContext,
  tx: Tx,
): Promise<boolean> {
  return noteReaction(tx, { channel, ts, user, emoji, added, happenedAt, isRead: isLate }, now);
}

/** It changes nothing, but when it is put again that is news. */
function captureTakenAway(event: ReactionEvent, context: HandlerContext): Promise<Handled> {
  return context.commit(async (tx) => {
    await isNews(event, context, tx);
    return ignored('🎫 taken away changes nothing');
  });
}

function changeOf(meaning: Exclude<ReactionMeaning, 'capture'>, added: boolean): Change {
  if (!added) return { kind: 'unreact', reaction: meaning };
  return meaning === 'take'
    ? { kind: 'take', byReaction: true }
    : { kind: 'resolve', note: null, byReaction: true };
}

async function captureByReaction(event: ReactionEvent, context: HandlerContext): Promise<Handled> {
  const { bot, directory, desk } = context;
  const found = await shownMessage(context, { channel: event.channel, ts: event.ts });
  if (found === null) return ignored('the message is gone');
  if (found.user === bot.userId) return ignored("the bot's own message");
  const channel = await directory.channel(event.channel);
  const message = sourceOf(found, event.channel, channel?.isDm ?? false);
  const queue = queueForChannel(desk, event.channel);
  const placed = await placeOf(context, message, queue);
  return context.commit(async (tx) => {
    if (!(await isNews(event, context, tx))) return ignored('heard of meanwhile');
    const { conversation } = placed;
    const ofThread =
      conversation.channel === null || conversation.threadTs === null
        ? null
        : await lockRequestByConversation(tx, conversation.channel, conversation.threadTs);
    const isOwn = ofThread?.request.source.ts === event.ts;
    if (ofThread !== null && !isOwn && !isOver(ofThread.request, context.now)) {
      const asking = askingIn(event.user, {
        channel: event.channel,
        isDm: message.isDm,
        threadTs: message.threadTs,
      });
      await tell(context, tx, asking, {
        kind: 'text',
        text: `This thread is #${ofThread.request.id} already.`,
      });
      return HANDLED;
    }
    const continues = ofThread === null || isOwn ? null : ofThread.request.id;
    // When a 🎫 was put there no history says: what was answered meanwhile, and heard, may have come after it.
    const since = context.isLate ? timestampToMs(message.ts) : context.happenedAt;
    await captureMessage({ ...context, happenedAt: since }, tx, {
      message,
      kind: 'reaction',
      queue,
      placed,
      by: event.user,
      continues,
    });
    return HANDLED;
  });
}

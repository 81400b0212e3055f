/** A message that somebody wrote: sorted by where it stands, then handled by its feature. */

import { isOver } from '../domain/request.ts';
import type { MessageEvent } from '../slack/event.ts';
import { lockRequestByCardThread } from '../store/cards.ts';
import { lockRequestByConversation } from '../store/requests.ts';
import { converse } from './conversation.ts';
import { handleDirectMessage, type PersonsMessage } from './direct-message.ts';
import { EARLY, HANDLED, type Handled, type HandlerContext, ignored } from './handler.ts';
import { captureMessage, placeOf } from './intake.ts';
import { handleMention, isMention } from './mention.ts';
import { intakeOf } from './places.ts';

export async function handleMessage(event: MessageEvent, context: HandlerContext): Promise<Handled> {
  if (event.botId !== null || event.user === null || event.user === context.bot.userId)
    return ignored("an app's message");
  const message: PersonsMessage = { ...event, user: event.user };
  if (message.isDm) return handleDirectMessage(message, context);
  if (isMention(message, context)) return handleMention(message, context);
  if (message.threadTs !== null && message.threadTs !== message.ts)
    return reply(message, message.threadTs, context);
  const intake = intakeOf(context.desk, message.channel);
  if (intake?.mode !== 'every_message') return ignored('no request by its place');
  const placed = await placeOf(context, message, intake.queue);
  return context.commit(async (tx) => {
    await captureMessage(context, tx, {
      message,
      kind: 'every_message',
      queue: intake.queue,
      placed,
      by: message.user,
      continues: null,
    });
    return HANDLED;
  });
}

/** A reply under a card, in a request's conversation, or in a thread that is none of ours (yet). */
async function reply(message: PersonsMessage, threadTs: string, context: HandlerContext): Promise<Handled> {
  return context.commit(async (tx) => {
    const underCard = await lockRequestByCardThread(tx, message.channel, threadTs);
    if (underCard !== null) {
      if (!underCard.request.conversation.isMirrored) return ignored('the thread of this card is internal');
      await converse(context, tx, underCard, { message, role: 'reply', isUnderCard: true });
      return HANDLED;
    }
    const stored = await lockRequestByConversation(tx, message.channel, threadTs);
    if (stored === null) return EARLY;
    if (isOver(stored.request, context.now)) return ignored('the request of this thread is over');
    await converse(context, tx, stored, { message, role: 'reply', isUnderCard: false });
    return HANDLED;
  });
}

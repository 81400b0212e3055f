/** A message that its author (or an administrator) deleted: a source, a post in a conversation, or a card of ours. */
import { changeRequest } from '../queue/change-request.ts';
import type { MessageDeletedEvent } from '../slack/event.ts';
import { lockRequestByCard, saveCard } from '../store/cards.ts';
import { blankMessage, readMessage } from '../store/messages.ts';
import { lockRequest, lockRequestBySource } from '../store/requests.ts';
import { mirror } from './conversation.ts';
import { EARLY, HANDLED, type Handled, type HandlerContext } from './handler.ts';
import { deletePart } from './parts.ts';

export async function handleMessageDeleted(
  event: MessageDeletedEvent,
  context: HandlerContext,
): Promise<Handled> {
  const { desk, now } = context;
  return context.commit(async (tx) => {
    const card = await lockRequestByCard(tx, event.channel, event.ts);
    if (card !== null) {
      // Posted anew at the next change; until then there is none.
      await saveCard(tx, card.request.id, null);
      return HANDLED;
    }
    const source = await lockRequestBySource(tx, event.channel, event.ts);
    const post = await readMessage(tx, event.channel, event.ts);
    if (source === null && post === null) return EARLY;
    // A source that others were added to is one of the parts itself.
    if (post?.role === 'part') {
      await deletePart(context, tx, post);
      return HANDLED;
    }
    if (post !== null) await blankMessage(tx, event.channel, event.ts);
    if (source !== null) {
      await changeRequest(tx, desk, source, { kind: 'source_deleted' }, source.request.asker, now);
    } else if (post !== null && (await lockRequest(tx, post.requestId)) !== null) {
      await mirror(context, tx, post.requestId, event, `m.${event.channel}.${event.ts}.deleted`);
    }
    return HANDLED;
  });
}

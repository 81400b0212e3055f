/** *Triage this*: captures a message at once, without a form. */
import { isOver } from '../domain/request.ts';
import type { MessageShortcutEvent } from '../slack/event.ts';
import { lockRequestByConversation } from '../store/requests.ts';
import { tell } from './answering.ts';
import { type Asking, HANDLED, type Handled, type HandlerContext, ignored } from './handler.ts';
import { captureMessage, placeOf, sourceOf } from './intake.ts';
import { queueForChannel } from './places.ts';
import { shownMessage } from './shown-message.ts';

export const TRIAGE_THIS = 'triage_this';

export async function handleMessageShortcut(
  event: MessageShortcutEvent,
  context: HandlerContext,
): Promise<Handled> {
  if (event.callbackId !== TRIAGE_THIS) return ignored('a shortcut that is not ours');
  const { desk, directory, bot } = context;
  const channel = await directory.channel(event.channel);
  const { message: shown } = event;
  const asking: Asking = {
    user: event.user,
    answerTo:
      event.responseUrl === null
        ? { kind: 'dm', channel: null, user: event.user, threadTs: null }
        : { kind: 'response_url', url: event.responseUrl },
  };
  // A DM that we cannot see is one of other people: there the bot cannot talk.
  const message = sourceOf(shown, event.channel, channel?.isDm ?? false);
  const queue = queueForChannel(desk, event.channel);
  const placed = await placeOf(context, message, queue);
  // Where the bot is not, it will not read what it missed either.
  const isHere = placed.conversation.channel !== null;
  const asked = isHere ? await shownMessage(context, { channel: event.channel, ts: shown.ts }) : null;
  return context.commit(async (tx) => {
    if (shown.user === bot.userId) {
      await tell(context, tx, asking, {
        kind: 'refusal',
        text: 'That is a message of mine: only messages of people and other apps can be requests.',
      });
      return HANDLED;
    }
    const { conversation } = placed;
    const ofThread =
      conversation.channel === null || conversation.threadTs === null
        ? null
        : await lockRequestByConversation(tx, conversation.channel, conversation.threadTs);
    const isOther = ofThread !== null && ofThread.request.source.ts !== shown.ts;
    if (isOther && !isOver(ofThread.request, context.now)) {
      await tell(context, tx, asking, {
        kind: 'text',
        text: `This thread is #${ofThread.request.id} already.`,
      });
      return HANDLED;
    }
    const continues = isOther ? ofThread.request.id : null;
    const { request, isNew } = await captureMessage(context, tx, {
      message: { ...message, reactions: asked?.reactions ?? [] },
      kind: 'shortcut',
      queue,
      placed,
      by: event.user,
      continues,
    });
    const text = isNew
      ? `It is #${request.id} now, in the queue “${queue.name}”.`
      : `It is #${request.id} already.`;
    await tell(context, tx, asking, { kind: 'text', text });
    return HANDLED;
  });
}

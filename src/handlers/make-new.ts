/** *Make it a new request*: a DM that was added to an earlier request becomes one of its own. */
import { append } from '../queue/apply.ts';
import type { ButtonEvent } from '../slack/event.ts';
import { readMessage, removeMessage } from '../store/messages.ts';
import { lockRequest, lockRequestBySource } from '../store/requests.ts';
import { tell } from './answering.ts';
import { type Asking, HANDLED, type Handled, type HandlerContext, ignored } from './handler.ts';
import { captureMessage, placeOf, sourceOf } from './intake.ts';
import { retextFromParts } from './parts.ts';
import { shownMessage } from './shown-message.ts';

/** @param value the message, as `channel:ts` */
export async function makeNew(
  event: ButtonEvent,
  value: string,
  asking: Asking,
  context: HandlerContext,
): Promise<Handled> {
  const [, channel, ts] = /^([A-Z0-9]+):(\d+\.\d+)$/.exec(value) ?? [];
  if (channel === undefined || ts === undefined) return ignored('a button without a message');
  const found = await shownMessage(context, { channel, ts });
  if (found === null || found.user !== event.user) {
    return context.commit(async (tx) => {
      await tell(context, tx, asking, { kind: 'refusal', text: 'That message is gone: write it again.' });
      return HANDLED;
    });
  }
  const message = sourceOf(found, channel, true);
  const queue = context.desk.defaultQueue;
  const placed = await placeOf(context, message, queue);
  return context.commit(async (tx) => {
    const own = await lockRequestBySource(tx, channel, ts);
    if (own !== null) {
      await tell(context, tx, asking, { kind: 'text', text: `It is #${own.request.id} already.` });
      return HANDLED;
    }
    const part = await readMessage(tx, channel, ts);
    if (part !== null) {
      const stored = await lockRequest(tx, part.requestId);
      const copy = await removeMessage(tx, channel, ts);
      if (stored !== null && part.role === 'part')
        await retextFromParts(context, tx, stored, event.user, null);
      // It no longer belongs to the conversation into which it was copied.
      if (stored !== null && copy !== null) {
        const taken = { kind: 'take_back', ...copy } as const;
        await append(tx, context.desk, stored.request, [taken], `new.${context.eventId}`, context.now);
      }
    }
    const { request, isNew } = await captureMessage(context, tx, {
      message,
      kind: 'dm',
      queue,
      placed,
      by: event.user,
      continues: null,
    });
    if (!isNew) await tell(context, tx, asking, { kind: 'text', text: `It is #${request.id} already.` });
    return HANDLED;
  });
}

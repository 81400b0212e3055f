/** *Make it a new request*: a DM that was added to an earlier request becomes one of its own. */
import type { ButtonEvent } from '../slack/event.ts';
import { readMessage, removeMessage } from '../store/messages.ts';
import { lockRequest } from '../store/requests.ts';
import { retextFromParts } from './direct-message.ts';
import { HANDLED, type Handled, type HandlerContext, ignored } from './handler.ts';
import { captureMessage, placeOf, type SourceMessage } from './intake.ts';

/** @param value the message, as `channel:ts` */
export async function makeNew(event: ButtonEvent, value: string, context: HandlerContext): Promise<Handled> {
  const [channel, ts] = value.split(':');
  if (channel === undefined || ts === undefined) return ignored('a button without a message');
  const found = await context.slack.message({ channel, ts });
  if (found === null || found.user !== event.user) return ignored('the message is gone, or somebody else’s');
  const message: SourceMessage = {
    channel,
    isDm: true,
    ts,
    threadTs: null,
    user: found.user,
    text: found.text,
    files: found.files,
  };
  const queue = context.desk.defaultQueue;
  const placed = await placeOf(context, message, queue);
  return context.commit(async (tx) => {
    const part = await readMessage(tx, channel, ts);
    if (part !== null) {
      const stored = await lockRequest(tx, part.requestId);
      await removeMessage(tx, channel, ts);
      if (stored !== null && part.role === 'part') await retextFromParts(context, tx, stored, event.user);
    }
    await captureMessage(context, tx, {
      message,
      kind: 'dm',
      queue,
      placed,
      by: event.user,
      continues: null,
    });
    return HANDLED;
  });
}

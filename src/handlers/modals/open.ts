/** Opening a form: called directly, never through the outbox, since a trigger is good for three seconds. */
import type { ModalView } from '@slack/types';
import type { HandlerContext } from '../handler.ts';

/** Whoever pressed sees nothing when it fails, and presses again: so it is only logged. True when it opened. */
export async function openForm(
  context: HandlerContext,
  triggerId: string,
  view: ModalView,
): Promise<boolean> {
  try {
    await context.slack.openView(triggerId, view);
    return true;
  } catch (error) {
    context.logger.info('a form could not be opened', { callbackId: view.callback_id, error });
    return false;
  }
}

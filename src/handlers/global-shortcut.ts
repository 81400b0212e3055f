/** *New request* in Slack's shortcuts menu: opens the form. */
import type { GlobalShortcutEvent } from '../slack/event.ts';
import { HANDLED, type Handled, type HandlerContext, ignored } from './handler.ts';
import { NEW_REQUEST, openNewRequestForm } from './modals/new-request.ts';

export async function handleGlobalShortcut(
  event: GlobalShortcutEvent,
  context: HandlerContext,
): Promise<Handled> {
  if (event.callbackId !== NEW_REQUEST) return ignored('a shortcut that is not ours');
  await openNewRequestForm(context, event.triggerId, context.desk.defaultQueue);
  return HANDLED;
}

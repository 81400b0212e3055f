/** The one table: what happens in Slack → who handles it. The compiler asks for a line for every kind. */
import type { EventKind, SlackEvent } from '../slack/event.ts';
import { handleButton } from './button.ts';
import { handleCommand } from './command.ts';
import { handleGlobalShortcut } from './global-shortcut.ts';
import { type Handled, type Handler, type HandlerContext, ignored } from './handler.ts';
import { handleApp, handleChannel } from './lifecycle.ts';
import { handleMessage } from './message.ts';
import { handleMessageChanged } from './message-changed.ts';
import { handleMessageDeleted } from './message-deleted.ts';
import { handleMessageShortcut } from './message-shortcut.ts';
import { handleMember, handlePersonChanged } from './people.ts';
import { handleReaction } from './reaction.ts';
import { handleSubmission } from './submission.ts';

export const HANDLERS = {
  message: handleMessage,
  message_changed: handleMessageChanged,
  message_deleted: handleMessageDeleted,
  reaction: handleReaction,
  member: handleMember,
  channel: handleChannel,
  person_changed: handlePersonChanged,
  app: handleApp,
  command: handleCommand,
  button: handleButton,
  message_shortcut: handleMessageShortcut,
  global_shortcut: handleGlobalShortcut,
  submission: handleSubmission,
  ignored: (event) => Promise.resolve(ignored(event.reason)),
} satisfies { readonly [Kind in EventKind]: Handler<Extract<SlackEvent, { kind: Kind }>> };

/** Hands an event to its handler. */
export function handle(event: SlackEvent, context: HandlerContext): Promise<Handled> {
  // The table pairs each kind with the handler of that kind, which the compiler cannot follow through the look-up.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const handler = HANDLERS[event.kind] as Handler<SlackEvent>;
  return handler(event, context);
}

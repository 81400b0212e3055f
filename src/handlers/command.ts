/** `/triage …`: the one place where text that is no command gets an answer. */
import { parseCommand } from '../domain/command.ts';
import type { CommandEvent } from '../slack/event.ts';
import { notInThisVersion, tell } from './answering.ts';
import { type Asking, HANDLED, type Handled, type HandlerContext } from './handler.ts';
import { captureText, placeWithoutMessage } from './intake.ts';
import { openNewRequestForm } from './modals/new-request.ts';
import { queueForChannel } from './places.ts';
import { runCommand } from './verbs.ts';

export async function handleCommand(event: CommandEvent, context: HandlerContext): Promise<Handled> {
  const { zone } = await context.directory.person(event.user);
  const parsed = parseCommand(event.text, { place: 'slash', now: context.now, zone });
  const asking: Asking = { user: event.user, answerTo: { kind: 'response_url', url: event.responseUrl } };
  if (parsed.kind === 'not_yet') {
    return context.commit(async (tx) => {
      await tell(context, tx, asking, notInThisVersion(parsed.verb));
      return HANDLED;
    });
  }
  if (parsed.kind === 'unknown') {
    return context.commit(async (tx) => {
      const lead =
        parsed.problem ??
        (parsed.nearest === null ? 'That is no command.' : `Did you mean \`/triage ${parsed.nearest}\`?`);
      await tell(context, tx, asking, { kind: 'help', lead });
      return HANDLED;
    });
  }
  const { command } = parsed;
  if (command.kind !== 'new') {
    return context.commit(async (tx) => {
      await runCommand(context, tx, command, { ...asking, here: null, channel: event.channel });
      return HANDLED;
    });
  }
  const queue = queueForChannel(context.desk, event.channel);
  if (command.text === null) {
    await openNewRequestForm(context, event.triggerId, queue);
    return { kind: 'handled' };
  }
  const placed = await placeWithoutMessage(context, queue);
  const { text } = command;
  return context.commit(async (tx) => {
    const request = await captureText(context, tx, {
      kind: 'command',
      key: event.triggerId,
      asker: event.user,
      queue,
      placed,
      text,
      priority: null,
    });
    if (request !== null)
      await tell(context, tx, asking, { kind: 'text', text: `It is #${request.id}, in ${queue.name}.` });
    return HANDLED;
  });
}

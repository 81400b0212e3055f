/** People who leave: a triage channel, or the workspace. What they lose is said once. */
import { changeRequest } from '../queue/change-request.ts';
import type { MemberEvent, PersonChangedEvent } from '../slack/event.ts';
import { lockRequest, ownedBy } from '../store/requests.ts';
import { HANDLED, type Handled, type HandlerContext, ignored } from './handler.ts';
import { triageQueueOf } from './places.ts';

export async function handleMember(event: MemberEvent, context: HandlerContext): Promise<Handled> {
  const queue = triageQueueOf(context.desk, event.channel);
  await context.directory.forget(event);
  if (event.joined || queue === null) return ignored('nobody loses a request by it');
  return loseAll(context, event.user, [queue.name]);
}

export async function handlePersonChanged(
  event: PersonChangedEvent,
  context: HandlerContext,
): Promise<Handled> {
  await context.directory.forget(event);
  if (!event.deactivated) return ignored('still here');
  return loseAll(context, event.user, [...context.desk.queues.keys()]);
}

function loseAll(context: HandlerContext, user: string, queues: readonly string[]): Promise<Handled> {
  return context.commit(async (tx) => {
    for (const id of await ownedBy(tx, user, queues)) {
      const stored = await lockRequest(tx, id);
      if (stored?.request.owner !== user) continue;
      await changeRequest(tx, context.desk, stored, { kind: 'owner_left' }, null, context.now);
    }
    return HANDLED;
  });
}

/** People who leave: a triage channel, or the workspace. What they lose is said once. */
import { isOpen, type Request } from '../domain/request.ts';
import { append } from '../queue/apply.ts';
import { changeRequest } from '../queue/change-request.ts';
import type { MemberEvent, PersonChangedEvent } from '../slack/event.ts';
import { lockRequest, ownedBy } from '../store/requests.ts';
import type { Tx } from '../store/transaction.ts';
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
    const lost: Request[] = [];
    for (const id of await ownedBy(tx, user, queues)) {
      const stored = await lockRequest(tx, id);
      if (stored?.request.owner !== user) continue;
      await changeRequest(tx, context.desk, stored, { kind: 'owner_left' }, null, context.now);
      if (isOpen(stored.request.state)) lost.push(stored.request);
    }
    for (const ofQueue of Map.groupBy(lost, ({ queue }) => queue).values()) {
      await sayWhatIsLost(context, tx, user, ofQueue);
    }
    return HANDLED;
  });
}

/** One line in the triage channel, however many requests need a new owner. */
async function sayWhatIsLost(
  context: HandlerContext,
  tx: Tx,
  user: string,
  lost: readonly Request[],
): Promise<void> {
  const [first] = lost;
  if (first === undefined) return;
  const saying = { kind: 'owner_left', user, requests: lost.map(({ id }) => id) } as const;
  const effect = { kind: 'say', place: { kind: 'triage_channel' }, saying } as const;
  await append(tx, context.desk, first, [effect], `left.${context.eventId}.${first.queue}`, context.now);
}

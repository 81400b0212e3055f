/** Who is on duty, and putting somebody there by hand. */
import type { Person } from '../domain/command.ts';
import { dutyAt } from '../domain/rotation.ts';
import { queuesOf } from '../queue/desk.ts';
import { readDutyOverride, saveDutyOverride } from '../store/duty.ts';
import type { Tx } from '../store/transaction.ts';
import { tell } from './answering.ts';
import type { Commanding, HandlerContext } from './handler.ts';
import { personOf } from './named.ts';
import { triageQueueOf } from './places.ts';

/** Who is on duty in the queues where this person responds. */
export async function showDuty(context: HandlerContext, tx: Tx, asking: Commanding): Promise<void> {
  const own = await queuesOf(context.desk, asking.user);
  if (own.length === 0) {
    return tell(context, tx, asking, {
      kind: 'refusal',
      text: 'Only responders see who is on duty: you are in no triage channel.',
    });
  }
  const queues: { name: string; user: string | null; untilAt: number | null }[] = [];
  for (const queue of own) {
    const turn = dutyAt(queue.rotation, context.now, await readDutyOverride(tx, queue.name, context.now));
    queues.push({ name: queue.name, user: turn?.user ?? null, untilAt: turn?.untilAt ?? null });
  }
  return tell(context, tx, asking, { kind: 'duty', queues });
}

/** Puts a responder on duty until a moment, in the queue of the place or the only one this person responds in. */
export async function setDuty(
  context: HandlerContext,
  tx: Tx,
  override: { readonly user: Person; readonly untilAt: number },
  asking: Commanding,
): Promise<void> {
  const { desk } = context;
  const own = await queuesOf(desk, asking.user);
  const ofPlace = asking.channel === null ? null : triageQueueOf(desk, asking.channel);
  const queue = own.find(({ name }) => name === ofPlace?.name) ?? (own.length === 1 ? own[0] : undefined);
  if (queue === undefined) {
    const text =
      own.length === 0
        ? 'Only responders can change who is on duty: you are in no triage channel.'
        : 'You respond in several queues: say it in the triage channel of the one you mean.';
    return tell(context, tx, asking, { kind: 'refusal', text });
  }
  const user = await personOf(context, tx, override.user, asking);
  if (user === null) return;
  if (!(await desk.responders(queue.triageChannel)).has(user)) {
    const text = `<@${user}> is not in the triage channel of ${queue.name}. Invite them there first, or choose one of its members.`;
    return tell(context, tx, asking, { kind: 'refusal', text });
  }
  await saveDutyOverride(tx, queue.name, { user, untilAt: override.untilAt }, asking.user);
  return tell(context, tx, asking, {
    kind: 'duty',
    queues: [{ name: queue.name, user, untilAt: override.untilAt }],
  });
}

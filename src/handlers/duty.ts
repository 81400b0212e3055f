/** Who is on duty, and putting somebody there by hand. */
import type { Person } from '../domain/command.ts';
import { dutyAmong } from '../domain/rotation.ts';
import { queuesOf } from '../queue/desk.ts';
import { readDutyOverride, saveDutyOverride } from '../store/duty.ts';
import type { Tx } from '../store/transaction.ts';
import { tell } from './answering.ts';
import type { Asking, Commanding, HandlerContext } from './handler.ts';
import { personOf } from './named.ts';
import { triageQueueOf } from './places.ts';

/** Who is on duty in the queues where this person responds. */
export async function showDuty(context: HandlerContext, tx: Tx, asking: Asking): Promise<void> {
  const own = await queuesOf(context.desk, asking.user);
  if (own.length === 0) {
    return tell(context, tx, asking, {
      kind: 'refusal',
      text: 'Only responders see who is on duty: you are in no triage channel.',
    });
  }
  const queues: { name: string; user: string | null; untilAt: number | null }[] = [];
  for (const queue of own) {
    const responders = await context.desk.responders(queue.triageChannel);
    const override = await readDutyOverride(tx, queue.name, context.now);
    const turn = dutyAmong(queue.rotation, context.now, override, (user) => !responders.has(user));
    queues.push({ name: queue.name, user: turn?.user ?? null, untilAt: turn?.untilAt ?? null });
  }
  return tell(context, tx, asking, { kind: 'duty', queues });
}

/**
 * Puts a responder on duty until a moment, in the queue that is named, else that of the place, else the only one in which
 * this person responds.
 */
export async function setDuty(
  context: HandlerContext,
  tx: Tx,
  override: { readonly user: Person; readonly untilAt: number },
  asking: Commanding,
  named: string | null = null,
): Promise<void> {
  const { desk } = context;
  const own = await queuesOf(desk, asking.user);
  const ofPlace = asking.channel === null ? null : triageQueueOf(desk, asking.channel);
  const wanted = named ?? ofPlace?.name ?? null;
  const queue =
    wanted === null ? (own.length === 1 ? own[0] : undefined) : own.find(({ name }) => name === wanted);
  if (queue === undefined) {
    const text =
      own.length === 0 || wanted !== null
        ? 'Only responders can change who is on duty: you are not in the triage channel.'
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

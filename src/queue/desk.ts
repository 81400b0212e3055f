/** What every change of a request needs besides its transaction: the queues, who may respond, the alarms. */
import type { Queue } from '../domain/queue.ts';
import type { Request } from '../domain/request.ts';
import type { Situation } from '../domain/situation.ts';
import { readDutyOverride } from '../store/duty.ts';
import type { Db } from '../store/pool.ts';
import type { Boss } from './boss.ts';

export interface Desk {
  /** All queues by name, in the order of the configuration. */
  readonly queues: ReadonlyMap<string, Queue>;
  /** Where DMs and unrouted requests land. */
  readonly defaultQueue: Queue;
  /** People of this workspace in a triage channel, not deactivated, no bots. */
  responders(triageChannel: string): Promise<ReadonlySet<string>>;
  readonly boss: Pick<Boss, 'sendAt' | 'cancel'>;
  /** Called after a commit that left something in the outbox. */
  wakeOutbox(): void;
  /** Called after a commit that has earlier events handled again. */
  wakeInbox(): void;
}

/** The queue of a request; the default one when its own is no longer configured. */
export function queueOf(desk: Desk, request: Pick<Request, 'queue'>): Queue {
  return desk.queues.get(request.queue) ?? desk.defaultQueue;
}

/** The queues in which this person may respond. */
export async function queuesOf(desk: Desk, user: string): Promise<readonly Queue[]> {
  const found: Queue[] = [];
  for (const queue of desk.queues.values()) {
    if ((await desk.responders(queue.triageChannel)).has(user)) found.push(queue);
  }
  return found;
}

/** The situation in which `by` (null: the clock) changes a request; `targetName` is the queue it moves to. */
export async function situationOf(
  db: Db,
  desk: Desk,
  request: Pick<Request, 'queue'>,
  by: string | null,
  now: number,
  targetName?: string,
): Promise<Situation> {
  const queue = queueOf(desk, request);
  const target = targetName === undefined ? undefined : desk.queues.get(targetName);
  return {
    now,
    by,
    queue,
    responders: await desk.responders(queue.triageChannel),
    dutyOverride: await readDutyOverride(db, queue.name, now),
    target:
      target === undefined
        ? null
        : { queue: target, responders: await desk.responders(target.triageChannel) },
  };
}

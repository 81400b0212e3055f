/** What every change of a request needs besides its transaction: the queues, who may respond, the alarms. */
import { mayRead } from '../domain/permissions.ts';
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
  readonly boss: Pick<Boss, 'sendIn' | 'cancel'>;
  /** Called after a commit that left something in the outbox. */
  wakeOutbox(): void;
  /** Called after a commit that has earlier events handled again. */
  wakeInbox(): void;
}

/** The queue of a request; the default one when its own is no longer configured. */
export function queueOf(desk: Desk, request: Pick<Request, 'queue'>): Queue {
  return desk.queues.get(request.queue) ?? desk.defaultQueue;
}

/** Who may respond to a request: nobody, should its queue no longer be configured. */
export async function respondersOf(
  desk: Desk,
  { queue }: Pick<Request, 'queue'>,
): Promise<ReadonlySet<string>> {
  const found = desk.queues.get(queue);
  return found === undefined ? new Set() : desk.responders(found.triageChannel);
}

/** True when this person may read the request: its asker, or a responder of its queue. */
export async function isReadableBy(desk: Desk, request: Request, user: string): Promise<boolean> {
  return mayRead(request, user, await respondersOf(desk, request));
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
    responders: await respondersOf(desk, request),
    dutyOverride: await readDutyOverride(db, queue.name, now),
    target:
      target === undefined
        ? null
        : { queue: target, responders: await desk.responders(target.triageChannel) },
  };
}

/** Late captures are announced once a queue, in a summary that stands in for their duty step. */
import type { Answer } from '../domain/effects.ts';
import { announced, whomToTell } from '../domain/ladder.ts';
import type { Queue } from '../domain/queue.ts';
import { answer, apply } from '../queue/apply.ts';
import { type Desk, situationOf } from '../queue/desk.ts';
import { toItem } from '../queue/list-item.ts';
import type { Pool } from '../store/pool.ts';
import { lockRequest, unannounced } from '../store/requests.ts';
import type { StoredRequest } from '../store/rows.ts';
import { type Tx, withTransaction } from '../store/transaction.ts';

/** More lines than these do not help anybody; the rest is counted. */
const LINES = 20;

/** Tells the people on duty of what each queue missed. Returns how many requests were announced. */
export async function announceLate(pool: Pool, desk: Desk, now: number): Promise<number> {
  let count = 0;
  for (const queue of desk.queues.values()) {
    if ((await unannounced(pool, queue.name)).length === 0) continue;
    count += await withTransaction(pool, (tx) => announceIn(tx, desk, queue, now));
  }
  return count;
}

async function announceIn(tx: Tx, desk: Desk, queue: Queue, now: number): Promise<number> {
  const toTell = new Map<string, StoredRequest[]>();
  let count = 0;
  for (const id of await unannounced(tx, queue.name)) {
    const stored = await lockRequest(tx, id);
    // Another daemon may have been faster.
    if (stored?.request.late !== 'unannounced') continue;
    count += 1;
    const situation = await situationOf(tx, desk, stored.request, null, now);
    const user = stored.request.state === 'new' ? whomToTell(stored.request, situation) : null;
    if (user === null) await save(tx, desk, stored, null, now);
    else toTell.set(user, [...(toTell.get(user) ?? []), stored]);
  }
  for (const [user, late] of toTell) {
    // One alone needs no summary: its duty step asks for it, with its buttons.
    const isAlone = late.length === 1;
    for (const stored of late) await save(tx, desk, stored, isAlone ? null : user, now);
    if (!isAlone) await tell(tx, desk, queue, user, late, now);
  }
  return count;
}

async function save(
  tx: Tx,
  desk: Desk,
  stored: StoredRequest,
  told: string | null,
  now: number,
): Promise<void> {
  const situation = await situationOf(tx, desk, stored.request, null, now);
  const next = announced(stored.request, told, situation);
  const timeline = told === null ? [] : [{ at: now, actor: null, what: 'ladder: duty, in a summary' }];
  await apply(tx, desk, stored, { next, effects: [], timeline }, now);
}

async function tell(
  tx: Tx,
  desk: Desk,
  queue: Queue,
  user: string,
  late: readonly StoredRequest[],
  now: number,
): Promise<void> {
  const items = late.map(({ request }) => toItem(request, queue, true));
  const what: Answer = {
    kind: 'list',
    heading: `Captured late in “${queue.name}”, and taken by nobody yet (${items.length})`,
    items: items.slice(0, LINES),
    more: Math.max(0, items.length - LINES),
  };
  const to = { kind: 'dm', channel: null, user, threadTs: null } as const;
  await answer(
    tx,
    desk,
    { kind: 'answer', to, answer: what },
    `late.${queue.name}.${late[0]?.request.id}.${user}`,
    now,
  );
}

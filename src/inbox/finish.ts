/**
 * Marks events done that changed nothing. Most of what is said in channels is nobody's request, and a transaction for each
 * would cost more than telling so: what comes while one statement is under way shares the next.
 */
import { type FinishedEvent, finishEvents } from '../store/inbox.ts';
import type { Pool } from '../store/pool.ts';

/** Resolves when the event is done, by this call or by another one; rejects with the database's error. */
export type Finish = (event: FinishedEvent) => Promise<void>;

export function createFinish(pool: Pool, now: () => number): Finish {
  let waiting: FinishedEvent[] = [];
  let next: Promise<void> | undefined;
  let current: Promise<void> = Promise.resolve();

  async function flush(earlier: Promise<void>): Promise<void> {
    await earlier.catch(() => {});
    const batch = waiting;
    waiting = [];
    next = undefined;
    await finishEvents(pool, batch, now());
  }

  return (event) => {
    waiting.push(event);
    next ??= current = flush(current);
    return next;
  };
}

/** Slack allows so many calls of a reading method a minute; here they are spread so that none is refused. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Turn } from '../slack/port.ts';

const MINUTE_MS = 60_000;

/**
 * A turn that lets at most `aMinute` calls begin in any minute; those beyond wait.
 * @param signal ends the wait, by its reason
 */
export function createBudget(aMinute: number, signal: AbortSignal): Turn {
  let begun: number[] = [];
  return async () => {
    for (;;) {
      signal.throwIfAborted();
      const now = performance.now();
      begun = begun.filter((at) => now - at < MINUTE_MS);
      if (begun.length < aMinute) {
        begun.push(now);
        return;
      }
      await sleep((begun[0] ?? now) + MINUTE_MS - now, undefined, { signal });
    }
  };
}

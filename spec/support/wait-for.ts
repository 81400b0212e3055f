import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 5;

/**
 * Resolves with the condition's value as soon as it is truthy. Fails with `what` (completing "waited for …") when it is
 * not within `timeoutMs`; the condition's last error, if it threw, is the cause.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  what: string,
  timeoutMs = 10_000,
): Promise<NonNullable<T>> {
  const until = performance.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      const value = await condition();
      if (value) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await sleep(POLL_MS);
  } while (performance.now() < until);
  throw new Error(`waited ${timeoutMs} ms for ${what}`, { cause });
}

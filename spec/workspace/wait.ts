import { asText } from './wire.ts';
import type { World } from './world.ts';

export type Truthy<T> = Exclude<T, false | null | undefined | 0 | ''>;

function isTruthy<T>(value: T): value is Truthy<T> {
  return Boolean(value);
}

/**
 * Waits until the condition holds and answers with what it answered. It is asked again at every change of the local
 * Slack (and twice a second, for conditions that also look elsewhere), never after a fixed sleep alone.
 */
export function waitFor<T>(
  world: World,
  condition: () => T | Promise<T>,
  what: string,
  timeoutMs: number,
  explain: () => string,
): Promise<Truthy<T>> {
  return new Promise((resolve, reject) => {
    let isAsking = false;
    let askAgain = false;
    let isOver = false;
    let lastError: unknown;
    const end = (): void => {
      isOver = true;
      stop();
      clearTimeout(deadline);
      clearInterval(elsewhere);
    };
    const ask = async (): Promise<void> => {
      if (isAsking) {
        askAgain = true;
        return;
      }
      isAsking = true;
      do {
        askAgain = false;
        // Many changes of one turn are looked at once.
        await new Promise((turn) => setImmediate(turn));
        if (isOver) return;
        try {
          const value = await condition();
          if (isTruthy(value) && !isOver) {
            end();
            resolve(value);
            return;
          }
        } catch (error) {
          lastError = error;
        }
      } while (askAgain);
      isAsking = false;
    };
    const stop = world.watch(() => void ask());
    const elsewhere = setInterval(() => void ask(), 500);
    const deadline = setTimeout(() => {
      end();
      const why = lastError === undefined ? '' : `\nlast error: ${asText(lastError)}`;
      reject(new Error(`waited ${timeoutMs} ms for: ${what}${why}\n${explain()}`));
    }, timeoutMs);
    void ask();
  });
}

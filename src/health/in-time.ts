/** Questions to something that may not answer. */
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Makes a function that asks, and says `late` when there is no answer within `patienceMs`. What has not been answered yet is
 * not asked a second time beside itself: whoever comes meanwhile gets the same answer.
 */
export function inTime<About, Answer>(
  ask: (about: About) => Promise<Answer>,
  patienceMs: number,
  late: Answer,
): (about: About) => Promise<Answer> {
  let asked: Promise<Answer> | undefined;
  return async (about) => {
    asked ??= ask(about).finally(() => {
      asked = undefined;
    });
    const answered = new AbortController();
    const tooLate = sleep(patienceMs, late, { signal: answered.signal });
    tooLate.catch(() => {});
    try {
      return await Promise.race([asked, tooLate]);
    } finally {
      answered.abort();
    }
  };
}

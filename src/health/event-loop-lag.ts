/** Measures how late the event loop is, as whatever happens at a random moment would feel it. */
import type { Service } from '../service.ts';

const EVERY_MS = 100;

/** @param lagged told ten times a second how late the timer was (s); the timer alone keeps no process alive */
export function createEventLoopLag(lagged: (seconds: number) => void): Service {
  let timer: NodeJS.Timeout | undefined;
  return {
    name: 'event loop lag',
    start() {
      if (timer !== undefined) return Promise.resolve();
      let expected = performance.now() + EVERY_MS;
      timer = setInterval(() => {
        const now = performance.now();
        lagged(Math.max(0, now - expected) / 1000);
        expected = now + EVERY_MS;
      }, EVERY_MS).unref();
      return Promise.resolve();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
      return Promise.resolve();
    },
  };
}

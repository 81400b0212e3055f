import type { Clock } from '../../src/clock.ts';

export interface FakeClock extends Clock {
  set(ms: number): void;
  advance(ms: number): void;
}

/** A clock that stands still until it is moved. Starts on Monday, 5 January 2026, 09:00 UTC unless told otherwise. */
export function fakeClock(start: number = Date.UTC(2026, 0, 5, 9)): FakeClock {
  let now = start;
  return {
    now: () => now,
    set: (ms) => {
      now = ms;
    },
    advance: (ms) => {
      now += ms;
    },
  };
}

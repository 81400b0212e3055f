/**
 * What Redis is used for, and no more: hints that save a look-up and turns that several daemons share. Everything here
 * may be forgotten at any moment and nothing here ever rejects: whoever asks must be right without it, only slower.
 */
export interface Cache {
  /** Null when it was never set, has expired, or was forgotten. */
  get(key: string): Promise<string | null>;
  /** Overwrites. `ttlMs` at least 1. */
  set(key: string, value: string, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /**
   * Remembers `key` for `ttlMs`; true when it was not there. False says only that somebody came here before, not that he
   * got any further: what must not be lost needs more than this.
   */
  addIfAbsent(key: string, ttlMs: number): Promise<boolean>;
  /**
   * Books the next free slot of a lane, slots being `intervalMs` apart, and returns how many milliseconds after `now` it
   * is (0: at once). Atomic over all daemons; two of them get two slots. `now` is epoch milliseconds by the caller's
   * clock: daemons whose clocks differ pace by the one that is ahead. A lane whose next slot is farther off than
   * `farthestMs` was booked by a clock that has been set back since, and is free.
   */
  reserve(lane: string, intervalMs: number, now: number): Promise<number>;
}

/** Slots of one lane that are booked at the same time, at most: a daemon has one post of a channel in hand. */
const MOST_SLOTS = 30;

/** See `reserve`. */
export function farthestMs(intervalMs: number): number {
  return MOST_SLOTS * Math.max(intervalMs, 1000);
}

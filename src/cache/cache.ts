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
   * clock: daemons whose clocks differ pace by the one that is ahead.
   */
  reserve(lane: string, intervalMs: number, now: number): Promise<number>;
}

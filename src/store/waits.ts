/**
 * No lease and no wait for the next attempt is longer than this (ms). One that seems to be was written by a clock that has
 * been set back since, or by a daemon whose clock was ahead, and is over: otherwise it would last until that clock's time.
 */
export const LONGEST_WAIT_MS = 15 * 60_000;

/**
 * The pace of posts: about one a second a channel. Slots are booked in the cache, for all daemons; within this one the
 * next also keeps its distance from Slack's last answer, since a post that was slow on its way counts when it arrives.
 */
import type { Cache } from '../../cache/cache.ts';
import type { Clock } from '../../clock.ts';

export interface Pace {
  /** Books the next turn of a channel and says how long it is until then (ms). */
  book(channel: string): Promise<number>;
  /** Slack has answered to a post there. */
  answered(channel: string): void;
}

/** Between two posts, beyond the interval: what a network adds or takes away (measured: 50 to 100 ms). */
const JITTER_MS = 75;
const MOST_CHANNELS = 1000;

/** @param intervalMs 0: no pace at all */
export function createPace(cache: Cache, clock: Clock, intervalMs: number): Pace {
  if (intervalMs <= 0) return { book: () => Promise.resolve(0), answered: () => {} };
  const spacingMs = intervalMs + Math.min(JITTER_MS, intervalMs / 10);
  const freeAt = new Map<string, number>();
  return {
    async book(channel) {
      const now = clock.now();
      const wait = await cache.reserve(`post:${channel}`, spacingMs, now);
      // Never more than its distance from the last, though the clock was set back meanwhile.
      return Math.max(0, wait, Math.min((freeAt.get(channel) ?? now) - now, spacingMs));
    },
    answered(channel) {
      freeAt.delete(channel);
      freeAt.set(channel, clock.now() + spacingMs);
      const [oldest] = freeAt.size > MOST_CHANNELS ? freeAt.keys() : [];
      if (oldest !== undefined) freeAt.delete(oldest);
    },
  };
}

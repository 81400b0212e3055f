import type { Clock } from '../clock.ts';
import { type Cache, farthestMs } from './cache.ts';

interface Entry {
  readonly value: string;
  readonly expiresAt: number;
}

export interface MemoryCache extends Cache {
  clear(): void;
}

/** Some megabytes at most with the small values that we keep. */
const MAX_ENTRIES = 10_000;

/**
 * The cache within this process. Holds at most `maxEntries` values, and as many lanes; the least recently used go first.
 */
export function createMemoryCache(options: {
  readonly clock: Clock;
  readonly maxEntries?: number;
}): MemoryCache {
  const { clock, maxEntries = MAX_ENTRIES } = options;
  // A Map remembers the order of insertion: the first key is the least recently used.
  const entries = new Map<string, Entry>();
  const nextSlotAt = new Map<string, number>();

  function read(key: string): string | null {
    const entry = entries.get(key);
    if (!entry) return null;
    entries.delete(key);
    if (entry.expiresAt <= clock.now()) return null;
    entries.set(key, entry);
    return entry.value;
  }

  function write(key: string, value: string, ttlMs: number): void {
    entries.delete(key);
    entries.set(key, { value, expiresAt: clock.now() + ttlMs });
    trim(entries);
  }

  function trim(map: Map<string, unknown>): void {
    const [oldest] = map.size > maxEntries ? map.keys() : [];
    if (oldest !== undefined) map.delete(oldest);
  }

  return {
    async get(key) {
      return read(key);
    },
    async set(key, value, ttlMs) {
      write(key, value, ttlMs);
    },
    async delete(key) {
      entries.delete(key);
    },
    async addIfAbsent(key, ttlMs) {
      if (read(key) !== null) return false;
      write(key, '1', ttlMs);
      return true;
    },
    async reserve(lane, intervalMs, now) {
      const bookedAt = nextSlotAt.get(lane) ?? now;
      const slotAt = bookedAt - now > farthestMs(intervalMs) ? now : Math.max(now, bookedAt);
      nextSlotAt.delete(lane);
      nextSlotAt.set(lane, slotAt + intervalMs);
      trim(nextSlotAt);
      return slotAt - now;
    },
    clear() {
      entries.clear();
      nextSlotAt.clear();
    },
  };
}

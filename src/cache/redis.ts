import type { Clock } from '../clock.ts';
import { ConfigError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { oneAtATime, type Service } from '../service.ts';
import { type Cache, farthestMs } from './cache.ts';
import { createMemoryCache } from './memory.ts';
import { checkRedisUrl, createRedisLink, type RedisClient } from './redis-link.ts';

export interface RedisCacheOptions {
  /** `REDIS_URL`; it may hold a password and is never logged. */
  readonly url: string;
  readonly logger: Logger;
  readonly clock: Clock;
}

export interface RedisCache extends Cache, Service {
  /** False while it works from memory. */
  isConnected(): boolean;
}

const PREFIX = 'triage:';
/** Redis answers within a millisecond; who takes this long is slower than going without. */
const COMMAND_MS = 250;
/** A Redis that answered late is left alone for this long, so that not every caller waits for it. */
const REST_MS = 1000;
/** So many late answers in a row, and the connection is made anew. */
const LATE_IN_A_ROW = 3;
/** Keys changed while Redis was away, at most; beyond that the oldest may be stale in Redis until they expire. */
const MAX_CHANGED = 10_000;

/**
 * KEYS[1] the lane; ARGV: interval, now, how far off a slot can be (ms). Returns the wait in whole milliseconds. A lane is kept for a minute beyond
 * its last slot, which allows for clocks that differ.
 */
const RESERVE = `
local interval, now = tonumber(ARGV[1]), tonumber(ARGV[2])
local slot = math.max(now, tonumber(redis.call('GET', KEYS[1]) or now))
if slot - now > tonumber(ARGV[3]) then slot = now end
redis.call('SET', KEYS[1], string.format('%.0f', slot + interval), 'PX', math.ceil(slot - now + interval + 60000))
return math.ceil(slot - now)
`;

/**
 * The cache that several daemons share. It never rejects and never waits long: whatever fails or takes more than 250 ms is
 * answered by the in-process cache instead, which is also what remains while Redis is away; it comes back by itself.
 * `start` resolves after the first attempt to connect, whatever came of it. ConfigError when `url` is no Redis URL.
 */
export function createRedisCache(options: RedisCacheOptions): RedisCache {
  const { url, logger, clock } = options;
  try {
    // node-redis takes an empty text for a Redis on localhost.
    if (url === '') throw new TypeError('empty');
    checkRedisUrl(url);
  } catch {
    // Without its cause, which quotes the URL.
    throw new ConfigError([
      'REDIS_URL is not a Redis URL (redis://:password@host:6379/0, or rediss:// for TLS)',
    ]);
  }
  const memory = createMemoryCache({ clock });
  const changed = new Set<string>();
  const link = createRedisLink({ url, onUp, onDown });
  let isAway = false;
  let returning: Promise<void> | null = null;
  let restsUntil = 0;
  let lateInARow = 0;
  // Starts and stops take turns; a stop also ends every start before it.
  const inTurn = oneAtATime();
  let ending = new AbortController();
  let isOpen = false;

  function onUp(client: RedisClient): void {
    restsUntil = 0;
    lateInARow = 0;
    // At once, so that health need not wait for somebody to ask something.
    if (isAway)
      void attempt(
        async () => {},
        async () => {},
        client,
      );
  }

  /** One line an episode, which ends with the next command that Redis answers. */
  function onDown(cause: unknown): void {
    if (isAway) return;
    isAway = true;
    logger.warn('Redis is out of reach, working from memory', { error: cause });
  }

  async function comeBack(client: RedisClient): Promise<void> {
    // What changed meanwhile must not be answered as it was before.
    const keys = [...changed];
    if (keys.length > 0) await inTime(client.del(keys));
    else await inTime(client.ping());
    for (const key of keys) changed.delete(key);
    memory.clear();
    isAway = false;
    logger.info('Redis is back');
  }

  /** `ask` of Redis, or else `instead`. */
  async function attempt<T>(
    ask: (client: RedisClient) => Promise<T>,
    instead: () => Promise<T>,
    client = link.client(),
  ): Promise<T> {
    if (!client || performance.now() < restsUntil) return instead();
    try {
      if (isAway) {
        await (returning ??= comeBack(client).finally(() => {
          returning = null;
        }));
      }
      const answer = await inTime(ask(client));
      lateInARow = 0;
      return answer;
    } catch (cause) {
      onDown(cause);
      // Those asked at the same moment fail together, and count as one.
      if (performance.now() >= restsUntil) lateInARow += 1;
      restsUntil = performance.now() + REST_MS;
      if (lateInARow >= LATE_IN_A_ROW) {
        // Perhaps the other end is gone and nobody told us.
        lateInARow = 0;
        link.renew();
      }
      return instead();
    }
  }

  function change(key: string): void {
    if (changed.size < MAX_CHANGED) changed.add(PREFIX + key);
  }

  return {
    name: 'Redis cache',
    isConnected: () => link.client() !== null && !isAway,
    start() {
      const { signal } = ending;
      return inTurn(async () => {
        if (isOpen || signal.aborted) return;
        isOpen = true;
        await link.open(signal);
      });
    },
    stop() {
      ending.abort();
      ending = new AbortController();
      return inTurn(async () => {
        await link.closed();
        isOpen = false;
      });
    },
    get: (key) =>
      attempt(
        (client) => client.get(PREFIX + key),
        () => memory.get(key),
      ),
    set: (key, value, ttlMs) =>
      attempt(
        async (client) => {
          await client.set(PREFIX + key, value, { expiration: { type: 'PX', value: ttlMs } });
        },
        () => {
          change(key);
          return memory.set(key, value, ttlMs);
        },
      ),
    delete: (key) =>
      attempt(
        async (client) => {
          await client.del(PREFIX + key);
        },
        () => {
          change(key);
          return memory.delete(key);
        },
      ),
    addIfAbsent: (key, ttlMs) =>
      attempt(
        async (client) => {
          const expiration = { type: 'PX', value: ttlMs } as const;
          return (await client.set(PREFIX + key, '1', { condition: 'NX', expiration })) !== null;
        },
        () => memory.addIfAbsent(key, ttlMs),
      ),
    reserve: (lane, intervalMs, now) =>
      attempt(
        async (client) => {
          const keys = [`${PREFIX}lane:${lane}`];
          return Number(
            await client.eval(RESERVE, {
              keys,
              arguments: [intervalMs, now, farthestMs(intervalMs)].map(String),
            }),
          );
        },
        () => memory.reserve(lane, intervalMs, now),
      ),
  };
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${COMMAND_MS} ms`)), COMMAND_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    // Should it fail after we have gone on.
    answer.catch(() => {});
  }
}

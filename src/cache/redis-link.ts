import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';

/** A connection that is ready for commands. */
export type RedisClient = ReturnType<typeof makeClient>;

/** TCP, TLS, AUTH and HELLO together. */
const CONNECT_MS = 2000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5000;

export interface RedisLink {
  /** Null while there is no connection. */
  client(): RedisClient | null;
  /**
   * Connects until `signal` aborts. Resolves when the first attempt has ended, well or not; later ones go on in the
   * background. Not to be called again before `closed`.
   */
  open(signal: AbortSignal): Promise<void>;
  /** Gives the connection up for a new one. */
  renew(): void;
  /** Resolves when, after the abort, nothing is left. */
  closed(): Promise<void>;
}

export interface RedisLinkOptions {
  readonly url: string;
  /** A connection is ready. */
  readonly onUp: (client: RedisClient) => void;
  /** An attempt failed or a connection was lost. */
  readonly onDown: (cause: unknown) => void;
}

/**
 * One connection at a time, made anew whenever it is lost, for ever, with a growing pause between attempts. node-redis's
 * own reconnection is off: its pause cannot be ended by `destroy` and would keep the process alive, and it would wait
 * for ever for an answer to AUTH.
 */
export function createRedisLink({ url, onUp, onDown }: RedisLinkOptions): RedisLink {
  let current: RedisClient | null = null;
  let loop: Promise<void> = Promise.resolve();

  async function keepConnected(signal: AbortSignal, firstEnded: () => void): Promise<void> {
    let pauseMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      const client = makeClient(url);
      const lost = Promise.withResolvers<unknown>();
      // Also the listener without which an 'error' would end the process.
      client.on('error', lost.resolve);
      client.on('end', lost.resolve);
      signal.addEventListener('abort', lost.resolve);
      let isGivenUp = false;
      // A destroy before TCP is through misses the socket, which would then live on: it has to be said again.
      client.on('connect', () => {
        if (isGivenUp) client.destroy();
      });
      const connecting = client.connect();
      try {
        await inTime(connecting, signal);
        current = client;
        pauseMs = FIRST_RETRY_MS;
        onUp(client);
        firstEnded();
        const cause = await lost.promise;
        if (!signal.aborted) onDown(cause);
      } catch (cause) {
        if (!signal.aborted) onDown(cause);
      }
      signal.removeEventListener('abort', lost.resolve);
      current = null;
      isGivenUp = true;
      client.destroy();
      firstEnded();
      await connecting.catch(() => {});
      // Half of it by chance, so that many daemons do not come back at once.
      await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, LONGEST_RETRY_MS);
    }
  }

  return {
    client: () => current,
    open(signal) {
      const { promise, resolve } = Promise.withResolvers<void>();
      loop = keepConnected(signal, resolve).finally(resolve);
      return promise;
    },
    renew: () => current?.destroy(),
    closed: () => loop,
  };
}

function makeClient(url: string) {
  return createClient({
    url,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: false, connectTimeout: CONNECT_MS },
  });
}

/** Throws TypeError for what is no Redis URL; the error quotes the URL, password and all. */
export function checkRedisUrl(url: string): void {
  makeClient(url).destroy();
}

async function inTime(connecting: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const limit = new AbortController();
  const late = sleep(CONNECT_MS, undefined, { signal: AbortSignal.any([signal, limit.signal]) }).then(() => {
    throw new Error(`no answer within ${CONNECT_MS} ms`);
  });
  try {
    await Promise.race([connecting, late]);
  } finally {
    limit.abort();
    late.catch(() => {});
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientConfig } from 'pg';
import { ConfigError, StartError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { oneAtATime, type Service } from '../../service.ts';
import {
  type Cluster,
  findPostmaster,
  openCluster,
  ROLE,
  removeDrafts,
  startPostmaster,
  stopPostmaster,
} from './cluster.ts';
import { type ClusterLock, ensureDatabase, takeLock } from './lock.ts';
import { SOCKET_PORT } from './socket-directory.ts';

export const DATABASE = 'triage';

export interface EmbeddedServerOptions {
  /** Holds the cluster in `postgres/`; made when absent. */
  readonly dataDir: string;
  readonly logger: Logger;
  /** PostgreSQL settings that overrule ours, by name. Not applied to a server that is adopted. */
  readonly settings?: Readonly<Record<string, string>>;
  /** `stop` lets go of the server but leaves it running, for the next start to adopt. */
  readonly leaveRunning?: boolean;
}

export interface EmbeddedServer extends Service {
  /** Where to connect. Known from the start on; Error before. */
  readonly connection: Readonly<ClientConfig>;
}

/** A server that is recovering from a crash refuses connections until it is through. */
const ANSWER_MS = 60_000;
const RETRY_MS = 50;
const RECOVERY_RETRY_MS = 1000;
const LONGEST_RECOVERY_RETRY_MS = 30_000;

/**
 * A PostgreSQL of our own under `dataDir`. `start` makes the cluster if need be, starts the server or adopts the one
 * that a killed daemon has left, and takes the lock that keeps a second daemon away; it rejects with ConfigError or
 * StartError, one clear line each. `stop` ends the server: call it after everything that uses the database.
 * A server that dies in between is started again.
 */
export function createEmbeddedServer(options: EmbeddedServerOptions): EmbeddedServer {
  const { logger } = options;
  let held: { cluster: Cluster; lock: ClusterLock } | null = null;
  let socketDirectory: string | null = null;
  const inTurn = oneAtATime();
  // A stop tells every start before it to give up.
  let ending = new AbortController();

  async function bringUp(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const cluster = await openCluster(options.dataDir);
    const until = performance.now() + ANSWER_MS;
    for (;;) {
      const adopted = await findPostmaster(cluster);
      let failure: Error | null = null;
      if (!adopted) {
        signal.throwIfAborted();
        failure = await startPostmaster(cluster, options.settings ?? {});
      }
      const postmaster = await findPostmaster(cluster);
      // Who lost the race of two starts finds the winner's server, and learns from the lock that it is second.
      if (!postmaster && failure) throw failure;
      if (postmaster) {
        const lock = await takeLock(postmaster.socketDirectory, cluster.directory).catch((error: unknown) => {
          if (error instanceof StartError || performance.now() > until)
            throw withPid(error, postmaster.pid, cluster);
          return null;
        });
        if (lock) {
          hold(cluster, lock, postmaster.socketDirectory, signal);
          await ensureDatabase(lock, DATABASE);
          await removeDrafts(cluster);
          const message = adopted
            ? 'adopted the embedded PostgreSQL left running'
            : 'embedded PostgreSQL started';
          logger.info(message, { pid: postmaster.pid });
          return;
        }
      }
      await sleep(RETRY_MS, undefined, { signal });
    }
  }

  function hold(cluster: Cluster, lock: ClusterLock, directory: string, signal: AbortSignal): void {
    held = { cluster, lock };
    socketDirectory = directory;
    lock.client.once('end', () => {
      if (signal.aborted || held?.lock !== lock) return;
      held = null;
      logger.warn('lost the embedded PostgreSQL, starting it again');
      void inTurn(() => recover(signal));
    });
  }

  /** Until it runs again or `stop` is called; others' errors in the meantime are theirs to bear. */
  async function recover(signal: AbortSignal): Promise<void> {
    for (
      let pauseMs = RECOVERY_RETRY_MS;
      !signal.aborted;
      pauseMs = Math.min(pauseMs * 2, LONGEST_RECOVERY_RETRY_MS)
    ) {
      try {
        if (!held) await bringUp(signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        logger.error('embedded PostgreSQL does not come back', { error });
        await sleep(pauseMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  async function takeDown(): Promise<void> {
    if (!held) return;
    const { cluster, lock } = held;
    held = null;
    // The lock goes with the server: let go before, and a daemon just starting would adopt what is about to end.
    if (!options.leaveRunning) await stopPostmaster(cluster);
    await lock.client.end().catch(() => {});
  }

  return {
    name: 'embedded PostgreSQL',
    get connection() {
      if (socketDirectory === null) throw new Error('the embedded PostgreSQL has not been started');
      return connectionIn(socketDirectory);
    },
    start() {
      const { signal } = ending;
      return inTurn(async () => {
        if (held) return;
        await bringUp(signal).catch(async (error: unknown) => {
          if (held) await takeDown();
          if (signal.aborted) throw new StartError('embedded PostgreSQL was stopped while it started');
          throw error instanceof ConfigError || error instanceof StartError ? error : unexpected(error);
        });
      });
    },
    stop() {
      ending.abort();
      ending = new AbortController();
      return inTurn(takeDown);
    },
  };
}

/**
 * Where the server of `dataDir` answers, if it runs: for whoever works beside the daemon, which alone may stop it. Null when
 * it does not.
 */
export async function runningServer(dataDir: string): Promise<Readonly<ClientConfig> | null> {
  const postmaster = await findPostmaster(await openCluster(dataDir));
  return postmaster === null ? null : connectionIn(postmaster.socketDirectory);
}

function connectionIn(socketDirectory: string): Readonly<ClientConfig> {
  return { host: socketDirectory, port: SOCKET_PORT, user: ROLE, database: DATABASE, ssl: false };
}

function withPid(error: unknown, pid: number, cluster: Cluster): StartError {
  if (error instanceof StartError) return error;
  return new StartError(`the PostgreSQL of ${cluster.directory} (process ${pid}) does not answer`, {
    cause: error,
  });
}

function unexpected(cause: unknown): StartError {
  const text = cause instanceof Error ? cause.message : String(cause);
  return new StartError(`embedded PostgreSQL did not start: ${text}`, { cause });
}

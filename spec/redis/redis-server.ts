import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { waitFor } from '../support/wait-for.ts';

/** A real Redis of the suite's own, in memory only, on a port that stays the same over its restarts. */
export interface RedisServer {
  readonly url: string;
  /** Starts it, empty. Resolves when it takes connections. */
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Stops all its work, connections stay open: a Redis that is there and does not answer. */
  freeze(): void;
  thaw(): void;
  /** Kills it and cleans up. */
  close(): Promise<void>;
}

const PASSWORD = 'hunter2';

export async function redisServer(): Promise<RedisServer> {
  if (spawnSync('redis-server', ['--version']).error)
    throw new Error('these specs need Redis: apt-get install redis-server (or brew install redis)');
  const directory = await mkdtemp(join(tmpdir(), 'triage-redis-'));
  const port = await freePort();
  let child: ChildProcess | null = null;
  const server: RedisServer = {
    url: `redis://:${PASSWORD}@127.0.0.1:${port}/0`,
    async start() {
      const settings = {
        port: String(port),
        bind: '127.0.0.1',
        requirepass: PASSWORD,
        save: '',
        appendonly: 'no',
        dir: directory,
      };
      const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
      child = spawn('redis-server', flags, { stdio: 'ignore' });
      await waitFor(() => takesConnections(port), 'redis-server to take connections');
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async close() {
      await server.kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return server;
}

async function takesConnections(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

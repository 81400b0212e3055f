/** The daemon as a process of its own, by its real entry, with all that it says kept. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { atOnce } from './at-once.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** A start keeps a processor busy; more at once only make each slower. */
const inTurn = atOnce(2);
const POLL_MS = 50;
/** Node's own cache of what it compiled: the second start of a daemon takes half of the first one's time. */
const COMPILED = join(tmpdir(), 'triage-chaos-compiled');

export interface Ready {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Daemon {
  /** Starts it; resolves as soon as the process is there. */
  start(): void;
  /** Starts it and resolves when `/ready` says 200. */
  startReady(): Promise<void>;
  /** Waits until `/ready` says 200 (or what is wanted), and gives what it says. */
  isReady(wanted?: number, withinMs?: number): Promise<Ready>;
  /** What `/ready` says; status 0 while nobody listens. */
  ready(): Promise<Ready>;
  /** SIGKILL; resolves when it has ended. Nothing where it has ended already. */
  kill(): Promise<void>;
  /** A signal, without waiting for what comes of it. */
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM; resolves with its exit code. */
  stop(): Promise<number | null>;
  /** Whether it runs; false also when it ended by itself. */
  isAlive(): boolean;
  /** All that its lives have written, both streams. */
  said(): string;
  remove(): Promise<void>;
}

export async function chaosDaemon(environment: Record<string, string>, yaml: string): Promise<Daemon> {
  const folder = await mkdtemp(join(tmpdir(), 'triage-chaos-'));
  const triageFile = join(folder, 'triage.yaml');
  await writeFile(triageFile, yaml);
  let child: ChildProcess | undefined;
  let said = '';
  let port: string | undefined;

  const ended = (): boolean => child === undefined || child.exitCode !== null || child.signalCode !== null;

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const running = child;
    if (running === undefined || ended()) return running?.exitCode ?? null;
    const exit = once(running, 'exit');
    running.kill(signal);
    await exit;
    return running.exitCode;
  }

  const daemon: Daemon = {
    start() {
      port = undefined;
      let life = '';
      const hear = (chunk: Buffer): void => {
        said += chunk.toString();
        if (port !== undefined) return;
        life += chunk.toString();
        port = /"message":"Health listener is up".*?"port":(\d+)/.exec(life)?.[1];
      };
      child = spawn(process.execPath, [MAIN], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          PATH: process.env['PATH'],
          NODE_COMPILE_CACHE: COMPILED,
          LOG_LEVEL: 'debug',
          ...environment,
          TRIAGE_CONFIG: triageFile,
          HEALTH_PORT: '0',
        },
      });
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
    },
    startReady: () =>
      inTurn(async () => {
        daemon.start();
        await daemon.isReady();
      }),
    async isReady(wanted = 200, withinMs = 30_000) {
      const until = performance.now() + withinMs;
      for (;;) {
        const answer = await daemon.ready();
        if (answer.status === wanted) return answer;
        if (ended())
          throw new Error(
            `it ended by itself (${child?.exitCode ?? child?.signalCode}): ${said.slice(-1000)}`,
          );
        if (performance.now() > until)
          throw new Error(`/ready says ${answer.status}, not ${wanted}: ${JSON.stringify(answer.body)}`);
        // Its own answer costs the database something; many daemons are asked at the same time.
        await sleep(POLL_MS);
      }
    },
    async ready() {
      if (port === undefined) return { status: 0, body: {} };
      try {
        const response = await fetch(`http://127.0.0.1:${port}/ready`);
        return { status: response.status, body: (await response.json()) as Ready['body'] };
      } catch {
        return { status: 0, body: {} };
      }
    },
    async kill() {
      await end('SIGKILL');
    },
    signal: (signal) => void child?.kill(signal),
    stop: () => end('SIGTERM'),
    isAlive: () => !ended(),
    said: () => said,
    async remove() {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
  return daemon;
}

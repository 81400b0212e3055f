/** One daemon of a soak: the real entry as a child process, watched, killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { wordsIn } from './model.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const AGAIN_MS = 300;
/** The grace period of 10 s, and what a busy machine needs to end a process. */
const STOP_MS = 12_000;

export interface SoakDaemon {
  readonly name: string;
  start(): void;
  kill(): Promise<void>;
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<void>;
  /** What `GET /ready` answers; null while nobody does. */
  ready(): Promise<{ readonly status: number; readonly body: string } | null>;
}

export interface DaemonOptions {
  readonly name: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Strings that must never be in a log line. */
  readonly secrets: readonly string[];
  /** Is there a reason why a start may fail at this moment? */
  readonly mayFailToStart: () => boolean;
  /** What it did that it must not do. */
  readonly blame: (what: string) => void;
}

export function soakDaemon(options: DaemonOptions): SoakDaemon {
  const { name, blame } = options;
  const file: WriteStream = createWriteStream(join(options.folder, `${name}.log`));
  let child: ChildProcess | undefined;
  let isEnding = false;
  let isUp = false;
  let port = 0;
  let again: NodeJS.Timeout | undefined;

  function hear(text: string): void {
    file.write(`${text}\n`);
    if (wordsIn(text).length > 0) blame(`${name} wrote a person's text into its log: ${text}`);
    for (const secret of options.secrets)
      if (text.includes(secret)) blame(`${name} wrote a secret into its log: ${text}`);
    if (text.includes('"TrIAge runs')) isUp = true;
    if (text.includes('nobody waited') || text.includes('did not stop cleanly')) blame(`${name}: ${text}`);
    port = Number(/"health":\{[^}]*"port":(\d+)/.exec(text)?.[1] ?? port);
  }

  function start(): void {
    clearTimeout(again);
    isEnding = false;
    isUp = false;
    port = 0;
    const started = spawn(process.execPath, [join(ROOT, 'src/main.ts')], {
      cwd: options.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      // The terminal's Ctrl-C is the soak's, which then ends the daemon in good order.
      detached: true,
      env: { PATH: process.env['PATH'], ...options.environment },
    });
    child = started;
    for (const stream of [started.stdout, started.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', hear);
    }
    const mightFail = options.mayFailToStart();
    started.once('exit', (code, signal) => {
      if (isEnding || child !== started) return;
      const isExcused = !isUp && code === 1 && (mightFail || options.mayFailToStart());
      if (!isExcused) blame(`${name} ended by itself (${signal ?? code})${isUp ? '' : ' while it started'}`);
      // As Compose would.
      again = setTimeout(start, AGAIN_MS);
    });
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    clearTimeout(again);
    const running = child;
    isEnding = true;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return 0;
    const ended = once(running, 'exit');
    running.kill(signal);
    await ended;
    return running.exitCode;
  }

  return {
    name,
    start,
    async kill() {
      await end('SIGKILL');
    },
    async stop() {
      const timer = setTimeout(() => {
        blame(`${name} did not end within ${STOP_MS} ms of a SIGTERM`);
        child?.kill('SIGKILL');
      }, STOP_MS);
      const code = await end('SIGTERM');
      clearTimeout(timer);
      if (code !== 0) blame(`${name} ended with ${code} after a SIGTERM`);
    },
    async ready() {
      if (port === 0) return null;
      try {
        const answer = await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(5000) });
        return { status: answer.status, body: await answer.text() };
      } catch {
        return null;
      }
    },
  };
}

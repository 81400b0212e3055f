/** The daemon as a child process under `npm start`'s own entry. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../support/free-port.ts';
import type { LocalSlack } from '../local-slack.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface DaemonOptions {
  /** Where its configuration lies. */
  readonly folder: string;
  readonly yaml: string;
  /** Over and above what every demo's daemon gets; asked at each start. */
  readonly environment: () => Readonly<Record<string, string>>;
  /** Called when it ends by itself, with how, in one line. */
  readonly ended: (how: string) => void;
}

export interface Daemon {
  start(): void;
  isRunning(): boolean;
  /** SIGKILL, in the middle of whatever it does. */
  kill(): Promise<void>;
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<void>;
  /** The last that is done with it: stops it for good. */
  close(): Promise<void>;
  readonly health: { readonly host: string; readonly port: number };
}

export async function prepareDaemon(slack: LocalSlack, options: DaemonOptions): Promise<Daemon> {
  const triageFile = join(options.folder, 'triage.yaml');
  await writeFile(triageFile, options.yaml);
  const health = { host: '127.0.0.1', port: await freePort() };
  let child: ChildProcess | undefined;
  let last: ChildProcess | undefined;
  // It is detached: where this process ends without `close`, it goes with it all the same.
  const abandon = (): void => void last?.kill('SIGKILL');
  process.once('exit', abandon);

  async function end(signal: NodeJS.Signals): Promise<void> {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    running.kill(signal);
    await once(running, 'exit');
  }

  return {
    health,
    start: () => {
      const started = spawn(process.execPath, [join(ROOT, 'src/main.ts')], {
        cwd: options.folder,
        stdio: ['ignore', 'ignore', 'pipe'],
        // The terminal's Ctrl-C is the demo's, which then stops the daemon in good order.
        detached: true,
        env: {
          PATH: process.env['PATH'],
          SLACK_APP_TOKEN: slack.appToken,
          SLACK_BOT_TOKEN: slack.botToken,
          SLACK_API_URL: slack.apiUrl,
          SLACK_POST_INTERVAL: '0s',
          TRIAGE_CONFIG: triageFile,
          HEALTH_PORT: String(health.port),
          LOG_LEVEL: 'error',
          ...options.environment(),
        },
      });
      child = started;
      last = started;
      let said = '';
      started.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      started.once('close', (code, signal) => {
        if (child !== started) return;
        child = undefined;
        const why = said.trim().split('\n').at(-1) ?? '';
        options.ended(`TrIAge ended by itself (${signal ?? code})${why === '' ? '' : `: ${why}`}`);
      });
    },
    isRunning: () => child !== undefined,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    async close() {
      await end('SIGTERM');
      process.off('exit', abandon);
    },
  };
}

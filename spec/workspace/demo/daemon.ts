/** The daemon as a child process under `npm start`'s own entry, on an embedded PostgreSQL in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalSlack } from '../local-slack.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface Daemon {
  start(): void;
  /** SIGKILL, in the middle of whatever it does; its database server is left behind. */
  kill(): Promise<void>;
  /** SIGTERM; resolves when it has ended, with its exit code. */
  stop(): Promise<number | null>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
  /** Ends the demo when the daemon ends by itself. */
  readonly died: Promise<string>;
  readonly dataDir: string;
}

export async function prepareDaemon(slack: LocalSlack, yaml: string): Promise<Daemon> {
  const folder = await mkdtemp(join(tmpdir(), 'triage-demo-'));
  // PostgreSQL refuses to be root and then runs under another account, which has to get through here.
  await chmod(folder, 0o755);
  const triageFile = join(folder, 'triage.yaml');
  await writeFile(triageFile, yaml);
  const died = Promise.withResolvers<string>();
  let child: ChildProcess | undefined;
  let isEnding = false;
  const errors: string[] = [];

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const running = child;
    if (running === undefined) return 0;
    isEnding = true;
    if (running.exitCode === null && running.signalCode === null) {
      running.kill(signal);
      await once(running, 'exit');
    }
    child = undefined;
    return running.exitCode;
  }

  async function stop(): Promise<number | null> {
    return end('SIGTERM');
  }

  return {
    dataDir: folder,
    died: died.promise,
    start: () => {
      isEnding = false;
      child = spawn(process.execPath, [join(ROOT, 'src/main.ts')], {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
        // The terminal's Ctrl-C is the demo's, which then stops the daemon in good order.
        detached: true,
        env: {
          PATH: process.env['PATH'],
          SLACK_APP_TOKEN: slack.appToken,
          SLACK_BOT_TOKEN: slack.botToken,
          SLACK_API_URL: slack.apiUrl,
          SLACK_POST_INTERVAL: '0s',
          DATA_DIR: join(folder, 'data'),
          TRIAGE_CONFIG: triageFile,
          HEALTH_PORT: '0',
          LOG_LEVEL: 'error',
        },
      });
      child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
      child.once('exit', (code, signal) => {
        if (!isEnding) died.resolve(`the daemon ended by itself (${signal ?? code}): ${errors.join('')}`);
      });
    },
    kill: async () => {
      await end('SIGKILL');
    },
    stop,
    remove: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** `npm run forget -- …` as an operator runs it, in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalSlack } from '../workspace/local-slack.ts';
import type { TestDatabase } from './database.ts';
import { environmentOf, teamYaml } from './running-app.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface ForgetCommand {
  /** A folder of its own, in which it runs. */
  readonly folder: string;
  /** @param environment replaces what a daemon over the same database and Slack has */
  run(who: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ended>;
  close(): Promise<void>;
}

export async function forgetCommand({
  slack,
  database,
}: {
  readonly slack: LocalSlack;
  readonly database: TestDatabase;
}): Promise<ForgetCommand> {
  const folder = await mkdtemp(join(tmpdir(), 'triage-forget-'));
  await writeFile(join(folder, 'triage.yaml'), teamYaml());
  return {
    folder,
    run: async (who, environment = {}) => {
      const child = spawn(process.execPath, [MAIN, 'forget', ...who], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...environmentOf(slack, database.connectionString),
          TRIAGE_CONFIG: 'triage.yaml',
          PATH: process.env['PATH'],
          ...environment,
        },
      });
      let out = '';
      let err = '';
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, out, err };
    },
    close: () => rm(folder, { recursive: true }),
  };
}

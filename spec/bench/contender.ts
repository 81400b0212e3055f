/** Contenders as processes of their own, and what the system says of them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LocalSlack } from '../workspace/local-slack.ts';
import { BenchSlack, nowMs } from './bench-slack.ts';
import { until } from './load.ts';
import { teamYaml } from './team.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Contender {
  readonly slack: BenchSlack;
  readonly pid: number;
  /** From the start of the process until it could do its job (ms). */
  readonly startMs: number;
  /** What the child noted since the last call: when the handler of an event began (epoch ms), by event id. */
  handlerStarts(): Promise<ReadonlyMap<string, number>>;
  /** Resident now (MB). */
  residentMb(): Promise<number>;
  /** Resident at most so far (MB). */
  peakMb(): Promise<number>;
  /** SIGKILL: what a load has left behind is nobody's concern. */
  end(): Promise<void>;
}

export type BoltMode = 'acknowledge' | 'say' | 'update';

export async function startBolt(upstream: LocalSlack, mode: BoltMode): Promise<Contender> {
  return start(upstream, ['spec/bench/contenders/bolt.mjs', mode], said);
}

export async function startBare(upstream: LocalSlack): Promise<Contender> {
  return start(upstream, ['spec/bench/contenders/bare.mjs'], said);
}

/**
 * The daemon as a user starts it, over a migrated database.
 * @param how `noting`: with a logger that notes when handlers begin
 */
export async function startDaemon(
  upstream: LocalSlack,
  databaseUrl: string,
  how: 'plain' | 'noting' = 'plain',
  more: NodeJS.ProcessEnv = {},
): Promise<Contender> {
  const folder = await mkdtemp(join(tmpdir(), 'triage-bench-'));
  const triageFile = join(folder, 'triage.yaml');
  await writeFile(triageFile, teamYaml());
  const program = how === 'plain' ? 'src/main.ts' : 'spec/bench/contenders/noting-daemon.ts';
  const contender = await start(upstream, [program], ready, {
    DATABASE_URL: databaseUrl,
    TRIAGE_CONFIG: triageFile,
    SLACK_POST_INTERVAL: '0s',
    HEALTH_PORT: '0',
    ...more,
  });
  return {
    ...contender,
    end: async () => {
      await contender.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function start(
  upstream: LocalSlack,
  program: readonly string[],
  isUp: (child: ChildProcess) => Promise<void>,
  environment: NodeJS.ProcessEnv = {},
): Promise<Contender> {
  const slack = await BenchSlack.start(upstream);
  const begin = nowMs();
  const child = spawn(process.execPath, program, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      SLACK_APP_TOKEN: upstream.appToken,
      SLACK_BOT_TOKEN: upstream.botToken,
      SLACK_API_URL: environment['SLACK_API_URL'] ?? slack.apiUrl,
      ...environment,
    },
  });
  const killed = (): boolean => child.kill('SIGKILL');
  process.once('exit', killed);
  const died = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`${program.join(' ')} ended by itself (${String(signal ?? code)})`);
  });
  died.catch(() => {});
  await Promise.race([isUp(child), died]);
  const startMs = nowMs() - begin;
  const pid = child.pid ?? 0;
  return {
    slack,
    pid,
    startMs,
    handlerStarts: async () => {
      child.send('starts');
      const [noted] = (await once(child, 'message')) as [readonly [string, number][]];
      return new Map(noted);
    },
    residentMb: () => memory(pid, 'VmRSS'),
    peakMb: () => memory(pid, 'VmHWM'),
    end: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      process.off('exit', killed);
      await slack.close();
    },
  };
}

/** Bolt and the bare client say so themselves. */
async function said(child: ChildProcess): Promise<void> {
  await once(child, 'message');
}

/** The daemon's log tells where health listens; /ready tells the rest. */
async function ready(child: ChildProcess): Promise<void> {
  const port = await new Promise<number>((resolve) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      if (text === 'found') return;
      text += chunk.toString();
      const found = /"health":\{[^}]*"port":(\d+)/.exec(text);
      if (found === null) return;
      text = 'found';
      resolve(Number(found[1]));
    });
  });
  await until(async () => (await fetch(`http://127.0.0.1:${port}/ready`)).status === 200, '/ready');
}

async function memory(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1];
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status says nothing of ${field}`);
  return Number(kilobytes) / 1024;
}

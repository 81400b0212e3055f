import { spawn } from 'node:child_process';
import type { Account } from './account.ts';

export interface Outcome {
  readonly ok: boolean;
  /** What it printed, both streams. */
  readonly output: string;
}

/** Where the tools of the system are found; what the daemon's own environment says is the configuration's to read. */
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** How the tools are started: under which account, and through which launcher. */
export interface Launch {
  readonly account: Account;
  /** A program and its arguments that come before the tool's own; empty as a rule (launcher.ts). */
  readonly prefix: readonly string[];
}

/**
 * Runs one of PostgreSQL's tools to its end. In its own session, so that Ctrl-C in the terminal reaches neither it nor
 * the server that it leaves behind; with a bare environment, so that the server never holds our tokens.
 */
export async function run(
  tool: string,
  parameters: readonly string[],
  launch: Launch,
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Outcome> {
  const [program = tool, ...rest] = [...launch.prefix, tool, ...parameters];
  const { uid, gid, switched } = launch.account;
  // A launcher switches by itself: it needs root's rights to hand some of them on.
  const identity = switched && launch.prefix.length === 0 ? { uid, gid } : {};
  return new Promise((resolve) => {
    const child = spawn(program, rest, {
      cwd: options.cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: SYSTEM_PATH, LC_ALL: 'C', ...options.env },
      ...identity,
    });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/** The line of a tool's output that says most: the last error, or else the last line. */
export function reason(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return (
    lines.findLast((line) => /error|fatal|panic|could not|denied/i.test(line)) ?? lines.at(-1) ?? 'no output'
  );
}

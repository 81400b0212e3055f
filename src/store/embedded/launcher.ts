import type { Account } from './account.ts';
import { type Launch, run } from './run.ts';

/**
 * Rights that let the unprivileged account pass a directory that only root may enter (`/root`, a fresh `mktemp -d`).
 * Reading and searching is enough where we have it; containers usually leave only the broader one.
 */
const PASSING_RIGHTS = ['dac_read_search', 'dac_override'] as const;

/**
 * How to start `probe` (any of the programs, run as `probe --version`) under `account` although a directory on the way
 * is closed to it: by setpriv of util-linux, which keeps one right across the change of user. Null when this machine
 * has no such thing.
 */
export async function passingLaunch(probe: string, account: Account): Promise<Launch | null> {
  for (const right of PASSING_RIGHTS) {
    const prefix = [
      'setpriv',
      `--reuid=${account.uid}`,
      `--regid=${account.gid}`,
      '--clear-groups',
      `--inh-caps=+${right}`,
      `--ambient-caps=+${right}`,
    ];
    const launch = { account, prefix };
    if ((await run(probe, ['--version'], launch, { cwd: '/' })).ok) return launch;
  }
  return null;
}

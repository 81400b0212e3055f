import { createHash } from 'node:crypto';
import { lchown, lstat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartError } from '../../errors.ts';
import { type Account, makePrivate } from './account.ts';

/** Names the socket only; the server listens on no port. */
export const SOCKET_PORT = 5432;

/** `sun_path` has 108 bytes on Linux and 104 on macOS, the closing zero included. */
const LONGEST_SOCKET_PATH = 103;
/** The path travels through pg_ctl's shell and PostgreSQL's list syntax; these need no quoting in either. */
const PLAIN = /^[A-Za-z0-9/._-]+$/;

/**
 * Where the server of `cluster` (a real, absolute path) puts its socket: in the cluster itself, which is private
 * already, or, when that path is too long or odd, in a directory named for it. The same at every start, so that a
 * server left running is found again.
 */
export function socketDirectory(cluster: string, temporary: string = tmpdir()): string {
  const name = `triage-${createHash('sha256').update(cluster).digest('hex').slice(0, 16)}`;
  return [cluster, join(temporary, name)].find(fits) ?? join('/tmp', name);
}

function fits(directory: string): boolean {
  const socket = join(directory, `.s.PGSQL.${SOCKET_PORT}`);
  return PLAIN.test(directory) && Buffer.byteLength(socket) <= LONGEST_SOCKET_PATH;
}

/**
 * Makes the directory if need be. Anybody may make a directory in the temporary one, and who owns it could answer in
 * the server's stead: what is there already must be a directory of the account's own and closed to all others.
 */
export async function prepareSocketDirectory(directory: string, account: Account): Promise<void> {
  try {
    await makePrivate(directory, account);
    return;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const found = await lstat(directory);
  const ours = found.uid === account.uid || found.uid === process.getuid?.();
  if (!found.isDirectory() || !ours || (found.mode & 0o077) !== 0)
    throw new StartError(
      `${directory} exists and is not a private directory of ours: remove it, or choose another DATA_DIR`,
    );
  // Ours but not yet the account's: we were killed between the two steps.
  if (found.uid !== account.uid) await lchown(directory, account.uid, account.gid);
}

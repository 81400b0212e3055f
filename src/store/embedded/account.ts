import { chmod, lchown, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StartError } from '../../errors.ts';

/** The account that the server and its tools run under. PostgreSQL refuses root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  /** False when it is our own: then nothing is switched. */
  readonly switched: boolean;
}

/** `nobody` on every Unix we know; used only when we are root. */
export const UNPRIVILEGED = 65_534;

/**
 * Which account serves the cluster in `directory` (which may not exist yet): our own, or, as root, the owner of what
 * is there already, or else `nobody`. StartError when it belongs to somebody else and we cannot switch.
 */
export async function serverAccount(directory: string): Promise<Account> {
  const uid = process.getuid?.() ?? -1;
  const gid = process.getgid?.() ?? -1;
  const owner = await stat(directory).catch(() => null);
  if (uid !== 0) {
    if (owner && owner.uid !== uid)
      throw new StartError(
        `DATA_DIR: ${directory} belongs to uid ${owner.uid}, and this process is uid ${uid}`,
      );
    return { uid, gid, switched: false };
  }
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, switched: true };
  const nobody = { uid: UNPRIVILEGED, gid: UNPRIVILEGED, switched: true };
  // A cluster that root copied here, from a backup perhaps.
  if (owner) await giveTo(directory, nobody);
  return nobody;
}

/** Makes `directory` for `account` alone. Error with code EEXIST when it is there already. */
export async function makePrivate(directory: string, account: Account): Promise<void> {
  await mkdir(directory, { mode: 0o700 });
  await chmod(directory, 0o700);
  if (account.switched) await lchown(directory, account.uid, account.gid);
}

async function giveTo(directory: string, account: Account): Promise<void> {
  for (const name of await readdir(directory, { recursive: true }))
    await lchown(join(directory, name), account.uid, account.gid);
  await lchown(directory, account.uid, account.gid);
}

/**
 * The first directory on the way to `path`, `path` included, that `account` may not enter; null when it may go all the way.
 * By mode bits alone: an access list that says otherwise is not seen.
 */
export async function firstClosed(path: string, account: Account): Promise<string | null> {
  if (!account.switched) return null;
  const way: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    way.unshift(at);
    if (at === dirname(at)) break;
  }
  for (const at of way) {
    const found = await stat(at).catch(() => null);
    if (!found?.isDirectory()) continue;
    const bit = found.uid === account.uid ? 0o100 : found.gid === account.gid ? 0o010 : 0o001;
    if ((found.mode & bit) === 0) return at;
  }
  return null;
}

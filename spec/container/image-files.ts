import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../config/container/run.ts';
import { docker } from './engine.ts';
import { newFolder, newName } from './leftovers.ts';

export interface ImageFile {
  /** Without a slash before it. */
  readonly path: string;
  readonly isFile: boolean;
  /** As `ls` and `tar` write it: `-rwxr-xr-x`. */
  readonly mode: string;
  /** `uid/gid`. */
  readonly owner: string;
  /** SHA-256 of a file below `app`; empty for all else. */
  readonly digest: string;
}

/** Everything in an image, as a container of it sees it. */
export async function imageFiles(image: string): Promise<readonly ImageFile[]> {
  const folder = await newFolder();
  const container = await docker('create', '--name', newName(), image);
  try {
    const archive = join(folder, 'image.tar');
    await docker('export', '--output', archive, container);
    await run('tar', ['-xf', archive, '-C', folder, '--no-same-owner', '--wildcards', 'app*']);
    const listing = await run('tar', ['--numeric-owner', '-tvf', archive]);
    return await Promise.all(
      listing.split('\n').map(async (line) => {
        const [, mode = '', owner = '', path = ''] =
          /^(\S+)\s+(\S+)\s+\S+\s+\S+\s+\S+\s+(.*?)(?: -> .*| link to .*)?$/.exec(line) ?? [];
        const isFile = mode.startsWith('-');
        const isOurs = isFile && path.startsWith('app/');
        const digest = isOurs
          ? createHash('sha256')
              .update(await readFile(join(folder, path)))
              .digest('hex')
          : '';
        return { path, isFile, mode, owner, digest };
      }),
    );
  } finally {
    await docker('rm', container);
    await rm(folder, { recursive: true, force: true });
  }
}

import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
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
}

/** A container of the image that never runs, and a folder for what is taken out of it; both are gone afterwards. */
async function unpacked<T>(
  image: string,
  work: (container: string, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await newFolder();
  const container = await docker('create', '--name', newName(), image);
  try {
    return await work(container, folder);
  } finally {
    await docker('rm', container);
    await rm(folder, { recursive: true, force: true });
  }
}

/** The files below /app of an image and what is in them, by their digests. */
export const appDigests = (image: string): Promise<Readonly<Record<string, string>>> =>
  unpacked(image, async (container, folder) => {
    await docker('cp', `${container}:/app`, folder);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    const digests = files.map(async (file): Promise<[string, string]> => {
      const digest = createHash('sha256')
        .update(await readFile(file))
        .digest('hex');
      return [relative(folder, file), digest];
    });
    return Object.fromEntries(await Promise.all(digests));
  });

/** Everything in an image, as a container of it sees it. */
export const imageFiles = (image: string): Promise<readonly ImageFile[]> =>
  unpacked(image, async (container, folder) => {
    const archive = join(folder, 'image.tar');
    await docker('export', '--output', archive, container);
    const listing = await run('tar', ['--numeric-owner', '-tvf', archive]);
    return listing.split('\n').map((line) => {
      const [, mode = '', owner = '', path = ''] =
        /^(\S+)\s+(\S+)\s+\S+\s+\S+\s+\S+\s+(.*?)(?: -> .*| link to .*)?$/.exec(line) ?? [];
      return { path, isFile: mode.startsWith('-'), mode, owner };
    });
  });

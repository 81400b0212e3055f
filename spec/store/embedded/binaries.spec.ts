import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { findBinaries, linkLibraries } from '../../../src/store/embedded/binaries.ts';

const SOURCE = fileURLToPath(new URL('../../../src/', import.meta.url));

describe('store/embedded/binaries', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'triage-binaries-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('finds the programs of the optional package', async () => {
    const { postgres, initdb, pgCtl } = await findBinaries();
    for (const program of [postgres, initdb, pgCtl])
      expect(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout).to.match(/PostgreSQL\) 15\./);
  });

  it('says in one line what to do where the package is absent, as in the image', async () => {
    // The same file where no node_modules is above it.
    for (const file of ['errors.ts', 'store/embedded/binaries.ts']) {
      await mkdir(dirname(join(directory, file)), { recursive: true });
      await cp(join(SOURCE, file), join(directory, file));
    }
    await writeFile(join(directory, 'package.json'), '{"type":"module"}');
    const module = pathToFileURL(join(directory, 'store/embedded/binaries.ts')).href;
    const script = `const { findBinaries } = await import(${JSON.stringify(module)});
      await findBinaries().catch((error) => console.log(error.name + ': ' + error.message));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(stdout).to.match(
      /^ConfigError: DATABASE_URL is not set, and there is no embedded PostgreSQL for .*\n$/,
    );
  });

  it('makes the links between libraries that a skipped postinstall script has not made', async () => {
    await mkdir(join(directory, 'native', 'lib'), { recursive: true });
    await writeFile(join(directory, 'native', 'lib', 'libx.so.1.2'), 'library');
    const links = ['libx.so', 'libx.so.1'].map((name) => ({
      source: 'native/lib/libx.so.1.2',
      target: `native/lib/${name}`,
    }));
    await writeFile(join(directory, 'native', 'pg-symlinks.json'), JSON.stringify(links));
    // Two processes may do so at once, and one again later.
    await Promise.all([linkLibraries(directory), linkLibraries(directory)]);
    await linkLibraries(directory);
    for (const name of ['libx.so', 'libx.so.1']) {
      expect(await readlink(join(directory, 'native', 'lib', name))).to.equal('libx.so.1.2');
      expect(await readFile(join(directory, 'native', 'lib', name), 'utf8')).to.equal('library');
    }
  });

  it('names the link that cannot be made', async () => {
    await mkdir(join(directory, 'native'));
    const links = [{ source: 'native/lib/a.so.1', target: 'native/lib/a.so' }];
    await writeFile(join(directory, 'native', 'pg-symlinks.json'), JSON.stringify(links));
    const error: unknown = await linkLibraries(directory).catch((reason: unknown) => reason);
    expect(String(error)).to.match(/^StartError: .*a\.so.*npm rebuild/);
  });
});

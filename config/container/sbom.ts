/**
 * `npm run sbom`: npm's own SBOM (CycloneDX) of what may be in the image. npm is asked about a copy of the lock file without
 * what only builds and tests: its `--omit dev` also leaves out what both need (npm 11.19).
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
type Fields = Record<string, unknown>;

/** One of the project's own files, which npm has checked. */
async function read(name: string): Promise<Fields> {
  const fields: Fields = JSON.parse(await readFile(join(ROOT, name), 'utf8'));
  return fields;
}

const folder = await mkdtemp(join(tmpdir(), 'triage-sbom-'));
try {
  const { devDependencies: _, ...manifest } = await read('package.json');
  const lock = await read('package-lock.json');
  const packages = Object.entries(lock['packages'] ?? {}).flatMap(
    ([path, entry]: [string, Fields]): [string, Fields][] => {
      if (entry['dev'] === true) return [];
      return [[path, path === '' ? { ...entry, devDependencies: {} } : entry]];
    },
  );
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(
    join(folder, 'package-lock.json'),
    JSON.stringify({ ...lock, packages: Object.fromEntries<unknown>(packages) }),
  );
  const sbom = await run('npm', ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'], {
    cwd: folder,
  });
  process.stdout.write(`${sbom}\n`);
} finally {
  await rm(folder, { recursive: true });
}

/**
 * `node config/container/build-packages.ts`, in the folder of a package.json and its lock file: rewrites both for an
 * `npm ci` of what goes into the bundle and what makes it, a quarter of all packages. Versions and integrity stay the lock's.
 */
import { readFileSync, writeFileSync } from 'node:fs';

/** What bundle.ts imports. */
const BUILDS = 'esbuild';

interface Manifest {
  devDependencies: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

function onlyBuilds(manifest: Manifest): void {
  const version = manifest.devDependencies[BUILDS];
  if (version === undefined) throw new Error(`package.json does not name ${BUILDS}`);
  manifest.devDependencies = { [BUILDS]: version };
  // The embedded PostgreSQL of the specs and the demo.
  delete manifest.optionalDependencies;
}

const manifest: Manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const lock: { packages: { '': Manifest } } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
onlyBuilds(manifest);
// What nothing leads to any more, npm leaves out.
onlyBuilds(lock.packages['']);
writeFileSync('package.json', JSON.stringify(manifest));
writeFileSync('package-lock.json', JSON.stringify(lock));

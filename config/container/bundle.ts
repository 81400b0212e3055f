/**
 * Makes what the image holds. `node config/container/bundle.ts DIR` writes into DIR: the daemon and the health probe, one ESM
 * file each; the migrations; the licences of all that is in them. Source maps go to `DIR-maps`, which no image gets.
 */
import { cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { licencesOf } from './licences.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** CommonJS parts of the bundle ask for what an ES module does not have. */
const BANNER = [
  "import { createRequire as createRequireOfBundle } from 'node:module';",
  'const require = createRequireOfBundle(import.meta.url);',
  'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
].join('\n');

async function bundle(directory: string): Promise<void> {
  const maps = `${directory}-maps`;
  for (const each of [directory, maps]) {
    await rm(each, { recursive: true, force: true });
    await mkdir(each, { recursive: true });
  }
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { triage: 'src/main/run.ts', probe: 'config/container/probe.ts' },
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    banner: { js: BANNER },
    minify: true,
    // A stack trace then shows the names of the source, also without a map.
    keepNames: true,
    legalComments: 'none',
    sourcemap: 'external',
    // Looked for by libraries that do well without.
    external: ['pg-native', 'bufferutil', 'utf-8-validate'],
    metafile: true,
    logLevel: 'warning',
  });
  for (const name of await readdir(directory)) {
    if (name.endsWith('.map')) await rename(join(directory, name), join(maps, name));
  }
  await cp(join(ROOT, 'src/store/migrations'), join(directory, 'migrations'), { recursive: true });
  await writeFile(join(directory, 'LICENCES.txt'), await licencesOf(ROOT, Object.keys(metafile.inputs)));
}

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error('usage: node config/container/bundle.ts DIR');
await bundle(resolve(directory));

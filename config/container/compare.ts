/**
 * `npm run image:compare`: our image beside the same app built the ordinary way (npm ci on node:24-bookworm-slim), in
 * bytes on the disk and compressed as a registry stores them. On stand-in base images it says nothing of real ones.
 */
import { fileURLToPath } from 'node:url';
import { HARDENED, haveImages } from './base-images.ts';
import { run } from './run.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ORDINARY = 'node:24-bookworm-slim';
const MB = 1_000_000;

const inMb = (bytes: number): string => `${(bytes / MB).toFixed(1)} MB`.padStart(10);

async function measure(image: string): Promise<{ disk: number; compressed: number }> {
  const disk = Number(await run('docker', ['image', 'inspect', '--format', '{{.Size}}', image]));
  const compressed = Number(await run('sh', ['-c', 'docker save "$0" | gzip -6 | wc -c', image]));
  return { disk, compressed };
}

async function build(tag: string, args: readonly string[]): Promise<void> {
  const base = Object.entries(HARDENED).flatMap(([name, value]) => [
    '--build-arg',
    `${name}=${process.env[name] ?? value}`,
  ]);
  await run('docker', ['build', '--tag', tag, ...base, ...args, ROOT]);
}

try {
  const { NODE_IMAGE = HARDENED.NODE_IMAGE, NODE_DEV_IMAGE = HARDENED.NODE_DEV_IMAGE } = process.env;
  await haveImages([NODE_IMAGE, NODE_DEV_IMAGE, ORDINARY]);
  await build('triage:latest', []);
  const other = ['--file', `${ROOT}/config/container/unbundled.Dockerfile`];
  await build('triage:unbundled', [...other, '--target', 'unbundled']);
  await build('triage:ordinary', [...other, '--target', 'ordinary']);
  const rows = {
    [`the image (bundle on ${NODE_IMAGE})`]: 'triage:latest',
    [`npm ci on ${NODE_IMAGE}`]: 'triage:unbundled',
    [`npm ci on ${ORDINARY}`]: 'triage:ordinary',
    [`${NODE_IMAGE} alone`]: NODE_IMAGE,
    [`${ORDINARY} alone`]: ORDINARY,
  };
  process.stdout.write(`${'on disk'.padStart(10)} ${'compressed'.padStart(10)}\n`);
  for (const [title, image] of Object.entries(rows)) {
    const { disk, compressed } = await measure(image);
    process.stdout.write(`${inMb(disk)} ${inMb(compressed)}  ${title}\n`);
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  process.exitCode = 1;
}

/**
 * `npm run image:compare`: our image beside the same app built the ordinary way (npm ci on node:24-bookworm-slim), in
 * bytes on the disk and compressed as a registry stores them, and how many times ours that is. On stand-in base images it
 * says nothing of real ones. Takes minutes; the images are removed again.
 */
import { fileURLToPath } from 'node:url';
import { HARDENED, haveImages } from './base-images.ts';
import { run } from './run.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ORDINARY = 'node:24-bookworm-slim';
const MB = 1_000_000;

/** Not the tags of what may be running. */
const OURS = 'triage-compare:bundle';
const UNBUNDLED = 'triage-compare:unbundled';
const OTHER = 'triage-compare:ordinary';

interface Size {
  /** Bytes. */
  readonly disk: number;
  readonly compressed: number;
}

/** Bytes, and how many times the first of all that is. */
const cell = (bytes: number, first: number): string =>
  `${(bytes / MB).toFixed(1)} MB`.padStart(10) + `÷ ${(bytes / first).toFixed(2)}`.padStart(8);

async function measure(image: string): Promise<Size> {
  const disk = Number(await run('docker', ['image', 'inspect', '--format', '{{.Size}}', image]));
  const compressed = Number(await run('sh', ['-c', 'docker save "$0" | gzip -6 | wc -c', image]));
  return { disk, compressed };
}

async function build(tag: string, args: readonly string[]): Promise<void> {
  const base = Object.entries(HARDENED).flatMap(([name, value]) => [
    '--build-arg',
    `${name}=${process.env[name] ?? value}`,
  ]);
  process.stderr.write(`building ${tag}\n`);
  await run('docker', ['build', '--tag', tag, ...base, ...args, ROOT]);
}

try {
  const { NODE_IMAGE = HARDENED.NODE_IMAGE, NODE_DEV_IMAGE = HARDENED.NODE_DEV_IMAGE } = process.env;
  await haveImages([NODE_IMAGE, NODE_DEV_IMAGE, ORDINARY]);
  await build(OURS, []);
  const other = ['--file', `${ROOT}/config/container/unbundled.Dockerfile`];
  await build(UNBUNDLED, [...other, '--target', 'unbundled']);
  await build(OTHER, [...other, '--target', 'ordinary']);
  const rows = {
    [`the image (bundle on ${NODE_IMAGE})`]: OURS,
    [`npm ci on ${NODE_IMAGE}`]: UNBUNDLED,
    [`npm ci on ${ORDINARY}`]: OTHER,
    [`${NODE_IMAGE} alone`]: NODE_IMAGE,
    [`${ORDINARY} alone`]: ORDINARY,
  };
  process.stdout.write(`${'on disk'.padStart(18)}${'compressed'.padStart(18)}   ÷ the first\n`);
  let first: Size | undefined;
  for (const [title, image] of Object.entries(rows)) {
    const size = await measure(image);
    first ??= size;
    process.stdout.write(
      `${cell(size.disk, first.disk)}${cell(size.compressed, first.compressed)}   ${title}\n`,
    );
  }
  await run('docker', ['image', 'rm', OURS, UNBUNDLED, OTHER]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  process.exitCode = 1;
}

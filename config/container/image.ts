/**
 * `npm run image [-- --public] [-- --tag NAME]`: builds the image, labels it, and lists what is inside. NODE_IMAGE and
 * NODE_DEV_IMAGE in the environment replace the base images, for digests or a mirror.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type BaseImages, HARDENED, haveImages, PUBLIC } from './base-images.ts';
import { outcomeOf, run } from './run.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MB = 1_000_000;

/** What a container of the image says of itself: our files with their sizes in bytes, then the licences, a line each. */
const LOOK_INSIDE = `
for (const name of fs.readdirSync('/app', { recursive: true }).sort()) {
  const { size } = fs.statSync('/app/' + name);
  if (fs.statSync('/app/' + name).isFile()) console.log(String(size).padStart(10) + '  /app/' + name);
}
console.log(fs.readFileSync('/app/bundle/LICENCES.txt', 'utf8').split('\\n\\n')[0]);
`;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

async function revision(): Promise<string> {
  const head = await outcomeOf('git', ['rev-parse', 'HEAD'], { cwd: ROOT }).catch(() => null);
  if (head?.code !== 0) return 'unknown';
  const changes = await run('git', ['status', '--porcelain'], { cwd: ROOT });
  return head.stdout.trim() + (changes === '' ? '' : '-dirty');
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}

const sizeOf = async (image: string): Promise<number> =>
  Number(await run('docker', ['image', 'inspect', '--format', '{{.Size}}', image]));

async function build(tag: string, base: BaseImages): Promise<void> {
  await haveImages(Object.values(base));
  const args = { ...base, VERSION: version(), REVISION: await revision() };
  const given = Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  say(`building ${tag} on ${base.NODE_IMAGE}`);
  await run('docker', ['build', '--tag', tag, ...given, ROOT]);
}

async function list(tag: string, base: BaseImages): Promise<void> {
  const [size, baseSize] = [await sizeOf(tag), await sizeOf(base.NODE_IMAGE)];
  say(`${(size / MB).toFixed(1)} MB, of which ${((size - baseSize) / MB).toFixed(2)} MB are ours`);
  say(await run('docker', ['image', 'inspect', '--format', '{{json .Config.Labels}}', tag]));
  const inside = ['run', '--rm', '--network', 'none', '--read-only', '--cap-drop', 'ALL', tag];
  say(await run('docker', [...inside, 'node', '-e', LOOK_INSIDE]));
}

try {
  const { values } = parseArgs({
    options: {
      public: { type: 'boolean', default: false },
      tag: { type: 'string', default: 'triage:latest' },
    },
  });
  const base = values.public ? PUBLIC : HARDENED;
  const { NODE_IMAGE = base.NODE_IMAGE, NODE_DEV_IMAGE = base.NODE_DEV_IMAGE } = process.env;
  await build(values.tag, { NODE_IMAGE, NODE_DEV_IMAGE });
  await list(values.tag, { NODE_IMAGE, NODE_DEV_IMAGE });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  process.exitCode = 1;
}

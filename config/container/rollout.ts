/**
 * `npm run rollout -- PHASE`: preparation, test, staging or production. Each does what its phase consists of, step by step,
 * checks every step, and exits 1 at the first that fails; what it started by then goes on running, to be looked at.
 * Compose's own variables are heeded (COMPOSE_FILE, COMPOSE_PROJECT_NAME, and those of docker-compose.yml), and so are .env
 * and docker-compose.override.yml. Backups go to BACKUPS_DIR, ./backups when absent.
 */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { haveImages } from './base-images.ts';
import { outcomeOf, run } from './run.ts';
import { smoke } from './smoke.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const READY_MS = 120_000;
const RESTART_MS = 60_000;
const BACKUPS = process.env['BACKUPS_DIR'] ?? join(ROOT, 'backups');
const HAS_TABLES =
  'PGPASSWORD="$(cat /run/secrets/postgres_password)" exec psql -U triage -Atc "SELECT to_regclass(\'requests\')"';
const SECRETS = [
  'slack_app_token',
  'slack_bot_token',
  'database_url',
  'redis_url',
  'postgres_password',
  'redis_acl',
];

/** A step throws where it fails; what it returns is said beside its name. */
type Step = readonly [name: string, work: () => Promise<string>];

let command: readonly string[] = ['docker', 'compose'];

function compose(...args: readonly string[]): Promise<string> {
  const [program = '', ...first] = command;
  return run(program, [...first, ...args], { cwd: ROOT });
}

let configuration: Promise<string> | undefined;

/** What Compose makes of its files, its .env and the environment: the value after `key:` of each line that has it. */
async function configured(key: string): Promise<readonly string[]> {
  configuration ??= compose('config');
  return [...(await configuration).matchAll(new RegExp(`^ +${key}: (.+)$`, 'gm'))].map(([, value = '']) =>
    value.replace(/"/g, ''),
  );
}

async function engine(): Promise<string> {
  const version = await run('docker', ['version', '--format', '{{.Server.Version}}']);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 10)) throw new Error(`Docker ${version} is older than 20.10`);
  return version;
}

async function composeVersion(): Promise<string> {
  const plugin = await outcomeOf('docker', ['compose', 'version', '--short']).catch(() => null);
  if (plugin?.code !== 0) command = ['docker-compose'];
  const version =
    plugin?.code === 0 ? plugin.stdout.trim() : await run('docker-compose', ['version', '--short']);
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if (major < 1 || (major === 1 && minor < 29)) throw new Error(`Compose ${version} is older than 1.29`);
  await compose('config', '-q');
  return version;
}

async function secrets(): Promise<string> {
  const files = (await configured('file')).filter((file) => SECRETS.includes(file.split('/').at(-1) ?? ''));
  if (files.length !== SECRETS.length) throw new Error(`docker-compose.yml names ${files.length} secrets`);
  for (const file of files) {
    const found = await stat(file).catch(() => null);
    if (found === null) throw new Error(`${file} is missing: config/container/make-secrets.sh makes it`);
    if (found.size === 0) throw new Error(`${file} is empty`);
    if ((found.mode & 0o004) === 0) throw new Error(`${file} cannot be read by the containers: chmod 0444`);
  }
  const folder = join(files[0] ?? '', '..');
  if (((await stat(folder)).mode & 0o077) !== 0) throw new Error(`${folder} is open to others: chmod 0700`);
  return folder;
}

async function images(): Promise<string> {
  const all = await configured('image');
  const base = (await configured('NODE_IMAGE')).concat(await configured('NODE_DEV_IMAGE'));
  const needed = [...all.filter((image) => !/(^|\/)triage[:@]/.test(image)), ...base];
  await haveImages(needed);
  return needed.join(', ');
}

async function checkConfiguration(): Promise<string> {
  return compose('run', '--rm', '--no-deps', '-T', 'bot', 'node', 'bundle/triage.mjs', 'check-config');
}

async function untilReady(): Promise<string> {
  const found = await smoke(await containerOf('bot'), READY_MS);
  const problems = found.filter(({ problem }) => problem !== null);
  if (problems.length === 0) return `${found.length} checks`;
  throw new Error(problems.map(({ title, problem }) => `${title}: ${problem}`).join('; '));
}

/** The id of a service's container, empty where there is none. */
async function containerOf(service: string): Promise<string> {
  return (await compose('ps', '-q', service)).split('\n')[0] ?? '';
}

const inspect = (container: string, format: string): Promise<string> =>
  run('docker', ['inspect', '--format', format, container]);

async function until(isSo: () => Promise<boolean>, withinMs: number, problem: string): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(problem);
    await sleep(500);
  }
}

/** As it is, not as it will be: PostgreSQL is left alone where it runs, and started where it does not. */
async function backup(): Promise<string> {
  const running = await containerOf('postgres');
  if (running === '' || (await inspect(running, '{{.State.Running}}')) !== 'true')
    await compose('up', '-d', '--no-build', 'postgres');
  const id = await containerOf('postgres');
  const isHealthy = async (): Promise<boolean> =>
    (await inspect(id, '{{.State.Health.Status}}')) === 'healthy';
  await until(isHealthy, READY_MS, 'PostgreSQL is not healthy');
  const tables = await run('docker', ['exec', id, 'bash', '-c', HAS_TABLES]);
  if (tables === '') return 'the database is new, so there is nothing to back up';
  await mkdir(BACKUPS, { recursive: true, mode: 0o700 });
  const file = join(BACKUPS, `triage-${new Date().toISOString().replace(/[:.]/g, '-')}.dump`);
  await run('sh', [join(ROOT, 'config/container/database.sh'), 'backup', file], { cwd: ROOT });
  const { size } = await stat(file);
  return `${file}, ${size} bytes`;
}

async function comesBack(): Promise<string> {
  const id = await containerOf('bot');
  const restarts = async (): Promise<number> => Number(await inspect(id, '{{.RestartCount}}'));
  const before = await restarts();
  // From inside, since a kill by the engine counts as a wish of the operator's, after which nothing restarts.
  await outcomeOf('docker', ['exec', id, 'node', '-e', "process.kill(1, 'SIGTERM')"]);
  await until(async () => (await restarts()) > before, RESTART_MS, 'it was not restarted');
  return untilReady();
}

const node = (...args: readonly string[]) => run('node', args, { cwd: ROOT });

const PREPARATION: readonly Step[] = [
  ['Docker is 20.10 or newer', engine],
  ['Compose is 1.29 or newer and takes the file', composeVersion],
  ['every secret is there, for the containers and nobody else', secrets],
  ['all base images can be had', images],
];

const UP: readonly Step[] = [
  ['the configuration fits the workspace', checkConfiguration],
  ['the stack is up', () => compose('up', '-d', '--no-build').then(() => '')],
  ['the bot is ready, and locked down', untilReady],
];

const PHASES: Readonly<Record<string, readonly Step[]>> = {
  preparation: PREPARATION,
  test: [
    ...PREPARATION.slice(0, 2),
    ['the image builds', () => node('config/container/image.ts').then((text) => text.split('\n')[1] ?? '')],
    [
      'a throw-away stack does its work with a local Slack',
      () => node('spec/container/smoke.ts', '--trial').then(() => ''),
    ],
  ],
  staging: [
    ...PREPARATION,
    ...UP,
    ['it comes back when it ends', comesBack],
    ['its database can be backed up', backup],
  ],
  production: [...PREPARATION, ['a backup is made first', backup], ...UP],
};

const [phase = ''] = process.argv.slice(2);
const steps = PHASES[phase];
if (steps === undefined) {
  process.stderr.write(`usage: npm run rollout -- ${Object.keys(PHASES).join(' | ')}\n`);
  process.exitCode = 2;
}
for (const [name, work] of steps ?? []) {
  try {
    const said = await work();
    process.stdout.write(`✓ ${name}${said === '' ? '' : `: ${said}`}\n`);
  } catch (error) {
    process.stdout.write(`✗ ${name}: ${error instanceof Error ? error.message : 'failed'}\n`);
    process.exitCode = 1;
    break;
  }
}

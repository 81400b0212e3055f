/**
 * The Docker engine that these specs run on: the machine's own, or one that they start for themselves (engine.sh), where
 * Debian's docker.io is installed. The base images: what the registry gives, or stand-ins (make-standins.sh).
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { outcomeOf, type RunOptions, run } from '../../config/container/run.ts';
import { waitFor } from '../support/wait-for.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The image of this commit. */
export const IMAGE = 'triage-spec:current';
export const NODE_IMAGE = 'dhi.io/node:24-alpine3.22';
export const NODE_DEV_IMAGE = `${NODE_IMAGE}-dev`;
const BASE_IMAGES = [NODE_IMAGE, NODE_DEV_IMAGE, 'dhi.io/postgres:15-alpine', 'dhi.io/redis:8-alpine'];

const NEEDED =
  'the container specs need a Docker engine: a running one, or as root: sh spec/container/install.sh (Debian)';
const ENGINE = join(ROOT, 'spec/container/engine.sh');
const STAND_INS = join(ROOT, 'spec/container/make-standins.sh');
const STAND_IN_LABEL = '{{index .Config.Labels "standin.stamp"}}';

/** Which docker: one that has BuildKit, where several are installed. */
let client = 'docker';
/** Whether the engine is one that these specs have started. */
let isOurs = false;

/** The environment in which programs of the project take that one, too: each client has build caches of its own. */
export const withClient = (): Readonly<Record<string, string>> => ({
  PATH: `${dirname(client)}${delimiter}${process.env['PATH'] ?? ''}`,
});

export const docker = (...args: readonly string[]): Promise<string> => run(client, args);

/** The same for what may fail. */
export const dockerOutcome = (args: readonly string[], options?: RunOptions) =>
  outcomeOf(client, args, options);

const ASK_MS = 400;

/** `waitFor`, for what a program has to be asked: seldom enough for the asking not to be the load. */
export const waitForDocker = <T>(
  condition: () => Promise<T>,
  what: string,
  timeoutMs?: number,
): Promise<NonNullable<T>> =>
  waitFor(
    async () => {
      let value: T | undefined;
      try {
        value = await condition();
        return value;
      } finally {
        if (!value) await sleep(ASK_MS);
      }
    },
    what,
    timeoutMs,
  );

/** Finds or starts an engine. Resolves with what ends it again; rejects with the line that says what is missing. */
export async function startEngine(): Promise<() => Promise<void>> {
  const clients = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'docker'))
    .filter((path) => existsSync(path));
  if (clients[0] === undefined) throw new Error(NEEDED);
  client = clients[0];
  let stop = async (): Promise<void> => {};
  if (!(await answers())) {
    const started = await outcomeOf('sh', [ENGINE, 'start']).catch(() => null);
    const host = /DOCKER_HOST=(\S+)/.exec(await run('sh', [ENGINE, 'env']))?.[1];
    if (started?.code !== 0 || host === undefined) throw new Error(NEEDED);
    process.env['DOCKER_HOST'] = host;
    const owner = join(dirname(fileURLToPath(host.replace(/^unix:/, 'file:'))), 'owner');
    // One that ran already is somebody's who will want to go on with it, unless a killed run of these specs has left it.
    isOurs = !started.stdout.includes('running') || (await isOfDead(owner));
    if (isOurs) {
      await writeFile(owner, String(process.pid));
      stop = async () => {
        await run('sh', [ENGINE, 'stop']);
        await rm(owner);
      };
    }
    if (!(await answers())) throw new Error(NEEDED);
  }
  for (const path of clients) {
    if (!(await hasBuildKit(path))) continue;
    client = path;
    break;
  }
  return stop;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function isOfDead(owner: string): Promise<boolean> {
  const pid = Number(await readFile(owner, 'utf8').catch(() => ''));
  return pid > 0 && !isAlive(pid);
}

async function answers(): Promise<boolean> {
  return (await outcomeOf(client, ['version'])).code === 0;
}

/** Up to 20.10 it is built in; from 23 on it is the plugin buildx. */
async function hasBuildKit(path: string): Promise<boolean> {
  const version = await run(path, ['version', '--format', '{{.Client.Version}}']);
  return Number.parseInt(version, 10) < 23 || (await outcomeOf(path, ['buildx', 'version'])).code === 0;
}

/** Makes sure of the base images: those that are there, stand-ins where they can be made, or else the registry's. */
export async function haveBaseImages(): Promise<void> {
  // Where one is missing the others' stamps are told all the same.
  const seen = await dockerOutcome(['image', 'inspect', '--format', STAND_IN_LABEL, ...BASE_IMAGES]);
  const stamps = seen.stdout.split('\n').slice(0, -1);
  const made = createHash('sha256')
    .update(await readFile(STAND_INS))
    .digest('hex')
    .slice(0, 16);
  const areReal = stamps.every((stamp) => stamp === '');
  if (seen.code === 0 && (areReal || stamps.every((stamp) => stamp === made))) return;
  if (existsSync('/usr/bin/mmdebstrap')) {
    await run('bash', [STAND_INS], { env: { ENGINE: client } });
    return;
  }
  for (const image of BASE_IMAGES)
    if ((await dockerOutcome(['image', 'inspect', image])).code !== 0) await docker('pull', '--quiet', image);
}

export type Builder = 'legacy' | 'buildkit';

/** Builds the Dockerfile (of `context`, by default this checkout) into `tag`. */
export async function buildImage(
  tag: string,
  builder: Builder,
  args: Readonly<Record<string, string>> = {},
  context = ROOT,
): Promise<void> {
  const given = Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  const built = await dockerOutcome(['build', '--tag', tag, ...given, context], {
    env: { DOCKER_BUILDKIT: builder === 'legacy' ? '0' : '1' },
  });
  if (built.code !== 0)
    throw new Error(`the image does not build: ${built.stdout.slice(-2000)}${built.stderr.slice(-2000)}`);
}

/**
 * What a power failure is to the containers whose processes these are (by the machine's numbers): they end at once. An
 * engine that the specs have started ends with all that runs on it, and starts again, as at a boot; of anybody else's only
 * these processes end.
 */
export async function powerCut(pids: readonly number[]): Promise<void> {
  if (!isOurs) {
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    return;
  }
  await run('sh', [ENGINE, 'cut']);
  await run('sh', [ENGINE, 'start']);
}

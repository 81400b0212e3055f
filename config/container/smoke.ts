/** What must be so of a bot that runs in a container, looked at from outside: the checks behind `npm run smoke`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { outcomeOf, run } from './run.ts';

export interface Finding {
  readonly title: string;
  /** Null: it is so. */
  readonly problem: string | null;
}

/** A container, and what its kernel says of its first process, which is asked for once. */
interface Looked {
  readonly container: string;
  readonly status: () => Promise<string>;
}

type Check = (looked: Looked) => Promise<string | null>;

const inspect = (container: string, format: string): Promise<string> =>
  run('docker', ['inspect', '--format', format, container]);

const inside = (container: string, script: string): Promise<string> =>
  run('docker', ['exec', container, 'node', '-e', script]);

/** The published address of the health listener; inside of the container where nothing is published. */
async function answer(container: string, path: string): Promise<{ status: number; body: string }> {
  const published = await outcomeOf('docker', ['port', container, '3000']);
  if (published.code === 0) {
    const response = await fetch(`http://${published.stdout.split('\n')[0]}${path}`, {
      signal: AbortSignal.timeout(5000),
    });
    return { status: response.status, body: (await response.text()).trim() };
  }
  const script = `fetch('http://127.0.0.1:3000${path}').then(async (r) => console.log(r.status + ' ' + (await r.text())))`;
  const [status = '', ...body] = (await inside(container, script)).split(' ');
  return { status: Number(status), body: body.join(' ') };
}

const expectStatus =
  (path: string): Check =>
  async ({ container }) => {
    const { status, body } = await answer(container, path);
    return status === 200 ? null : `it says ${status}: ${body}`;
  };

const expectLine =
  (pattern: RegExp): Check =>
  async ({ status }) => {
    const said = await status();
    const name = pattern.source.replace(/^\^(\w+).*$/, '$1');
    return pattern.test(said) ? null : (new RegExp(`^${name}.*$`, 'm').exec(said)?.[0] ?? `no ${name}`);
  };

/** What takes a while after a start. */
const STARTED: Readonly<Record<string, Check>> = {
  '/health is 200': expectStatus('/health'),
  '/ready is 200: Slack, the database and its schema': expectStatus('/ready'),
  'Docker calls it healthy': async ({ container }) => {
    const health = await inspect(
      container,
      '{{if .State.Health}}{{.State.Health.Status}}{{else}}unchecked{{end}}',
    );
    return health === 'healthy' ? null : health;
  },
};

/** What is so from the beginning or never. */
const LOCKED_DOWN: Readonly<Record<string, Check>> = {
  'it does not run as root': expectLine(/^Uid:\s+[1-9]\d*\s+[1-9]\d*\s+[1-9]\d*\s/m),
  'it has no capability': expectLine(/^CapEff:\s+0+$/m),
  'it can get none': expectLine(/^CapBnd:\s+0+$/m),
  'it gains no privileges': expectLine(/^NoNewPrivs:\s+1$/m),
  'its system calls are filtered': expectLine(/^Seccomp:\s+2$/m),
  'its files are read-only': async ({ container }) => {
    const write =
      "try { fs.writeFileSync('/app/x', ''); console.log('written') } catch (e) { console.log(e.code) }";
    const said = await inside(container, write);
    return said === 'EROFS' ? null : `/app/x: ${said}`;
  },
  'it has no shell': async ({ container }) => {
    const { code } = await outcomeOf('docker', ['exec', container, '/bin/sh', '-c', 'true']);
    return code === 0 ? '/bin/sh runs' : null;
  },
  'its secrets are files, not variables': async ({ container }) => {
    const environment = await inspect(container, '{{range .Config.Env}}{{println .}}{{end}}');
    const names = environment
      .split('\n')
      .filter((line) => /^(SLACK_\w+_TOKEN|DATABASE_URL|REDIS_URL)=./.test(line));
    return names.length === 0 ? null : names.map((line) => line.split('=')[0]).join(', ');
  },
  'it comes back by itself': async ({ container }) => {
    const policy = await inspect(container, '{{.HostConfig.RestartPolicy.Name}}');
    return /^(unless-stopped|always)$/.test(policy) ? null : `restart: ${policy}`;
  },
};

async function look(container: string, checks: Readonly<Record<string, Check>>): Promise<readonly Finding[]> {
  let status: Promise<string> | undefined;
  const looked: Looked = {
    container,
    status: () => (status ??= inside(container, "console.log(fs.readFileSync('/proc/1/status', 'utf8'))")),
  };
  return Promise.all(
    Object.entries(checks).map(async ([title, check]) => ({
      title,
      problem: await check(looked).catch((error: unknown) =>
        error instanceof Error ? error.message : 'failed',
      ),
    })),
  );
}

/**
 * Looks at one container, by its id or name, once it is up or `withinMs` (ms) are over; every check is made, whatever the
 * others find.
 */
export async function smoke(container: string, withinMs = 0): Promise<readonly Finding[]> {
  const until = performance.now() + withinMs;
  for (;;) {
    const started = await look(container, STARTED);
    if (started.every(({ problem }) => problem === null) || performance.now() > until)
      return [...started, ...(await look(container, LOCKED_DOWN))];
    await sleep(1000);
  }
}

/** The bot's container in a Compose project, or in the only one there is. Throws when that is not one container. */
export async function findBot(project?: string): Promise<string> {
  const filters = ['label=com.docker.compose.service=bot'];
  if (project !== undefined) filters.push(`label=com.docker.compose.project=${project}`);
  const found = await run('docker', [
    'ps',
    '--format',
    '{{.Names}}',
    ...filters.flatMap((each) => ['--filter', each]),
  ]);
  const names = found.split('\n').filter((name) => name !== '');
  const [only, ...more] = names;
  if (only === undefined) throw new Error('no container of the service bot runs: docker compose up -d');
  if (more.length > 0)
    throw new Error(`several bots run, say which: ${names.map((one) => `--container ${one}`).join(' | ')}`);
  return only;
}

/**
 * The stack as an operator runs it: docker-compose.yml as it stands, secrets made by make-secrets.sh, and a local Slack on
 * this machine's end of the bot's network. Only what has to differ in a spec does, by a second file: Slack's address, no
 * pacing, quick health checks.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { run } from '../../config/container/run.ts';
import { makeTeam, teamYaml } from '../support/running-app.ts';
import { startLocalSlack } from '../workspace/local-slack.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Message } from '../workspace/wire.ts';
import { docker, IMAGE, ROOT, waitForDocker } from './engine.ts';
import { clearProject, newFolder, newName } from './leftovers.ts';

export const SERVICES = ['bot', 'postgres', 'redis'] as const;
export type Service = (typeof SERVICES)[number];
/** Debian's `docker-compose` 1.29, or the plugin of version 2. */
export type ComposeVersion = 1 | 2;

export interface StackOptions {
  readonly compose?: ComposeVersion;
  /** The bot's; this commit's when absent. */
  readonly image?: string;
  /** YAML of the queue `it`, in place of the default times. */
  readonly times?: string;
  /** Between two looks at the bot's health, when not as docker-compose.yml has it: each starts a process, and that of Node. */
  readonly probeSeconds?: number;
}

export interface Ready {
  readonly status: number;
  readonly parts: Readonly<Record<string, unknown>>;
}

export type Stack = Awaited<ReturnType<typeof openStack>>;

const UP_MS = 40_000;
const ADDRESS_MS = 1000;
/** Slack's own hourly retries, only sooner. */
const RETRIES_MS = [0, ...Array<number>(60).fill(1000)];

/** The command line of either version, to be followed by its own arguments. */
export const composeCommand = (version: ComposeVersion): readonly string[] =>
  version === 1 ? ['docker-compose'] : ['docker', 'compose'];

/** Makes secrets, networks and Slack; nothing runs before `up`. `close` removes all of it. */
export async function openStack(options: StackOptions = {}) {
  const project = newName();
  const folder = await newFolder();
  const secrets = join(folder, 'secrets');
  const config = join(folder, 'config');
  const envFile = join(folder, 'variables.env');
  const override = join(folder, 'spec.yml');
  let version: ComposeVersion = options.compose ?? 2;
  let variables: Readonly<Record<string, string>> = {};

  /** Whose containers they are; Compose may make others. */
  const ids = new Map<Service, string>();

  async function compose(...args: readonly string[]): Promise<string> {
    ids.clear();
    const all = {
      BOT_IMAGE: options.image ?? IMAGE,
      BOT_PORT: '0',
      SECRETS_DIR: secrets,
      CONFIG_DIR: config,
      ...variables,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(envFile, lines.join(''));
    const [program = '', ...first] = composeCommand(version);
    const files = ['-f', join(ROOT, 'docker-compose.yml'), '-f', override];
    return run(program, [...first, '-p', project, ...files, '--env-file', envFile, ...args], { cwd: ROOT });
  }

  const tokens = { app: 'xapp-1-A0TRIAGE-0000-local-app-token', bot: 'xoxb-0000-local-bot-token' };
  await run('sh', [join(ROOT, 'config/container/make-secrets.sh'), secrets], {
    input: `${tokens.app}\n${tokens.bot}\n`,
  });
  await mkdir(config, { mode: 0o755 });
  await writeFile(
    join(config, 'triage.yaml'),
    teamYaml(options.times === undefined ? {} : { times: options.times }),
  );
  // Not Compose's, which makes it anew after each `down`, with another address of this machine's end.
  const edge = `${project}_edge`;
  await docker('network', 'create', edge);
  const host = await docker('network', 'inspect', '--format', '{{(index .IPAM.Config 0).Gateway}}', edge);
  const slack = await startLocalSlack({ host, retryDelaysMs: RETRIES_MS });
  const team = makeTeam(slack);
  const quick = 'healthcheck: { interval: 4s }';
  const probes =
    options.probeSeconds === undefined ? '' : `healthcheck: { interval: ${options.probeSeconds}s }, `;
  const environment = `environment: { SLACK_API_URL: "${slack.apiUrl}", SLACK_POST_INTERVAL: "0" }`;
  await writeFile(
    override,
    `services:
  bot: { ${probes}${environment} }
  postgres: { ${quick} }
  redis: { ${quick} }
networks:
  edge: { external: true, name: ${edge} }
`,
  );

  const container = async (service: Service): Promise<string> => {
    const known = ids.get(service);
    if (known !== undefined) return known;
    const labels = { project, service };
    const filters = Object.entries(labels).flatMap(([name, value]) => [
      '--filter',
      `label=com.docker.compose.${name}=${value}`,
    ]);
    const [id = ''] = (await docker('ps', '--all', '--quiet', '--no-trunc', ...filters)).split('\n');
    if (id === '') throw new Error(`no container of ${service}`);
    ids.set(service, id);
    return id;
  };
  const inspect = async (service: Service, format: string): Promise<string> =>
    docker('inspect', '--format', format, await container(service));
  const exec = async (service: Service, ...args: readonly string[]): Promise<string> =>
    docker('exec', await container(service), ...args);
  /** As `psql -At` prints it; from this machine, which has an end of the internal network, too. */
  const psql = async (sql: string): Promise<string> => {
    const address = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    const connectionString = new URL(await readFile(join(secrets, 'database_url'), 'utf8'));
    connectionString.hostname = await inspect('postgres', address);
    const client = new Client({ connectionString: connectionString.href });
    await client.connect();
    try {
      const types = { getTypeParser: () => String };
      const { rows } = await client.query<string[]>({ text: sql, rowMode: 'array', types });
      return rows.map((row) => row.join('|')).join('\n');
    } finally {
      await client.end();
    }
  };
  /** Of the health listener; another one after each start. */
  let address = { value: '', at: Number.NEGATIVE_INFINITY };
  const ask = async (path: string): Promise<Response> => {
    if (performance.now() - address.at > ADDRESS_MS) {
      const [value = ''] = (await docker('port', await container('bot'), '3000')).split('\n');
      address = { value, at: performance.now() };
    }
    return fetch(`http://${address.value}${path}`, { signal: AbortSignal.timeout(5000) });
  };
  const botMessages = (): readonly Message[] =>
    [...slack.world.channels.values()]
      .flatMap(({ messages }) => messages)
      .filter(({ user }) => user === slack.botUserId);
  const cards = (words: string): readonly Message[] =>
    slack
      .messages(team.triage)
      .filter(
        (one) =>
          one.user === slack.botUserId && (one.thread_ts ?? one.ts) === one.ts && textOf(one).includes(words),
      );

  return {
    project,
    folder,
    slack,
    team,
    compose,
    container,
    inspect,
    exec,
    psql,
    cards,
    /** Variables for `.env` from now on; those that are not named have their defaults again. */
    setVariables(next: Readonly<Record<string, string>>): void {
      variables = next;
    },
    setCompose(next: ComposeVersion): void {
      version = next;
    },
    /** The secrets' texts by their file's name. */
    secret: (name: string): Promise<string> => readFile(join(secrets, name), 'utf8'),
    async health(): Promise<number> {
      return (await ask('/health')).status;
    },
    async ready(): Promise<Ready> {
      const response = await ask('/ready');
      return { status: response.status, parts: (await response.json()) as Ready['parts'] };
    },
    /** `docker compose up`, and waits until the bot is ready. */
    async up(): Promise<void> {
      await compose('up', '-d', '--no-build');
      await this.untilReady();
    },
    async untilReady(): Promise<void> {
      try {
        await waitForDocker(async () => (await this.ready()).status === 200, 'the stack to be ready', UP_MS);
      } catch (error) {
        const log = await compose('logs', '--no-color').catch(() => '');
        throw new Error(`the stack does not come up: ${log.slice(-3000)}`, { cause: error });
      }
    },
    /** Docker's word for the health of a service, once it is that. */
    untilHealth: (service: Service, wanted: string, timeoutMs = 60_000): Promise<unknown> =>
      waitForDocker(
        async () => (await inspect(service, '{{.State.Health.Status}}')) === wanted,
        `${service} to be ${wanted}`,
        timeoutMs,
      ),
    /** One more bot, of this image; answers its container, which `up` and `down` do not know. */
    async another(image: string): Promise<string> {
      const name = newName();
      variables = { BOT_IMAGE: image };
      await compose('run', '-d', '--no-deps', '--service-ports', '--name', name, 'bot');
      variables = {};
      return docker('inspect', '--format', '{{.Id}}', name);
    },
    /** The operator's wish, which no restart policy undoes. */
    stop: async (service: Service): Promise<unknown> => docker('stop', await container(service)),
    start: async (service: Service): Promise<unknown> => docker('start', await container(service)),
    /** As the machine numbers it. */
    pid: async (service: Service): Promise<number> => Number(await inspect(service, '{{.State.Pid}}')),
    /** uli writes in #help-it. */
    ask: (words: string): string => slack.say(team.uli, team.help, words),
    cardOf: (words: string): Promise<Message> =>
      slack.waitFor(() => cards(words)[0], `a card of "${words}"`, 60_000),
    /** Waits until all that was told is handled and all that is to be said is said. */
    settled: (): Promise<unknown> =>
      waitForDocker(
        async () => {
          if (slack.unsettled() > 0) return false;
          const left = await psql(
            'select (select count(*) from inbox where done_at is null) + (select count(*) from outbox)',
          );
          return left === '0';
        },
        'everything to be handled and said',
        60_000,
      ),
    /** What was said more than once: the name that each said thing has in its metadata. */
    saidTwice(): readonly string[] {
      const names = botMessages().map(({ metadata }) => JSON.stringify(metadata));
      return names.filter((name, index) => names.indexOf(name) !== index);
    },
    async close(): Promise<void> {
      await clearProject(project);
      await slack.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Several daemons over one database and one local Slack: in this process, or each in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type App, type AppOptions, createApp } from '../../src/app.ts';
import { systemClock } from '../../src/clock.ts';
import { parseTriageFile } from '../../src/config/triage-file.ts';
import { loadConfig } from '../../src/config.ts';
import { type LocalSlackOptions, startLocalSlack } from '../workspace/local-slack.ts';
import { textOf } from '../workspace/text-of.ts';
import type { TokenKind } from '../workspace/web-api.ts';
import { asText, isJson, type Message } from '../workspace/wire.ts';
import { captureLogger } from './capture-logger.ts';
import { testDatabase } from './database.ts';
import { environmentOf, makeTeam, teamYaml } from './running-app.ts';
import { type Scrape, scrape } from './scrape.ts';
import { untilSettled } from './until-settled.ts';
import { waitFor } from './wait-for.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

export interface DaemonsOptions {
  readonly slack?: LocalSlackOptions;
  /** YAML of the queue `it`, in place of the default times. */
  readonly times?: string;
  /** False: the database is without any table. */
  readonly migrated?: boolean;
  /** Over and above what every spec's daemon gets. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The tokens are given as files, which `writeToken` changes. */
  readonly hasTokenFiles?: boolean;
  readonly counting?: NonNullable<AppOptions['counting']>;
}

/** What `/ready` said, and whether it was 200. */
export interface Ready {
  readonly ok: boolean;
  readonly parts: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Daemon {
  start(): Promise<void>;
  stop(): Promise<unknown>;
  ready(): Promise<Ready>;
  /** One scrape of its metrics. */
  scrape(): Promise<Scrape>;
}

export interface AppDaemon extends Daemon {
  readonly logger: ReturnType<typeof captureLogger>;
}

export interface ProcessDaemon extends Daemon {
  readonly pid: number;
  /** Resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, in the middle of whatever it does. */
  kill(): Promise<void>;
  /** All log lines so far. */
  log(): string;
}

export type Daemons = Awaited<ReturnType<typeof daemonsOver>>;

/** Prepares Slack, the made-up team and a database; `close` stops and removes all of it. */
export async function daemonsOver(options: DaemonsOptions = {}) {
  const slack = await startLocalSlack(options.slack);
  const team = makeTeam(slack);
  const database = await testDatabase(options.migrated === false ? { migrated: false } : {});
  const folder = await mkdtemp(join(tmpdir(), 'triage-daemons-'));
  const yaml = teamYaml(options.times === undefined ? {} : { times: options.times });
  const triageFile = join(folder, 'triage.yaml');
  await writeFile(triageFile, yaml);
  const writeToken = (kind: TokenKind, token: string): Promise<void> =>
    writeFile(join(folder, `slack_${kind}_token`), `${token}\n`);
  await writeToken('app', slack.appToken);
  await writeToken('bot', slack.botToken);
  const { SLACK_APP_TOKEN, SLACK_BOT_TOKEN, ...rest } = environmentOf(slack, database.connectionString);
  const tokens: Record<string, string | undefined> =
    options.hasTokenFiles === true
      ? {
          SLACK_APP_TOKEN_FILE: join(folder, 'slack_app_token'),
          SLACK_BOT_TOKEN_FILE: join(folder, 'slack_bot_token'),
        }
      : { SLACK_APP_TOKEN, SLACK_BOT_TOKEN };
  const environment = { ...rest, ...tokens, ...options.environment };
  const all: { end(): Promise<unknown> }[] = [];

  function inThisProcess(): AppDaemon {
    const logger = captureLogger();
    const app: App = createApp({
      config: loadConfig(environment),
      triageFile: parseTriageFile(yaml, 'triage.yaml'),
      clock: systemClock,
      logger,
      ...(options.counting === undefined ? {} : { counting: options.counting }),
    });
    all.push({ end: () => app.stop() });
    return {
      logger,
      start: () => app.start(),
      stop: () => app.stop(),
      ready: () => askReady(app.address()?.port ?? 0),
      scrape: () => scrape(app.address()?.port),
    };
  }

  function inItsOwnProcess(): ProcessDaemon {
    let child: ChildProcess | undefined;
    let log = '';
    const port = (): number => Number(/"port":(\d+)/.exec(log)?.[1] ?? 0);
    async function end(signal: NodeJS.Signals): Promise<number | null> {
      if (child === undefined) return 0;
      const ending = child;
      child = undefined;
      if (ending.exitCode === null && ending.signalCode === null) {
        const closed = once(ending, 'close');
        ending.kill(signal);
        await closed;
      }
      return ending.exitCode;
    }
    all.push({ end: () => end('SIGKILL') });
    return {
      get pid() {
        return child?.pid ?? 0;
      },
      log: () => log,
      start: async () => {
        log = '';
        const started = spawn(process.execPath, [MAIN], {
          cwd: folder,
          stdio: ['ignore', 'pipe', 'pipe'],
          env: { ...environment, PATH: process.env['PATH'], TRIAGE_CONFIG: triageFile, LOG_LEVEL: 'info' },
        });
        child = started;
        for (const stream of [started.stdout, started.stderr])
          stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
        await waitFor(() => log.includes('TrIAge runs'), 'a daemon to run', 30_000).catch(
          (error: unknown) => {
            throw new Error(`the daemon did not start: ${log}`, { cause: error });
          },
        );
      },
      stop: () => end('SIGTERM'),
      kill: async () => {
        await end('SIGKILL');
      },
      ready: () => askReady(port()),
      scrape: () => scrape(port()),
    };
  }

  const botMessages = (): readonly Message[] =>
    [...slack.world.channels.values()]
      .flatMap(({ messages }) => messages)
      .filter(({ user }) => user === slack.botUserId);

  return {
    slack,
    team,
    database,
    inThisProcess,
    inItsOwnProcess,
    /** For the next start. */
    writeToken,
    /** How many cards in the triage channel show these words. */
    cards: (words: string): number =>
      slack
        .messages(team.triage)
        .filter(
          (one) =>
            one.user === slack.botUserId &&
            (one.thread_ts ?? one.ts) === one.ts &&
            textOf(one).includes(words),
        ).length,
    /** What was said more than once: the name that each said thing has in its metadata. */
    saidTwice: (): readonly string[] => {
      const names = botMessages().map(({ metadata }) => JSON.stringify(metadata));
      return names.filter((name, index) => names.indexOf(name) !== index);
    },
    /** People's messages that Slack was told are taken in and that the database does not know. */
    async acknowledgedAndLost(): Promise<readonly string[]> {
      const { rows } = await database.pool.query<{ key: string }>(
        'select key from inbox where key is not null',
      );
      const known = new Set(rows.map(({ key }) => key));
      return slack
        .acks()
        .map(({ payload }) => payload['event'])
        .filter(isJson)
        .filter(
          (event) =>
            event['type'] === 'message' && event['user'] !== slack.botUserId && !('subtype' in event),
        )
        .map((event) => `message:${asText(event['channel'])}:${asText(event['ts'])}`)
        .filter((key) => !known.has(key));
    },
    /** Waits until all that was told is handled and all that is to be said is said. */
    settled: (timeoutMs = 30_000): Promise<unknown> => untilSettled(slack, database.pool, timeoutMs),
    async close(): Promise<void> {
      await Promise.all(all.map((one) => one.end()));
      await slack.close();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}

async function askReady(port: number): Promise<Ready> {
  const response = await fetch(`http://127.0.0.1:${port}/ready`);
  return { ok: response.status === 200, parts: (await response.json()) as Ready['parts'] };
}

/**
 * The whole daemon in this process, on a database of its own and a local Slack with a small made-up team:
 * uli asks in #help-it and by DM; ana, ben and lea respond in the private #triage-it; zoe is in neither.
 */
import type { TestClock } from 'pg-boss';
import { type App, createApp } from '../../src/app.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { parseTriageFile } from '../../src/config/triage-file.ts';
import { loadConfig } from '../../src/config.ts';
import { type LocalSlack, type LocalSlackOptions, startLocalSlack } from '../workspace/local-slack.ts';
import { textOf } from '../workspace/text-of.ts';
import { TEST_CLOCK_SESSION } from '../workspace/time.ts';
import type { Message, Who } from '../workspace/wire.ts';
import { captureLogger } from './capture-logger.ts';
import { type TestDatabase, testDatabase } from './database.ts';
import { type PostgresProxy, postgresProxy } from './postgres-proxy.ts';
import { type Scrape, scrape } from './scrape.ts';
import { untilSettled } from './until-settled.ts';

export interface RunningAppOptions {
  readonly slack?: LocalSlackOptions;
  /** YAML of the queue `it`, in place of the default times. */
  readonly times?: string;
  /** YAML of `retention`, in place of the default. */
  readonly retention?: string;
  /** More queues, as YAML list items. */
  readonly moreQueues?: string;
  /** Moves the daemon's and pg-boss's time by hand; sockets and their deadlines stay on real time. */
  readonly clock?: TestClock;
  /** The daemon's own clock; Slack's and the database's are right. */
  readonly daemonClock?: Clock;
  /** Between two posts to one channel; none when absent. */
  readonly postInterval?: string;
  /** The daemon reaches its database by a proxy that can make trouble. */
  readonly isProxied?: boolean;
  /** #triage-it is a channel that everybody can read. */
  readonly isTriagePublic?: boolean;
  /** Adds to the workspace what more queues need, before the daemon looks at it. */
  readonly before?: (slack: LocalSlack, team: Team) => void;
}

export type RunningApp = Awaited<ReturnType<typeof runningApp>>;
export type Team = ReturnType<typeof makeTeam>;

/** Adds the made-up team to a local Slack. */
export function makeTeam(slack: LocalSlack, options: Pick<RunningAppOptions, 'isTriagePublic'> = {}) {
  const [uli, ana, ben, lea, zoe] = ['uli', 'ana', 'ben', 'lea', 'zoe'].map((name) =>
    slack.people.add({
      name,
      realName: name[0]?.toUpperCase() + name.slice(1),
      tz: 'Europe/Madrid',
      email: `${name}@example.com`,
    }),
  ) as [Person, Person, Person, Person, Person];
  const help = slack.channels.add({ name: 'help-it', members: [uli, ana, zoe] });
  const triage = slack.channels.add({
    name: 'triage-it',
    isPrivate: options.isTriagePublic !== true,
    members: [ana, ben, lea],
  });
  const managers = slack.channels.add({ name: 'managers', members: [lea] });
  return { uli, ana, ben, lea, zoe, help, triage, managers };
}

type Person = ReturnType<LocalSlack['people']['add']>;

export function teamYaml(options: RunningAppOptions = {}): string {
  return `${options.retention === undefined ? '' : `retention: ${options.retention}\n`}queues:
  - name: it
    triage_channel: "#triage-it"
    intake:
      - { channel: "#help-it", mode: every_message }
    rotation: ["@ana", "@ben"]
    lead: "@lea"
    escalation: "#managers"
${options.times ?? ''}
${options.moreQueues ?? ''}`;
}

/** What the daemon's environment says; its database and Slack are given. */
export function environmentOf(slack: LocalSlack, databaseUrl: string): Record<string, string> {
  return {
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_API_URL: slack.apiUrl,
    SLACK_POST_INTERVAL: '0s',
    DATABASE_URL: databaseUrl,
    HEALTH_PORT: '0',
  };
}

/** Starts all of it; `stop` ends all of it. */
export async function runningApp(options: RunningAppOptions = {}) {
  const clock = options.clock === undefined ? {} : { clock: options.clock };
  const slack = await startLocalSlack({ ...clock, ...options.slack });
  const team = makeTeam(slack, options);
  options.before?.(slack, team);
  const database: TestDatabase = await testDatabase();
  const proxy = options.isProxied === true ? await postgresProxy(database.connection) : undefined;
  const { user, database: name } = database.connection;
  const databaseUrl =
    proxy === undefined ? database.connectionString : `postgresql://${user}@127.0.0.1:${proxy.port}/${name}`;
  const logger = captureLogger();
  const make = (): App =>
    createApp({
      config: loadConfig({
        ...environmentOf(slack, databaseUrl),
        ...(options.postInterval === undefined ? {} : { SLACK_POST_INTERVAL: options.postInterval }),
      }),
      triageFile: parseTriageFile(teamYaml(options), 'triage.yaml'),
      clock: options.daemonClock ?? options.clock ?? systemClock,
      logger,
      ...(options.clock === undefined
        ? {}
        : { bossClock: { clock: options.clock, sessionStatements: [TEST_CLOCK_SESSION] } }),
    });
  let app = make();
  /** The cards in the triage channel. */
  const cards = (): readonly Message[] =>
    slack
      .messages(team.triage)
      .filter(
        (message) => message.user === slack.botUserId && (message.thread_ts ?? message.ts) === message.ts,
      );
  await app.start();
  await slack.waitFor(() => slack.socket.open().length > 0, 'a socket');
  return {
    slack,
    team,
    database,
    logger,
    /** The way to the database, where it is proxied. */
    proxy: (): PostgresProxy => {
      if (proxy === undefined) throw new Error('this one is not proxied');
      return proxy;
    },
    app: () => app,
    /** One scrape of its metrics. */
    scrape: (): Promise<Scrape> => scrape(app.address()?.port),
    /** Stops the daemon and starts another one over the same database. */
    async restart(): Promise<void> {
      await app.stop();
      app = make();
      await app.start();
    },
    cards,
    /** The card whose text has these words, once it is there. */
    cardOf: (words: string): Promise<Message> =>
      slack.waitFor(() => cards().find((card) => textOf(card).includes(words)), `a card of "${words}"`),
    /** Waits until a card (or any other message in its channel) shows all these words, whatever their case. */
    shows: (card: Pick<Message, 'ts'>, ...words: readonly string[]): Promise<unknown> =>
      slack.waitFor(
        () => {
          const now = textOf(slack.world.channel(team.triage.id).byTs.get(card.ts)!).toLowerCase();
          return words.every((word) => now.includes(word.toLowerCase()));
        },
        `a card that shows ${words.join(', ')}`,
      ),
    /** The request's number on a card. */
    numberOf: (card: Message): number => Number(/#(\d+)/.exec(textOf(card))?.[1]),
    /** Somebody presses a button of a card, or an entry of its menu, named by its text. */
    press: (who: Who, card: Pick<Message, 'ts'>, pick: string) =>
      slack.press(who, { channel: team.triage.id, ts: card.ts }, pick),
    /** Waits until all that was told is handled and all that is to be said is said: for what must not happen. */
    settled: (): Promise<unknown> => untilSettled(slack, database.pool, options.slack?.patienceMs),
    async stop(): Promise<void> {
      await app.stop();
      await slack.close();
      await proxy?.close();
      await database.drop();
    },
  };
}

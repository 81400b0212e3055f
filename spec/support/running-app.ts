/**
 * The whole daemon in this process, on a database of its own and a local Slack with a small made-up team:
 * uli asks in #help-it and by DM; ana, ben and lea respond in the private #triage-it; zoe is in neither.
 */
import { type App, createApp } from '../../src/app.ts';
import { systemClock } from '../../src/clock.ts';
import { parseTriageFile } from '../../src/config/triage-file.ts';
import { loadConfig } from '../../src/config.ts';
import { type LocalSlack, type LocalSlackOptions, startLocalSlack } from '../workspace/local-slack.ts';
import { captureLogger } from './capture-logger.ts';
import { type TestDatabase, testDatabase } from './database.ts';

export interface RunningAppOptions {
  readonly slack?: LocalSlackOptions;
  /** YAML of the queue `it`, in place of the default times. */
  readonly times?: string;
  /** More queues, as YAML list items. */
  readonly moreQueues?: string;
}

export type RunningApp = Awaited<ReturnType<typeof runningApp>>;

/** Adds the made-up team to a local Slack. */
export function makeTeam(slack: LocalSlack) {
  const [uli, ana, ben, lea, zoe] = ['uli', 'ana', 'ben', 'lea', 'zoe'].map((name) =>
    slack.people.add({
      name,
      realName: name[0]?.toUpperCase() + name.slice(1),
      tz: 'Europe/Madrid',
      email: `${name}@example.com`,
    }),
  ) as [Person, Person, Person, Person, Person];
  const help = slack.channels.add({ name: 'help-it', members: [uli, ana, zoe] });
  const triage = slack.channels.add({ name: 'triage-it', isPrivate: true, members: [ana, ben, lea] });
  const managers = slack.channels.add({ name: 'managers', members: [lea] });
  return { uli, ana, ben, lea, zoe, help, triage, managers };
}

type Person = ReturnType<LocalSlack['people']['add']>;

export function teamYaml(options: RunningAppOptions = {}): string {
  return `queues:
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
  const slack = await startLocalSlack(options.slack);
  const team = makeTeam(slack);
  const database: TestDatabase = await testDatabase();
  const logger = captureLogger();
  const make = (): App =>
    createApp({
      config: loadConfig(environmentOf(slack, database.connectionString)),
      triageFile: parseTriageFile(teamYaml(options), 'triage.yaml'),
      clock: systemClock,
      logger,
    });
  let app = make();
  await app.start();
  await slack.waitFor(() => slack.socket.open().length > 0, 'a socket');
  return {
    slack,
    team,
    database,
    logger,
    app: () => app,
    /** Stops the daemon and starts another one over the same database. */
    async restart(): Promise<void> {
      await app.stop();
      app = make();
      await app.start();
    },
    /** The cards in the triage channel. */
    cards: () =>
      slack
        .messages(team.triage)
        .filter(
          (message) => message.user === slack.botUserId && (message.thread_ts ?? message.ts) === message.ts,
        ),
    async stop(): Promise<void> {
      await app.stop();
      await slack.close();
      await database.drop();
    },
  };
}

/**
 * A team at work with a daemon that may be killed at any statement: a local Slack, a database behind a proxy that reads
 * along, and the daemon as a process. At the end it is shown that nothing was lost and nothing done twice.
 */

import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { migrate } from '../../src/store/migrate.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { type PostgresProxy, postgresProxy } from '../support/postgres-proxy.ts';
import { environmentOf, makeTeam, type Team, teamYaml } from '../support/running-app.ts';
import { untilSettled } from '../support/until-settled.ts';
import { type LocalSlack, type LocalSlackOptions, startLocalSlack } from '../workspace/local-slack.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Message } from '../workspace/wire.ts';
import { chaosDaemon, type Daemon } from './daemon.ts';

const FIRST_MIGRATION = fileURLToPath(
  new URL('../../src/store/migrations/0001-initial.sql', import.meta.url),
);
/** In the daemon's DATABASE_URL; the server lets everybody in. */
const PASSWORD = 'hunter2-of-the-database';
/** What was left in the middle of a post is looked for after 20 s. */
const SETTLE_MS = 120_000;

export type Schema = 'current' | 'empty' | '0001';

export interface StoryOptions {
  /** One on another server; absent: a clone on the one that all specs share. Dropped by whoever made it. */
  readonly database?: Pick<TestDatabase, 'pool' | 'connection'>;
  readonly schema?: Schema;
  readonly slack?: LocalSlackOptions;
  /** More of the daemon's environment, and what of it must not be in the log. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  /** YAML of the queue `it`, in place of the default times. */
  readonly times?: string;
}

export interface Asked {
  readonly word: string;
  readonly channel: string;
  readonly ts: string;
}

export interface Story {
  readonly slack: LocalSlack;
  readonly team: Team;
  readonly database: Pick<TestDatabase, 'pool' | 'connection'>;
  readonly proxy: PostgresProxy;
  readonly daemon: Daemon;
  /** uli writes in #help-it, or by DM (his last one there has an owner by then): a text with a word of its own, by which it is known again. */
  ask(where?: 'channel' | 'dm'): string;
  /** All that was asked, in order. */
  readonly words: () => readonly Asked[];
  /** The card of a request, once it is there. */
  cardOf(word: string): Promise<Message>;
  /** ana presses *Take it*; again where nobody heard it, as people do. */
  take(word: string): Promise<void>;
  /** Resolves when all that was told is handled and all that is to be said is said. */
  readonly settled: () => Promise<void>;
  /** One request a message, one card and one reply each, nothing said twice, nothing acknowledged that is not done. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export async function openStory(options: StoryOptions = {}): Promise<Story> {
  const schema = options.schema ?? 'current';
  const cloned =
    options.database === undefined
      ? await testDatabase({ migrated: schema === 'current', max: 2 })
      : undefined;
  if (cloned !== undefined && schema === '0001') await migrateFirst(cloned);
  const database = options.database ?? cloned;
  if (database === undefined) throw new Error('a story has a database');
  // As with Slack's hourly retries, only sooner.
  const slack = await startLocalSlack({
    retryDelaysMs: [0, ...Array<number>(30).fill(1000)],
    ...options.slack,
  });
  const team = makeTeam(slack);
  const proxy = await postgresProxy(database.connection);
  const { user, database: name } = database.connection;
  const url = `postgresql://${user}:${PASSWORD}@127.0.0.1:${proxy.port}/${name}`;
  const yaml = teamYaml(options.times === undefined ? {} : { times: options.times });
  const daemon = await chaosDaemon({ ...environmentOf(slack, url), ...options.environment }, yaml);
  const words: Asked[] = [];

  const posts = (): readonly (Message & { channel: string })[] =>
    [...slack.world.channels.values()].flatMap(({ id, messages }) =>
      messages.filter(({ user: by }) => by === slack.botUserId).map((one) => ({ ...one, channel: id })),
    );
  const cards = (word: string) =>
    slack
      .messages(team.triage)
      .filter(
        (one) =>
          one.user === slack.botUserId &&
          (one.thread_ts ?? one.ts) === one.ts &&
          textOf(one).includes(`${word}.`),
      );

  const story: Story = {
    slack,
    team,
    database,
    proxy,
    daemon,
    ask(where = 'channel') {
      const word = `quokka${words.length + 1}`;
      const channel = where === 'dm' ? slack.dmOf(team.uli) : team.help.id;
      // Two people, for what one writes in a DM within minutes belongs together.
      const ts = slack.say(team.uli, channel, `The ${word}.`);
      words.push({ word, channel, ts });
      return word;
    },
    words: () => words,
    cardOf: (word) => slack.waitFor(() => cards(word)[0], `the card of ${word}`, SETTLE_MS),
    async take(word) {
      const { ts } = await story.cardOf(word);
      const isTaken = (): boolean => cards(word).some((card) => /in progress/i.test(textOf(card)));
      while (!isTaken()) {
        const { error } = await slack.press(team.ana, { channel: team.triage.id, ts }, 'Take it');
        // What was acknowledged is done; what was not is pressed again.
        await slack
          .waitFor(isTaken, `${word} to be taken`, error === undefined ? SETTLE_MS : 3000)
          .catch((late: unknown) => {
            if (error === undefined) throw late;
          });
      }
    },
    async settled() {
      await untilSettled(slack, database.pool, SETTLE_MS);
    },
    async check() {
      for (const { word, channel, ts } of words) {
        const { rows } = await database.pool.query('select 1 from requests where body = $1', [
          `The ${word}.`,
        ]);
        expect(rows, `requests of ${word}`).to.have.length(1);
        expect(cards(word), `cards of ${word}`).to.have.length(1);
        const replies = slack
          .thread(channel, ts)
          .filter((one) => one.user === slack.botUserId && /\.asker_reply\b/.test(keyOf(one)));
        expect(replies, `replies to ${word}`).to.have.length(1);
      }
      const keys = posts().map(keyOf);
      expect(keys.filter((key, place) => keys.indexOf(key) !== place)).to.deep.equal([]);
      expect(keys).to.not.include('');
      expect(slack.lost()).to.deep.equal([]);
      expect(slack.complaints().filter((text) => !text.startsWith('acknowledged late'))).to.deep.equal([]);
      const { rows: failed } = await database.pool.query("select 1 from inbox where outcome = 'failed'");
      expect(failed).to.have.length(0);
      for (const secret of [slack.botToken, slack.appToken, PASSWORD, 'quokka', ...(options.secrets ?? [])])
        expect(daemon.said().includes(secret), `"${secret}" in the log`).to.equal(false);
    },
    async close() {
      await daemon.remove();
      await proxy.close();
      await slack.close();
      await cloned?.drop();
    },
  };
  return story;
}

/** What names a post for ever. */
function keyOf({ metadata }: Pick<Message, 'metadata'>): string {
  const payload = metadata?.['event_payload'];
  return typeof payload === 'object' && payload !== null && 'key' in payload ? String(payload.key) : '';
}

/** As the first version of TrIAge left it. */
async function migrateFirst(database: TestDatabase): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'triage-first-'));
  await copyFile(FIRST_MIGRATION, join(directory, '0001-initial.sql'));
  await migrate(database.pool, { directory });
  await rm(directory, { recursive: true });
}

/** A small team in the local Slack, requests in a real database, and relays between the two. */
import { createMemoryCache } from '../../src/cache/memory.ts';
import { systemClock } from '../../src/clock.ts';
import type { AnswerEffect, Effect } from '../../src/domain/effects.ts';
import type { Queue } from '../../src/domain/queue.ts';
import type { Request } from '../../src/domain/request.ts';
import { createRelay, type Relay, type RelayOptions, type RelayTimes } from '../../src/outbox/relay.ts';
import { answer, apply } from '../../src/queue/apply.ts';
import type { Desk } from '../../src/queue/desk.ts';
import { createSlackClient } from '../../src/slack/client.ts';
import { createDirectory } from '../../src/slack/directory.ts';
import { insertRequest, lockRequest, readRequest } from '../../src/store/requests.ts';
import { type Tx, withTransaction } from '../../src/store/transaction.ts';
import { ANA, ASK, BEN, LEA, queue, request, source } from '../support/builders.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { waitFor } from '../support/wait-for.ts';
import { type LocalSlack, type LocalSlackOptions, startLocalSlack } from '../workspace/local-slack.ts';
import type { Message } from '../workspace/wire.ts';

/** Everything that takes seconds in life, in fractions of one. */
export const QUICK: RelayTimes = {
  deadlineMs: 100,
  settleMs: 100,
  backoff: { firstMs: 20, mostMs: 200 },
  leaseMs: 600,
  extendMs: 100,
  databaseMs: 20,
};

export interface Workspace {
  readonly slack: LocalSlack;
  readonly database: TestDatabase;
  readonly logger: ReturnType<typeof captureLogger>;
  readonly queues: ReadonlyMap<string, Queue>;
  /** A relay of its own daemon: cache, directory and client are its own too. Stopped at the end. */
  relay(options?: Partial<RelayOptions>): Relay;
  /** ASK writes in CHELP and it becomes a request, with the effects of that. */
  ask(text: string, overrides?: Partial<Request>, effects?: readonly Effect[]): Promise<Request>;
  /** Commits a change as handlers do. */
  change(id: number, patch: Partial<Request>, effects: readonly Effect[], what?: string): Promise<void>;
  tell(effect: AnswerEffect, key: string): Promise<void>;
  read(id: number): Promise<Request>;
  /** Rows that are left in the outbox. */
  waiting(): Promise<number>;
  /** Resolves when the outbox is empty. */
  done(): Promise<void>;
  /** Messages of the bot in a channel, oldest first. */
  posts(channel: string): readonly Message[];
  /** All that the relays were woken for. */
  wakeAll(): void;
  close(): Promise<void>;
}

export const SHOWN: readonly Effect[] = [{ kind: 'card' }, { kind: 'asker_reply' }];

export async function openWorkspace(options: LocalSlackOptions = {}): Promise<Workspace> {
  const [slack, database] = [await startLocalSlack(options), await testDatabase()];
  const { pool } = database;
  const logger = captureLogger();
  const people = [
    [ASK, 'asta', 'Asta'],
    [ANA, 'ana', 'Ana'],
    [BEN, 'ben', 'Ben'],
    [LEA, 'lea', 'Lea'],
  ] as const;
  for (const [id, name, displayName] of people) slack.people.add({ id, name, displayName });
  const responders = [ANA, BEN, LEA];
  slack.channels.add({ id: 'CHELP', name: 'help-it', members: [ASK, ANA] });
  slack.channels.add({ id: 'CTRIAGE', name: 'triage-it', isPrivate: true, members: responders });
  slack.channels.add({ id: 'COTHER', name: 'triage-hr', isPrivate: true, members: responders });
  slack.channels.add({ id: 'CMANAGERS', name: 'managers', isPrivate: true, members: [LEA] });
  const queues = new Map([
    ['it', queue()],
    ['hr', queue({ name: 'hr', isDefault: false, triageChannel: 'COTHER' })],
  ]);
  const relays: Relay[] = [];
  const wakeAll = (): void => {
    for (const relay of relays) relay.wake();
  };
  const desk: Desk = {
    queues,
    defaultQueue: queue(),
    responders: () => Promise.resolve(new Set(responders)),
    boss: {
      sendIn: () => Promise.resolve(),
      cancel: () => Promise.resolve(),
    },
    wakeOutbox: wakeAll,
    wakeInbox: () => {},
  };

  const write = async (
    tx: Tx,
    id: number,
    patch: Partial<Request>,
    effects: readonly Effect[],
    what: string,
  ): Promise<void> => {
    const stored = await lockRequest(tx, id);
    if (stored === null) throw new Error(`there is no request ${id}`);
    const next = { ...stored.request, version: stored.request.version + 1, ...patch };
    const now = Date.now();
    await apply(tx, desk, stored, { next, effects, timeline: [{ at: now, actor: ASK, what }] }, now);
  };

  const workspace: Workspace = {
    slack,
    database,
    logger,
    queues,
    wakeAll,
    relay(more = {}) {
      const client = createSlackClient({ botToken: slack.botToken, apiUrl: slack.apiUrl, logger });
      const cache = createMemoryCache({ clock: systemClock });
      const relay = createRelay({
        pool,
        slack: client,
        directory: createDirectory({ client, cache, clock: systemClock, logger, teamId: slack.teamId }),
        cache,
        clock: systemClock,
        logger,
        queues,
        wakeInbox: () => {},
        teamUrl: 'https://local-team.slack.com/',
        botUserId: slack.botUserId,
        postIntervalMs: 0,
        pollMs: 50,
        times: QUICK,
        ...more,
      });
      relays.push(relay);
      return relay;
    },
    async ask(text, overrides = {}, effects = SHOWN) {
      const ts = slack.say(ASK, 'CHELP', text);
      const fresh = request({
        openedAt: Date.now(),
        card: null,
        askerReply: null,
        source: source({ ts, threadTs: ts, title: text, text }),
        conversation: { channel: 'CHELP', threadTs: ts, isMirrored: false },
        ...overrides,
      });
      const { id: _id, ...unnumbered } = fresh;
      return withTransaction(pool, async (tx) => {
        const inserted = await insertRequest(tx, { ...unnumbered, version: 0 });
        if (inserted === null) throw new Error('that is a request already');
        await write(tx, inserted.id, {}, effects, 'asked by mention');
        return { ...inserted, version: 1 };
      });
    },
    change: (id, patch, effects, what = 'changed it') =>
      withTransaction(pool, (tx) => write(tx, id, patch, effects, what)),
    tell: (effect, key) => withTransaction(pool, (tx) => answer(tx, desk, effect, key, Date.now())),
    async read(id) {
      const stored = await readRequest(pool, id);
      if (stored === null) throw new Error(`there is no request ${id}`);
      return stored.request;
    },
    async waiting() {
      const { rows } = await pool.query<{ count: number }>('select count(*) as count from outbox');
      return rows[0]?.count ?? 0;
    },
    async done() {
      await waitFor(async () => (await workspace.waiting()) === 0, 'an empty outbox');
    },
    posts: (channel) => slack.messages(channel).filter((message) => message.bot_id === slack.botId),
    async close() {
      await Promise.all(relays.map((relay) => relay.stop()));
      await slack.close();
      await database.drop();
    },
  };
  return workspace;
}

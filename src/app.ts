/** Builds the services from the configuration and orders their start and stop. Wiring, and nothing else. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock as BossClock } from 'pg-boss';
import { createMemoryCache } from './cache/memory.ts';
import { type CatchUp, createCatchUp } from './catch-up/catch-up.ts';
import type { Clock } from './clock.ts';
import type { TriageFile } from './config/triage-spec.ts';
import type { Config } from './config.ts';
import { TransientError } from './errors.ts';
import { createCounters } from './health/counters.ts';
import { createDaemons, type Daemons } from './health/daemons.ts';
import { createDatabaseReport } from './health/database-report.ts';
import { createEventLoopLag } from './health/event-loop-lag.ts';
import type { Parts } from './health/gauges.ts';
import { createMetrics } from './health/metrics.ts';
import type { PartReport, ReadyReport } from './health/readiness.ts';
import { createHealthServer, type HealthServer } from './health/server.ts';
import { createInbox, type Inbox } from './inbox/inbox.ts';
import { reportInbox } from './inbox/report.ts';
import { jobs } from './jobs/index.ts';
import type { Logger } from './logger.ts';
import { createRelay, type Relay } from './outbox/relay.ts';
import { createBoss } from './queue/boss.ts';
import type { Desk } from './queue/desk.ts';
import { adoptStrays } from './queue/stray-requests.ts';
import { oneAtATime, type Service } from './service.ts';
import { createAppTokenTest, createSlackClient } from './slack/client.ts';
import { createDirectory, type Directory } from './slack/directory.ts';
import { checkAgainstSlack, type SlackCheck } from './slack/startup-checks.ts';
import { type ConnectionSet, createConnectionSet } from './socket/connection-set.ts';
import type { CountingTimes } from './socket/foreign.ts';
import { SOCKET_STATES } from './socket/status.ts';
import { createEmbeddedServer } from './store/embedded/server.ts';
import { migrate } from './store/migrate.ts';
import { awaitDatabase, createPool, type Pool } from './store/pool.ts';

export interface AppOptions {
  readonly config: Config;
  readonly triageFile: TriageFile;
  readonly clock: Clock;
  readonly logger: Logger;
  /** pg-boss's own clock and what the pool has to run for it, for specs that move time. */
  readonly bossClock?: { readonly clock: BossClock; readonly sessionStatements: readonly string[] };
  /** For specs that cannot wait until Slack has stopped counting what is gone. */
  readonly counting?: Partial<CountingTimes & { readonly signMs: number }>;
}

export interface App extends Service {
  /** Where health listens; undefined while it does not. */
  address(): { readonly host: string; readonly port: number } | undefined;
}

/** Slack is asked again this often until it has answered the checks once. */
const SLACK_RETRY_MS = 2000;
const DATABASE_RETRY_MS = 500;

export function createApp(options: AppOptions): App {
  const { config, logger, clock } = options;
  let started: Service[] = [];
  let pool: Pool | undefined;
  let sockets: ConnectionSet | undefined;
  let daemons: Daemons | undefined;
  let inbox: Inbox | undefined;
  let relay: Relay | undefined;
  let catchUp: CatchUp | undefined;
  let isUp = false;
  const inTurn = oneAtATime();
  const databaseReport = createDatabaseReport();
  // A stop tells every start before it to give up.
  let ending = new AbortController();

  const counters = createCounters();
  const healthLogger = logger.child({ service: 'health' });
  const health: HealthServer = createHealthServer({
    ...config.health,
    checks: report,
    metrics: createMetrics({ counters, clock, logger: healthLogger, parts: reportParts, pool: () => pool }),
    logger: healthLogger,
  });

  async function report(): Promise<ReadyReport> {
    const slack = sockets?.status();
    const database = await databaseReport(pool);
    return {
      slack: {
        ok: (slack?.sockets ?? 0) > 0,
        state: slack?.state ?? 'connecting',
        sockets: slack?.sockets ?? 0,
        foreign: slack?.foreign ?? 0,
        otherDaemons: daemons?.others().daemons ?? 0,
      },
      ...database,
      inbox: reportInbox(inbox?.status(), clock.now()),
      outbox: outboxReport(relay),
      catch_up: { ok: true, toRead: catchUp?.status().toRead ?? 0 },
    };
  }

  function reportParts(): Parts {
    const slack = sockets?.status();
    return {
      sockets: slack === undefined ? undefined : { ...slack, states: SOCKET_STATES },
      inbox: inbox?.status(),
      outbox: relay?.status(),
      catchUp: catchUp?.status(),
      otherDaemons: daemons?.others().daemons,
      pool: pool?.counts(),
      queues: options.triageFile.queues.map(({ name }) => name),
    };
  }

  /** Starts one more service; it is stopped before all that started earlier. */
  async function up<S extends Service>(service: S, signal: AbortSignal): Promise<S> {
    signal.throwIfAborted();
    started.push(service);
    await service.start();
    return service;
  }

  async function bringUp(signal: AbortSignal): Promise<void> {
    await up(health, signal);
    await up(createEventLoopLag(counters.lagged), signal);
    const database = await openDatabase(signal);
    pool = database;
    const cache = await openCache(signal);
    const slack = createSlackClient({
      ...config.slack,
      logger: logger.child({ service: 'slack' }),
      called: counters.called,
    });
    const checked = await checkUntilAnswered(options, slack, signal);
    for (const warning of checked.warnings) logger.warn('configuration warning', { warning });
    const { installation } = checked;
    const { fileName } = options.triageFile;
    await persist(
      () => adoptStrays(database, checked.queues, { fileName, now: clock.now(), logger }),
      signal,
      logger,
    );
    const { teamId } = installation;
    const directory = createDirectory({
      client: slack,
      cache,
      clock,
      logger: logger.child({ service: 'directory' }),
      teamId,
    });

    const queues = new Map(checked.queues.map((queue) => [queue.name, queue]));
    const outbox = createRelay({
      pool: database,
      slack,
      directory,
      cache,
      clock,
      logger: logger.child({ service: 'outbox' }),
      queues,
      wakeInbox: () => inbox?.wake(),
      teamUrl: installation.teamUrl ?? 'https://slack.com/',
      botUserId: installation.userId,
      postIntervalMs: config.slack.postIntervalMs,
    });
    const boss = createBoss(
      {
        pool: database,
        logger: logger.child({ service: 'pg-boss' }),
        pollingSeconds: 0.5,
        ...options.bossClock,
      },
      jobs(
        () => desk,
        clock,
        logger.child({ service: 'jobs' }),
        options.triageFile.retention,
        async (db) => (await catchUp?.isHeard(db)) === true,
      ),
    );
    const desk: Desk = createDesk(
      checked,
      directory,
      boss,
      () => outbox.wake(),
      () => inbox?.wake(),
    );
    inbox = createInbox({
      pool: database,
      clock,
      logger: logger.child({ service: 'inbox' }),
      context: { desk, directory, slack, bot: { userId: installation.userId, teamId } },
    });
    const { accept } = inbox;
    await up({ ...boss, start: () => persist(() => boss.start(), signal, logger) }, signal);
    relay = await up(outbox, signal);
    await up(inbox, signal);
    const reading = createCatchUp({
      pool: database,
      slack,
      directory,
      desk,
      clock,
      botUserId: installation.userId,
      wakeInbox: () => inbox?.wake(),
      logger: logger.child({ service: 'catch-up' }),
      hearing: () => {
        const status = sockets?.status();
        return { isOpen: (status?.sockets ?? 0) > 0, gaps: status?.gaps ?? 0 };
      },
    });
    catchUp = await up({ ...reading, start: () => persist(() => reading.start(), signal, logger) }, signal);
    const beside = createDaemons({
      pool: database,
      clock,
      logger: logger.child({ service: 'daemons' }),
      sockets: () => sockets?.status().sockets ?? 0,
      gone: () => sockets?.daemonGone(),
      ...options.counting,
    });
    daemons = await up(beside, signal);
    sockets = await up(
      createConnectionSet({
        ...config.slack,
        connections: config.slack.socketConnections,
        accept,
        others: () => beside.others().sockets,
        changed: () => beside.changed(),
        observer: counters,
        ...(options.counting === undefined ? {} : { counting: options.counting }),
        clock,
        logger: logger.child({ service: 'socket' }),
      }),
      signal,
    );
    logger.info('TrIAge runs; clocks run around the clock in this version', {
      queues: [...queues.keys()],
      health: health.address(),
      database: config.database.url === null ? 'embedded' : 'DATABASE_URL',
      cache: config.redisUrl === null ? 'in-process' : 'redis',
    });
  }

  async function openDatabase(signal: AbortSignal): Promise<Pool> {
    const { url, dataDir } = config.database;
    const embedded =
      url === null
        ? await up(createEmbeddedServer({ dataDir, logger: logger.child({ service: 'postgres' }) }), signal)
        : null;
    const connection = embedded?.connection ?? url ?? '';
    const database = createPool({
      connection,
      applicationName: 'triage',
      logger: logger.child({ service: 'store' }),
      onConnect: options.bossClock?.sessionStatements ?? [],
    });
    started.push({ name: 'pool', start: () => Promise.resolve(), stop: () => database.end() });
    await awaitDatabase(database);
    await migrate(database);
    return database;
  }

  async function openCache(signal: AbortSignal) {
    const scoped = logger.child({ service: 'cache' });
    if (config.redisUrl === null) return createMemoryCache({ clock });
    // Only whom it serves waits for its client to load.
    const { createRedisCache } = await import('./cache/redis.ts');
    return up(createRedisCache({ url: config.redisUrl, clock, logger: scoped }), signal);
  }

  /** In the reverse order of the start: first nothing more comes in, last the database goes. */
  async function bringDown(): Promise<void> {
    for (const service of started.toReversed()) {
      try {
        await service.stop();
      } catch (error) {
        logger.error('a service did not stop cleanly', { service: service.name, error });
      }
    }
    started = [];
    pool = undefined;
    sockets = undefined;
    daemons = undefined;
    inbox = undefined;
    relay = undefined;
    catchUp = undefined;
    isUp = false;
  }

  return {
    name: 'app',
    address: () => health.address(),
    start: () => {
      const { signal } = ending;
      return inTurn(async () => {
        if (isUp) return;
        try {
          await bringUp(signal);
          isUp = true;
        } catch (error) {
          await bringDown();
          throw error;
        }
      });
    },
    stop: () => {
      ending.abort();
      ending = new AbortController();
      return inTurn(bringDown);
    },
  };
}

/** The desk over what Slack said of the configuration; the two `wake` are called after commits. */
export function createDesk(
  { queues }: SlackCheck,
  directory: Directory,
  boss: Desk['boss'],
  wakeOutbox: () => void,
  wakeInbox: () => void,
): Desk {
  const first = queues.find(({ isDefault }) => isDefault) ?? queues[0];
  if (first === undefined) throw new Error('a checked configuration has a queue');
  return {
    queues: new Map(queues.map((queue) => [queue.name, queue])),
    defaultQueue: first,
    responders: async (channel) => new Set((await directory.responders(channel)).map(({ id }) => id)),
    boss,
    wakeOutbox,
    wakeInbox,
  };
}

/** Slack unreachable is no reason to end: it is asked until it has answered once. Wrong names and tokens are. */
async function checkUntilAnswered(
  { config, triageFile, logger }: Pick<AppOptions, 'config' | 'triageFile' | 'logger'>,
  client: ReturnType<typeof createSlackClient>,
  signal: AbortSignal,
): Promise<SlackCheck> {
  const testAppToken = createAppTokenTest({ ...config.slack, logger });
  let isWarned = false;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await checkAgainstSlack({ client, testAppToken, file: triageFile });
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      if (!isWarned) logger.warn('Slack does not answer; trying on', { error });
      isWarned = true;
      await sleep(Math.max(SLACK_RETRY_MS, (error.retryAfterSeconds ?? 0) * 1000), undefined, { signal });
    }
  }
}

/** From Slack's first answer on nothing ends us for want of the database: work that it fails is done again. */
async function persist(work: () => Promise<void>, signal: AbortSignal, logger: Logger): Promise<void> {
  for (let isWarned = false; ; isWarned = true) {
    signal.throwIfAborted();
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      if (!isWarned) logger.warn('the database went away during the start; trying on', { error });
      await sleep(DATABASE_RETRY_MS, undefined, { signal });
    }
  }
}

/** A token that Slack refuses keeps us from our job; channels that take none of our messages are named. */
function outboxReport(relay: Relay | undefined): PartReport {
  const status = relay?.status();
  return {
    ok: (status?.token ?? null) === null,
    inHand: status?.inHand ?? 0,
    token: status?.token ?? null,
    refusedChannels: Object.keys(status?.refusedChannels ?? {}).join(' '),
  };
}

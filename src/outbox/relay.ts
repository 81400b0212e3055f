/**
 * The outbox's way to Slack. What is committed there is carried out in order within a lane, lanes beside each other;
 * any number of relays over one database share the work by leases. Slack's failures are waited out row by row, the
 * database's by the loop; nothing ends it but `stop`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue } from '../domain/queue.ts';
import { TransientError } from '../errors.ts';
import { oneAtATime, type Service, within } from '../service.ts';
import { POSTING_TIMEOUT_MS } from '../slack/client.ts';
import { extendOutboxLeases, leaseOutbox, type OutboxRow } from '../store/outbox.ts';
import { runLane } from './relay/lane.ts';
import { createPace } from './relay/pace.ts';
import type { RelayParts } from './relay/parts.ts';
import { createProblems, type Problems } from './relay/problems.ts';
import type { SendParts, SendTimes } from './relay/send.ts';

export interface RelayTimes extends SendTimes {
  /** How long rows stay leased when nobody extends their lease: so long they wait for a process that was killed. */
  readonly leaseMs: number;
  readonly extendMs: number;
  /** Between two attempts to reach the database. */
  readonly databaseMs: number;
}

export interface RelayOptions extends Omit<RelayParts, 'defaultQueue' | 'bot'> {
  /** `https://acme.slack.com/`, as `auth.test` gives it. */
  readonly teamUrl: string;
  readonly botUserId: string;
  /** Between two posts to one channel (ms); 0: as fast as they come. */
  readonly postIntervalMs: number;
  /** How often is looked for what others left (ms); 1000 when absent. */
  readonly pollMs?: number;
  readonly times?: Partial<RelayTimes>;
  /** In [0, 1), for the jitter of waits. */
  readonly random?: () => number;
}

export interface RelayStatus {
  /** Rows in hand, and when the oldest of them was written (epoch ms). */
  readonly inHand: number;
  readonly oldestAt: number | null;
  readonly reachesDatabase: boolean;
  /** Slack's word for why it refuses our token, if it does. */
  readonly token: string | null;
  /** Channels that take none of our messages, with Slack's word for why. */
  readonly refusedChannels: Readonly<Record<string, string>>;
}

export interface Relay extends Service {
  /** Something was committed to the outbox. Cheap, and may be called at any time. */
  wake(): void;
  status(): RelayStatus;
}

/** Slack takes about a post a second a channel, so most of these only wait for their turn. */
const LANES = 50;
const ROWS_A_LANE = 20;
const STOP_MS = 3000;

const TIMES: RelayTimes = {
  deadlineMs: POSTING_TIMEOUT_MS,
  settleMs: 10_000,
  backoff: { firstMs: 1000, mostMs: 60_000 },
  leaseMs: 6000,
  extendMs: 2000,
  databaseMs: 500,
};

/** `start` resolves as soon as it looks for work; `stop` when the row that each lane was at is finished. */
export function createRelay(options: RelayOptions): Relay {
  return new OutboxRelay(options);
}

class OutboxRelay implements Relay {
  readonly name = 'outbox';
  readonly #parts: SendParts;
  readonly #times: RelayTimes;
  readonly #pollMs: number;
  readonly #problems: Problems = createProblems();
  readonly #lanes = new Map<string, Promise<void>>();
  readonly #inHand = new Map<number, OutboxRow>();
  #running: { readonly stopping: AbortController; readonly loop: Promise<void> } | null = null;
  readonly #inTurn = oneAtATime();
  #isWoken = false;
  #rouse: () => void = () => {};
  #leasedUntil = 0;
  #reachesDatabase = true;
  /** When the next lane that waits goes on, as far as this relay knows (epoch ms). */
  #dueAt = Number.POSITIVE_INFINITY;

  constructor(options: RelayOptions) {
    const { teamUrl, botUserId, postIntervalMs, pollMs, times, random, ...parts } = options;
    this.#times = { ...TIMES, ...times };
    this.#pollMs = pollMs ?? 1000;
    this.#parts = {
      ...parts,
      bot: { userId: botUserId, teamUrl },
      defaultQueue: defaultOf(options.queues),
      pace: createPace(options.cache, options.clock, postIntervalMs),
      problems: this.#problems,
      times: this.#times,
      random: random ?? Math.random,
      wake: () => this.wake(),
    };
  }

  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#running !== null) return;
      const stopping = new AbortController();
      this.#running = { stopping, loop: this.#loop(stopping.signal) };
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(async () => {
      const running = this.#running;
      this.#running = null;
      running?.stopping.abort();
      this.#rouse();
      await running?.loop;
    });
  }

  wake(): void {
    this.#isWoken = true;
    this.#rouse();
  }

  status(): RelayStatus {
    const written = [...this.#inHand.values()].map(({ createdAt }) => createdAt);
    return {
      inHand: written.length,
      oldestAt: written.length === 0 ? null : Math.min(...written),
      reachesDatabase: this.#reachesDatabase,
      token: this.#problems.token(),
      refusedChannels: Object.fromEntries(this.#problems.channels),
    };
  }

  async #loop(stopping: AbortSignal): Promise<void> {
    let extending = Promise.resolve();
    const extender = setInterval(() => {
      extending = extending.then(() => this.#extend());
    }, this.#times.extendMs);
    while (!stopping.aborted) {
      this.#isWoken = false;
      if (await this.#lease(stopping)) await this.#nap(stopping);
      else await sleep(this.#times.databaseMs, undefined, { signal: stopping }).catch(() => {});
    }
    // A call that Slack does not answer is left: its attempt is noted, and the next start looks what became of it.
    await within(STOP_MS, Promise.all(this.#lanes.values()));
    clearInterval(extender);
    await extending;
  }

  /** Takes what is due and begins with it. False when the database is away. */
  async #lease(stopping: AbortSignal): Promise<boolean> {
    const free = LANES - this.#lanes.size;
    if (free <= 0) return true;
    const { pool, clock, logger } = this.#parts;
    const now = clock.now();
    const leasedUntil = now + this.#times.leaseMs;
    if (this.#dueAt <= now) this.#dueAt = Number.POSITIVE_INFINITY;
    let rows: readonly OutboxRow[];
    try {
      rows = await leaseOutbox(pool, now, leasedUntil, free, ROWS_A_LANE, [...this.#lanes.keys()]);
    } catch (error) {
      if (this.#reachesDatabase) logger.warn('the outbox cannot be read, it is tried again', { error });
      this.#reachesDatabase = false;
      return false;
    }
    if (!this.#reachesDatabase) logger.info('the outbox can be read again');
    this.#reachesDatabase = true;
    if (this.#inHand.size === 0) this.#leasedUntil = leasedUntil;
    for (const [lane, run] of Map.groupBy(rows, (row) => row.lane)) this.#begin(lane, run, stopping);
    return true;
  }

  #begin(lane: string, rows: readonly OutboxRow[], stopping: AbortSignal): void {
    for (const row of rows) this.#inHand.set(row.id, row);
    this.#lanes.set(lane, this.#run(lane, rows, stopping));
  }

  async #run(lane: string, rows: readonly OutboxRow[], stopping: AbortSignal): Promise<void> {
    try {
      const dueAt = await runLane(this.#parts, {
        rows,
        stopping,
        letGo: (id) => this.#inHand.delete(id),
        isLeased: () => this.#parts.clock.now() < this.#leasedUntil,
      });
      this.#dueAt = Math.min(this.#dueAt, dueAt ?? Number.POSITIVE_INFINITY);
    } catch (error) {
      // Its rows come back when their lease is over. Of the database's troubles the loop tells.
      if (error instanceof TransientError) this.#parts.logger.debug('a lane was left', { lane, error });
      else this.#parts.logger.error('a lane of the outbox failed', { lane, error });
    } finally {
      for (const { id } of rows) this.#inHand.delete(id);
      this.#lanes.delete(lane);
      // There may be more in this lane, and others may have waited for its place.
      this.wake();
    }
  }

  async #extend(): Promise<void> {
    const ids = [...this.#inHand.keys()];
    if (ids.length === 0) return;
    const leasedUntil = this.#parts.clock.now() + this.#times.leaseMs;
    try {
      await extendOutboxLeases(this.#parts.pool, ids, leasedUntil);
      this.#leasedUntil = leasedUntil;
    } catch {
      // The loop meets the same trouble and says so.
    }
  }

  /** Until something is committed, a lane ends or goes on, or it is time to look for what others left. */
  async #nap(stopping: AbortSignal): Promise<void> {
    if (this.#isWoken || stopping.aborted) return;
    const ms = Math.min(this.#pollMs, Math.max(1, this.#dueAt - this.#parts.clock.now()));
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
      this.#rouse = resolve;
    });
    clearTimeout(timer);
    this.#rouse = () => {};
  }
}

function defaultOf(queues: ReadonlyMap<string, Queue>): Queue {
  const all = [...queues.values()];
  const found = all.find(({ isDefault }) => isDefault) ?? all[0];
  if (found === undefined) throw new Error('there is no queue');
  return found;
}

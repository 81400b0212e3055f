/**
 * The one place that moves time: the daemon's, pg-boss's and the local Slack's, which all read the same clock. Time goes
 * from one thing that is due to the next, and everything that becomes of it is done before time goes on; so a month passes
 * in the order in which it would have. Cron lines run when time stops within a minute after theirs, and are passed over
 * otherwise: a sweep of every minute has nothing to do in a month in which nothing is due. What waits for people or wires (acknowledgements, triggers, sockets) stays on real time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestClock } from 'pg-boss';
import type { Pool } from '../../src/store/pool.ts';
import type { LocalSlack } from './local-slack.ts';

/** The statement that pg-boss's clock wants on every connection of the daemon. */
export const TEST_CLOCK_SESSION = "SET pgboss.test_clock = 'on'";

export interface TimeParts {
  readonly clock: TestClock;
  readonly slack: LocalSlack;
  /** The daemon's database; null while there is none yet. */
  readonly pool: () => Pool | null;
}

export interface Time {
  now(): number;
  /** By how much it runs faster than ours; 0: it stands still. */
  speed(): number;
  /** Where a skip under way will end (epoch ms); null: none. */
  skipsTo(): number | null;
  /** When the next thing is due (epoch ms); null: nothing is. */
  nextDue(): Promise<number | null>;
  /** Goes there, from one due thing to the next; resolves when it is there or was stopped. Going back is refused. */
  skipTo(at: number): Promise<void>;
  /** Lets time run from now on, so much faster than ours; 0 halts it. */
  run(speed: number): void;
  /** Ends a skip where it is. */
  stop(): void;
  /** Calls back when time has moved or does otherwise than before; answers how to stop that. */
  watch(watcher: () => void): () => void;
  close(): Promise<void>;
}

/** pg-boss looks for due jobs so often. */
const POLL_MS = 500;
/** What is due is looked for after every so many real ms, while time runs. */
const FRAME_MS = 100;
/** Less than this is no jump: timers go on ticking through it. */
const JUMP_MS = 2000;
/** So much real time has one step to come to rest. */
const SETTLE_MS = 15_000;
const LOOK_MS = 15;

export function createTime(parts: TimeParts): Time {
  return new MovedTime(parts);
}

class MovedTime implements Time {
  readonly #parts: TimeParts;
  readonly #watchers = new Set<() => void>();
  readonly #closing = new AbortController();
  #speed = 0;
  #skipsTo: number | null = null;
  #isStopped = false;
  /** Steps follow each other: the clock can do but one at a time. */
  #last: Promise<void> = Promise.resolve();
  #running: Promise<void> | null = null;

  constructor(parts: TimeParts) {
    this.#parts = parts;
  }

  now(): number {
    return this.#parts.clock.now();
  }

  speed(): number {
    return this.#speed;
  }

  skipsTo(): number | null {
    return this.#skipsTo;
  }

  async nextDue(): Promise<number | null> {
    const pool = this.#parts.pool();
    if (pool === null) return null;
    const { rows } = await pool.query<{ due_at: number | null }>({
      name: 'time-next-due',
      text: `select least(
          (select min(next_due_at) from requests where next_due_at > $1),
          (select min(start_after) from pgboss.job where name = 'follow-up' and state in ('created', 'retry') and start_after > $1),
          (select min(not_before) from outbox where not_before > $1)) as due_at`,
      values: [new Date(this.now())],
    });
    return rows[0]?.due_at ?? null;
  }

  async skipTo(at: number): Promise<void> {
    if (at < this.now()) throw new RangeError('time does not go back');
    this.#skipsTo = at;
    this.#isStopped = false;
    this.#tell();
    try {
      while (this.now() < at && !this.#isStopped && !this.#closing.signal.aborted)
        await this.#inTurn(async () => this.#step(Math.min(at, (await this.nextDue()) ?? at)));
    } finally {
      this.#skipsTo = null;
      this.#tell();
    }
  }

  run(speed: number): void {
    this.#speed = speed;
    this.#tell();
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  stop(): void {
    this.#isStopped = true;
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#speed = 0;
    await this.#running?.catch(() => {});
    await this.#last;
  }

  async #run(): Promise<void> {
    let lookedAt = performance.now();
    while (this.#speed > 0 && !this.#closing.signal.aborted) {
      await sleep(FRAME_MS);
      const realMs = performance.now() - lookedAt;
      lookedAt = performance.now();
      // A skip moves time by itself.
      if (this.#skipsTo !== null) continue;
      const until = this.now() + realMs * this.#speed;
      while (this.now() < until && this.#skipsTo === null && !this.#closing.signal.aborted)
        await this.#inTurn(async () => this.#step(Math.min(until, (await this.nextDue()) ?? until)));
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Goes to an instant up to which nothing is due, and waits until what is due there is done. */
  async #step(at: number): Promise<void> {
    const { clock } = this.#parts;
    if (at <= clock.now()) return;
    if (at - clock.now() <= JUMP_MS) await clock.tick(at - clock.now());
    else {
      await this.#noteHearing(at);
      await clock.setTime(at);
      await clock.tick(0);
    }
    this.#tell();
    await this.#settle();
  }

  /** Nobody was away meanwhile: without this note a jump is a gap, and the daemon would read all of Slack's history. */
  async #noteHearing(until: number): Promise<void> {
    await this.#parts
      .pool()
      ?.query('update hearing set heard_until = greatest(heard_until, $1)', [new Date(until)]);
  }

  /** Until all that was told is handled, all that is to be said is said, and no alarm that is due has yet to ring. */
  async #settle(): Promise<void> {
    const { clock } = this.#parts;
    const until = performance.now() + SETTLE_MS;
    for (let left = await this.#left(); left !== ''; left = await this.#left()) {
      if (this.#closing.signal.aborted) return;
      if (performance.now() > until)
        throw new Error(`time stands still at ${new Date(clock.now()).toISOString()}: ${left} after 15 s`);
      // Its polls are timers of this clock too.
      if (left.includes('alarms')) await clock.tick(POLL_MS);
      else await sleep(LOOK_MS);
    }
  }

  /** What is not done yet; empty: nothing is left. */
  async #left(): Promise<string> {
    const { slack, pool, clock } = this.#parts;
    const unsettled = slack.unsettled();
    if (unsettled > 0) return `${unsettled} envelopes`;
    const database = pool();
    if (database === null) return '';
    const { rows } = await database.query<{ events: number; sayings: number; alarms: number; jobs: number }>({
      name: 'time-left',
      text: `select
          (select count(*)::integer from inbox where done_at is null and attempts = 0) as events,
          (select count(*)::integer from outbox where not_before <= $1) as sayings,
          (select count(*)::integer from pgboss.job where state in ('created', 'retry') and start_after <= $1) as alarms,
          (select count(*)::integer from pgboss.job where state = 'active') as jobs`,
      values: [new Date(clock.now())],
    });
    const left = rows[0];
    if (left === undefined) return '';
    const { events, sayings, alarms, jobs } = left;
    return [
      ...(alarms > 0 ? [`${alarms} alarms`] : []),
      ...(events > 0 ? [`${events} events`] : []),
      ...(sayings > 0 ? [`${sayings} things to say`] : []),
      ...(jobs > 0 ? [`${jobs} jobs at work`] : []),
    ].join(', ');
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

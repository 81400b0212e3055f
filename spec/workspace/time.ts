/**
 * The one place that moves time: the daemon's, pg-boss's and the local Slack's, which all read the same clock. Time goes
 * from one thing that is due to the next, and everything that becomes of it is done before time goes on; so a month passes
 * in the order in which it would have. Cron lines have their turn once a day and before a skip ends, and are passed over
 * otherwise: a sweep of every minute has nothing to do in a month in which nothing is due. What waits for people or wires
 * (acknowledgements, triggers, sockets) stays on real time.
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
  /** So much real time has one step to come to rest (ms); 15,000 when absent. */
  readonly patienceMs?: number;
}

export interface Time {
  now(): number;
  /** By how much it runs faster than ours; 0: it stands still. */
  speed(): number;
  /** Where a skip under way will end (epoch ms); null: none. */
  skipsTo(): number | null;
  /** When a request is due next for anything, as a step of its ladder (epoch ms); null: none is. */
  nextDue(): Promise<number | null>;
  /** Goes there, from one due thing to the next; resolves when it is there or was stopped. Going back is refused. */
  skipTo(at: number): Promise<void>;
  /** Lets time run from now on, so much faster than ours; 0 halts it. Rejects when it cannot go on, and then it stands still. */
  run(speed: number): Promise<void>;
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
/** The daemon takes a minute without a note for a gap (catch-up.ts); it is noted more often. */
const LONGEST_SILENCE_MS = 60_000;
const HEARING_MS = 20_000;
const DAY_MS = 24 * 60 * 60_000;
/** What is sent by a cron line is done so soon after it: two polls, of 5 s and of half a second. */
const CRON_MS = 6000;
const PATIENCE_MS = 15_000;
const LOOK_MS = 15;
const NEXT_DUE = '(select min(next_due_at) from requests where next_due_at > $1)';

interface Left {
  readonly events: number;
  readonly sayings: number;
  readonly alarms: number;
  readonly jobs: number;
  readonly readings: number;
}

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
  /** Up to when it is noted that Slack is heard. */
  #heardUntil = 0;
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

  nextDue(): Promise<number | null> {
    return this.#earliest('time-next-due', NEXT_DUE);
  }

  /** When anything is to be done next, also what nobody would call due, as another attempt to post. */
  #nextTurn(): Promise<number | null> {
    return this.#earliest(
      'time-next-turn',
      `${NEXT_DUE},
      (select min(start_after) from pgboss.job where name = 'follow-up' and state in ('created', 'retry') and start_after > $1),
      (select min(not_before) from outbox where not_before > $1),
      (select min(lease_until) from inbox where done_at is null and attempts > 0 and lease_until > $1),
      (select read_from from hearing where gap_since is not null and read_from > $1)`,
    );
  }

  async #earliest(name: string, of: string): Promise<number | null> {
    const pool = this.#parts.pool();
    if (pool === null) return null;
    const { rows } = await pool.query<{ due_at: number | null }>({
      name,
      // Alarms are counted in microseconds, and before theirs they do not ring.
      text: `select ceil(extract(epoch from least(${of})) * 1000)::bigint as due_at`,
      values: [new Date(this.now())],
    });
    return rows[0]?.due_at ?? null;
  }

  async skipTo(at: number): Promise<void> {
    if (at < this.now()) throw new RangeError('time does not go back');
    this.#skipsTo = at;
    this.#isStopped = false;
    this.#tell();
    const isOn = (): boolean => !this.#isStopped && !this.#closing.signal.aborted;
    try {
      while (this.now() < at && isOn()) await this.#inTurn(() => this.#stepTowards(at, at - CRON_MS));
      await this.#inTurn(() => this.#settle());
    } finally {
      this.#skipsTo = null;
      this.#tell();
    }
  }

  run(speed: number): Promise<void> {
    this.#speed = speed;
    this.#tell();
    return (this.#running ??= this.#run().finally(() => {
      this.#running = null;
      this.#speed = 0;
      this.#tell();
    }));
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
      const until = this.now() + realMs * this.#speed;
      // A skip moves time by itself.
      while (this.now() < until && this.#skipsTo === null && !this.#closing.signal.aborted)
        await this.#inTurn(() => this.#stepTowards(until));
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Lets all come to rest, and goes on to what is due next, to a turn of the cron lines, or to the goal. */
  async #stepTowards(goal: number, lastTurnAt = Number.POSITIVE_INFINITY): Promise<void> {
    await this.#settle();
    const now = this.now();
    const turns = [Math.floor(now / DAY_MS + 1) * DAY_MS, lastTurnAt].filter((turn) => turn > now);
    const turnAt = Math.min(...turns);
    const at = Math.min(goal, turnAt, (await this.#nextTurn()) ?? goal);
    await this.#goTo(at);
    if (at === turnAt) await this.#settle(true);
  }

  /** Goes to an instant up to which nothing is due, and lets ring what is due there. */
  async #goTo(at: number): Promise<void> {
    const { clock } = this.#parts;
    await this.#noteHearing(at);
    if (at - clock.now() <= JUMP_MS) await clock.tick(at - clock.now());
    else {
      await clock.setTime(at);
      await clock.tick(0);
    }
    this.#tell();
  }

  /**
   * Nobody was away meanwhile: without this note a jump is a gap, and the daemon would read all of Slack's history. A gap
   * that there is, and that it has yet to note, is left to it.
   */
  async #noteHearing(until: number): Promise<void> {
    const { pool, slack } = this.#parts;
    if (until - this.#heardUntil < HEARING_MS || slack.socket.open().length === 0) return;
    const noted = await pool()?.query(
      'update hearing set heard_until = greatest(heard_until, $1) where heard_until >= $2',
      [new Date(until), new Date(this.now() - LONGEST_SILENCE_MS)],
    );
    if (noted?.rowCount === 1) this.#heardUntil = until;
  }

  /**
   * Until all that was told is handled, all that is to be said is said, and no alarm that is due has yet to ring.
   * @param withCron what the cron lines send is done as well, which takes a few seconds of the clock
   */
  async #settle(withCron = false): Promise<void> {
    const { clock, patienceMs = PATIENCE_MS } = this.#parts;
    const until = performance.now() + patienceMs;
    for (let left = await this.#left(withCron); left !== ''; left = await this.#left(withCron)) {
      if (this.#closing.signal.aborted) return;
      if (performance.now() > until)
        throw new Error(
          `time stands still at ${new Date(clock.now()).toISOString()}: ${left} after ${patienceMs / 1000} s`,
        );
      // Its polls are timers of this clock too.
      if (left.includes('alarms')) await clock.tick(POLL_MS);
      else await sleep(LOOK_MS);
    }
  }

  /** What is not done yet; empty: nothing is left. */
  async #left(withCron: boolean): Promise<string> {
    const { slack, pool, clock } = this.#parts;
    const unsettled = slack.unsettled();
    if (unsettled > 0) return `${unsettled} envelopes`;
    const database = pool();
    if (database === null) return '';
    const { rows } = await database.query<Left>({
      name: 'time-left',
      // Of a lane its head counts, as for the relay: the others are behind it, and it may wait for its next attempt.
      text: `select
          (select count(*)::integer from inbox where done_at is null and (attempts = 0 or lease_until <= $1)) as events,
          (select count(*)::integer from outbox head where not_before <= $1
            and not exists (select 1 from outbox first where first.lane = head.lane and first.id < head.id)
            and not exists (select 1 from outbox earlier where earlier.key = head.after_key and earlier.last_error is null)
          ) as sayings,
          (select count(*)::integer from pgboss.job where state in ('created', 'retry')
            and ($2 or name = 'follow-up') and start_after <= $1) as alarms,
          (select count(*)::integer from pgboss.job where state = 'active') as jobs,
          (select count(*)::integer from catch_up)
            + (select count(*)::integer from hearing where gap_since is not null and read_from <= $1) as readings`,
      values: [new Date(clock.now()), withCron],
    });
    const left = rows[0];
    if (left === undefined) return '';
    const { events, sayings, alarms, jobs, readings } = left;
    return [
      ...(alarms > 0 ? [`${alarms} alarms`] : []),
      ...(events > 0 ? [`${events} events`] : []),
      ...(sayings > 0 ? [`${sayings} things to say`] : []),
      ...(jobs > 0 ? [`${jobs} jobs at work`] : []),
      ...(readings > 0 ? [`${readings} places to read`] : []),
    ].join(', ');
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

/**
 * Reads in Slack's history what it did not tell us. A gap is when no socket was open, the start included, or when nobody
 * could note for a minute that Slack is heard (the database was away, the machine slept, the clock was set back). What is to be
 * read is written down first and crossed off piece by piece, so that a reading that is interrupted goes on where it was; of several
 * daemons one reads.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { TransientError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Desk } from '../queue/desk.ts';
import { oneAtATime, type Service, within } from '../service.ts';
import type { SlackClient } from '../slack/client.ts';
import { isTokenProblem, SlackRefusal } from '../slack/errors.ts';
import {
  beginHearing,
  countReadings,
  finishReading,
  isAllRead,
  isBehind,
  leaseReading,
  nextReading,
  noteGap,
  noteHearing,
  type Reading,
  readGap,
} from '../store/hearing.ts';
import { areLateEventsPending } from '../store/inbox.ts';
import type { Db } from '../store/pool.ts';
import { isAnyUnannounced } from '../store/requests.ts';
import { announceLate } from './announce.ts';
import { createBudget } from './budget.ts';
import { type PlanParts, planCatchUp } from './plan.ts';
import { type ReaderParts, read } from './read.ts';

export interface CatchUpOptions
  extends Omit<PlanParts, 'slack' | 'desk'>,
    Omit<ReaderParts, 'slack' | 'turns'> {
  readonly slack: SlackClient;
  readonly desk: Desk;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Is a socket open, and how often was none. */
  readonly hearing: () => { readonly isOpen: boolean; readonly gaps: number };
  readonly times?: Partial<CatchUpTimes>;
}

export interface CatchUpTimes {
  /** How often is looked whether Slack is heard. */
  readonly lookMs: number;
  /** How often that is noted. */
  readonly noteMs: number;
  /** Slack may deliver by itself what it held back meanwhile. */
  readonly settleMs: number;
  readonly leaseMs: number;
}

export interface CatchUp extends Service {
  status(): { readonly toRead: number };
  /** Whether Slack is heard now, and all that it did not tell has been read and handled. */
  isHeard(db: Db): Promise<boolean>;
}

const TIMES: CatchUpTimes = { lookMs: 250, noteMs: 10_000, settleMs: 1000, leaseMs: 15_000 };

/** Without a note for so long nobody was hearing. */
const LONGEST_SILENCE_MS = 60_000;
/** Slack allows 50 calls a minute for each method of reading; the outbox looks for lost posts by the same. */
const CALLS_A_MINUTE = 45;
const LONGEST_WAIT_SECONDS = 60;
const STOP_MS = 2000;

export function createCatchUp(options: CatchUpOptions): CatchUp {
  const { pool, clock, logger, desk, hearing } = options;
  const times = { ...TIMES, ...options.times };
  const inTurn = oneAtATime();
  let running: { readonly abort: AbortController; readonly loops: Promise<unknown> } | null = null;
  let toRead = 0;
  let gapsNoted = -1;

  /** Notes that Slack is heard, and when it was not. */
  async function listen(signal: AbortSignal): Promise<void> {
    gapsNoted = -1;
    let notedAt = Number.NEGATIVE_INFINITY;
    let clockThen = Number.NEGATIVE_INFINITY;
    for (; !signal.aborted; await pause(times.lookMs, signal)) {
      const { isOpen, gaps } = hearing();
      if (!isOpen) continue;
      const now = clock.now();
      // A clock that was set back cannot tell since when nothing was heard.
      const isGap = gaps !== gapsNoted || now < clockThen;
      if (!isGap && performance.now() - notedAt < times.noteMs) continue;
      try {
        if (isGap) await noteGap(pool, now, now + times.settleMs);
        await noteHearing(pool, now, LONGEST_SILENCE_MS, now + times.settleMs);
        gapsNoted = gaps;
        notedAt = performance.now();
        clockThen = now;
      } catch (error) {
        logger.debug('that Slack is heard could not be noted', { error });
      }
    }
  }

  /** Reads what is to be read, as long as this daemon is the one that does. */
  async function readOn(signal: AbortSignal): Promise<void> {
    const parts: ReaderParts = {
      ...options,
      turns: { history: createBudget(CALLS_A_MINUTE, signal), replies: createBudget(CALLS_A_MINUTE, signal) },
    };
    let isHeld = false;
    let waitSeconds = 0;
    for (; !signal.aborted; await pause(Math.max(times.lookMs, waitSeconds * 1000), signal)) {
      try {
        if ((await isBehind(pool, clock.now())) || (await isAnyUnannounced(pool))) {
          isHeld = await leaseReading(pool, clock.now(), clock.now() + times.leaseMs, isHeld);
          if (isHeld) await readAll(parts, signal);
        }
        waitSeconds = 0;
      } catch (error) {
        if (signal.aborted) break;
        const asked = error instanceof TransientError ? error.retryAfterSeconds : undefined;
        waitSeconds = Math.min(asked ?? Math.max(1, waitSeconds * 2), LONGEST_WAIT_SECONDS);
        logger.warn('the history could not be read; it is tried again', { waitSeconds, error });
      }
    }
    if (isHeld) await leaseReading(pool, clock.now(), clock.now(), true).catch(() => {});
  }

  async function readAll(parts: ReaderParts, signal: AbortSignal): Promise<void> {
    await planGap();
    toRead = await countReadings(pool);
    const extend = setInterval(() => {
      void leaseReading(pool, clock.now(), clock.now() + times.leaseMs, true).catch(() => {});
    }, times.leaseMs / 3);
    try {
      for (
        let next = await nextReading(pool);
        next !== null && !signal.aborted;
        next = await nextReading(pool)
      ) {
        await readOne(parts, next);
        // What is still to be read anyway is read once for both gaps.
        await planGap();
        toRead = await countReadings(pool);
      }
      for (; await areLateEventsPending(pool); await pause(times.lookMs, signal))
        if (signal.aborted || (await isBehind(pool, clock.now()))) return;
    } finally {
      clearInterval(extend);
    }
    if (signal.aborted) return;
    const announced = await announceLate(pool, desk, clock.now());
    logger.info('caught up with Slack', { announced });
  }

  async function planGap(): Promise<void> {
    const gap = await readGap(pool, clock.now());
    if (gap === null) return;
    const pieces = await planCatchUp(options, gap, clock.now());
    logger.info('reading what Slack did not tell', { since: new Date(gap.since).toISOString(), pieces });
  }

  async function readOne(parts: ReaderParts, reading: Reading): Promise<void> {
    try {
      await read(parts, reading, clock.now());
    } catch (error) {
      // A channel that is gone, or that the bot may not read: waiting for it would keep all others waiting too.
      if (!(error instanceof SlackRefusal) || (isTokenProblem(error) && error.code !== 'missing_scope'))
        throw error;
      logger.warn('a channel cannot be read', { channel: reading.channel, code: error.code });
    }
    await finishReading(pool, reading);
  }

  return {
    name: 'catch-up',
    status: () => ({ toRead }),
    isHeard: async (db) => {
      const { isOpen, gaps } = hearing();
      if (!isOpen || gaps !== gapsNoted) return false;
      // What is read is handed over before it is crossed off.
      return (await isAllRead(db)) && !(await areLateEventsPending(db));
    },
    start: () =>
      inTurn(async () => {
        if (running !== null) return;
        await beginHearing(pool, clock.now());
        const abort = new AbortController();
        running = { abort, loops: Promise.all([listen(abort.signal), readOn(abort.signal)]) };
      }),
    stop: () =>
      inTurn(async () => {
        running?.abort.abort();
        // A reading that waits for Slack is left: it is written down, and the next start goes on with it.
        if (running !== null) await within(STOP_MS, running.loops);
        running = null;
      }),
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}

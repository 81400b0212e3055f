/** One row of the outbox, from what it asks for to what is noted of it (promise P4). */
import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { isTokenProblem, SlackRefusal, UnknownOutcome } from '../../slack/errors.ts';
import type { MessagePlace } from '../../slack/port.ts';
import { msToTimestamp } from '../../slack/timestamp.ts';
import { type Attempt, finishOutbox, noteAttempt, type OutboxRow, type Place } from '../../store/outbox.ts';
import { withTransaction } from '../../store/transaction.ts';
import { type Backoff, isGone, isPlaceRefused, isThreadRefused, waitBefore } from './failure.ts';
import type { Pace } from './pace.ts';
import { dmWith, type Follow, NOTHING_FOLLOWS, nothing, type Plan, type RelayParts } from './parts.ts';
import { planOf } from './plan.ts';
import type { Problems } from './problems.ts';
import { recordFound, recordPost } from './record.ts';

export interface SendTimes {
  /** So long a post can be on its way: the deadline of the call. */
  readonly deadlineMs: number;
  /** So long after the deadline Slack may still show it. */
  readonly settleMs: number;
  readonly backoff: Backoff;
}

export interface SendParts extends RelayParts {
  readonly pace: Pace;
  readonly problems: Problems;
  readonly times: SendTimes;
  /** In [0, 1). */
  readonly random: () => number;
  /** Something was put into another lane. */
  wake(): void;
}

export type Outcome =
  | { readonly kind: 'done' }
  | {
      readonly kind: 'later';
      readonly at: number;
      readonly reason: string;
      readonly isKnown: boolean;
      /** Attempts that are noted, and those that there were. */
      readonly noted: number;
      readonly attempts: number;
    }
  /** It is in other hands. */
  | { readonly kind: 'lost' }
  /** The relay stops, and nothing was sent. */
  | { readonly kind: 'stopped' };

const DONE: Outcome = { kind: 'done' };

/** A row that fails for no known reason is given up after so many attempts, for its lane waits behind it. */
const MOST_SURPRISES = 5;
/** An edit in a channel that takes none is given up after a day; a post never. */
const EDITS_WAIT_MS = 86_400_000;
/** By how much our clock may be, or have been, ahead of Slack's: an hour where somebody mistook the season. */
const CLOCK_SKEW_MS = 2 * 3_600_000;
const RECORD_RETRIES_MS = [100, 400, 1500];

/**
 * Carries a row out. Failures of Slack are outcomes; what is thrown is the database's.
 * @param stopping ends the wait for the channel's turn
 */
export async function carryOut(parts: SendParts, row: OutboxRow, stopping: AbortSignal): Promise<Outcome> {
  const { clock, times, pace } = parts;
  const log = parts.logger.child({ requestId: row.requestId, key: row.key });
  if (row.attempt !== null) {
    const safeAt = row.attempt.at + times.deadlineMs + times.settleMs;
    if (clock.now() < safeAt)
      return postponed(row, safeAt, 'the last attempt may still succeed', false, row.attempts);
  }
  try {
    let plan = await planOf(parts, row);
    if (row.attempt !== null) {
      const found = await find(parts, row, plan, row.attempt);
      log.info('the outcome of a post was looked up', { wasPosted: found !== null });
      if (found !== null) {
        await settle(parts, row, (tx, finished) => recordFound(parts, tx, row, found, finished));
        parts.wake();
        return DONE;
      }
      if (row.isBlanked) plan = nothing('what it was to say is no longer kept');
    }
    if (plan.kind === 'post') {
      const wait = await pace.book(plan.to.channel);
      if (wait > 0) {
        if (!(await pause(wait, stopping))) return { kind: 'stopped' };
        // The state may have changed meanwhile, a text may have been deleted.
        plan = await planOf(parts, row);
      }
    }
    return await follow(parts, row, plan, log);
  } catch (error) {
    return failed(parts, row, error, log);
  }
}

async function follow(parts: SendParts, row: OutboxRow, plan: Plan, log: Logger): Promise<Outcome> {
  switch (plan.kind) {
    case 'nothing':
      log.debug('nothing to do in Slack', { kind: row.effect.kind, why: plan.why });
      await settle(parts, row, NOTHING_FOLLOWS);
      return DONE;
    case 'elsewhere':
      await settle(parts, row, plan.follow);
      parts.wake();
      return DONE;
    case 'once':
      await settle(parts, row, NOTHING_FOLLOWS);
      await plan.send().catch((error: unknown) => log.info('an answer was not delivered', { error }));
      return DONE;
    case 'remove':
      await parts.slack.remove(plan.place).catch(unlessGone);
      await settle(parts, row, plan.whenDone);
      return DONE;
    case 'edit':
      return edit(parts, row, plan, log);
    case 'post':
      return post(parts, row, plan, log);
  }
}

function unlessGone(error: unknown): void {
  if (!isGone(error)) throw error;
}

async function edit(
  parts: SendParts,
  row: OutboxRow,
  plan: Extract<Plan, { kind: 'edit' }>,
  log: Logger,
): Promise<Outcome> {
  const { clock, times } = parts;
  const { channel } = plan.place;
  const sentAt = clock.now();
  const sent = performance.now();
  try {
    await parts.slack.update(plan.place, plan.content);
    parts.problems.solved(channel);
  } catch (error) {
    if (isGone(error)) {
      await settle(parts, row, plan.whenGone);
      parts.wake();
      return DONE;
    }
    // Slack may still carry it out, and show an older text over what a repetition brings: one that is no longer kept.
    if (error instanceof UnknownOutcome && performance.now() - sent > times.deadlineMs / 2)
      return postponed(row, sentAt + times.deadlineMs + times.settleMs, error.message, true);
    const isWorthWaiting = plan.isPatient === true && clock.now() - row.createdAt < EDITS_WAIT_MS;
    if (!isPlaceRefused(error) || !isWorthWaiting) throw error;
    return waitForPlace(parts, row, row.attempts + 1, channel, error, log);
  }
  await settle(parts, row, NOTHING_FOLLOWS);
  return DONE;
}

async function post(
  parts: SendParts,
  row: OutboxRow,
  plan: Extract<Plan, { kind: 'post' }>,
  log: Logger,
): Promise<Outcome> {
  const { clock, times, pace, pool, problems, slack } = parts;
  const { channel, threadTs, broadcast } = plan.to;
  const attemptedAt = clock.now();
  if (!(await noteAttempt(pool, row.id, row.attempts, attemptedAt, plan.to))) return { kind: 'lost' };
  const noted = { ...row, attempts: row.attempts + 1 };
  const unknownUntil = attemptedAt + times.deadlineMs + times.settleMs;
  let place: MessagePlace;
  try {
    place = await slack.post({ channel, threadTs, broadcast, key: row.key, ...plan.content });
  } catch (error) {
    const isKnown =
      error instanceof SlackRefusal ||
      (error instanceof TransientError && !(error instanceof UnknownOutcome));
    if (isKnown) return notPosted(parts, noted, plan, error, log);
    log.warn('the outcome of a post is unknown, it is looked for before it is repeated', { error });
    return postponed(noted, unknownUntil, String(error), false, noted.attempts);
  } finally {
    pace.answered(channel);
  }
  problems.solved(channel);
  try {
    await recorded(parts, row, place);
  } catch (error) {
    // It stands in Slack and will be found there.
    log.warn('a post could not be recorded, it is looked for later', { error });
    return postponed(noted, unknownUntil, String(error), false, noted.attempts);
  }
  return DONE;
}

async function recorded(parts: SendParts, row: OutboxRow, place: MessagePlace): Promise<void> {
  for (const waitMs of RECORD_RETRIES_MS) {
    try {
      await settle(parts, row, (tx, finished) => recordPost(parts, tx, row, place, finished));
      return;
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      await sleep(waitMs);
    }
  }
  await settle(parts, row, (tx, finished) => recordPost(parts, tx, row, place, finished));
}

/** Slack did nothing, and said so. */
async function notPosted(
  parts: SendParts,
  noted: OutboxRow,
  plan: Extract<Plan, { kind: 'post' }>,
  error: SlackRefusal | TransientError,
  log: Logger,
): Promise<Outcome> {
  const { whenRefused: otherwise, to } = plan;
  if (to.threadTs !== null && isThreadRefused(error)) {
    // A card whose thread takes nothing is no reason for its channel to wait.
    if (!isGone(error) && otherwise.kind === 'wait')
      return post(parts, noted, { ...plan, to: { ...to, threadTs: null, broadcast: false } }, log);
    if (plan.whenThreadGone !== undefined) {
      await settle(parts, noted, plan.whenThreadGone);
      parts.wake();
      return DONE;
    }
  }
  if (isPlaceRefused(error)) {
    if (otherwise.kind === 'wait') return waitForPlace(parts, noted, noted.attempts, to.channel, error, log);
    if (otherwise.kind === 'instead') {
      log.info('the bot may not write here, the asker’s DM takes its place', { code: error.code });
      await settle(parts, noted, otherwise.follow);
      parts.wake();
      return DONE;
    }
  }
  return failed(parts, noted, error, log, true);
}

/** @param attempts how many there were, this one included */
function waitForPlace(
  parts: SendParts,
  row: OutboxRow,
  attempts: number,
  channel: string,
  error: SlackRefusal,
  log: Logger,
): Outcome {
  parts.problems.refused(channel, error.code);
  log.warn('Slack lets the bot not write in this channel, it is tried again', { channel, code: error.code });
  return postponed(row, retryAt(parts, row.attempts, error), error.code, true, attempts);
}

/** What becomes of a row whose work has failed. `isKnown`: its own attempt had no effect. */
async function failed(
  parts: SendParts,
  row: OutboxRow,
  error: unknown,
  log: Logger,
  isKnown = row.attempt === null,
): Promise<Outcome> {
  if (isTokenProblem(error)) {
    parts.problems.tokenRefused(error.code);
    log.error('Slack refuses our token or lacks a scope, the outbox waits', {
      code: error.code,
      method: error.method,
    });
    return postponed(row, retryAt(parts, row.attempts, error), error.code, isKnown);
  }
  if (error instanceof SlackRefusal) {
    const { code, method, details } = error;
    log.warn('Slack refused a message, it is dropped', { kind: row.effect.kind, code, method, details });
    await settle(parts, row, NOTHING_FOLLOWS);
    return DONE;
  }
  if (error instanceof TransientError) {
    log.info('not now, it is tried again', { error });
    return postponed(row, retryAt(parts, row.attempts, error), error.message, isKnown);
  }
  const isHopeless = row.attempts >= MOST_SURPRISES;
  log.error(isHopeless ? 'a row of the outbox keeps failing, it is dropped' : 'a row of the outbox failed', {
    kind: row.effect.kind,
    error,
  });
  if (!isHopeless) return postponed(row, retryAt(parts, row.attempts, error), 'failed', isKnown);
  await settle(parts, row, NOTHING_FOLLOWS);
  return DONE;
}

/** @param attempts how many there were: one more than are noted where nothing was sent */
function postponed(
  row: OutboxRow,
  at: number,
  reason: string,
  isKnown: boolean,
  attempts = row.attempts + 1,
): Outcome {
  return { kind: 'later', at, reason, isKnown, noted: row.attempts, attempts };
}

function retryAt({ clock, times, random }: SendParts, attempts: number, error: unknown): number {
  const asked = error instanceof TransientError ? error.retryAfterSeconds : undefined;
  return clock.now() + waitBefore(attempts, asked, times.backoff, random());
}

/** Deletes the row together with what follows from its being done. */
async function settle({ pool }: SendParts, row: OutboxRow, what: Follow): Promise<void> {
  if (what === NOTHING_FOLLOWS) {
    await finishOutbox(pool, row.id);
    return;
  }
  await withTransaction(pool, async (tx) => {
    const finished = finishOutbox(tx, row.id);
    await Promise.all([finished, what(tx, finished)]);
  });
}

/** Looks in Slack for what an earlier attempt may have posted, where that would stand. */
async function find(
  parts: SendParts,
  row: OutboxRow,
  plan: Plan,
  { at, to }: Attempt,
): Promise<MessagePlace | null> {
  const sinceTs = msToTimestamp(at - CLOCK_SKEW_MS);
  for (const { channel, threadTs } of to === null ? await likelyPlaces(parts, row, plan) : [to]) {
    const found = await parts.slack
      .findPost({ channel, threadTs, key: row.key, sinceTs })
      .catch((error: unknown) => {
        if (isPlaceRefused(error)) return null;
        throw error;
      });
    if (found !== null) return found;
  }
  return null;
}

/** Of an attempt by a version that did not note it: where it would go now, and where its lane says. */
async function likelyPlaces(
  parts: SendParts,
  { lane, effect }: OutboxRow,
  plan: Plan,
): Promise<readonly Place[]> {
  const now = plan.kind === 'post' ? [plan.to] : [];
  if (effect.kind !== 'card' && effect.kind !== 'asker_reply') return now;
  const user = /^dm:(.+)$/.exec(lane)?.[1];
  return [...now, { channel: user === undefined ? lane : await dmWith(parts, user), threadTs: null }];
}

/** False when the relay is stopped before the time is over. */
function pause(ms: number, stopping: AbortSignal): Promise<boolean> {
  return sleep(ms, true, { signal: stopping }).catch(() => false);
}

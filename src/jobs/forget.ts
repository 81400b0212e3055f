/** Forgetting a person: all that they wrote, wherever it is kept, is blanked; in Slack what shows it follows. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { isOpen } from '../domain/request.ts';
import { TransientError } from '../errors.ts';
import { removeAnswers } from '../queue/apply.ts';
import { add, type Blanking, blankRequest, NOTHING_BLANKED } from '../queue/blank-request.ts';
import { changeRequest } from '../queue/change-request.ts';
import type { Desk } from '../queue/desk.ts';
import type { Pool } from '../store/pool.ts';
import { takeQuotesTo } from '../store/quotes.ts';
import { lockRequest } from '../store/requests.ts';
import {
  blankEvents,
  blankJobOutputs,
  dropAnswers,
  pendingEventsOf,
  requestsWithTextOf,
} from '../store/texts.ts';
import { type Tx, withTransaction } from '../store/transaction.ts';

export interface Forgotten extends Blanking {
  /** Answers that gave their own words back to them, waited to be given and are dropped. */
  readonly answers: number;
  /** Events of Slack that named them or showed their text. */
  readonly events: number;
  /** Numbers of their requests that nobody had taken: withdrawn, for nobody can answer what nobody can read. */
  readonly withdrawn: readonly number[];
  /** Numbers of those that go on without text. */
  readonly goOn: readonly number[];
  /** Events of theirs that still wait to be handled: what comes of them is not forgotten yet. */
  readonly pendingEvents: number;
}

const NOTHING: Forgotten = {
  ...NOTHING_BLANKED,
  answers: 0,
  events: 0,
  withdrawn: [],
  goOn: [],
  pendingEvents: 0,
};

/** In one transaction; each looks through the inbox once. */
const REQUESTS_AT_ONCE = 20;
/** A daemon that handles what this person does right now may write something of it behind our back. */
const MOST_PASSES = 5;
const MOST_TRIES = 5;
const TRY_AGAIN_MS = 300;

/**
 * Does it in bounded batches, each of which is whole by itself: who is killed between two runs it again. Daemons may work
 * beside it.
 * @param user a Slack user id
 * @throws TransientError: the database is away; what was done stays
 */
export async function forgetPerson(pool: Pool, desk: Desk, user: string, clock: Clock): Promise<Forgotten> {
  let all = NOTHING;
  for (let passes = 1; ; passes += 1) {
    // Asked before the pass: of what was handled by then the pass finds what came of it.
    const pendingEvents = await insistently(() => pendingEventsOf(pool, user));
    const one = await pass(pool, desk, user, clock);
    all = { ...sum(all, one), pendingEvents };
    if (isNothing(one) || passes === MOST_PASSES) return all;
  }
}

/** Whether nothing was found. */
export function isNothing({ requests, messages, removals, answers, events }: Forgotten): boolean {
  return requests + messages + removals + answers + events === 0;
}

async function pass(pool: Pool, desk: Desk, user: string, clock: Clock): Promise<Forgotten> {
  let all = NOTHING;
  const ids = await insistently(() => requestsWithTextOf(pool, user));
  for (let start = 0; start < ids.length; start += REQUESTS_AT_ONCE) {
    const batch = ids.slice(start, start + REQUESTS_AT_ONCE);
    const one = await insistently(() =>
      withTransaction(pool, (tx) => forgetIn(tx, desk, user, batch, clock.now())),
    );
    all = sum(all, one);
  }
  const rest = await insistently(() =>
    withTransaction(pool, (tx) => forgetElsewhere(tx, desk, user, clock.now())),
  );
  return sum(all, rest);
}

/** A deadlock with a daemon, or a moment without the database, ends nothing; after some seconds TransientError. */
async function insistently<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TransientError) || tried === MOST_TRIES) throw error;
      await sleep(tried * TRY_AGAIN_MS);
    }
  }
}

async function forgetIn(
  tx: Tx,
  desk: Desk,
  user: string,
  ids: readonly number[],
  now: number,
): Promise<Forgotten> {
  let done = NOTHING;
  const names: string[] = [];
  // In order of number, as everybody locks several.
  for (const id of ids) {
    const before = await lockRequest(tx, id);
    if (before === null) continue;
    const { asker, state, owner } = before.request;
    const isTheirs = asker === user && (isOpen(state) || state === 'unposted');
    const isNobodys = isTheirs && (state === 'unposted' || owner === null);
    const blanked = await blankRequest(tx, desk, before, user, now);
    names.push(...blanked.names);
    const blank = isNobodys ? await lockRequest(tx, id) : null;
    // As when its author deletes the message.
    const withdrawal = { kind: state === 'unposted' ? 'cancel' : 'withdraw' } as const;
    if (blank !== null) await changeRequest(tx, desk, blank, withdrawal, user, now);
    done = sum(done, {
      ...NOTHING,
      ...blanked.done,
      withdrawn: isNobodys ? [id] : [],
      goOn: isTheirs && !isNobodys && blanked.done.requests > 0 ? [id] : [],
    });
  }
  return { ...done, events: await blankEvents(tx, names) };
}

/** What belongs to no request. */
async function forgetElsewhere(tx: Tx, desk: Desk, user: string, now: number): Promise<Forgotten> {
  const places = await takeQuotesTo(tx, user);
  await removeAnswers(tx, desk, places, now);
  const answers = await dropAnswers(tx, user);
  const events = await blankEvents(tx, [user]);
  await blankJobOutputs(tx);
  return { ...NOTHING, removals: places.length, answers, events };
}

function sum(one: Forgotten, other: Forgotten): Forgotten {
  return {
    ...add(one, other),
    answers: one.answers + other.answers,
    events: one.events + other.events,
    withdrawn: [...one.withdrawn, ...other.withdrawn],
    goOn: [...one.goOn, ...other.goOn],
    pendingEvents: one.pendingEvents + other.pendingEvents,
  };
}

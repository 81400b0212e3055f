/**
 * The inbox as a service: accepts what the socket brings, hands committed events to their handlers in this process,
 * and takes up what an earlier life (or another daemon) left undone.
 */
import type { Clock } from '../clock.ts';
import { TransientError } from '../errors.ts';
import type { Handled, HandlerContext } from '../handlers/handler.ts';
import { handle } from '../handlers/index.ts';
import type { Logger } from '../logger.ts';
import { oneAtATime, type Service, within } from '../service.ts';
import { isTokenProblem } from '../slack/errors.ts';
import { parseEvent } from '../slack/parse-event.ts';
import {
  extendLeases,
  finishEvent,
  type InboxEvent,
  leaseEvents,
  leftEvents,
  lockSubject,
  postponeEvent,
} from '../store/inbox.ts';
import type { Pool } from '../store/pool.ts';
import { type Tx, withTransaction } from '../store/transaction.ts';
import { type Acceptor, createAcceptor } from './accept.ts';
import { createFinish } from './finish.ts';
import { createLanes, type Lanes } from './lanes.ts';
import { LEASE_MS } from './lease.ts';
import { createRoom } from './room.ts';

/** An event that fails this often for reasons of its own is given up, and said so. */
const MOST_ATTEMPTS = 10;
const LANES_AT_ONCE = 6;
/** So that a press need not wait until one of those is free. Of the pool's ten connections some stay for the others. */
const MORE_LANES_FOR_PEOPLE = 2;
/** Some 4 MB, and two or three seconds of handling: more would only be leases to be extended. */
const MOST_IN_HAND = 1000;
/** More is taken from the table when so few are left: seldom, for each look sorts what waits there. */
const REFILL_AT = 500;
/** Beyond the bound, for people at buttons. */
const MOST_PEOPLE_MORE = 200;
const SWEEP_MS = 1000;
const STOP_MS = 3000;
/** The part of it that is for what waits to be committed. */
const DRAIN_MS = 1000;

export type EventContext = Omit<
  HandlerContext,
  'now' | 'eventId' | 'happenedAt' | 'isLate' | 'commit' | 'db' | 'logger'
>;

export interface InboxOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly context: EventContext;
}

export interface Inbox extends Service, Pick<Acceptor, 'accept'> {
  /** Looks for events that are to be handled again, now. */
  wake(): void;
  status(): InboxStatus;
}

export interface InboxStatus {
  /** Events that wait to be committed, and are not acknowledged yet. */
  readonly uncommitted: number;
  /** Events that wait for their handler or are with it. */
  readonly inHand: number;
  /** Events that wait in the table, because there are too many. */
  readonly left: number;
  /** When the oldest of all these came (epoch ms). */
  readonly oldestAt: number | null;
  /** So many wait to be committed that no more are taken in. */
  readonly isFull: boolean;
  /** Slack's word for why it refuses our token, if it refused what handling the last event had to ask. */
  readonly token: string | null;
}

const NONE_LEFT = { count: 0, oldestAt: null };

/** Thrown inside a transaction whose event was handled meanwhile, so that nothing of it is kept. */
class EventDone extends Error {
  override readonly name = 'EventDone';
}

export function createInbox(options: InboxOptions): Inbox {
  const { pool, clock, logger } = options;
  /** When each of them came, by id. */
  const inHand = new Map<number, number>();
  const again = new Map<number, InboxEvent>();
  let lanes: Lanes = createLanes(LANES_AT_ONCE, MORE_LANES_FOR_PEOPLE);
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> | undefined;
  let isSweepWanted = false;
  let isAway = false;
  let isStopped = false;
  /** Monotonic, as `countedAt` is. */
  let extendedAt = 0;
  let token: string | null = null;
  let countedAt = 0;
  let left: Awaited<ReturnType<typeof leftEvents>> = NONE_LEFT;
  const room = createRoom(MOST_IN_HAND, () => inHand.size);
  const inTurn = oneAtATime();

  const finish = createFinish(pool, () => clock.now());
  const acceptor = createAcceptor({
    pool,
    clock,
    logger,
    room,
    committed: (events) => events.forEach(add),
    // What nobody waits for is looked for when there is room again; see `add` and the timer.
    left: (hasPeople) => {
      if (hasPeople || inHand.size === 0) wake();
    },
  });

  function add(event: InboxEvent): void {
    // Its lease runs out, and the next life takes it up.
    if (isStopped) return;
    if (inHand.has(event.id)) {
      // To be handled again, and our hands are not yet off it.
      again.set(event.id, event);
      return;
    }
    inHand.set(event.id, event.receivedAt);
    lanes.add(event.lane, event.isInteractive, async () => {
      await dispatch(event);
      inHand.delete(event.id);
      const repeated = again.get(event.id);
      again.delete(event.id);
      if (repeated !== undefined) add(repeated);
      if (room.isBehind() && (inHand.size === REFILL_AT || inHand.size === 0)) wake();
    });
  }

  async function dispatch(event: InboxEvent): Promise<void> {
    const scoped = logger.child({ eventId: event.eventId });
    try {
      const handled = await handleOne(event, scoped);
      token = null;
      scoped.debug('event handled', {
        outcome: handled.kind,
        ...(handled.kind === 'ignored' ? { reason: handled.reason } : {}),
      });
    } catch (error) {
      if (error instanceof EventDone) return;
      await postpone(event, error, scoped);
    }
  }

  async function handleOne(event: InboxEvent, scoped: Logger): Promise<Handled> {
    let done: Handled | undefined;
    const commit = async (work: (tx: Tx) => Promise<Handled>): Promise<Handled> => {
      if (done !== undefined) throw new Error('an event has one transaction');
      done = await withTransaction(pool, async (tx) => {
        // The lock goes out first, and together with the work's first question.
        const locked = event.subject === null ? undefined : lockSubject(tx, event.subject);
        const [, handled] = await Promise.all([locked, work(tx)]);
        const reason = handled.kind === 'ignored' ? handled.reason : null;
        if (!(await finishEvent(tx, event.id, handled.kind, reason, clock.now()))) throw new EventDone();
        return handled;
      });
      return done;
    };
    const slackEvent = parseEvent(event.type, JSON.parse(event.body));
    const now = clock.now();
    const handled = await handle(slackEvent, {
      ...options.context,
      db: pool,
      logger: scoped,
      now,
      eventId: event.eventId,
      happenedAt: event.happenedAt ?? event.receivedAt,
      isLate: event.isLate,
      commit,
    });
    // Nothing has changed but the event. What came too early is told under its subject's lock, as ever.
    if (done === undefined && handled.kind === 'early') return commit(() => Promise.resolve(handled));
    if (done === undefined) {
      const reason = handled.kind === 'ignored' ? handled.reason : null;
      await finish({ id: event.id, outcome: handled.kind, reason });
    }
    return handled;
  }

  /** A passing fault is retried for as long as it lasts (a refused token until somebody acts), anything else a few times. */
  async function postpone(event: InboxEvent, error: unknown, scoped: Logger): Promise<void> {
    const attempts = event.attempts + 1;
    const asked = error instanceof TransientError ? error.retryAfterSeconds : undefined;
    const isTransient = error instanceof TransientError || isTokenProblem(error);
    if (isTokenProblem(error)) token = error.code;
    const seconds = Math.max(asked ?? 1, Math.min(2 ** event.attempts, isTokenProblem(error) ? 10 : 60));
    const isOver = !isTransient && attempts >= MOST_ATTEMPTS;
    scoped[isTransient ? 'warn' : 'error']('an event could not be handled', {
      attempts,
      givenUp: isOver,
      error,
    });
    const reason = error instanceof Error ? error.name : 'unknown';
    try {
      if (isOver) await finishEvent(pool, event.id, 'failed', reason, clock.now());
      else await postponeEvent(pool, event.id, clock.now() + seconds * 1000, reason);
    } catch (failure) {
      scoped.warn('a failed event could not be put back; its lease will run out', { error: failure });
    }
  }

  /** Takes up what nobody has in hand, as far as there is room, and keeps the leases of what we have. */
  async function sweep(): Promise<void> {
    const now = clock.now();
    try {
      if (inHand.size > 0 && performance.now() - extendedAt > LEASE_MS / 3) {
        extendedAt = performance.now();
        await extendLeases(pool, [...inHand.keys()], now, now + LEASE_MS);
      }
      await takeUp(now);
      isAway = false;
    } catch (error) {
      if (!isAway) logger.warn('the inbox cannot be swept', { error });
      isAway = true;
    }
  }

  async function takeUp(now: number): Promise<void> {
    const mark = room.mark();
    const onlyPeople = inHand.size > REFILL_AT || room.free() === 0;
    const limit = onlyPeople ? MOST_IN_HAND + MOST_PEOPLE_MORE - inHand.size : room.free();
    if (limit <= 0) return;
    const events = await leaseEvents(pool, now, now + LEASE_MS, limit, {
      held: [...inHand.keys()],
      onlyPeople,
    });
    events.forEach(add);
    if (!onlyPeople && events.length === limit) room.fallBehind();
    if (!room.isBehind()) return;
    const mayBeNone = !onlyPeople && events.length < limit;
    if (!mayBeNone && performance.now() - countedAt < SWEEP_MS) return;
    countedAt = performance.now();
    left = await leftEvents(pool, now);
    if (left.count === 0) room.catchUp(mark);
  }

  function wake(): void {
    if (timer === undefined) return;
    isSweepWanted = true;
    sweeping ??= (async () => {
      while (isSweepWanted) {
        isSweepWanted = false;
        await sweep();
      }
      sweeping = undefined;
    })();
  }

  return {
    name: 'inbox',
    accept: (delivery, acknowledge) => acceptor.accept(delivery, acknowledge),
    wake,
    status: () => {
      const { uncommitted, oldestAt, isFull } = acceptor.status();
      const waits = [oldestAt, left.oldestAt, ...inHand.values()].filter((at) => at !== null);
      return {
        uncommitted,
        inHand: lanes.size(),
        left: left.count,
        oldestAt: waits.length === 0 ? null : Math.min(...waits),
        isFull,
        token,
      };
    },
    start: () =>
      inTurn(async () => {
        if (timer !== undefined) return;
        isStopped = false;
        lanes = createLanes(LANES_AT_ONCE, MORE_LANES_FOR_PEOPLE);
        timer = setInterval(wake, SWEEP_MS);
        wake();
        await sweeping;
      }),
    stop: () =>
      inTurn(async () => {
        clearInterval(timer);
        timer = undefined;
        // What a slow database has not taken by then is not acknowledged; Slack delivers it to whoever comes next.
        await within(DRAIN_MS, acceptor.drained());
        acceptor.drop();
        isStopped = true;
        // Handlers that wait for an answer of Slack are left: their events are handled again by the next start.
        await within(STOP_MS - DRAIN_MS, Promise.all([acceptor.drained(), sweeping, lanes.stop()]));
        inHand.clear();
        again.clear();
      }),
  };
}

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
  lockSubject,
  postponeEvent,
} from '../store/inbox.ts';
import type { Pool } from '../store/pool.ts';
import { type Tx, withTransaction } from '../store/transaction.ts';
import { type Acceptor, createAcceptor } from './accept.ts';
import { createLanes, type Lanes } from './lanes.ts';
import { LEASE_MS } from './lease.ts';

/** An event that fails this often for reasons of its own is given up, and said so. */
const MOST_ATTEMPTS = 10;
const LANES_AT_ONCE = 6;
const MOST_LEASED = 200;
const SWEEP_MS = 1000;
const STOP_MS = 3000;

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
  /** Events that wait for their handler or are with it. */
  readonly inHand: number;
  /** Slack's word for why it refuses our token, if it refused what handling the last event had to ask. */
  readonly token: string | null;
}

/** Thrown inside a transaction whose event was handled meanwhile, so that nothing of it is kept. */
class EventDone extends Error {
  override readonly name = 'EventDone';
}

export function createInbox(options: InboxOptions): Inbox {
  const { pool, clock, logger } = options;
  const inHand = new Set<number>();
  const again = new Map<number, InboxEvent>();
  let lanes: Lanes = createLanes(LANES_AT_ONCE);
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> | undefined;
  let isSweepWanted = false;
  let isAway = false;
  let lastExtendedAt = 0;
  let token: string | null = null;
  const inTurn = oneAtATime();

  const acceptor = createAcceptor({ pool, clock, logger, committed: (events) => events.forEach(add) });

  function add(event: InboxEvent): void {
    if (inHand.has(event.id)) {
      // To be handled again, and our hands are not yet off it.
      again.set(event.id, event);
      return;
    }
    inHand.add(event.id);
    lanes.add(event.lane, event.isInteractive, async () => {
      await dispatch(event);
      inHand.delete(event.id);
      const repeated = again.get(event.id);
      again.delete(event.id);
      if (repeated !== undefined) add(repeated);
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
        if (event.subject !== null) await lockSubject(tx, event.subject);
        const handled = await work(tx);
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
    return done ?? commit(() => Promise.resolve(handled));
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

  /** Takes up what nobody has in hand, and keeps the leases of what we have. */
  async function sweep(): Promise<void> {
    const now = clock.now();
    try {
      if (inHand.size > 0 && now - lastExtendedAt > LEASE_MS / 3) {
        lastExtendedAt = now;
        await extendLeases(pool, [...inHand], now, now + LEASE_MS);
      }
      if (inHand.size >= MOST_LEASED) return;
      const left = await leaseEvents(pool, now, now + LEASE_MS, MOST_LEASED);
      left.forEach(add);
      isAway = false;
    } catch (error) {
      if (!isAway) logger.warn('the inbox cannot be swept', { error });
      isAway = true;
    }
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
    status: () => ({ inHand: lanes.size(), token }),
    start: () =>
      inTurn(async () => {
        if (timer !== undefined) return;
        lanes = createLanes(LANES_AT_ONCE);
        timer = setInterval(wake, SWEEP_MS);
        wake();
        await sweeping;
      }),
    stop: () =>
      inTurn(async () => {
        clearInterval(timer);
        timer = undefined;
        await acceptor.drained();
        await sweeping;
        // Handlers that wait for an answer of Slack are left: their events are handled again by the next start.
        await within(STOP_MS, lanes.stop());
        inHand.clear();
        again.clear();
      }),
  };
}

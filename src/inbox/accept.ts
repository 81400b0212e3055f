/**
 * From envelope to committed row, and only then to the acknowledgement (promise P1). Events are committed in batches,
 * flushed as soon as fewer than two are under way and never by a timer: measured, a timer only costs. A third batch is
 * for people at buttons alone, so that they need not wait until a slow database has taken the others.
 */
import type { Clock } from '../clock.ts';
import { validateSubmission } from '../handlers/submission.ts';
import type { Logger } from '../logger.ts';
import { identify } from '../slack/identify.ts';
import { parseEvent } from '../slack/parse-event.ts';
import { deletionBody } from '../slack/parse-message.ts';
import { acceptEvents, type InboxEvent } from '../store/inbox.ts';
import type { Pool } from '../store/pool.ts';
import { LEASE_MS } from './lease.ts';
import type { Room } from './room.ts';
import { type Acknowledge, MOST_WAITING, type Waiting, WaitingList } from './waiting.ts';

const MOST_BATCHES = 2;
const MOST_ROWS = 500;

/** What the socket hands over. */
export interface Delivery {
  readonly envelopeId: string;
  readonly type: string;
  readonly payload: unknown;
  /** The payload as JSON text; absent if there is none that could be stored. */
  readonly body?: string;
  readonly retryAttempt: number;
}

export interface AcceptorOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What is committed beyond it has no lease. */
  readonly room: Room;
  /** Gets what was committed, is not a duplicate and has room, in the order of arrival. Must not throw. */
  readonly committed: (events: readonly InboxEvent[]) => void;
  /** Something was committed for which there is no room, perhaps by people at buttons. Must not throw. */
  readonly left: (hasPeople: boolean) => void;
}

export interface Acceptor {
  /** Never throws. What cannot be committed is not acknowledged, and Slack delivers it again. */
  accept(delivery: Delivery, acknowledge: Acknowledge): void;
  /** Resolves when nothing waits, no batch is under way, and all are handed on. */
  drained(): Promise<void>;
  /** Forgets what waits to be committed; what is under way is committed. */
  drop(): void;
  status(): AcceptorStatus;
}

export interface AcceptorStatus {
  /** Events that wait to be committed or are with the database. */
  readonly uncommitted: number;
  /** When the first of them came (epoch ms). */
  readonly oldestAt: number | null;
  /** So many wait that no more are taken in. */
  readonly isFull: boolean;
}

/** A batch with the database, or not handed on yet. */
interface UnderWay {
  readonly lanes: ReadonlySet<string>;
  readonly handedOn: Promise<void>;
}

export function createAcceptor(options: AcceptorOptions): Acceptor {
  const { pool, clock, logger, room } = options;
  const waiting = new WaitingList();
  const underWay = new Set<UnderWay>();
  let batches = 0;
  let rows = 0;
  let scheduled = false;
  let refused = 0;
  let idle = Promise.withResolvers<void>();
  idle.resolve();

  function mayFlush(): boolean {
    if (batches < MOST_BATCHES) return waiting.size > 0;
    return batches === MOST_BATCHES && waiting.hasPeople;
  }

  function schedule(): void {
    if (scheduled || !mayFlush()) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      dropExpired();
      if (beginBatch(batches >= MOST_BATCHES)) schedule();
      settle();
    });
  }

  /** False when all that waits has to wait for a batch under way. */
  function beginBatch(isForPeople: boolean): boolean {
    // Slack deals events to several sockets, which are not read in the order in which it wrote to them.
    let batch = waiting.take(MOST_ROWS, isForPeople).sort((a, b) => timeOf(a) - timeOf(b));
    const reserved = batch.length;
    const isKept = room.reserve(reserved);
    if (!isKept) {
      // In the table only the order of the commits tells what came first in a lane.
      const busy = new Set([...underWay].flatMap(({ lanes }) => [...lanes]));
      waiting.putBack(batch.filter(({ event }) => busy.has(event.lane)));
      batch = batch.filter(({ event }) => !busy.has(event.lane));
    }
    if (batch.length === 0) {
      room.settle(reserved, isKept);
      return false;
    }
    void flush(batch, isForPeople, reserved, isKept);
    return true;
  }

  function dropExpired(): void {
    const expired = waiting.takeExpired();
    if (expired.length === 0) return;
    logger.warn('presses waited too long to be committed; Slack has told their people so', {
      events: expired.length,
    });
  }

  async function flush(
    batch: readonly Waiting[],
    isForPeople: boolean,
    reserved: number,
    isKept: boolean,
  ): Promise<void> {
    batches += 1;
    rows += batch.length;
    const events: InboxEvent[] = [];
    const lanes = new Set(batch.map(({ event }) => event.lane));
    // Batches commit side by side, but are handed on in the order in which they arrived; people wait for their own
    // lanes alone.
    const earlier = [...underWay].filter(
      (one) => !isForPeople || [...lanes].some((lane) => one.lanes.has(lane)),
    );
    const { promise, resolve } = Promise.withResolvers<void>();
    const own = { lanes, handedOn: promise };
    underWay.add(own);
    let isCommitted = false;
    try {
      const now = clock.now();
      const byId = new Map(batch.map((one) => [one.event.eventId, one]));
      const accepted = await acceptEvents(
        pool,
        batch.map(({ event }) => event),
        now,
        isKept ? now + LEASE_MS : now,
      );
      isCommitted = true;
      for (const { acknowledges } of batch) for (const acknowledge of acknowledges) acknowledge();
      for (const { id, eventId } of isKept ? accepted : []) {
        const one = byId.get(eventId);
        if (one !== undefined)
          events.push({ ...one.event, id, receivedAt: one.receivedAt, attempts: 0, isLate: false });
      }
    } catch (error) {
      logger.warn('events could not be committed; Slack will deliver them again', {
        events: batch.length,
        error,
      });
    } finally {
      waiting.forget(batch);
      batches -= 1;
      rows -= batch.length;
      schedule();
      settle();
    }
    await Promise.all(earlier.map(({ handedOn }) => handedOn));
    if (events.length > 0) options.committed(events);
    room.settle(reserved, isKept);
    if (isCommitted && !isKept) options.left(batch.some(({ event }) => event.isInteractive));
    underWay.delete(own);
    resolve();
  }

  function settle(): void {
    if (batches === 0 && waiting.size === 0) idle.resolve();
    if (refused === 0 || waiting.size > MOST_WAITING / 2) return;
    logger.info('events are taken in again', { refused });
    refused = 0;
  }

  return {
    accept: ({ envelopeId, type, payload, body, retryAttempt }, acknowledge) => {
      const event = parseEvent(type, payload);
      const identity = identify(type, envelopeId, payload, event);
      if (retryAttempt > 0)
        logger.debug('Slack delivers an event again', { eventId: identity.eventId, retryAttempt });
      const errors = event.kind === 'submission' ? validateSubmission(event, clock.now()) : null;
      if (errors !== null) {
        acknowledge({ response_action: 'errors', errors });
        return;
      }
      if (body === undefined || event.kind === 'ignored') {
        // Nothing will ever come of it, so there is nothing to keep.
        logger.debug('an event is ignored', {
          eventId: identity.eventId,
          reason: event.kind === 'ignored' ? event.reason : 'no body',
        });
        acknowledge();
        return;
      }
      if (waiting.again(identity.eventId, acknowledge)) return;
      if (identity.isInteractive) dropExpired();
      if (batches === 0 && waiting.size === 0) idle = Promise.withResolvers<void>();
      const kept = event.kind === 'message_deleted' ? deletionBody(event) : body;
      if (!waiting.add({ ...identity, type, body: kept }, acknowledge, clock.now())) {
        refused += 1;
        if (refused === 1)
          logger.warn('too many events wait to be committed; Slack will deliver the next ones again', {
            waiting: waiting.size,
          });
      }
      schedule();
    },
    drained: async () => {
      if (batches > 0 || waiting.size > 0) await idle.promise;
      await Promise.all([...underWay].map(({ handedOn }) => handedOn));
    },
    drop: () => {
      waiting.clear();
      settle();
    },
    status: () => ({
      uncommitted: waiting.size + rows,
      oldestAt: waiting.oldestAt,
      isFull: refused > 0,
    }),
  };
}

function timeOf({ event, receivedAt }: Waiting): number {
  return event.happenedAt ?? receivedAt;
}

/**
 * From envelope to committed row, and only then to the acknowledgement (promise P1). Events are committed in batches,
 * flushed as soon as fewer than two are under way and never by a timer: measured, a timer only costs.
 */
import type { Clock } from '../clock.ts';
import { validateSubmission } from '../handlers/submission.ts';
import type { Logger } from '../logger.ts';
import { identify } from '../slack/identify.ts';
import { parseEvent } from '../slack/parse-event.ts';
import { acceptEvents, type InboxEvent, type NewEvent } from '../store/inbox.ts';
import type { Pool } from '../store/pool.ts';
import { LEASE_MS } from './lease.ts';

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

export type Acknowledge = (payload?: object) => void;

interface Waiting {
  readonly event: NewEvent;
  readonly acknowledge: Acknowledge;
  readonly receivedAt: number;
}

export interface AcceptorOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Gets what was committed and is not a duplicate, in the order of arrival. Must not throw. */
  readonly committed: (events: readonly InboxEvent[]) => void;
}

export interface Acceptor {
  /** Never throws. What cannot be committed is not acknowledged, and Slack delivers it again. */
  accept(delivery: Delivery, acknowledge: Acknowledge): void;
  /** Resolves when no batch is under way, and all are handed on. */
  drained(): Promise<void>;
}

export function createAcceptor(options: AcceptorOptions): Acceptor {
  const { pool, clock, logger } = options;
  let waiting: Waiting[] = [];
  let batches = 0;
  let scheduled = false;
  let idle = Promise.withResolvers<void>();
  idle.resolve();
  /** Batches commit side by side, but are handed on in the order in which they arrived. */
  let handedOn: Promise<void> = Promise.resolve();

  function schedule(): void {
    if (scheduled || batches >= MOST_BATCHES || waiting.length === 0) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      // Slack deals events to several sockets, which are not read in the order in which it wrote to them.
      const batch = waiting.slice(0, MOST_ROWS).sort((a, b) => timeOf(a) - timeOf(b));
      waiting = waiting.slice(MOST_ROWS);
      if (batch.length > 0) void flush(batch);
    });
  }

  async function flush(batch: readonly Waiting[]): Promise<void> {
    if (batches === 0) idle = Promise.withResolvers<void>();
    batches += 1;
    const events: InboxEvent[] = [];
    const earlier = handedOn;
    const { promise, resolve } = Promise.withResolvers<void>();
    handedOn = promise;
    try {
      const now = clock.now();
      const first = new Map(batch.map((one) => [one.event.eventId, one]));
      const accepted = await acceptEvents(
        pool,
        [...first.values()].map(({ event }) => event),
        now,
        now + LEASE_MS,
      );
      for (const { acknowledge } of batch) acknowledge();
      for (const { id, eventId } of accepted) {
        const one = first.get(eventId);
        if (one !== undefined)
          events.push({ ...one.event, id, receivedAt: one.receivedAt, attempts: 0, isLate: false });
      }
    } catch (error) {
      logger.warn('events could not be committed; Slack will deliver them again', {
        events: batch.length,
        error,
      });
    } finally {
      batches -= 1;
      schedule();
      if (batches === 0 && waiting.length === 0) idle.resolve();
    }
    await earlier;
    if (events.length > 0) options.committed(events);
    resolve();
  }

  return {
    accept: ({ envelopeId, type, payload, body, retryAttempt }, acknowledge) => {
      const identity = identify(type, envelopeId, payload);
      if (retryAttempt > 0)
        logger.debug('Slack delivers an event again', { eventId: identity.eventId, retryAttempt });
      const event = parseEvent(type, payload);
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
      waiting.push({
        event: { ...identity, type, body: withoutNul(body) },
        acknowledge,
        receivedAt: clock.now(),
      });
      schedule();
    },
    drained: async () => {
      if (batches > 0 || waiting.length > 0) await idle.promise;
      await handedOn;
    },
  };
}

function timeOf({ event, receivedAt }: Waiting): number {
  return event.happenedAt ?? receivedAt;
}

/** PostgreSQL's text holds every character but this one. */
function withoutNul(body: string): string {
  return body.replaceAll('\\u0000', '\\ufffd').replaceAll('\0', '\ufffd');
}

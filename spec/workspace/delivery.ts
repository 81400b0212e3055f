import { randomUUID } from 'node:crypto';
import type { DeliveryPlan, Repetition } from './delivery-faults.ts';
import type { Timers } from './timers.ts';
import { isJson, type Json } from './wire.ts';

export type EnvelopeType = 'events_api' | 'interactive' | 'slash_commands';

/** One envelope on its way to the app, as a spec may look at it afterwards. */
export interface Delivered {
  readonly envelopeId: string;
  readonly type: EnvelopeType;
  readonly payload: Json;
  readonly acceptsResponse: boolean;
  /** 0 at first, 1 to 3 for Slack's retries of events. */
  readonly attempt: number;
  readonly connection: number;
  /** Epoch ms of the machine's clock. */
  readonly sentAt: number;
  outcome: 'pending' | 'acked' | 'late' | 'timeout' | 'closed';
  latencyMs?: number;
  /** What the app sent back with the acknowledgement. */
  ack?: Json;
}

/** A way to the app; the gateway's sockets are these. */
export interface Outlet {
  readonly id: number;
  send(frame: Json): void;
}

/**
 * What becomes of events while no socket is open: kept and delivered as retries once one is (`queue`), tried by the
 * retries' own times only (`schedule`), or lost at once (`lose`).
 */
export type Offline = 'queue' | 'schedule' | 'lose';

export interface DeliveryOptions {
  readonly timers: Timers;
  readonly pick: () => Outlet | undefined;
  readonly changed: () => void;
  readonly complain: (text: string) => void;
  readonly ackDeadlineMs: number;
  /** Between a failure and the next attempt. */
  readonly retryDelaysMs: readonly number[];
  readonly offline: Offline;
  readonly offlineKeepMs: number;
  readonly crossAcks: boolean;
}

export interface Answer {
  /** What the person sees when the app did not answer in time. */
  readonly error?: 'operation_timeout' | 'dispatch_failed';
  readonly latencyMs?: number;
  readonly payload: Json;
}

interface Pending {
  readonly record: Delivered;
  readonly startedAt: number;
  readonly settle: (outcome: 'acked' | 'timeout' | 'closed') => void;
}

/**
 * Envelopes, acknowledgements and retries. Events are tried again (at once, after a minute, after five);
 * what a person waits for is tried once, and the person sees the error.
 */
export class Delivery {
  readonly records: Delivered[] = [];
  /** Events that Slack gave up on. */
  readonly lost: Json[] = [];
  /** One envelope may be under way more than once. */
  private readonly pending = new Set<Pending>();
  private readonly queued: { payload: Json; attempt: number; since: number }[] = [];
  private waitingRetries = 0;
  private delayed = 0;
  private plan: DeliveryPlan | undefined;
  private readonly options: DeliveryOptions;
  /** May be changed at any time. */
  offline: Offline;

  constructor(options: DeliveryOptions) {
    this.options = options;
    this.offline = options.offline;
  }

  /** Every envelope is put before this function, until another one or undefined replaces it. */
  follow(plan: DeliveryPlan | undefined): void {
    this.plan = plan;
  }

  /** Envelopes and retries that are still under way. */
  get unsettled(): number {
    return this.pending.size + this.queued.length + this.waitingRetries + this.delayed;
  }

  event(payload: Json, attempt = 0): void {
    const fault = this.plan?.({ type: 'events_api', payload, attempt });
    if (fault?.kind === 'lose') {
      this.lost.push(payload);
      this.options.changed();
    } else if (fault?.kind === 'delay') {
      this.later(fault.ms, () => this.send(payload, attempt));
    } else {
      const record = this.send(payload, attempt);
      if (fault?.kind === 'again' && record) this.later(fault.afterMs, () => this.repeat(record, fault.how));
    }
  }

  private send(payload: Json, attempt: number): Delivered | undefined {
    const outlet = this.options.pick();
    if (!outlet) {
      this.missed(payload, attempt);
      return undefined;
    }
    const frame = attempt === 0 ? {} : { retry_attempt: attempt, retry_reason: 'timeout' };
    return this.dispatch(outlet, 'events_api', payload, false, frame, attempt, (outcome) => {
      if (outcome !== 'acked') this.retry(payload, attempt);
    });
  }

  /** Something that a person waits for. */
  async ask(
    type: 'interactive' | 'slash_commands',
    payload: Json,
    acceptsResponse: boolean,
  ): Promise<Answer> {
    const fault = this.plan?.({ type, payload, attempt: 0 });
    if (fault?.kind === 'delay') await new Promise<void>((resolve) => this.later(fault.ms, resolve));
    return new Promise((resolve) => {
      const outlet = this.options.pick();
      if (!outlet) {
        resolve({ error: 'dispatch_failed', payload: {} });
        return;
      }
      const record = this.dispatch(outlet, type, payload, acceptsResponse, {}, 0, (outcome) => {
        resolve(
          outcome === 'acked'
            ? { latencyMs: record.latencyMs ?? 0, payload: record.ack ?? {} }
            : { error: 'operation_timeout', payload: {} },
        );
      });
      if (fault?.kind === 'again') this.later(fault.afterMs, () => this.repeat(record, fault.how));
    });
  }

  /** A frame that `send` writes to a socket as it stands, and that claims to be this envelope. */
  raw(envelopeId: string, send: (connection: number) => void): Promise<Answer> {
    return new Promise((resolve) => {
      const outlet = this.options.pick();
      if (!outlet) {
        resolve({ error: 'dispatch_failed', payload: {} });
        return;
      }
      const { id } = outlet;
      const record = this.dispatch(
        { id, send: () => send(id) },
        'events_api',
        {},
        false,
        {},
        0,
        (outcome) =>
          resolve(
            outcome === 'acked'
              ? { latencyMs: record.latencyMs ?? 0, payload: record.ack ?? {} }
              : { error: 'operation_timeout', payload: {} },
          ),
        envelopeId,
      );
    });
  }

  /** Sends an envelope once more, as Slack sometimes does: unchanged, as a retry, or under another event id. */
  again(record: Delivered, how: Repetition): void {
    const outlet = this.options.pick();
    if (!outlet) throw new Error('no socket is open to send it again over');
    const payload =
      how === 'new_event_id' && 'event_id' in record.payload
        ? { ...record.payload, event_id: `${String(record.payload['event_id'])}X` }
        : record.payload;
    const frame = how === 'retry' ? { retry_attempt: 1, retry_reason: 'timeout' } : {};
    const id = how === 'same_envelope' ? record.envelopeId : randomUUID();
    const attempt = how === 'retry' ? 1 : 0;
    this.dispatch(outlet, record.type, payload, record.acceptsResponse, frame, attempt, () => {}, id);
  }

  /** Over whatever socket there is; without one nothing comes. */
  private repeat(record: Delivered, how: Repetition): void {
    if (this.options.pick()) this.again(record, how);
  }

  private later(ms: number, work: () => void): void {
    this.delayed += 1;
    this.options.timers.after(ms, () => {
      this.delayed -= 1;
      work();
    });
  }

  /** A frame from the app. */
  acknowledge(connection: number, frame: Json): void {
    const id = String(frame['envelope_id']);
    const pending = [...this.pending].filter(({ record }) => record.envelopeId === id);
    if (pending.length === 0) {
      const late = this.records.findLast((record) => record.envelopeId === id);
      if (late?.outcome === 'timeout') late.outcome = 'late';
      this.options.complain(`acknowledged ${late ? 'late' : 'an unknown envelope'}: ${id}`);
      return;
    }
    const heard = pending.filter(({ record }) => record.connection === connection || this.options.crossAcks);
    if (heard.length === 0) {
      this.options.complain(`acknowledged over another socket: ${id}`);
      return;
    }
    const payload = frame['payload'];
    for (const { record, startedAt, settle } of heard) {
      record.latencyMs = performance.now() - startedAt;
      if (isJson(payload)) record.ack = payload;
      settle('acked');
    }
  }

  closed(connection: number): void {
    for (const pending of this.pending) {
      if (pending.record.connection === connection) pending.settle('closed');
    }
  }

  /** A socket has said hello: what had no way to go goes now, as retries only. */
  flush(): void {
    const now = performance.now();
    for (const each of this.queued.splice(0)) {
      if (now - each.since > this.options.offlineKeepMs) this.lost.push(each.payload);
      else this.event(each.payload, Math.max(1, each.attempt));
    }
  }

  private missed(payload: Json, attempt: number): void {
    if (this.offline === 'lose') this.lost.push(payload);
    else if (this.offline === 'schedule') this.retry(payload, attempt);
    else this.queued.push({ payload, attempt, since: performance.now() });
    this.options.changed();
  }

  private retry(payload: Json, attempt: number): void {
    const delay = this.options.retryDelaysMs[attempt];
    if (delay === undefined) {
      this.lost.push(payload);
      this.options.changed();
      return;
    }
    this.waitingRetries += 1;
    this.options.timers.after(delay, () => {
      this.waitingRetries -= 1;
      this.event(payload, attempt + 1);
    });
  }

  private dispatch(
    outlet: Outlet,
    type: EnvelopeType,
    payload: Json,
    acceptsResponse: boolean,
    frame: Json,
    attempt: number,
    done: (outcome: 'acked' | 'timeout' | 'closed') => void,
    envelopeId: string = randomUUID(),
  ): Delivered {
    const record: Delivered = {
      envelopeId,
      type,
      payload,
      acceptsResponse,
      attempt,
      connection: outlet.id,
      sentAt: Date.now(),
      outcome: 'pending',
    };
    this.records.push(record);
    const settle = (outcome: 'acked' | 'timeout' | 'closed'): void => {
      this.pending.delete(pending);
      this.options.timers.cancel(deadline);
      record.outcome = outcome;
      done(outcome);
      this.options.changed();
    };
    const pending: Pending = { record, startedAt: performance.now(), settle };
    const deadline = this.options.timers.after(this.options.ackDeadlineMs, () => settle('timeout'));
    this.pending.add(pending);
    outlet.send({
      envelope_id: envelopeId,
      type,
      payload,
      accepts_response_payload: acceptsResponse,
      ...frame,
    });
    return record;
  }
}

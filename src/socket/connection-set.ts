/**
 * Keeps the wanted number of connections to Slack. A connection that Slack is about to close is let go only when its
 * successor has said hello, so that a refresh leaves no gap; openings happen one after the other, with growing waits
 * between failures. Nothing that Slack sends or answers ends the loop: what cannot be repaired here is named in
 * `status()` and in the log, and tried again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { Service } from '../service.ts';
import { type Backoff, DEFAULT_BACKOFF, delayAfter } from './backoff.ts';
import { Connection } from './connection.ts';
import { DEFAULT_DEADLINES, type Deadlines } from './deadlines.ts';
import type { DisconnectReason, Envelope, EnvelopeType, Hello } from './envelope.ts';
import { type Failure, type FailureReason, failed, fromDisconnect } from './failure.ts';
import { type CountingTimes, DEFAULT_COUNTING, ForeignSockets } from './foreign.ts';
import { createPending, type Pending } from './pending.ts';
import { PHASES, type Phase, type SocketState, type SocketStatus, toState } from './status.ts';

export interface ConnectionSetOptions {
  readonly appToken: string;
  /** Slack's Web API, as `https://slack.com/api/`. */
  readonly apiUrl: string;
  /** How many connections to keep; Slack allows an app 10 in all. */
  readonly connections: number;
  /**
   * Gets every envelope, as it is read, and a function that writes its acknowledgement over the connection that the
   * envelope came by. Only its first call counts. Too late is harmless: Slack delivers the envelope once more.
   */
  readonly accept: (envelope: Envelope, acknowledge: (payload?: object) => void) => void;
  /** How many connections other daemons over our database hold: those are not foreign. None, if absent. */
  readonly others?: () => number;
  /** Called when the number of open connections has changed. */
  readonly changed?: () => void;
  readonly observer?: SocketObserver;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly counting?: Partial<CountingTimes>;
  readonly deadlines?: Partial<Deadlines>;
  readonly backoff?: Partial<Backoff>;
  /** In [0, 1), for the jitter of the waits. */
  readonly random?: () => number;
}

/** Told of what happens, for counting, on the way of every acknowledgement: it must be quick and must not throw. */
export interface SocketObserver {
  received(type: EnvelopeType, isRepeated: boolean): void;
  /** @param seconds since the envelope was read */
  acknowledged(type: EnvelopeType, seconds: number, isWritten: boolean): void;
  opened(outcome: 'hello' | FailureReason): void;
}

/** `start` resolves as soon as the opening has begun: whether Slack can be reached is told by `status`, not by it. */
export interface ConnectionSet extends Service {
  status(): SocketStatus;
  /** Another daemon over our database is gone. */
  daemonGone(): void;
}

export function createConnectionSet(options: ConnectionSetOptions): ConnectionSet {
  return new SlackConnections(options);
}

/** How long an unacknowledged envelope counts as under way. Slack waits 3 s for an acknowledgement. */
const ACKNOWLEDGE_GIVE_UP_MS = 5_000;

/** A connection asked to leave before this age counts as a failure when the next opening is timed. */
const YOUNG_MS = 30_000;

interface Link {
  readonly connection: Connection;
  phase: Phase | 'closed';
  /** Monotonic time of its hello. */
  liveAt: number;
  drainTimer?: NodeJS.Timeout;
}

class SlackConnections implements ConnectionSet {
  readonly name = 'socket';
  readonly #options: ConnectionSetOptions;
  readonly #deadlines: Deadlines;
  readonly #backoff: Backoff;
  readonly #logger: Logger;
  readonly #random: () => number;
  readonly #pending: Pending = createPending(ACKNOWLEDGE_GIVE_UP_MS);
  readonly #links = new Set<Link>();
  /** What was asked for last; a start that waits for an earlier stop looks at it again. */
  #wanted = false;
  #running: { readonly abort: AbortController; readonly loop: Promise<void> } | undefined;
  #stopping: Promise<void> | undefined;
  #wake: () => void = () => {};
  #failure: Failure | undefined;
  #series = 0;
  #failedAt = Number.NEGATIVE_INFINITY;
  /** Monotonic; no opening before it. */
  #notBefore = 0;
  #wasComplete = false;
  #gaps = 0;
  readonly #foreign: ForeignSockets;
  #lastSockets = 0;
  #lastFrameAt: number | null = null;
  #state: SocketState = 'stopped';
  #since: number;

  constructor(options: ConnectionSetOptions) {
    this.#options = options;
    this.#deadlines = { ...DEFAULT_DEADLINES, ...options.deadlines };
    this.#backoff = { ...DEFAULT_BACKOFF, ...options.backoff };
    this.#random = options.random ?? Math.random;
    this.#logger = options.logger;
    this.#since = options.clock.now();
    this.#foreign = new ForeignSockets({
      times: { ...DEFAULT_COUNTING, ...options.counting },
      others: options.others ?? (() => 0),
      changed: (foreign) => this.#noteForeign(foreign),
      askAgain: () => this.#renewOldest(),
      random: this.#random,
    });
  }

  async start(): Promise<void> {
    this.#wanted = true;
    await this.#stopping;
    if (!this.#wanted || this.#running !== undefined) return;
    this.#failure = undefined;
    this.#series = 0;
    this.#notBefore = 0;
    this.#wasComplete = false;
    this.#foreign.start();
    const abort = new AbortController();
    this.#running = { abort, loop: this.#keepOpen(abort.signal) };
    this.#noteState();
  }

  /** Takes no more envelopes, lets those under way be acknowledged, then closes. What stays unacknowledged comes again. */
  stop(): Promise<void> {
    this.#wanted = false;
    this.#stopping ??= this.#stop().finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  status(): SocketStatus {
    return {
      state: this.#state,
      sockets: this.#sockets(),
      phases: this.#phases(),
      since: this.#since,
      lastFrameAt: this.#lastFrameAt,
      gaps: this.#gaps,
      foreign: this.#foreign.count,
      lastError: this.#failure?.detail ?? null,
    };
  }

  daemonGone(): void {
    if (!this.#isStopping()) this.#foreign.daemonGone();
  }

  async #stop(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    running.abort.abort();
    this.#foreign.stop();
    this.#wake();
    const opening = [...this.#links].filter((link) => link.phase === 'opening');
    await Promise.all(opening.map((link) => link.connection.close()));
    await running.loop;
    await this.#pending.settled(this.#deadlines.acknowledgeMs);
    await Promise.all([...this.#links].map((link) => link.connection.close()));
    this.#running = undefined;
    this.#noteState();
  }

  async #keepOpen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const waitMs = this.#notBefore - performance.now();
      if (this.#count('live') >= this.#options.connections) await this.#change();
      else if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => {});
      else await this.#openOne();
    }
  }

  #isStopping(): boolean {
    return this.#running?.abort.signal.aborted !== false;
  }

  #change(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    return promise;
  }

  async #openOne(): Promise<void> {
    const { appToken, apiUrl } = this.#options;
    const link: Link = {
      phase: 'opening',
      liveAt: 0,
      connection: new Connection(
        { appToken, apiUrl, deadlines: this.#deadlines, logger: this.#logger },
        {
          onEnvelope: (envelope) => this.#onEnvelope(link, envelope),
          onDisconnectMessage: (reason) => this.#onDisconnectMessage(link, reason),
          onFrame: () => {
            this.#lastFrameAt = this.#options.clock.now();
          },
          onHello: (hello) => this.#onHello(link, hello),
          onClosed: () => this.#onClosed(link),
        },
      ),
    };
    this.#links.add(link);
    const answer = await link.connection.open();
    if (answer.kind === 'hello') {
      this.#options.observer?.opened('hello');
      return;
    }
    this.#links.delete(link);
    this.#options.observer?.opened(answer.reason);
    if (answer.reason !== 'closed') this.#onFailure(answer);
  }

  #onHello(link: Link, hello: Hello): void {
    link.phase = 'live';
    link.liveAt = performance.now();
    this.#failure = undefined;
    const open = [...this.#links].filter((one) => one.phase !== 'opening').length;
    if (hello.connections > 0 && !this.#isStopping()) this.#foreign.hello(hello.connections, open);
    // The longest waiting first: a set keeps the order of its insertions.
    const replaced = [...this.#links].find((other) => other.phase === 'leaving');
    if (replaced !== undefined) this.#drain(replaced);
    this.#noteState();
  }

  #onEnvelope(link: Link, envelope: Envelope): void {
    if (this.#isStopping()) return;
    const done = this.#pending.add();
    // Not the envelope: whoever keeps the acknowledgement must not keep the payload with it.
    const { envelopeId, type } = envelope;
    const { observer } = this.#options;
    const readAt = performance.now();
    observer?.received(type, envelope.retryAttempt > 0);
    let isAnswered = false;
    const acknowledge = (payload?: object): void => {
      if (isAnswered) return;
      isAnswered = true;
      done();
      const isWritten = link.connection.acknowledge(envelopeId, payload);
      observer?.acknowledged(type, (performance.now() - readAt) / 1000, isWritten);
      if (isWritten) return;
      this.#logger.debug('An envelope could not be acknowledged; Slack will deliver it again', {
        envelopeId,
      });
    };
    try {
      this.#options.accept(envelope, acknowledge);
    } catch (error) {
      done();
      this.#logger.error('An envelope could not be accepted', { envelopeId, error });
    }
  }

  #onDisconnectMessage(link: Link, reason: DisconnectReason): void {
    if (link.phase !== 'live') return;
    this.#logger.debug('Slack announced the end of a connection', { reason });
    link.phase = 'leaving';
    if (reason === 'link_disabled' || reason === 'too_many_websockets') {
      // There may be no successor to wait for.
      this.#drain(link);
      this.#onFailure(fromDisconnect(reason));
    } else if (performance.now() - link.liveAt < YOUNG_MS) {
      // Asked to leave as soon as we come, again and again: that must not become a storm of openings.
      this.#delayNext(failed('lost', reason));
    }
    this.#noteState();
    this.#wake();
  }

  /** Goes on reading until Slack closes the connection, for it still sends on it what is under way. */
  #drain(link: Link): void {
    link.phase = 'draining';
    link.drainTimer = setTimeout(() => void link.connection.close(), this.#deadlines.drainMs);
  }

  #onClosed(link: Link): void {
    const expected = link.phase !== 'live' || this.#isStopping();
    link.phase = 'closed';
    clearTimeout(link.drainTimer);
    this.#links.delete(link);
    if (!expected) this.#onFailure(failed('lost', 'connection lost'));
    this.#noteState();
    this.#wake();
  }

  #onFailure(failure: Failure): void {
    this.#failure = failure;
    this.#delayNext(failure);
    this.#noteState();
  }

  #delayNext(failure: Failure): void {
    const now = performance.now();
    this.#series = now - this.#failedAt > this.#backoff.forgetMs ? 1 : this.#series + 1;
    this.#failedAt = now;
    const waitMs = delayAfter(failure, this.#series, this.#random(), this.#backoff);
    this.#notBefore = Math.max(this.#notBefore, now + waitMs);
    this.#logger.debug('The next connection has to wait', {
      reason: failure.detail,
      waitMs: Math.round(waitMs),
    });
  }

  #noteForeign(foreign: number): void {
    if (foreign === 0) this.#logger.info('No other connections use this app token any more');
    else
      this.#logger.warn('Other connections use this app token and take a share of the events', { foreign });
  }

  /** Only the hello of a new connection tells how many there are. */
  #renewOldest(): void {
    const { connections } = this.#options;
    const oldest = [...this.#links].find((link) => link.phase === 'live');
    // With fewer than wanted one is being opened anyway.
    if (oldest === undefined || this.#count('live') < connections) return;
    oldest.phase = 'leaving';
    this.#wake();
  }

  #noteState(): void {
    const { connections, clock } = this.#options;
    const sockets = this.#sockets();
    if (sockets !== this.#lastSockets) {
      if (sockets === 0) this.#gaps += 1;
      this.#lastSockets = sockets;
      this.#options.changed?.();
    }
    if (sockets >= connections) this.#wasComplete = true;
    else if (sockets === 0) this.#wasComplete = false;
    const state =
      this.#running === undefined
        ? 'stopped'
        : toState(sockets, connections, this.#failure, this.#wasComplete);
    if (state === this.#state) return;
    this.#state = state;
    this.#since = clock.now();
    const meta = { state, sockets, ...(this.#failure === undefined ? {} : { reason: this.#failure.detail }) };
    if (state === 'connecting' || state === 'connected' || state === 'stopped') {
      this.#logger.info('Slack connection', meta);
    } else {
      this.#logger.warn('Slack connection is impaired', meta);
    }
  }

  #sockets(): number {
    return [...this.#links].filter((link) => link.connection.isOpen).length;
  }

  #phases(): Record<Phase, number> {
    const counts: Record<Phase, number> = { opening: 0, live: 0, leaving: 0, draining: 0 };
    for (const phase of PHASES) counts[phase] = this.#count(phase);
    return counts;
  }

  #count(phase: Link['phase']): number {
    return [...this.#links].filter((link) => link.phase === phase).length;
  }
}

/**
 * One connection to Slack: one object of the SDK's client, used as a transport only. The SDK fetches the URL,
 * speaks WebSocket and answers pings; frames come to us raw, and what happens next is ours to decide. Its own
 * handling closes at the first disconnect message, drops what Slack still sends, and knows no deadline for hello.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { SocketModeClient } from '@slack/socket-mode';
import { WebSocket } from 'undici';
import type { Logger } from '../logger.ts';
import type { Deadlines } from './deadlines.ts';
import { type DisconnectReason, type Envelope, type Frame, type Hello, parseFrame } from './envelope.ts';
import { errorCode, type Failure, failed, fromDisconnect, toFailure } from './failure.ts';
import { createSdkLogger } from './sdk-logger.ts';

export interface ConnectionOptions {
  readonly appToken: string;
  readonly apiUrl: string;
  readonly deadlines: Deadlines;
  readonly logger: Logger;
}

/** All are called synchronously, as the frame is read. */
export interface ConnectionEvents {
  /** Before any envelope of this connection. */
  onHello(hello: Hello): void;
  onEnvelope(envelope: Envelope): void;
  onDisconnectMessage(reason: DisconnectReason): void;
  /** A frame of any kind came in, pings and pongs included. */
  onFrame(): void;
  /** The connection had said hello and is gone, whoever ended it. Called once. */
  onClosed(): void;
}

type Phase = 'new' | 'opening' | 'open' | 'closing' | 'gone';

const PING_CHANNELS = ['undici:websocket:ping', 'undici:websocket:pong'] as const;

/** How long the peer may take to answer our ping. The SDK's 5 s would end a healthy socket whenever we are busy. */
const CLIENT_PING_TIMEOUT_MS = 20_000;
/** How long Slack's pings may stay away once they have begun. */
const SERVER_PING_TIMEOUT_MS = 60_000;

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #events: ConnectionEvents;
  readonly #client: RawFrameClient;
  readonly #opened = Promise.withResolvers<Hello | Failure>();
  readonly #gone = Promise.withResolvers<void>();
  readonly #requestAbort = new AbortController();
  #phase: Phase = 'new';
  #startPending = false;
  #saidHello = false;
  #failure: Failure | undefined;
  #url: string | undefined;
  /** Monotonic, so that neither a clock that is set nor a suspended machine ends a connection. */
  #lastFrameAt = 0;
  #deadline: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;

  constructor(options: ConnectionOptions, events: ConnectionEvents) {
    this.#options = options;
    this.#events = events;
    this.#client = new RawFrameClient({
      appToken: options.appToken,
      autoReconnectEnabled: false,
      clientPingTimeout: CLIENT_PING_TIMEOUT_MS,
      serverPingTimeout: SERVER_PING_TIMEOUT_MS,
      logger: createSdkLogger(options.logger),
      // No `dispatcher`: with one of ours the SDK could no longer destroy a socket whose peer is stalled.
      clientOptions: {
        slackApiUrl: options.apiUrl,
        allowAbsoluteUrls: false,
        timeout: options.deadlines.openMs,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        fetch: (url, init) => this.#fetch(url, init),
      },
    });
    this.#client.onFrame = (data, isBinary) => this.#onFrame(data, isBinary);
    this.#client.on('authenticated', (answer: unknown) => this.#onUrl(answer));
    this.#client.on('connecting', () => this.#expectWithin(options.deadlines.helloMs, 'hello'));
    this.#client.on('error', (error: unknown) => {
      this.#failure ??= failed('unreachable', errorCode(error) ?? 'socket error');
    });
    this.#client.on('disconnected', () => this.#onGone());
  }

  /** Resolves with Slack's hello, or, once nothing of the connection is left, with why there is none. Never rejects. */
  open(): Promise<Hello | Failure> {
    if (this.#phase === 'new') {
      this.#phase = 'opening';
      this.#startPending = true;
      this.#expectWithin(this.#options.deadlines.openMs, 'apps.connections.open');
      for (const name of PING_CHANNELS) subscribe(name, this.#onPing);
      this.#client.start().then(
        () => this.#onStartSettled(undefined),
        (error: unknown) => this.#onStartSettled(toFailure(error)),
      );
    }
    return this.#opened.promise;
  }

  /**
   * Says goodbye, and cuts the line if Slack does not answer it soon: Slack leaves its TCP connections open. Resolves
   * when the socket is gone; from the call on nothing is delivered any more.
   */
  close(): Promise<void> {
    this.#failure ??= failed('closed', 'closed');
    this.#shut('politely');
    return this.#gone.promise;
  }

  /** True from hello until the socket begins to close. */
  get isOpen(): boolean {
    return this.#phase === 'open' && this.#client.websocket?.readyState === WebSocket.OPEN;
  }

  /** Writes the acknowledgement, with Slack's answer if there is one. False if this socket can no longer carry it. */
  acknowledge(envelopeId: string, payload?: object): boolean {
    const socket = this.#client.websocket;
    if (socket === undefined || !socket.isActive()) return false;
    let written = false;
    try {
      const text = JSON.stringify({ envelope_id: envelopeId, payload });
      // The callback is called before `send` returns.
      socket.send(text, (error) => {
        written = error === undefined;
      });
    } catch (error) {
      this.#options.logger.error('An acknowledgement could not be written', { envelopeId, error });
    }
    return written;
  }

  /** Lets `close` end the request, and keeps no HTTP connection for the next one, hours later. */
  #fetch(url: string | URL | Request, init: RequestInit | undefined): Promise<Response> {
    const headers = new Headers(init?.headers);
    headers.set('connection', 'close');
    const abort = this.#requestAbort.signal;
    const signal = init?.signal ? AbortSignal.any([abort, init.signal]) : abort;
    return fetch(url, { ...init, headers, signal });
  }

  #onFrame(data: string | ArrayBuffer, isBinary: boolean): void {
    if (this.#phase !== 'opening' && this.#phase !== 'open') return;
    try {
      this.#onInbound();
      const frame: Frame =
        isBinary || typeof data !== 'string' ? { kind: 'ignored', reason: 'binary' } : parseFrame(data);
      switch (frame.kind) {
        case 'hello':
          this.#onHello(frame);
          return;
        case 'disconnect':
          if (this.#phase === 'open') this.#events.onDisconnectMessage(frame.reason);
          else this.#fail(fromDisconnect(frame.reason));
          return;
        case 'envelope':
          this.#events.onEnvelope(frame);
          return;
        case 'ignored':
          this.#options.logger.debug('A frame was ignored', { reason: frame.reason });
          return;
      }
    } catch (error) {
      this.#options.logger.error('A frame could not be handled', { error });
    }
  }

  #onHello(hello: Hello): void {
    if (this.#phase !== 'opening') return;
    this.#phase = 'open';
    this.#saidHello = true;
    clearTimeout(this.#deadline);
    const { silenceMs } = this.#options.deadlines;
    this.#watch = setInterval(() => this.#tend(silenceMs), Math.min(1000, Math.ceil(silenceMs / 4)));
    // Settles the SDK's start() and frees its listeners.
    this.#client.emit('connected');
    this.#opened.resolve(hello);
    this.#events.onHello(hello);
  }

  /** Finds what no event tells: a peer that fell silent, and one that closed and left the line open. */
  #tend(silenceMs: number): void {
    if (this.#client.websocket?.readyState === WebSocket.CLOSING) {
      this.#shut('at once');
    } else if (performance.now() - this.#lastFrameAt > silenceMs) {
      this.#options.logger.warn('A Slack connection fell silent', { silenceMs });
      this.#shut('at once');
    }
  }

  #onInbound(): void {
    this.#lastFrameAt = performance.now();
    this.#events.onFrame();
  }

  /** Undici publishes the pings of every socket of the process; ours is known by its one-time URL. */
  readonly #onPing = (message: unknown): void => {
    if (typeof message !== 'object' || message === null || !('websocket' in message)) return;
    const { websocket } = message;
    if (websocket instanceof WebSocket && websocket.url === this.#url) this.#onInbound();
  };

  #onUrl(answer: unknown): void {
    // Thrown into the SDK's start(): without it a connection closed by now would still come up and take events.
    if (this.#phase !== 'opening') throw new Error('closed while opening');
    if (typeof answer === 'object' && answer !== null && 'url' in answer && typeof answer.url === 'string') {
      this.#url = URL.parse(answer.url)?.href;
    }
  }

  #expectWithin(limitMs: number, what: string): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#fail(failed('timeout', what)), limitMs);
  }

  #fail(failure: Failure): void {
    this.#failure ??= failure;
    this.#shut('at once');
  }

  #shut(how: 'politely' | 'at once'): void {
    if (this.#phase === 'gone') return;
    this.#phase = 'closing';
    clearTimeout(this.#deadline);
    clearInterval(this.#watch);
    this.#requestAbort.abort();
    const socket = this.#client.websocket;
    if (socket?.readyState === undefined) {
      // Nothing to close yet, or nothing any more; a request that is under way ends in #onStartSettled.
      if (!this.#startPending) this.#onGone();
      return;
    }
    if (socket.readyState !== WebSocket.CLOSING) socket.disconnect();
    // A second call destroys the TCP socket, where the first has said goodbye.
    if (how === 'at once' && socket.readyState === WebSocket.CLOSING) socket.disconnect();
    // A socket that was still connecting ends within the first call, which then sets its 30 s timer for nothing;
    // with nothing left to close, one more call only clears that timer.
    if (socket.readyState === undefined) socket.disconnect();
    else this.#deadline = setTimeout(() => socket.disconnect(), this.#options.deadlines.closeMs);
  }

  #onStartSettled(failure: Failure | undefined): void {
    this.#startPending = false;
    if (failure !== undefined) this.#fail(failure);
  }

  #onGone(): void {
    if (this.#phase === 'gone') return;
    this.#phase = 'gone';
    clearTimeout(this.#deadline);
    clearInterval(this.#watch);
    for (const name of PING_CHANNELS) unsubscribe(name, this.#onPing);
    // Without effect if hello has been said.
    this.#opened.resolve(this.#failure ?? failed('unreachable', 'closed before hello'));
    this.#gone.resolve();
    if (!this.#saidHello) return;
    try {
      this.#events.onClosed();
    } catch (error) {
      this.#options.logger.error('A closed connection could not be handled', { error });
    }
  }
}

/** The SDK binds `onWebSocketMessage` in its constructor, before our fields exist; no frame comes before start(). */
class RawFrameClient extends SocketModeClient {
  onFrame: (data: string | ArrayBuffer, isBinary: boolean) => void = () => {};

  protected override onWebSocketMessage(data: string | ArrayBuffer, isBinary: boolean): Promise<void> {
    this.onFrame(data, isBinary);
    return Promise.resolve();
  }
}

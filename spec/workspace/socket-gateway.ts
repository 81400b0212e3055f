import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Delivery, Outlet } from './delivery.ts';
import type { Timers } from './timers.ts';
import { isJson, type Json } from './wire.ts';

export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

export interface GatewayOptions {
  readonly appId: string;
  readonly timers: Timers;
  readonly changed: () => void;
  readonly pingMs: number;
  /** Slack's own refreshes, per socket; 0: only when a spec asks for one. */
  readonly refreshMs: number;
  /** Between `refresh_requested` and the close. */
  readonly closeAfterMs: number;
  readonly maxConnections: number;
}

interface Connection extends Outlet {
  readonly ws: WebSocket;
  readonly tcp: Duplex;
  greeted: boolean;
  draining: boolean;
  /** Its other end is gone, and nobody here has noticed. */
  isHalfOpen: boolean;
}

/** Slack's end of Socket Mode: one-time tickets, hello, pings, refreshes, and trouble on demand. */
export class SocketGateway {
  private readonly options: GatewayOptions;
  private readonly server = new WebSocketServer({ noServer: true, autoPong: false });
  private readonly connections = new Map<number, Connection>();
  private readonly tickets = new Set<string>();
  private lastId = 0;
  private lastPicked = 0;
  private isSilent = false;
  private answersPings = true;
  private isLinkDisabled = false;
  private refusesAsTooMany = false;
  private origin = '';
  private readonly delivery: () => Delivery;
  /** How many sockets were ever opened. */
  opened = 0;

  constructor(options: GatewayOptions, delivery: () => Delivery) {
    this.options = options;
    this.delivery = delivery;
  }

  listen(origin: string): void {
    this.origin = origin;
    if (this.options.pingMs > 0) {
      this.options.timers.every(this.options.pingMs, () => {
        if (this.isSilent) return;
        for (const each of this.connections.values())
          if (!each.isHalfOpen) each.ws.ping(`Ping from applink-${each.id}`);
      });
    }
  }

  /** Sockets that are open and have been greeted; ids in the order of their opening. */
  open(): number[] {
    return [...this.connections.values()].filter((each) => each.greeted).map((each) => each.id);
  }

  newTicketUrl(): string {
    const ticket = `${Date.now().toString(36)}-${String(++this.lastTicket)}`;
    this.tickets.add(ticket);
    return `${this.origin}/link/?ticket=${ticket}&app_id=${this.options.appId}`;
  }
  private lastTicket = 0;

  upgrade(request: IncomingMessage, tcp: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'ws://local');
    const ticket = url.searchParams.get('ticket') ?? '';
    if (url.pathname !== '/link/' || !this.tickets.delete(ticket)) {
      tcp.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
      return;
    }
    this.server.handleUpgrade(request, tcp, head, (ws) => this.accept(ws, tcp));
  }

  /** One socket that has been greeted, in turn: Slack promises no more than "any of them". */
  pick(): Outlet | undefined {
    const ready = [...this.connections.values()].filter((each) => each.greeted && each.ws.readyState === 1);
    const next = ready.find((each) => each.id > this.lastPicked) ?? ready[0];
    if (next) this.lastPicked = next.id;
    return next;
  }

  /** `refresh_requested` to one socket or all, closed from this end a while later. */
  refresh(id?: number, closeAfterMs = this.options.closeAfterMs): void {
    for (const each of this.chosen(id)) {
      this.say(each, 'refresh_requested');
      each.draining = true;
      this.options.timers.after(closeAfterMs, () => each.ws.close(1000));
    }
  }

  /** The hint that a refresh will come; Slack sends it about ten seconds before, and not always. */
  warning(id?: number): void {
    for (const each of this.chosen(id)) this.say(each, 'warning');
  }

  /** The TCP connection is gone without a word. */
  drop(id?: number): void {
    for (const each of this.chosen(id)) each.tcp.destroy();
  }

  /**
   * Nothing is read from it and nothing written to it any more, and it stays open: no pong, no acknowledgement, no close
   * is heard. Slack goes on choosing it for envelopes until it is dropped.
   */
  halfOpen(id?: number): void {
    for (const each of this.chosen(id)) {
      each.isHalfOpen = true;
      each.ws.pause();
    }
  }

  /** Socket Mode switched off in the app's settings: every socket, old or new, is told so and closed. */
  linkDisabled(on = true): void {
    this.isLinkDisabled = on;
    if (!on) return;
    for (const each of this.chosen()) {
      this.say(each, 'link_disabled');
      each.ws.close(1000);
    }
  }

  /** Every new socket is one too many, as when another daemon holds all ten. */
  tooMany(on = true): void {
    this.refusesAsTooMany = on;
  }

  /** Sockets are accepted and then nothing comes: no hello, no ping, no envelope; with `pongs: false` a half-open peer. */
  silence(on = true, options: { pongs?: boolean } = {}): void {
    this.isSilent = on;
    this.answersPings = !on || (options.pongs ?? true);
    if (on) return;
    for (const each of this.connections.values()) if (!each.greeted) this.greet(each);
  }

  /**
   * Anything to one socket or all as it stands: broken JSON, unknown types, a payload without its event; bytes as a
   * frame of text (that may be none) or as a binary one.
   */
  sendRaw(frame: string | Json | Uint8Array, id?: number, as: 'text' | 'binary' = 'text'): void {
    const isBytes = frame instanceof Uint8Array;
    const data = typeof frame === 'string' || isBytes ? frame : JSON.stringify(frame);
    for (const each of this.chosen(id)) each.ws.send(data, { binary: as === 'binary' });
  }

  close(): void {
    for (const each of this.connections.values()) each.ws.terminate();
    this.server.close();
  }

  private chosen(id?: number): Connection[] {
    const all = [...this.connections.values()];
    return id === undefined ? all : all.filter((each) => each.id === id);
  }

  private accept(ws: WebSocket, tcp: Duplex): void {
    const id = ++this.lastId;
    this.opened += 1;
    const connection: Connection = {
      id,
      ws,
      tcp,
      greeted: false,
      draining: false,
      isHalfOpen: false,
      send: (frame) => {
        if (!this.isSilent && !connection.isHalfOpen && ws.readyState === 1) ws.send(JSON.stringify(frame));
      },
    };
    ws.on('error', () => {});
    ws.on('ping', (data) => {
      if (this.answersPings && ws.readyState === 1) ws.pong(data);
    });
    ws.on('message', (data) => {
      if (!connection.isHalfOpen) this.heard(id, data);
    });
    ws.on('close', () => {
      this.connections.delete(id);
      this.delivery().closed(id);
      this.options.changed();
    });
    if (this.isLinkDisabled) {
      this.say(connection, 'link_disabled');
      ws.close(1000);
      return;
    }
    if (this.refusesAsTooMany || this.connections.size >= this.options.maxConnections) {
      const num_connections = this.options.maxConnections;
      this.say(connection, 'too_many_websockets', {
        num_connections,
        connection_info: { app_id: this.options.appId },
      });
      ws.close(1000);
      return;
    }
    this.connections.set(id, connection);
    if (!this.isSilent) this.greet(connection);
    if (this.options.refreshMs > 0) {
      this.options.timers.after(this.options.refreshMs, () => {
        if (this.connections.has(id)) this.refresh(id);
      });
    }
  }

  private greet(connection: Connection): void {
    connection.ws.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.connections.size,
        connection_info: { app_id: this.options.appId },
        debug_info: {
          host: `applink-${connection.id}`,
          build_number: 1,
          approximate_connection_time: Math.round((this.options.refreshMs || 18_060_000) / 1000),
        },
      }),
    );
    connection.greeted = true;
    this.options.changed();
    setImmediate(() => this.delivery().flush());
  }

  private heard(id: number, data: RawData): void {
    let frame: unknown;
    try {
      frame = JSON.parse(Buffer.isBuffer(data) ? data.toString('utf8') : '');
    } catch {
      return;
    }
    if (isJson(frame) && 'envelope_id' in frame) this.delivery().acknowledge(id, frame);
  }

  private say(connection: Connection, reason: DisconnectReason, more: Json = {}): void {
    connection.ws.send(
      JSON.stringify({
        type: 'disconnect',
        reason,
        debug_info: { host: `applink-${connection.id}` },
        ...more,
      }),
    );
  }
}

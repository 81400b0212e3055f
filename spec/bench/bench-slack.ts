/**
 * A Slack that costs as little as it can, the same for all contenders: it opens sockets, sends envelopes and notes
 * acknowledgements; it answers posts and edits at once and keeps nothing of them. Whatever else is asked of it (who is
 * who, at a start) goes on to a local Slack behind it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { LocalSlack } from '../workspace/local-slack.ts';

export type EnvelopeType = 'events_api' | 'interactive' | 'slash_commands';

/** One of the calls that are answered here. */
export interface Call {
  /** `chat.postMessage`, `chat.update`, or `response_url`. */
  readonly method: string;
  readonly body: string;
  /** When it was read to its end (epoch ms, with fractions). */
  readonly at: number;
  /** Of the message that was posted. */
  readonly ts: string;
}

interface Link {
  readonly id: number;
  readonly ws: WebSocket;
  isLeaving: boolean;
}

interface Envelope {
  readonly id: string;
  readonly text: string;
  readonly wantedAt: number;
  readonly acked: (latencyMs: number) => void;
  link: number;
}

const PING_MS = 5000;
const CLOSE_AFTER_MS = 10_000;

export const nowMs = (): number => performance.timeOrigin + performance.now();

export class BenchSlack {
  readonly apiUrl: string;
  /** Called for each call that is answered here, before it is answered. */
  onCall: (call: Call) => void = () => {};
  readonly #upstream: LocalSlack;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #links = new Map<number, Link>();
  readonly #pending = new Map<string, Envelope>();
  #waiting: Envelope[] = [];
  #lastLink = 0;
  #next = 0;
  #lastEnvelope = 0;
  #goneAt: number | null = null;
  #pings: NodeJS.Timeout | undefined;
  /** How long there was no socket at all, since the first one came (ms). */
  gapMs = 0;
  onConnected: () => void = () => {};

  static async start(upstream: LocalSlack): Promise<BenchSlack> {
    const slack = new BenchSlack(upstream);
    await new Promise<void>((resolve) => slack.#server.listen(0, '127.0.0.1', resolve));
    (slack as { apiUrl: string }).apiUrl = `http://127.0.0.1:${slack.port}/api/`;
    slack.#pings = setInterval(() => {
      for (const { ws } of slack.#links.values()) ws.ping('Ping from applink');
    }, PING_MS);
    return slack;
  }

  private constructor(upstream: LocalSlack) {
    this.#upstream = upstream;
    this.apiUrl = '';
    this.#server.keepAliveTimeout = 60_000;
    this.#server.on('upgrade', (request, socket, head) => {
      this.#sockets.handleUpgrade(request, socket, head, (ws) => this.#greet(ws));
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get links(): number {
    return this.#links.size;
  }

  get unacked(): number {
    return this.#pending.size + this.#waiting.length;
  }

  /** Sends an envelope over the sockets in turn; without one it waits. `payload` is JSON. */
  send(type: EnvelopeType, payload: string, acked: (latencyMs: number) => void = () => {}): void {
    this.#lastEnvelope += 1;
    const id = `00000000-0000-4000-8000-${String(this.#lastEnvelope).padStart(12, '0')}`;
    const accepts = type === 'slash_commands';
    const text = `{"envelope_id":"${id}","type":"${type}","payload":${payload},"accepts_response_payload":${accepts},"retry_attempt":0,"retry_reason":""}`;
    this.#dispatch({ id, text, wantedAt: nowMs(), acked, link: 0 });
  }

  /** Asks every socket to leave, and closes it ten seconds later, as Slack does. */
  refresh(): void {
    for (const link of this.#links.values()) {
      link.isLeaving = true;
      link.ws.send('{"type":"disconnect","reason":"refresh_requested","debug_info":{"host":"applink"}}');
      setTimeout(() => link.ws.close(1000), CLOSE_AFTER_MS).unref();
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#pings);
    for (const { ws } of this.#links.values()) ws.terminate();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #dispatch(envelope: Envelope): void {
    const link = this.#pick();
    if (link === undefined) {
      this.#waiting.push(envelope);
      return;
    }
    envelope.link = link.id;
    this.#pending.set(envelope.id, envelope);
    link.ws.send(envelope.text);
  }

  #pick(): Link | undefined {
    const open = [...this.#links.values()];
    const staying = open.filter(({ isLeaving }) => !isLeaving);
    const choice = staying.length > 0 ? staying : open;
    this.#next += 1;
    return choice[this.#next % choice.length];
  }

  #greet(ws: WebSocket): void {
    this.#lastLink += 1;
    const link: Link = { id: this.#lastLink, ws, isLeaving: false };
    ws.on('error', () => {});
    ws.on('message', (data) => this.#heard(Buffer.isBuffer(data) ? data.toString('utf8') : ''));
    ws.on('close', () => this.#gone(link));
    this.#links.set(link.id, link);
    ws.send(
      `{"type":"hello","num_connections":${this.#links.size},"connection_info":{"app_id":"${this.#upstream.appId}"},"debug_info":{"host":"applink","build_number":1,"approximate_connection_time":18060}}`,
    );
    if (this.#goneAt !== null) this.gapMs += nowMs() - this.#goneAt;
    this.#goneAt = null;
    for (const envelope of this.#waiting.splice(0)) this.#dispatch(envelope);
    this.onConnected();
  }

  /** What was not acknowledged over it is delivered again. */
  #gone(link: Link): void {
    this.#links.delete(link.id);
    if (this.#links.size === 0) this.#goneAt = nowMs();
    for (const envelope of [...this.#pending.values()].filter((each) => each.link === link.id)) {
      this.#pending.delete(envelope.id);
      this.#dispatch(envelope);
    }
  }

  #heard(text: string): void {
    const id = /"envelope_id":"([^"]+)"/.exec(text)?.[1] ?? '';
    const envelope = this.#pending.get(id);
    if (envelope === undefined) return;
    this.#pending.delete(id);
    envelope.acked(nowMs() - envelope.wantedAt);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const method = path.startsWith('/response/') ? 'response_url' : path.replace('/api/', '');
    switch (method) {
      case 'apps.connections.open':
        return reply(
          response,
          `{"ok":true,"url":"ws://127.0.0.1:${this.port}/link/?ticket=${Math.random()}"}`,
        );
      case 'chat.postMessage':
      case 'chat.update':
      case 'chat.postEphemeral':
      case 'response_url': {
        const fields = new URLSearchParams(body);
        const ts = method === 'chat.update' ? (fields.get('ts') ?? '') : this.#upstream.world.nextTs();
        this.onCall({ method, body, at: nowMs(), ts });
        return reply(response, `{"ok":true,"channel":"${fields.get('channel') ?? ''}","ts":"${ts}"}`);
      }
      // What is posted is kept nowhere here, and a daemon that read the history would take its cards for deleted.
      case 'users.conversations':
        return reply(response, '{"ok":true,"channels":[]}');
      default:
        return this.#passOn(request, body, response);
    }
  }

  async #passOn(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    const { authorization = '', 'content-type': type = 'application/x-www-form-urlencoded' } =
      request.headers;
    const path = (request.url ?? '').replace('/api/', '');
    const answer = await fetch(`${this.#upstream.apiUrl}${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': type },
      body,
    });
    const scopes = answer.headers.get('x-oauth-scopes');
    if (scopes !== null) response.setHeader('x-oauth-scopes', scopes);
    reply(response, await answer.text());
  }
}

function reply(response: ServerResponse, json: string): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  response.end(json);
}

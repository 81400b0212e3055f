import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Fault, Faults } from './faults.ts';
import { ApiError, Call, type Method, type Parts, RateLimited } from './method.ts';
import { chatMethods } from './methods-chat.ts';
import { conversationMethods } from './methods-conversations.ts';
import { reactionMethods } from './methods-reactions.ts';
import { userMethods } from './methods-users.ts';
import { viewMethods } from './methods-views.ts';
import { respond } from './response-url.ts';
import type { Timers } from './timers.ts';
import { asText, copy, isJson, type Json } from './wire.ts';

const METHODS: Readonly<Record<string, Method>> = {
  ...userMethods,
  ...conversationMethods,
  ...chatMethods,
  ...reactionMethods,
  ...viewMethods,
};

/** One call of the Web API (or of a response_url, whose method is `response_url`). */
export interface CallRecord {
  readonly method: string;
  /** The arguments, JSON ones parsed, without the token. */
  readonly body: Json;
  /** Epoch ms, by the clock that also gives every ts. */
  readonly at: number;
  /** What the method said; undefined where a fault came before it. */
  answer?: Json;
  /** 0 when the connection was reset instead of an answer. */
  status: number;
  /** The trouble that was made with it. */
  readonly fault?: Fault;
}

export interface WebApiOptions {
  readonly parts: Parts;
  readonly timers: Timers;
  readonly botToken: string;
  readonly appToken: string;
  readonly granted: ReadonlySet<string>;
  readonly keepAliveMs: number;
}

export type TokenKind = 'bot' | 'app';

interface Reply {
  readonly status: number;
  readonly body: Json;
  readonly headers?: Record<string, string>;
}

/** Slack's HTTP side: the Web API under `/api/`, response_urls under `/response/`. */
export class WebApi {
  readonly calls: CallRecord[] = [];
  readonly faults = new Faults();
  /** An error for every call with that token, such as `invalid_auth` or `token_revoked`. */
  readonly refused: { bot?: string; app?: string } = {};
  private readonly options: WebApiOptions;
  private readonly server: Server;
  /** By the token: whose it is, and the error of one that was revoked. */
  private readonly tokens = new Map<string, { readonly kind: TokenKind; refused?: string }>();
  private readonly sockets = new Set<Socket>();
  private isUnreachable = false;

  constructor(options: WebApiOptions) {
    this.options = options;
    this.tokens.set(options.botToken, { kind: 'bot' });
    this.tokens.set(options.appToken, { kind: 'app' });
    this.server = createServer((request, response) => {
      this.serve(request, response).catch((error: unknown) => {
        options.parts.world.complaints.push(`the local Slack failed: ${asText(error)}`);
        response.destroy();
      });
    });
    this.server.keepAliveTimeout = options.keepAliveMs;
    this.server.on('upgrade', (request, socket, head) =>
      options.parts.gateway.upgrade(request, socket, head),
    );
    this.server.on('connection', (socket) => {
      if (this.isUnreachable) {
        socket.resetAndDestroy();
        return;
      }
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  /** Resolves with the port. */
  listen(host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, host, () => {
        const address = this.server.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  }

  /** Every connection is reset, old and new, until it is switched off again. */
  unreachable(on = true): void {
    this.isUnreachable = on;
    if (on) for (const socket of this.sockets) socket.resetAndDestroy();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      for (const socket of this.sockets) socket.destroy();
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://local');
    const args = { ...Object.fromEntries(url.searchParams), ...parseBody(await read(request), request) };
    const authorization = request.headers.authorization?.replace(/^Bearer /i, '');
    const token = authorization ?? (typeof args['token'] === 'string' ? args['token'] : undefined);
    delete args['token'];
    const isResponseUrl = url.pathname.startsWith('/response/');
    const method = isResponseUrl ? 'response_url' : url.pathname.replace(/^\/api\//, '');
    const body = readable(args);
    const fault = this.faults.for({ method, args: body });
    const at = this.options.parts.world.clock.now();
    const record: CallRecord = { method, body, at, status: 0, ...(fault ? { fault } : {}) };
    this.calls.push(record);
    if (fault && (await this.breaks(fault, record, response))) return;
    const reply: Reply = isResponseUrl
      ? respond(this.options.parts, url.pathname, args)
      : this.answer(method, args, token);
    record.answer = copy(reply.body);
    if (fault?.kind === 'reset') {
      request.socket.resetAndDestroy();
      this.options.parts.world.changed();
      return;
    }
    if (fault?.kind === 'hang' && fault.when === 'after') await this.pause(fault.ms);
    if (fault?.kind === 'answer') {
      this.send(record, response, 200, fault.body, { 'content-type': 'application/json; charset=utf-8' });
      return;
    }
    this.send(record, response, reply.status, JSON.stringify(reply.body), {
      'content-type': 'application/json; charset=utf-8',
      ...reply.headers,
    });
  }

  /** Trouble before the effect; answers whether that was all. */
  private async breaks(fault: Fault, record: CallRecord, response: ServerResponse): Promise<boolean> {
    const json = { 'content-type': 'application/json; charset=utf-8' };
    switch (fault.kind) {
      case 'rate_limited': {
        const headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
        this.send(record, response, 429, '{"ok":false,"error":"ratelimited"}', { ...json, ...headers });
        return true;
      }
      case 'http':
        this.send(record, response, fault.status, 'upstream error', { 'content-type': 'text/plain' });
        return true;
      case 'html': {
        const html = '<!DOCTYPE html><html><body>Slack is down for maintenance</body></html>';
        this.send(record, response, 200, html, { 'content-type': 'text/html' });
        return true;
      }
      case 'answer':
        if (fault.when === 'before') this.send(record, response, 200, fault.body, json);
        return fault.when === 'before';
      case 'error':
        record.answer = { ok: false, error: fault.error };
        this.send(record, response, 200, JSON.stringify(record.answer), json);
        return true;
      case 'reset':
        if (fault.when === 'after') return false;
        response.socket?.resetAndDestroy();
        this.options.parts.world.changed();
        return true;
      case 'hang':
        if (fault.when !== 'after') await this.pause(fault.ms);
        return false;
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.options.timers.after(ms, resolve));
  }

  private send(
    record: CallRecord,
    response: ServerResponse,
    status: number,
    text: string,
    headers: Record<string, string>,
  ): void {
    record.status = status;
    response.writeHead(status, headers);
    response.end(text);
    this.options.parts.world.changed();
  }

  private answer(name: string, args: Json, token: string | undefined): Reply {
    const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
    if (!method) return { status: 200, body: { ok: false, error: 'unknown_method', req_method: name } };
    const known = this.tokens.get(token ?? '');
    const kind = known?.kind;
    const scopes = kind === 'app' ? 'connections:write' : [...this.options.granted].join(',');
    const headers = { 'x-oauth-scopes': scopes };
    const no = (error: string, more: Json = {}): Reply => ({
      status: 200,
      body: { ok: false, error, ...more },
      headers,
    });
    if (token === undefined || token === '') return no('not_authed');
    if (kind === undefined) return no('invalid_auth');
    const refusal = known?.refused ?? this.refused[kind];
    if (refusal !== undefined) return no(refusal);
    if (method.token !== 'any' && method.token !== kind) return no('not_allowed_token_type');
    try {
      const call = new Call(args, kind, this.options.granted);
      return { status: 200, body: { ok: true, ...method.run(call, this.options.parts) }, headers };
    } catch (error) {
      if (error instanceof ApiError) return no(error.message, error.more);
      if (!(error instanceof RateLimited)) throw error;
      const retry = { ...headers, 'retry-after': String(error.retryAfter) };
      return { status: 429, body: { ok: false, error: 'ratelimited' }, headers: retry };
    }
  }

  /** A new token beside those that there are. */
  issue(kind: TokenKind): string {
    const first = kind === 'bot' ? this.options.botToken : this.options.appToken;
    const token = `${first}-${this.tokens.size}`;
    this.tokens.set(token, { kind });
    return token;
  }

  /** From now on every call with that very token is refused. */
  revoke(token: string): void {
    const known = this.tokens.get(token);
    if (known === undefined) throw new Error('there is no such token');
    known.refused = 'token_revoked';
  }
}

async function read(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function parseBody(text: string, request: IncomingMessage): Json {
  if (text === '') return {};
  if (request.headers['content-type']?.includes('application/json')) {
    try {
      const body: unknown = JSON.parse(text);
      return isJson(body) ? body : {};
    } catch {
      return {};
    }
  }
  return Object.fromEntries(new URLSearchParams(text));
}

/** Arguments with JSON strings opened, so that a spec can look inside. */
function readable(args: Json): Json {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, opened(value)]));
}

function opened(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

import type { Events } from './events.ts';
import type { Manifest } from './manifest.ts';
import type { SocketGateway } from './socket-gateway.ts';
import type { Triggers } from './triggers.ts';
import { asText, type Channel, isJson, type Json } from './wire.ts';
import type { World } from './world.ts';

/** What every method of the Web API works with. */
export interface Parts {
  readonly world: World;
  readonly manifest: Manifest;
  readonly events: Events;
  readonly gateway: SocketGateway;
  readonly triggers: Triggers;
  /** Between two posts to one channel; 0: no limit. */
  readonly postIntervalMs: number;
}

export class ApiError extends Error {
  readonly more: Json;

  constructor(error: string, more: Json = {}) {
    super(error);
    this.more = more;
  }
}

/** 429 with the seconds to wait. */
export class RateLimited extends Error {
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super('ratelimited');
    this.retryAfter = retryAfter;
  }
}

export interface Method {
  readonly token: 'bot' | 'app' | 'any';
  /** The answer without `ok`; an ApiError becomes `ok: false`. */
  run(call: Call, parts: Parts): Json;
}

/** The arguments of one call, and whose token it came with. */
export class Call {
  readonly args: Json;
  readonly token: 'bot' | 'app';
  private readonly granted: ReadonlySet<string>;

  constructor(args: Json, token: 'bot' | 'app', granted: ReadonlySet<string>) {
    this.args = args;
    this.token = token;
    this.granted = granted;
  }

  need(scope: string): void {
    if (this.granted.has(scope)) return;
    throw new ApiError('missing_scope', { needed: scope, provided: [...this.granted].join(',') });
  }

  has(scope: string): boolean {
    return this.granted.has(scope);
  }

  text(name: string): string | undefined {
    const value = this.args[name];
    if (value === undefined || value === null || value === '') return undefined;
    return asText(value);
  }

  flag(name: string): boolean {
    return ['true', '1', 'True'].includes(this.text(name) ?? '');
  }

  number(name: string, absent: number): number {
    const value = Number(this.text(name) ?? absent);
    return Number.isFinite(value) ? value : absent;
  }

  /** An argument that is JSON: a string in a form, the thing itself in a JSON body. */
  json(name: string, error: string): unknown {
    const value = this.args[name];
    if (typeof value !== 'string') return value ?? undefined;
    if (value === '') return undefined;
    try {
      return JSON.parse(value);
    } catch {
      throw new ApiError(error);
    }
  }

  object(name: string, error: string): Json | undefined {
    const value = this.json(name, error);
    if (value === undefined) return undefined;
    if (!isJson(value)) throw new ApiError(error);
    return value;
  }
}

/** The channel, if the bot may know of it; private ones exist for their members only. */
export function knownChannel(call: Call, world: World, name = 'channel'): Channel {
  const channel = world.channels.get(call.text(name) ?? '');
  if (!channel || (channel.isPrivate && !channel.members.has(world.botUserId))) {
    throw new ApiError('channel_not_found');
  }
  return channel;
}

/** `channels:history`, `groups:history` or `im:history`, by the kind of channel. */
export function scopeFor(channel: Channel, what: 'read' | 'history'): string {
  if (channel.isIm) return `im:${what}`;
  return channel.isPrivate ? `groups:${what}` : `channels:${what}`;
}

/** One page of a list, and the cursor of the next. */
export function page<T>(all: readonly T[], call: Call, limit: number): { rows: T[]; next: string } {
  const from = Number(
    Buffer.from(call.text('cursor') ?? '', 'base64')
      .toString()
      .replace('at:', '') || 0,
  );
  if (!Number.isInteger(from) || from < 0) throw new ApiError('invalid_cursor');
  const rows = all.slice(from, from + limit);
  const end = from + rows.length;
  return { rows, next: end < all.length ? Buffer.from(`at:${end}`).toString('base64') : '' };
}

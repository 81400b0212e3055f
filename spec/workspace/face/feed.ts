/** Server-sent events: that something has changed, however often it does, at most ten times a second. */
import type { ServerResponse } from 'node:http';
import { HEADERS } from './guard.ts';
import type { Changed } from './wire.ts';

const PAUSE_MS = 100;
/** So that a connection which is gone without a word is noticed. */
const HEARTBEAT_MS = 15_000;

interface Listener {
  readonly response: ServerResponse;
  /** What it was told last. */
  told: number;
}

export class Feed {
  private readonly listeners = new Set<Listener>();
  private version = 0;
  private pause: NodeJS.Timeout | undefined;
  private readonly heartbeat: NodeJS.Timeout;

  constructor(heartbeatMs: number = HEARTBEAT_MS) {
    this.heartbeat = setInterval(() => this.send(({ response }) => response.write(':\n\n')), heartbeatMs);
  }

  /** How many listen. */
  get size(): number {
    return this.listeners.size;
  }

  /** Something has changed. */
  readonly changed = (): void => {
    this.version += 1;
    if (this.pause === undefined) this.tell();
  };

  /** The response belongs to the feed from now on. */
  open(response: ServerResponse): void {
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
    const listener = { response, told: -1 };
    this.listeners.add(listener);
    response.on('drain', () => this.tellOne(listener));
    response.on('close', () => this.listeners.delete(listener));
    response.write('retry: 500\n\n');
    this.tellOne(listener);
  }

  close(): void {
    clearInterval(this.heartbeat);
    clearTimeout(this.pause);
    for (const { response } of this.listeners) response.end();
  }

  private tell(): void {
    const told = this.version;
    this.send((listener) => this.tellOne(listener));
    this.pause = setTimeout(() => {
      this.pause = undefined;
      if (this.version !== told) this.tell();
    }, PAUSE_MS);
  }

  /** Whoever does not read gets nothing more until it does, and then the newest only. */
  private send(say: (listener: Listener) => void): void {
    for (const listener of this.listeners) if (!listener.response.writableNeedDrain) say(listener);
  }

  private tellOne(listener: Listener): void {
    if (listener.told === this.version) return;
    listener.told = this.version;
    const changed: Changed = { version: this.version };
    listener.response.write(`data: ${JSON.stringify(changed)}\n\n`);
  }
}

/** Values that are asked for once, kept for a while, and better old than missing. */
import type { Cache } from '../cache/cache.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { asRecord, isRecord, number } from './json.ts';

/** How long an outdated value is still there to fall back on. */
const KEEP_MS = 24 * 3_600_000;
/** After a failure the old value is good for so long, or everybody would wait for a Slack that is ill. */
const RETRY_MS = 30_000;
/** So long somebody who could have an old value waits for a new one. */
const PATIENCE_MS = 1500;

export interface KeptOptions<T> {
  readonly cache: Cache;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of the keys in the cache. */
  readonly prefix: string;
  /** How long a value is good; `T` must survive JSON. */
  freshMs(value: T): number;
  load(id: string): Promise<T>;
  /** Undefined for what cannot be read (an older daemon wrote it), which is then loaded. */
  parse(stored: unknown): T | undefined;
}

interface Flight<T> {
  readonly answer: Promise<T>;
  /** Something changed while it was under way: its answer is for those who wait, not for keeping. */
  isOutdated: boolean;
}

interface Stored<T> {
  readonly value: T;
  readonly isGood: boolean;
  readonly until: number;
}

export class Kept<T> {
  readonly #options: KeptOptions<T>;
  readonly #flights = new Map<string, Flight<T>>();

  constructor(options: KeptOptions<T>) {
    this.#options = options;
  }

  /** The kept value while it is good, else a new one, else the old one. */
  async get(id: string): Promise<T> {
    const stored = await this.#read(id);
    if (stored === null) return this.#load(id);
    return stored.isGood ? stored.value : this.#loadOr(id, stored.value);
  }

  /** A new answer to a question asked from now on, or the error. */
  async ask(id: string): Promise<T> {
    this.#outdate(id);
    return this.#load(id);
  }

  /** Whether a good value is there. */
  async has(id: string): Promise<boolean> {
    return (await this.#read(id))?.isGood ?? false;
  }

  async put(id: string, value: T): Promise<void> {
    await this.#write(id, value, this.#options.clock.now() + this.#options.freshMs(value));
  }

  /** The next `get` asks. */
  async drop(id: string): Promise<void> {
    this.#outdate(id);
    await this.#options.cache.delete(this.#key(id));
  }

  /** Changes a kept value, if there is one, without making it good for longer. */
  async change(id: string, change: (value: T) => T): Promise<void> {
    this.#outdate(id);
    const stored = await this.#read(id);
    if (stored !== null) await this.#write(id, change(stored.value), stored.until);
  }

  /** One question at a time, however many ask. */
  async #load(id: string): Promise<T> {
    const known = this.#flights.get(id);
    if (known !== undefined) return known.answer;
    const flight: Flight<T> = { answer: this.#options.load(id), isOutdated: false };
    this.#flights.set(id, flight);
    try {
      const value = await flight.answer;
      if (!flight.isOutdated) await this.put(id, value);
      return value;
    } finally {
      if (this.#flights.get(id) === flight) this.#flights.delete(id);
    }
  }

  async #loadOr(id: string, old: T): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<T>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS, old);
      timer.unref();
    });
    const answer = this.#load(id).catch(async (error: unknown) => {
      this.#options.logger.warn('Slack does not answer, an older value is used', {
        key: this.#key(id),
        error,
      });
      await this.#write(id, old, this.#options.clock.now() + RETRY_MS);
      return old;
    });
    try {
      return await Promise.race([answer, patience]);
    } finally {
      clearTimeout(timer);
    }
  }

  #outdate(id: string): void {
    const flight = this.#flights.get(id);
    if (flight === undefined) return;
    flight.isOutdated = true;
    this.#flights.delete(id);
  }

  async #read(id: string): Promise<Stored<T> | null> {
    const text = await this.#options.cache.get(this.#key(id));
    if (text === null) return null;
    const stored = parseJson(text);
    const until = number(asRecord(stored).until);
    const value = isRecord(stored) ? this.#options.parse(stored.value) : undefined;
    if (until === null || value === undefined) return null;
    return { value, until, isGood: until > this.#options.clock.now() };
  }

  async #write(id: string, value: T, until: number): Promise<void> {
    await this.#options.cache.set(this.#key(id), JSON.stringify({ value, until }), KEEP_MS);
  }

  #key(id: string): string {
    return `${this.#options.prefix}:${id}`;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

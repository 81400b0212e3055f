/**
 * Sockets of the app that are nobody's over our database. Slack says how many there are only in the hello of a new
 * one, and counts those that have just gone for up to a minute: a count from such a time accuses nobody, it is only
 * asked for again, by renewing a connection.
 */

export interface CountingTimes {
  /** After a hello: until what the others say of themselves is sure to be of its time. */
  readonly settleMs: number;
  /** How long Slack may go on counting a socket that is gone. */
  readonly stillCountedMs: number;
  /**
   * Until a doubtful count is asked for again: longer than a renewed connection is still read (30 s) and then still
   * counted, or every count would throw doubt on the next.
   */
  readonly againMs: number;
  /** The same for a foreign daemon, to see it leave. */
  readonly foreignAgainMs: number;
}

/** Others say every 3 s how many they hold, and at once when it changes. */
export const DEFAULT_COUNTING: CountingTimes = {
  settleMs: 7_000,
  stillCountedMs: 60_000,
  againMs: 100_000,
  foreignAgainMs: 300_000,
};

export interface ForeignOptions {
  readonly times: CountingTimes;
  /** How many sockets other daemons over our database hold, as far as they have said so. */
  readonly others: () => number;
  /** The number of foreign sockets has changed. */
  readonly changed: (foreign: number) => void;
  /** Another count is wanted: a connection is to be renewed. */
  readonly askAgain: () => void;
}

export class ForeignSockets {
  readonly #options: ForeignOptions;
  /** When a socket of ours or of the others was last seen to be gone; monotonic. */
  #goneAt = Number.NEGATIVE_INFINITY;
  #settling: NodeJS.Timeout | undefined;
  #asking: NodeJS.Timeout | undefined;
  #count = 0;

  constructor(options: ForeignOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#count;
  }

  start(): void {
    this.#count = 0;
    // Of the time before nothing is known.
    this.#goneAt = performance.now();
  }

  stop(): void {
    clearTimeout(this.#settling);
    clearTimeout(this.#asking);
  }

  /** One of ours is gone. */
  gone(): void {
    this.#goneAt = performance.now();
  }

  /**
   * The same of another daemon over our database. A whole daemon may have gone a while ago and hidden somebody else;
   * a mere renewal must not be answered by another one, or there is no end of it.
   */
  othersGone(what: 'socket' | 'daemon'): void {
    this.#goneAt = performance.now();
    if (what === 'daemon') this.#askIn(this.#options.times.againMs);
  }

  /** A hello: Slack counts `counted` sockets, `ours` of them are ours. */
  hello(counted: number, ours: number): void {
    const { times, others } = this.#options;
    const at = performance.now();
    const before = others();
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#judge(counted - ours, before, at), times.settleMs);
  }

  /** @param before what the others held at the time of the hello, as far as they had said so */
  #judge(beyondOurs: number, before: number, at: number): void {
    const { times, others, changed } = this.#options;
    const since = others();
    const least = Math.min(before, since);
    const isSure = before === since && at - this.#goneAt > times.stillCountedMs;
    const known = this.#count;
    if (beyondOurs <= least) this.#count = 0;
    else if (isSure) this.#count = beyondOurs - least;
    if (this.#count !== known) changed(this.#count);
    if (this.#count > 0) this.#askIn(times.foreignAgainMs);
    else if (beyondOurs > least) this.#askIn(times.againMs);
  }

  #askIn(ms: number): void {
    clearTimeout(this.#asking);
    this.#asking = setTimeout(this.#options.askAgain, ms);
  }
}

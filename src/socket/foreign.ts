/**
 * Sockets of the app that are nobody's over our database. Slack says how many there are only in the hello of a new one,
 * and counts those that have just gone for up to a minute. So one count that finds too many accuses nobody: it is asked
 * for again, by renewing a connection, and only three in a row, well apart, are believed. One that finds none too many
 * is believed at once.
 */
export interface CountingTimes {
  /** After a hello: until what the others say of themselves is sure to be of its time. */
  readonly settleMs: number;
  /** Counts nearer to each other are one: both may still have in them what has just gone. */
  readonly apartMs: number;
  /** Until a doubtful count is asked for again. */
  readonly againMs: number;
  /** The same once a foreign daemon is known, to see it leave. */
  readonly knownAgainMs: number;
}

/** Others say every 3 s how many they hold, and at once when it changes. */
export const DEFAULT_COUNTING: CountingTimes = {
  settleMs: 7_000,
  apartMs: 60_000,
  againMs: 75_000,
  knownAgainMs: 300_000,
};

/** A restart of all our daemons one after the other disturbs two. */
const BELIEVED = 3;

export interface ForeignOptions {
  readonly times: CountingTimes;
  /** How many sockets other daemons over our database hold, as far as they have said so. */
  readonly others: () => number;
  /** The number of foreign sockets has changed. */
  readonly changed: (foreign: number) => void;
  /** Another count is wanted: a connection is to be renewed. */
  readonly askAgain: () => void;
  /** In [0, 1): daemons that ask at the same time count each other's renewals. */
  readonly random: () => number;
}

export class ForeignSockets {
  readonly #options: ForeignOptions;
  /** How many too many the last counts in a row have found. */
  #tooMany: number[] = [];
  /** When the last of them was; monotonic. */
  #lastAt = 0;
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
    this.#tooMany = [];
    this.#count = 0;
  }

  stop(): void {
    clearTimeout(this.#settling);
    clearTimeout(this.#asking);
  }

  /** Another daemon over our database is gone, perhaps a while ago: what we took for its sockets may be somebody else's. */
  daemonGone(): void {
    this.#askIn(this.#options.times.againMs);
  }

  /** A hello: Slack counts `counted` sockets, `ours` of them are ours. */
  hello(counted: number, ours: number): void {
    const { times, others } = this.#options;
    const at = performance.now();
    const before = others();
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      // What was opened or closed meanwhile may or may not have been counted.
      this.#judge(counted - ours - Math.min(before, others()), at);
    }, times.settleMs);
  }

  #judge(tooMany: number, at: number): void {
    const { times, changed } = this.#options;
    const known = this.#count;
    if (tooMany <= 0) {
      this.#tooMany = [];
      this.#count = 0;
    } else if (this.#tooMany.length === 0 || at - this.#lastAt >= times.apartMs) {
      this.#lastAt = at;
      this.#tooMany = [...this.#tooMany, tooMany].slice(-BELIEVED);
      if (this.#tooMany.length === BELIEVED) this.#count = Math.min(...this.#tooMany);
    }
    if (this.#count !== known) changed(this.#count);
    if (tooMany > 0) this.#askIn(this.#count > 0 ? times.knownAgainMs : times.againMs);
  }

  #askIn(ms: number): void {
    clearTimeout(this.#asking);
    this.#asking = setTimeout(this.#options.askAgain, ms * (1 + this.#options.random() / 3));
  }
}

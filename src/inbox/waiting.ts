/** The events that wait to be committed. Bounded: what finds no place is not taken in, and Slack delivers it again. */
import type { NewEvent } from '../store/inbox.ts';

export type Acknowledge = (payload?: object) => void;

/** One event, however often it was delivered while it waited. */
export interface Waiting {
  readonly event: NewEvent;
  /** One for each delivery. */
  readonly acknowledges: Acknowledge[];
  /** Epoch ms. */
  readonly receivedAt: number;
  /** When it was last delivered; monotonic, for clocks are set. */
  deliveredAt: number;
}

/**
 * What waits behind more than this cannot be acknowledged within Slack's three seconds even by a database that takes
 * 1,500 rows a second, which is a third of what the slowest one measured takes.
 */
export const MOST_WAITING = 5000;
/** In characters of payload. A usual one has 1,500, so that this bound is met only by unusual ones. */
const MOST_CHARACTERS = 16_000_000;
/** Beyond the bound: for people at buttons, whose presses Slack does not deliver again. They leave after 3 s. */
const MOST_PEOPLE_MORE = 500;
/** How long Slack waits for an acknowledgement; then a person is told that the press has failed. */
const SLACK_WAITS_MS = 3000;
/** Deliveries of one event that are remembered; Slack tries four times. */
const MOST_DELIVERIES = 10;

export class WaitingList {
  /** In the order of arrival. */
  #waiting: Waiting[] = [];
  /** Those that wait and those under way, by event id. */
  readonly #known = new Map<string, Waiting>();
  #characters = 0;
  #people = 0;
  readonly #now: () => number;

  /** @param now monotonic, in ms */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Whether somebody at a button waits. */
  get hasPeople(): boolean {
    return this.#people > 0;
  }

  /** When the longest waiting was delivered first, those under way included; null if there is none. */
  get oldestAt(): number | null {
    const [first] = this.#known.values();
    return first?.receivedAt ?? null;
  }

  /** Notes one more delivery of an event that waits or is under way. False if there is none of this id. */
  again(eventId: string, acknowledge: Acknowledge): boolean {
    const known = this.#known.get(eventId);
    if (known === undefined) return false;
    known.deliveredAt = this.#now();
    if (known.acknowledges.length < MOST_DELIVERIES) known.acknowledges.push(acknowledge);
    return true;
  }

  /** False if there is no place. */
  add(event: NewEvent, acknowledge: Acknowledge, receivedAt: number): boolean {
    const isFull = this.#waiting.length >= MOST_WAITING || this.#characters >= MOST_CHARACTERS;
    if (isFull && (!event.isInteractive || this.#people >= MOST_PEOPLE_MORE)) return false;
    const one = { event, acknowledges: [acknowledge], receivedAt, deliveredAt: this.#now() };
    this.#waiting.push(one);
    this.#known.set(event.eventId, one);
    this.#count(one, 1);
    return true;
  }

  /**
   * Takes up to `most` out: people at buttons first, and what came before them in their lanes; then the others, unless
   * only people are asked for.
   */
  take(most: number, onlyPeople: boolean): Waiting[] {
    let batch: Waiting[];
    if (this.#people === 0) {
      if (onlyPeople) return [];
      batch = this.#waiting.slice(0, most);
      this.#waiting = this.#waiting.slice(most);
    } else {
      const lanes = new Set(this.#waiting.filter(isPress).map(({ event }) => event.lane));
      const hurried = this.#waiting.filter(({ event }) => lanes.has(event.lane));
      const others = this.#waiting.filter(({ event }) => !lanes.has(event.lane));
      batch = onlyPeople ? hurried.slice(0, most) : [...hurried, ...others].slice(0, most);
      const taken = new Set(batch);
      this.#waiting = this.#waiting.filter((one) => !taken.has(one));
    }
    for (const one of batch) this.#count(one, -1);
    return batch;
  }

  /** What was taken waits again, before all others. */
  putBack(batch: readonly Waiting[]): void {
    this.#waiting.unshift(...batch);
    for (const one of batch) this.#count(one, 1);
  }

  /**
   * Takes out the presses that have waited longer than Slack does. Their people were told that they have failed, so
   * they must not happen behind their backs. An event is another thing: its next delivery is on its way, and finds it
   * waiting or committed.
   */
  takeExpired(): readonly Waiting[] {
    if (this.#people === 0) return [];
    const since = this.#now() - SLACK_WAITS_MS;
    const expired = new Set(this.#waiting.filter((one) => isPress(one) && one.deliveredAt < since));
    if (expired.size === 0) return [];
    this.#waiting = this.#waiting.filter((one) => !expired.has(one));
    for (const one of expired) this.#count(one, -1);
    this.forget([...expired]);
    return [...expired];
  }

  /** What was taken is committed or given up: another delivery of it is news again. */
  forget(batch: readonly Waiting[]): void {
    for (const { event } of batch) this.#known.delete(event.eventId);
  }

  /** Forgets all that waits. */
  clear(): void {
    this.forget(this.#waiting);
    this.#waiting = [];
    this.#characters = 0;
    this.#people = 0;
  }

  #count(one: Waiting, by: 1 | -1): void {
    this.#characters += by * one.event.body.length;
    if (isPress(one)) this.#people += by;
  }
}

function isPress({ event }: Waiting): boolean {
  return event.isInteractive;
}

/** What must be true, as far as the people of a soak know it: who wrote what where, and what they wanted done. */
import type { MessageRef } from '../workspace/people.ts';

/** `kept`: a request of its own, or part of one. `maybe`: allowed to be one. `nothing`: must never be one. */
export type Expected = 'request' | 'kept' | 'maybe' | 'nothing';

/** One message that somebody wrote. */
export interface Told extends MessageRef {
  readonly by: string;
  readonly threadTs: string | null;
  readonly isDm: boolean;
  /** Its present text keeps 🔒. */
  isInside: boolean;
  /** Every word that it had, the present one last; null: none. */
  readonly words: string[];
  expected: Expected;
  /** When it was deleted (epoch ms). */
  removedAt: number | null;
  /** Its own event says all; what captures any other message asks Slack for it first. */
  readonly isHeard: boolean;
}

/** What was written in a form or behind a command; no message shows it. */
export interface Filled {
  readonly by: string;
  readonly word: string;
  expected: Expected;
}

export type WordKind = 'ask' | 'reply' | 'inside' | 'form';

/** A word that is in one text only, by which that text is known wherever it appears. */
export interface Word {
  readonly word: string;
  readonly by: string;
  readonly kind: WordKind;
  /** Where its author wrote it; null for a form or a command. */
  readonly ref: MessageRef | null;
}

/** What somebody did that may have changed a request. */
export interface Cause {
  readonly by: string;
  readonly action: string;
  readonly on: number | MessageRef;
}

interface Stay {
  readonly from: number;
  to: number;
}

export function keyOf({ channel, ts }: MessageRef): string {
  return `${channel}:${ts}`;
}

export class Model {
  readonly told = new Map<string, Told>();
  readonly filled: Filled[] = [];
  readonly words = new Map<string, Word>();
  readonly causes: Cause[] = [];
  /** Words that their askers have agreed to show in a public channel. */
  readonly agreed = new Set<string>();
  /** Messages that belonged to one request and were made another, as `channel:ts`. */
  readonly remade = new Set<string>();
  /** Cards that somebody deleted, and when (epoch ms). */
  readonly removedCards: (MessageRef & { readonly at: number })[] = [];
  private readonly stays = new Map<string, Stay[]>();
  private readonly mark: string;
  private count = 0;

  /** @param mark tells the words of this run from all others */
  constructor(mark: string) {
    this.mark = mark;
  }

  newWord(): string {
    this.count += 1;
    // The last letter ends it: no word is the beginning of another one.
    return `canary-${this.mark}-${this.count}z`;
  }

  write(
    message: Omit<Told, 'words' | 'removedAt' | 'isInside' | 'isHeard'>,
    word: string,
    kind: WordKind,
  ): Told {
    const told: Told = {
      ...message,
      words: [word],
      removedAt: null,
      isInside: kind === 'inside',
      isHeard: message.expected === 'request' || message.expected === 'kept',
    };
    this.told.set(keyOf(told), told);
    this.words.set(word, { word, by: told.by, kind, ref: { channel: told.channel, ts: told.ts } });
    return told;
  }

  edit(told: Told, word: string, kind: WordKind): void {
    told.words.push(word);
    if (kind === 'inside') told.isInside = true;
    this.words.set(word, { word, by: told.by, kind, ref: { channel: told.channel, ts: told.ts } });
  }

  /** What asks Slack for a message that is gone finds nothing; so it depends on who is first. */
  remove(told: Told): void {
    told.removedAt = Date.now();
    if (told.isHeard) return;
    if (told.expected === 'request') told.expected = 'maybe';
    for (const other of this.told.values())
      if (other.channel === told.channel && other.threadTs === told.ts) other.expected = 'maybe';
  }

  fill(by: string, word: string, expected: Expected): void {
    this.filled.push({ by, word, expected });
    this.words.set(word, { word, by, kind: 'form', ref: null });
  }

  did(by: string, action: string, on: number | MessageRef): void {
    this.causes.push({ by, action, on });
  }

  joined(channel: string, user: string, at: number): void {
    const key = `${channel}:${user}`;
    this.stays.set(key, [...(this.stays.get(key) ?? []), { from: at, to: Number.POSITIVE_INFINITY }]);
  }

  left(channel: string, user: string, at: number): void {
    const stay = this.stays.get(`${channel}:${user}`)?.at(-1);
    if (stay) stay.to = at;
  }

  /** Did this person leave some channel? */
  everLeft(user: string): boolean {
    return [...this.stays].some(
      ([key, stays]) => key.endsWith(`:${user}`) && stays.some(({ to }) => to !== Number.POSITIVE_INFINITY),
    );
  }

  /** Was this person in the channel at some moment between the two (epoch ms)? */
  wasIn(channel: string, user: string, from: number, to: number): boolean {
    return (this.stays.get(`${channel}:${user}`) ?? []).some((stay) => stay.from <= to && stay.to >= from);
  }
}

/** All words of a run that a text has. */
export function wordsIn(text: string): readonly string[] {
  return [...new Set(text.match(/canary-[a-z0-9]+-\d+z/g) ?? [])];
}

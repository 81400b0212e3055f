/** What was done and what went wrong in a soak, in order. */
export interface Entry {
  /** Epoch ms. */
  readonly at: number;
  /** For what lasts: its end. */
  until: number;
  readonly text: string;
  /** What it is about: messages as `channel:ts`, requests as `#12`, words. Faults are about everything. */
  readonly about: readonly string[];
  readonly isFault: boolean;
}

export class Journal {
  readonly entries: Entry[] = [];

  note(text: string, about: readonly string[] = [], isFault = false): Entry {
    const now = Date.now();
    const entry: Entry = { at: now, until: now, text, about, isFault };
    this.entries.push(entry);
    return entry;
  }
}

/**
 * Specs that wait more than they work. They begin before all others, in the order of their files, three groups at once,
 * and run beside them; in its place each only says how it went.
 */
import { after, before, describe, it } from 'mocha';

const LIMIT_MS = 240_000;
const MOST_AT_ONCE = 3;

export interface Beside<T> {
  /** What all of them work on. */
  readonly open: () => Promise<T>;
  readonly close: (opened: T) => Promise<unknown>;
  /** By title. One that fails fails those after it. */
  readonly specs: Readonly<Record<string, (opened: T) => unknown>>;
}

const begun: Promise<unknown>[] = [];
const waiting: (() => void)[] = [];
let running = 0;

async function haveTurn(): Promise<void> {
  if (running === MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running += 1;
}

function endTurn(): void {
  const next = waiting.shift();
  if (next) next();
  else running -= 1;
}

/** For what they would disturb, or what would disturb them: resolves when all of them have ended, however. */
export const besideEnded = (): Promise<unknown> => Promise.allSettled(begun);

export function describeBeside<T>(title: string, { open, close, specs }: Beside<T>): void {
  const outcomes = new Map<string, Promise<unknown>>();
  let ended: Promise<unknown> = Promise.resolve();

  before(() => {
    const opened = haveTurn().then(open);
    let last: Promise<unknown> = opened;
    for (const [name, spec] of Object.entries(specs)) {
      last = last.then(async () => spec(await opened));
      outcomes.set(name, last);
      // Whoever waits for it is told.
      last.catch(() => {});
    }
    ended = last
      .catch(() => {})
      .then(async () => opened.then(close, () => {}))
      .finally(endTurn);
    ended.catch(() => {});
    begun.push(ended);
  });

  describe(title, function () {
    this.timeout(LIMIT_MS);
    for (const name of Object.keys(specs)) it(name, () => outcomes.get(name));
    after(() => ended);
  });
}

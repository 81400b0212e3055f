/** A busy minute whose daemon is killed again and again, at statements that a seed chooses. */
import { expect } from 'chai';
import { openStory, type Story } from './story.ts';

/** Statements of one life, from the start on. */
const LEAST = 30;
const MOST = 260;
/** One thing is done by people in so many statements of the daemon's. */
const STATEMENTS_AN_ACT = 15;
const MOST_ASKED = 40;

/** @returns at which statement each life ends */
export function lives(seed: number, count: number): readonly number[] {
  const next = random(seed);
  return Array.from({ length: count }, () => LEAST + Math.floor(next() * (MOST - LEAST)));
}

/** Lives through the minute and shows that nothing was lost and nothing done twice. */
export async function busyMinute(seed: number, ends: readonly number[]): Promise<void> {
  const story = await openStory();
  const next = random(seed + 1);
  const taken: Promise<void>[] = [];
  try {
    for (const end of ends) await live(story, end, () => act(story, next, taken));
    await story.daemon.startReady();
    await Promise.all(taken);
    await story.settled();
    await story.check();
    expect(story.words()).to.have.length.above(ends.length);
  } finally {
    await story.close();
  }
}

function act(story: Story, next: () => number, taken: Promise<void>[]): void {
  const asked = story.words();
  if (asked.length >= MOST_ASKED) return;
  if (asked.length > 0 && next() < 0.3) {
    const take = story.take(asked[Math.floor(next() * asked.length)]?.word ?? '');
    take.catch(() => {});
    taken.push(take);
  } else story.ask();
}

/** One life: it ends at this statement, before the server has it or after it has done it. */
function live(story: Story, end: number, something: () => void): Promise<void> {
  const { proxy, daemon } = story;
  const { promise, resolve } = Promise.withResolvers<void>();
  let seen = 0;
  const isOdd = end % 2 === 1;
  let isLast = false;
  proxy.watchUp(async ({ text }) => {
    // Whoever asks whether it is ready is not counted.
    if (text.includes('schema_migrations')) return 'pass';
    seen += 1;
    if (seen % STATEMENTS_AN_ACT === 0) something();
    isLast = seen >= end;
    if (!isLast || isOdd) return 'pass';
    await daemon.kill();
    resolve();
    return 'drop';
  });
  proxy.watchDown(async () => {
    if (!isLast) return 'pass';
    await daemon.kill();
    resolve();
    return 'drop';
  });
  daemon.start();
  return promise.finally(() => {
    proxy.watchUp(undefined);
    proxy.watchDown(undefined);
  });
}

/** mulberry32: small, and the same on every machine. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

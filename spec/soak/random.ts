/** A seeded generator (mulberry32): the same seed gives the same numbers on every machine. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** One of the names, each as often as its weight says. */
  weighed<Name extends string>(weights: Readonly<Record<Name, number>>): Name;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    whole: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
    pick: (list) => pickAt(list, next()),
    weighed: (weights) => weighed(weights, next()),
  };
}

/** The element that a number in [0, 1) chooses. Error for an empty list. */
export function pickAt<T>(list: readonly T[], at: number): T {
  const found = list[Math.min(list.length - 1, Math.floor(at * list.length))];
  if (found === undefined) throw new Nothing('there is nothing to choose from');
  return found;
}

/** The same, but mostly one of the last few: people look at what is new. */
export function pickLate<T>(list: readonly T[], at: number): T {
  const few = list.slice(-LATEST);
  return at < MOSTLY ? pickAt(few, at / MOSTLY) : pickAt(list, (at - MOSTLY) / (1 - MOSTLY));
}

const LATEST = 6;
const MOSTLY = 0.75;

/** There is nothing in the workspace that somebody could do this with. */
export class Nothing extends Error {}

export function weighed<Name extends string>(weights: Readonly<Record<Name, number>>, at: number): Name {
  // Object.keys forgets the names' type.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const names = Object.keys(weights) as Name[];
  let left = at * names.reduce((sum, name) => sum + weights[name], 0);
  for (const name of names) {
    left -= weights[name];
    if (left < 0) return name;
  }
  return pickAt(names, 0.999_999);
}

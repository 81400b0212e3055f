/**
 * How much of what is committed is held in memory. What does not fit is committed without a lease and stays in the
 * table, and from then on everything does, until the table holds nothing more that waits: so no event ever overtakes
 * an earlier one of its lane that was left there.
 */
export interface Room {
  /** Asks, before a batch is committed, whether it may be kept; `settle` has to follow in either case. */
  reserve(count: number): boolean;
  /** The batch is in hand, or left in the table, or could not be committed. */
  settle(count: number, isKept: boolean): void;
  /** How many more may be taken from the table. */
  free(): number;
  /** The table holds more than there is room for. */
  fallBehind(): void;
  /** To be asked before the table is read, and given to `catchUp` when nothing that waits was left there. */
  mark(): Mark;
  catchUp(mark: Mark): void;
  isBehind(): boolean;
}

/** Null while batches are under way that will be left. */
export type Mark = number | null;

/**
 * @param most how many events may be in hand
 * @param inHand how many are
 */
export function createRoom(most: number, inHand: () => number): Room {
  let reserved = 0;
  let isBehind = false;
  /** Batches under way that will be left, and how many there have ever been. */
  let leaving = 0;
  let left = 0;
  const free = (): number => Math.max(0, most - inHand() - reserved);

  return {
    reserve: (count) => {
      if (!isBehind && count <= free()) {
        reserved += count;
        return true;
      }
      isBehind = true;
      leaving += 1;
      left += 1;
      return false;
    },
    settle: (count, isKept) => {
      if (isKept) reserved -= count;
      else leaving -= 1;
    },
    free,
    fallBehind: () => {
      isBehind = true;
    },
    mark: () => (leaving > 0 ? null : left),
    catchUp: (mark) => {
      if (mark === left) isBehind = false;
    },
    isBehind: () => isBehind,
  };
}

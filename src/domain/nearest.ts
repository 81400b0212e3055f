/**
 * The candidate that somebody most probably meant by `word`, for "did you mean" lines: the one with the fewest
 * single-letter slips (letters missing, added, changed or swapped; case does not count), if there are few
 * enough of them for the word's length; else the first one that begins with the word. Ties go to the candidate
 * that comes first. Undefined when nothing is near. With `mostSlips` that many are allowed, and a beginning is
 * not enough.
 */
export function nearest(word: string, candidates: Iterable<string>, mostSlips?: number): string | undefined {
  const wanted = word.toLowerCase();
  // One slip in a word of up to five letters, then one for every three letters.
  let best = (mostSlips ?? Math.max(1, Math.floor(wanted.length / 3))) + 1;
  let found: string | undefined;
  let begins: string | undefined;
  for (const candidate of candidates) {
    const other = candidate.toLowerCase();
    if (begins === undefined && wanted.length >= 3 && other.startsWith(wanted)) begins = candidate;
    if (Math.abs(other.length - wanted.length) >= best) continue;
    const slips = distance(wanted, other);
    // A word of which every letter is wrong is another word, however short it is.
    if (slips < best && slips < Math.max(wanted.length, other.length)) {
      best = slips;
      found = candidate;
    }
  }
  return found ?? (mostSlips === undefined ? begins : undefined);
}

/** Optimal string alignment: Levenshtein's distance in which two swapped neighbours count as one slip. */
function distance(a: string, b: string): number {
  let twoBack: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (isSame ? 0 : 1),
        isSwap ? at(twoBack, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    twoBack = previous;
    previous = current;
  }
  return at(previous, b.length);
}

/** A cell of a row that is filled from the left, so that it is always there. */
const at = (row: readonly number[], column: number): number => Number(row[column]);

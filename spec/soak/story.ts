/** The shortest story of a finding: what was done with the request at fault and what went wrong meanwhile, in order. */
import type { Entry } from './journal.ts';

/** So long before a deed and after it a fault may have shaped what came of it. */
const BEFORE_MS = 1000;
const AFTER_MS = 8000;

/**
 * @param about what the finding is about
 * @returns one line a deed or fault, with seconds since `start`
 */
export function storyOf(
  entries: readonly Entry[],
  about: readonly string[],
  start: number,
): readonly string[] {
  const known = new Set(about.filter((one) => one !== ''));
  const deeds = entries.filter((entry) => !entry.isFault && entry.about.some((one) => known.has(one)));
  const touches = (fault: Entry): boolean =>
    deeds.some(({ at }) => fault.until >= at - BEFORE_MS && fault.at <= at + AFTER_MS);
  return entries
    .filter((entry) => (entry.isFault ? touches(entry) : deeds.includes(entry)))
    .map((entry) => line(entry, start));
}

function line({ at, until, text, isFault }: Entry, start: number): string {
  const seconds = ((at - start) / 1000).toFixed(1).padStart(7);
  const end =
    isFault && until > at && Number.isFinite(until) ? `, until ${((until - start) / 1000).toFixed(1)}` : '';
  return `${seconds} s  ${text}${end}`;
}

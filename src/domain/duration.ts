/** Durations as people write them, `30s 5m 2h 1d 2bd`, and as they read them, `2 h 30 min`. */

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Milliseconds of each unit. A business day is 24 h until queues have business hours. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', SECOND_MS],
  ['m', MINUTE_MS],
  ['h', HOUR_MS],
  ['d', DAY_MS],
  ['bd', DAY_MS],
]);

/** Ten years: nothing here waits longer, and sums with an instant stay far inside what a date can hold. */
const LONGEST_MS = 3650 * DAY_MS;

/** For refusals: what a duration may look like. */
export const DURATION_FORMS = '30s, 5m, 2h, 1d, 2bd';

export interface Duration {
  readonly ms: number;
  /** Written in `bd`: counted in the queue's working days once it has business hours. */
  readonly isBusinessDays: boolean;
}

/** Parses a whole number with a unit (s, m, h, d, bd), at most ten years. Null for anything else. */
export function parseDuration(text: string): Duration | null {
  const match = /^(\d{1,9})([a-z]+)$/.exec(text);
  if (match === null) return null;
  const [, count, unit = ''] = match;
  const unitMs = UNITS.get(unit);
  if (unitMs === undefined) return null;
  const ms = Number(count) * unitMs;
  return ms > LONGEST_MS ? null : { ms, isBusinessDays: unit === 'bd' };
}

/** Spellings that people use, and the unit each one means. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/^s(ecs?|econds?)?$/, 's'],
  [/^m(ins?|inutes?)?$/, 'm'],
  [/^h(rs?|ours?)?$/, 'h'],
  [/^(bd|bds|b|wd|business ?days?|work(ing)? ?days?)$/, 'bd'],
  [/^(d|days?)$/, 'd'],
];

/** The duration that was probably meant by `5min`, `2 hours` or `3D`; undefined when no guess is good. */
export function suggestDuration(text: string): string | undefined {
  const match = /^(\d{1,9})\s*([a-z][a-z ]*)$/.exec(text.trim().toLowerCase());
  if (match === null) return undefined;
  const [, count, word = ''] = match;
  if (/^w(eeks?)?$/.test(word)) return checked(`${Number(count) * 7}d`);
  const unit = SPELLINGS.find(([spelling]) => spelling.test(word))?.[1];
  return unit && checked(`${Number(count)}${unit}`);
}

const checked = (text: string): string | undefined => (parseDuration(text) === null ? undefined : text);

const SHOWN = [
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['min', MINUTE_MS],
  ['s', SECOND_MS],
] as const;

/**
 * Short text for people: the largest unit and, if it is not zero, the next smaller one (`5 min`, `1 d 3 h`,
 * `0 s`). What is smaller is cut off, not rounded: `59 min`, never `60 min`. Negative durations get a minus.
 */
export function formatDuration(ms: number): string {
  const size = Math.abs(ms);
  const first = SHOWN.findIndex(([, unitMs]) => size >= unitMs);
  if (first === -1) return '0 s';
  let rest = size;
  const parts = SHOWN.slice(first, first + 2).map(([name, unitMs]) => {
    const count = Math.floor(rest / unitMs);
    rest -= count * unitMs;
    return count === 0 ? '' : `${count} ${name}`;
  });
  return (ms < 0 ? '-' : '') + parts.filter((part) => part !== '').join(' ');
}

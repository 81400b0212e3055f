/** WHEN: the times that people type ("tomorrow 9am", "in 2h", "friday"), read in their own zone. */
import type { ParsedResult } from 'chrono-node';
// English alone: all its languages would take a third of the daemon's start.
import { casual } from 'chrono-node/en';
import { DateTime, IANAZone } from 'luxon';
import { parseDuration } from './duration.ts';

/** A day without a time means this hour: the opening of the default working day. */
const DAY_STARTS_HOUR = 9;
/** No time that people type is longer or has more words ("friday 13 march 2026 at 5:30 pm"). */
const LONGEST_WHEN = 60;
const MOST_WORDS = 10;
/** Nothing is put off for longer: a typing mistake, and inside what every date type can hold. */
const FURTHEST_YEARS = 10;

/** An upcoming "5/3" is March in one office and May in another: better asked again than a month wrong. */
const AMBIGUOUS_DATE = /(?<![\d/.-])(?:(\d{1,2})\/(\d{1,2})|(\d{1,2})([/.-])(\d{1,2})\4\d{2,4})(?![\d/.-])/;
/**
 * Times that are not to come, and times counted from another time: chrono counts the latter in the zone of the
 * machine instead of the person's (a day wrong around midnight).
 */
const NOT_READ = /\b(?:last|past|ago|after|before|from(?! now\b))\b/;
const DAY_AFTER_TOMORROW = /\b(?:the )?day after tomorrow\b/;

/**
 * Reads a text that is wholly a WHEN: a duration of the configuration (`10s`, `2h`, `2bd`, also with "in"), or
 * what chrono reads in English. `zone` is an IANA name (an unknown one counts as UTC). A day without a time
 * means 09:00, a weekday, date or time of day the next one to come; a local time that a clock change skips
 * moves forward by the change.
 * Returns epoch ms, always after `now`; null for anything else, the past and ambiguous dates ("5/3") included.
 */
export function parseWhen(text: string, now: number, zone: string): number | null {
  const words = text.trim().toLowerCase().replace(/\s+/g, ' ');
  if (words === '' || words.length > LONGEST_WHEN) return null;
  const here = DateTime.fromMillis(now, { zone: IANAZone.isValidZone(zone) ? zone : 'utc' });
  const at = durationFrom(words, now) ?? calendarTime(words, here);
  return at !== null && at > now && at <= here.plus({ years: FURTHEST_YEARS }).toMillis() ? at : null;
}

/**
 * Splits `text` after the longest WHEN that it begins with; punctuation between the two belongs to neither
 * ("friday, waiting for parts"). Null when it begins with none. `rest` may be empty.
 */
export function splitWhen(text: string, now: number, zone: string): { at: number; rest: string } | null {
  const trimmed = text.trim();
  const ends = [...trimmed.slice(0, LONGEST_WHEN * 2).matchAll(/\S+/g)]
    .slice(0, MOST_WORDS)
    .map((word) => word.index + word[0].length);
  for (const end of ends.toReversed()) {
    const at = parseWhen(trimmed.slice(0, end).replace(/[\s,;:.\p{Pd}]+$/u, ''), now, zone);
    if (at !== null) return { at, rest: trimmed.slice(end).trimStart() };
  }
  return null;
}

function durationFrom(words: string, now: number): number | null {
  const match = /^(?:in )?(\d+) ?([a-z]+)$/.exec(words);
  const duration = match && parseDuration(`${match[1]}${match[2]}`);
  return duration && now + duration.ms;
}

function calendarTime(words: string, here: DateTime): number | null {
  // Written as a date, because chrono gets this one wrong outside the machine's zone (see NOT_READ).
  const text = words.replace(DAY_AFTER_TOMORROW, () => here.plus({ days: 2 }).toFormat('yyyy-MM-dd'));
  if (NOT_READ.test(text) || isAmbiguous(text)) return null;
  const result = readWhole(text, here) ?? readWhole(`in ${text}`, here);
  if (result === undefined) return null;
  const found = result.start.isCertain('timezoneOffset')
    ? DateTime.fromJSDate(result.start.date(), { zone: here.zone })
    : localTime(result, text, here);
  return nextOne(found, result, here).toMillis();
}

/**
 * Without chrono's `forwardDate`: in 2.10 it compares in the wrong zone, and takes the week after for a later hour
 * of today. `nextOne` does that instead; what else it does, reading "2 hours" as "in 2 hours", the caller does.
 */
function readWhole(text: string, here: DateTime): ParsedResult | undefined {
  const [result] = casual.parse(text, { instant: here.toJSDate(), timezone: here.offset });
  return result?.text === text && !result.end ? result : undefined;
}

function isAmbiguous(text: string): boolean {
  const match = AMBIGUOUS_DATE.exec(text);
  if (match === null) return false;
  const [one, other] = [Number(match[1] ?? match[3]), Number(match[2] ?? match[5])];
  return one !== other && one <= 12 && other <= 12;
}

/** The parts that chrono read, put together in the person's zone: chrono's own date has today's UTC offset. */
function localTime({ start }: ParsedResult, text: string, here: DateTime): DateTime {
  const part = (name: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'): number =>
    Number(start.get(name));
  const date = { year: part('year'), month: part('month'), day: part('day') };
  const isCountedFromNow = start.tags().has('result/relativeDate') && !/\bnext\b/.test(text);
  const hasTime = start.isCertain('hour') || /afternoon|evening|night/.test(text) || isCountedFromNow;
  const time = hasTime ? { hour: part('hour'), minute: part('minute'), second: part('second') } : {};
  return DateTime.fromObject({ hour: DAY_STARTS_HOUR, ...date, ...time }, { zone: here.zone });
}

/** What was named without its year, its date or its day means the next one to come. */
function nextOne(found: DateTime, { start }: ParsedResult, here: DateTime): DateTime {
  if (found > here || start.isCertain('year')) return found;
  if (start.isCertain('month')) return found.plus({ years: 1 });
  if (start.isCertain('weekday')) return found.plus({ weeks: 1 });
  if (start.isCertain('hour') || start.tags().size > 0) return found.plus({ days: 1 });
  return found;
}

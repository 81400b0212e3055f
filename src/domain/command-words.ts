/** The words that commands are made of. Each reader takes one from the start of a text, or nothing. */
import type { Person, Place, RequestNumber } from './command-kinds.ts';

/** A word, and the text after it without the white space between. */
export interface Taken<Word> {
  readonly word: Word;
  readonly rest: string;
}

/** The sides of a word: JavaScript's `\s` includes the non-breaking spaces that phones and editors put in. */
const take = (pattern: RegExp, text: string): Taken<RegExpExecArray> | null => {
  const match = pattern.exec(text);
  return match && { word: match, rest: text.slice(match[0].length).trimStart() };
};

/** Request numbers are 32-bit in the store; nine digits are always inside. */
const WITH_HASH = /^#([1-9]\d{0,8})(?!\S)/;
const MAYBE_HASH = /^#?([1-9]\d{0,8})(?!\S)/;

/** `#12` or `12`. */
export function takeNumber(text: string, pattern = MAYBE_HASH): Taken<number> | null {
  const taken = take(pattern, text);
  return taken && { word: Number(taken.word[1]), rest: taken.rest };
}

/**
 * The ways to read the `#n` at the start of a verb's arguments, likeliest first. A bare number before free text
 * may be part of it ("resolve 12 boxes came") and counts only after the slash command.
 */
export function numberReadings(
  text: string,
  place: Place,
  hasFreeText: boolean,
): readonly Taken<RequestNumber>[] {
  const hashed = takeNumber(text, WITH_HASH);
  if (hashed !== null) return [hashed];
  const readings: Taken<RequestNumber>[] = [];
  const bare = takeNumber(text);
  if (bare !== null && (place === 'slash' || !hasFreeText || bare.rest === '')) readings.push(bare);
  if (place === 'mention_in_thread' || place === 'dm_thread') readings.push({ word: null, rest: text });
  return readings;
}

/** Slack's `<@U123>` or `<@U123|name>`, else a plain `@name`. */
export function takePerson(text: string): Taken<Person> | null {
  const token = take(/^<@([UW][A-Z0-9]{1,30})(?:\|[^<>]*)?>(?!\S)/, text);
  if (token !== null) return { word: { id: String(token.word[1]) }, rest: token.rest };
  const plain = take(/^@([\p{L}\p{N}][\p{L}\p{N}._-]{0,79})(?!\S)/u, text);
  return plain && { word: { name: String(plain.word[1]) }, rest: plain.rest };
}

/** A queue's name: one word, or several in quotes of any kind. */
export function takeName(text: string): Taken<string> | null {
  const quoted = take(/^["'“”„«‘’]([^"'“”„«»‘’]{1,80})["'“”»‘’](?!\S)/, text);
  const name = quoted?.word[1]?.trim() ?? '';
  if (quoted !== null && name !== '') return { word: name, rest: quoted.rest };
  const one = take(/^[^\s"'“”„«»‘’]+(?!\S)/, text);
  return one && { word: one.word[0], rest: one.rest };
}

/** A fixed word such as `until`, in any case; returns what follows it. */
export function afterWord(word: string, text: string): string | null {
  return take(new RegExp(`^${word}(?!\\S)`, 'i'), text)?.rest ?? null;
}

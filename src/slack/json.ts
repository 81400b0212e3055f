/**
 * A checked reader for JSON of unknown shape: a field that is missing or of another type reads as null (or
 * empty), never as an exception. All that Slack sends goes through here.
 */

export type JsonRecord = Readonly<Record<string, unknown>>;

const NOTHING: JsonRecord = Object.freeze({});

/**
 * Longest id, key part or name that we take; Slack's longest are names of emoji (100, and 13 of a skin tone). Four of
 * them make a key, of up to three bytes a character, in an index of Postgres (2,704 bytes an entry); one is part of the
 * key of a post (255 characters).
 */
const MAX_ID = 120;

/** The value as a record; an empty one for anything else (arrays too). */
export function asRecord(value: unknown): JsonRecord {
  return isRecord(value) ? value : NOTHING;
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The elements of an array; none for anything else. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * The value if it is a string with something in it. NUL and lone surrogates are dropped: Postgres takes neither
 * in text or jsonb, and one such message would fail the whole batch it is committed with.
 */
export function text(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null;
  const clean = value.replaceAll('\0', '').toWellFormed();
  return clean === '' ? null : clean;
}

/** A short string that may become part of a key. */
export function id(value: unknown): string | null {
  const found = text(value);
  return found === null || found.length > MAX_ID ? null : found;
}

/** A message timestamp as Slack writes them, `1700000000.000100`; anything else is null. */
export function timestamp(value: unknown): string | null {
  return typeof value === 'string' && /^\d{1,11}\.\d{1,9}$/.test(value) ? value : null;
}

/** A finite number, or null. */
export function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** True only for `true`. */
export function flag(value: unknown): boolean {
  return value === true;
}

/**
 * Turns anything that may be handed to the logger into plain data without secrets. It never throws: what cannot
 * be read is said to be so in its place.
 */
import { isSecretName, REDACTED, redactText } from './redact.ts';

export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain };

/** Bounds for one log line; deeper or longer things are cut, since nobody reads them and they fill disks. */
const MAX_DEPTH = 8;
const MAX_ITEMS = 100;
const MAX_TEXT = 4000;

export interface PlainOptions {
  /** Whether errors keep their stack. */
  readonly withStack: boolean;
}

/** Plain, redacted data for `value`. Circular references, BigInts, throwing getters and proxies are all fine. */
export function toPlain(value: unknown, options: PlainOptions): Plain {
  return convert(value, options, []);
}

/** The same, property by property, for a record whose properties become fields of a line. */
export function toPlainFields(record: object, options: PlainOptions): readonly (readonly [string, Plain])[] {
  const plain = toPlain(record, options);
  return typeof plain === 'object' && plain !== null ? Object.entries(plain) : [['meta', plain]];
}

function convert(value: unknown, options: PlainOptions, parents: readonly object[]): Plain {
  try {
    switch (typeof value) {
      case 'string':
        return cut(redactText(value));
      case 'number':
        return Number.isFinite(value) ? value : String(value);
      case 'boolean':
        return value;
      case 'bigint':
      case 'symbol':
        return String(value);
      case 'undefined':
        return null;
      case 'function':
        return '[function]';
      case 'object':
        return value === null ? null : convertObject(value, options, parents);
    }
  } catch {
    return '[unreadable]';
  }
}

function convertObject(value: object, options: PlainOptions, parents: readonly object[]): Plain {
  if (parents.includes(value)) return '[circular]';
  if (parents.length >= MAX_DEPTH) return '[deeper]';
  const inside = [...parents, value];
  if (value instanceof Error) return convertError(value, options, inside);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof URL || value instanceof RegExp) return cut(redactText(String(value)));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Map) return convertEntries(value.entries(), options, inside);
  if (Array.isArray(value) || value instanceof Set) {
    const items = [...value];
    const kept = items.slice(0, MAX_ITEMS).map((item) => convert(item, options, inside));
    return items.length > MAX_ITEMS ? [...kept, `[${items.length - MAX_ITEMS} more]`] : kept;
  }
  // Read property by property, so that one that throws does not take the others with it.
  return convertEntries(readProperties(value), options, inside);
}

function* readProperties(value: object): Generator<readonly [string, unknown]> {
  for (const name of Object.keys(value)) {
    let property: unknown;
    try {
      property = Reflect.get(value, name);
    } catch {
      property = '[unreadable]';
    }
    if (property !== undefined) yield [name, property];
  }
}

function convertEntries(
  entries: Iterable<readonly [unknown, unknown]>,
  options: PlainOptions,
  parents: readonly object[],
): Plain {
  const plain: [string, Plain][] = [];
  for (const [key, value] of entries) {
    if (plain.length >= MAX_ITEMS) {
      plain.push(['…', '[more]']);
      break;
    }
    const name = typeof key === 'string' ? key : JSON.stringify(convert(key, options, parents));
    plain.push([cut(redactText(name)), isSecretName(name) ? hide(value) : convert(value, options, parents)]);
  }
  // fromEntries defines properties: a key named __proto__ stays a key.
  return Object.fromEntries(plain);
}

/** Whether a secret is there at all is worth knowing. */
const hide = (value: unknown): Plain => (value === null || value === '' ? value : REDACTED);

/**
 * Only what is known to be harmless: other properties of errors may hold whole rows (PostgreSQL's `detail`) or
 * requests with their headers (HTTP clients).
 */
function convertError(error: Error, options: PlainOptions, parents: readonly object[]): Plain {
  const read = (name: string): unknown => Reflect.get(error, name);
  const fields: [string, Plain][] = [
    ['name', convert(read('name'), options, parents)],
    ['message', convert(read('message'), options, parents)],
  ];
  const optional = ['code', 'cause', 'errors', ...(options.withStack ? ['stack'] : [])];
  for (const name of optional) {
    const value = read(name);
    if (value !== undefined) fields.push([name, convert(value, options, parents)]);
  }
  return Object.fromEntries(fields);
}

const cut = (text: string): string =>
  text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}… [${text.length - MAX_TEXT} more characters]` : text;

/** Readers of single YAML values. Each adds what is wrong to the problems and then answers with null. */
import { DURATION_FORMS, parseDuration, suggestDuration } from '../domain/duration.ts';
import { nearest } from '../domain/nearest.ts';
import { hint, type ProblemList, quote } from './problems.ts';
import type { Reference } from './triage-spec.ts';
import type { Tree } from './yaml-tree.ts';

/** A value with the name that problems call it by, such as `waiting.notice`, and the line of its key. */
export interface Field {
  readonly name: string;
  readonly line: number;
  readonly value: Tree;
}

/** Keys of a map: those that it may have, and those of which the time has not come. */
export interface KnownKeys {
  /** What the map is, for `"laddr" is not a key of …`. */
  readonly owner: string;
  readonly keys: readonly string[];
  readonly refused?: readonly string[];
}

export class Reader {
  readonly problems: ProblemList;

  constructor(problems: ProblemList) {
    this.problems = problems;
  }

  /** The fields of a map by key, without unknown and empty ones; null when the value is not a map at all. */
  map(field: Field, known: KnownKeys, prefix = ''): ReadonlyMap<string, Field> | null {
    if (field.value.kind !== 'map') {
      return this.#refuse(field, `${field.name} must have keys: ${known.keys.join(', ')}`);
    }
    const fields = new Map<string, Field>();
    for (const { key, line, value } of field.value.entries) {
      const entry = { name: prefix + key, line, value };
      if (this.#isWelcome(key, entry, known) && this.#hasValue(entry)) fields.set(key, entry);
    }
    return fields;
  }

  #isWelcome(key: string, entry: Field, known: KnownKeys): boolean {
    if (known.keys.includes(key)) return true;
    const problem = known.refused?.includes(key)
      ? `${entry.name} is not in this version`
      : `${quote(key)} is not a key of ${known.owner}${hint(nearest(key, known.keys))}`;
    this.problems.add(entry.line, problem);
    return false;
  }

  #hasValue(field: Field): boolean {
    if (field.value.kind !== 'scalar' || field.value.value !== null) return true;
    // The usual reason: in YAML an unquoted #channel is a comment.
    this.problems.add(field.line, `${field.name} has no value (what begins with # must be in quotes)`);
    return false;
  }

  /** The items of a list, without empty ones, as fields named `name[0]`, each with its own line. */
  list(field: Field, of: string): readonly Field[] | null {
    if (field.value.kind !== 'list') return this.#refuse(field, `${field.name} must be a list of ${of}`);
    return field.value.items
      .map((value, index) => ({ name: `${field.name}[${index}]`, line: value.line, value }))
      .filter((item) => this.#hasValue(item));
  }

  text(field: Field): string | null {
    const { value } = field;
    if (value.kind === 'scalar' && typeof value.value === 'string' && value.value.trim() !== '')
      return value.value;
    const advice =
      value.kind === 'scalar' && value.text.trim() !== '' ? `, in quotes: ${quote(value.text)}` : '';
    return this.#refuse(field, `${field.name} must be text${advice}`);
  }

  boolean(field: Field): boolean | null {
    const { value } = field;
    if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
    return this.#refuse(field, `${field.name} must be true or false`);
  }

  /** One of a few words. */
  choice<T extends string>(field: Field, choices: readonly T[]): T | null {
    const written = field.value.kind === 'scalar' ? field.value.text : null;
    const found = choices.find((choice) => choice === written);
    if (found !== undefined) return found;
    const guess = written === null ? undefined : nearest(written, choices);
    const what = written === null ? 'it' : quote(written);
    return this.#refuse(field, `${field.name} must be ${choices.join(' or ')}, not ${what}${hint(guess)}`);
  }

  /** A duration in milliseconds, at least `leastMs`. */
  durationMs(field: Field, leastMs = 1): number | null {
    const written = field.value.kind === 'scalar' ? field.value.text : null;
    const duration = written === null ? null : parseDuration(written);
    if (written === null || duration === null) {
      const what = written === null ? '' : `, not ${quote(written)}`;
      const guess = written === null ? undefined : suggestDuration(written);
      return this.#refuse(
        field,
        `${field.name} must be a duration like ${DURATION_FORMS}${what}${hint(guess)}`,
      );
    }
    if (duration.ms < leastMs)
      return this.#refuse(field, `${field.name} must be longer than ${quote(written)}`);
    return duration.ms;
  }

  /** A channel: `#name` or an id. */
  channel(field: Field): Reference | null {
    return this.#reference(field, isChannel, '#name or id', '#');
  }

  /** A person: `@name`, an id or an e-mail address. */
  person(field: Field): Reference | null {
    return this.#reference(field, isPerson, '@name, id or e-mail', '@');
  }

  #reference(field: Field, test: (text: string) => boolean, forms: string, sign: string): Reference | null {
    const text = this.text(field);
    if (text === null) return null;
    if (test(text)) return { text, line: field.value.line };
    const guess = /^[\p{L}\p{N}._-]+$/u.test(text) ? sign + text : undefined;
    const kind = sign === '#' ? 'channel' : 'person';
    return this.#refuse(
      field,
      `${field.name} must be a ${kind} (${forms}), not ${quote(text)}${hint(guess)}`,
    );
  }

  #refuse(field: Field, problem: string): null {
    this.problems.add(field.value.kind === 'scalar' ? field.value.line : field.line, problem);
    return null;
  }
}

/** Public and private channels' ids begin with C, old private ones' with G. */
export const isChannel = (text: string): boolean => /^#[^\s#@]+$|^[CG][A-Z0-9]+$/.test(text);

/** People's ids begin with U, those of an Enterprise Grid with W. Display names may hold spaces. */
export const isPerson = (text: string): boolean =>
  /^@\S(.*\S)?$|^[UW][A-Z0-9]+$|^[^\s@]+@[^\s@]+$/.test(text);

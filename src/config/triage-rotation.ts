/** Who is on duty in turn: a bare list of people, or `{ people, turn, from }`. */
import { DateTime } from 'luxon';
import { hint, quote } from './problems.ts';
import type { Field, Reader } from './read-tree.ts';
import { DEFAULT_FIRST_TURN, DEFAULT_TURN_MS } from './triage-defaults.ts';
import type { Reference, RotationSpec } from './triage-spec.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** `zone`: the file's, in which `from` is written and turns of whole days are counted. */
export function readRotation(reader: Reader, field: Field, zone: string): RotationSpec | null {
  const standard = { turnMs: DEFAULT_TURN_MS, fromMs: localTime(DEFAULT_FIRST_TURN, zone), zone };
  if (field.value.kind === 'list') {
    const people = readPeople(reader, field);
    return people && { people, ...standard };
  }
  if (field.value.kind !== 'map') {
    reader.problems.add(field.line, 'rotation must be a list of people, or have keys: people, turn, from');
    return null;
  }
  const fields = reader.map(field, { owner: 'a rotation', keys: ['people', 'turn', 'from'] }, 'rotation.');
  const [list, turn, from] = [fields?.get('people'), fields?.get('turn'), fields?.get('from')];
  const isListEmptyOrWrong = field.value.entries.some(({ key }) => key === 'people');
  if (!list && !isListEmptyOrWrong) reader.problems.add(field.line, 'rotation has no people');
  const people = list ? readPeople(reader, list) : null;
  const turnMs = turn ? readTurn(reader, turn) : standard.turnMs;
  const fromMs = from ? readStart(reader, from, zone) : standard.fromMs;
  return people && turnMs !== null && fromMs !== null ? { people, turnMs, fromMs, zone } : null;
}

function readPeople(reader: Reader, field: Field): readonly Reference[] | null {
  const items = reader.list(field, 'people');
  if (items === null) return null;
  if (field.value.kind === 'list' && field.value.items.length === 0) {
    reader.problems.add(field.line, `${field.name} is empty: somebody must be on duty`);
  }
  const people: Reference[] = [];
  for (const item of items) {
    const person = reader.person(item);
    if (person === null) continue;
    if (people.some(({ text }) => text.toLowerCase() === person.text.toLowerCase())) {
      reader.problems.add(person.line, `${quote(person.text)} is twice in ${field.name}`);
    }
    people.push(person);
  }
  return people;
}

/** A duration, or weeks (`1w`), which only turns know. Business days would need hours that hand over in them. */
function readTurn(reader: Reader, field: Field): number | null {
  const written = field.value.kind === 'scalar' ? field.value.text : '';
  const weeks = /^(\d{1,3})w$/.exec(written);
  if (weeks !== null && Number(weeks[1]) > 0) return Number(weeks[1]) * 7 * DAY_MS;
  if (/^\d+(bd|w)$/.test(written)) {
    const guess = written.endsWith('bd') ? written.replace('bd', 'd') : undefined;
    reader.problems.add(
      field.line,
      `${field.name} must be a duration like 8h, 1d, 1w, not ${quote(written)}${hint(guess)}`,
    );
    return null;
  }
  return reader.durationMs(field);
}

function readStart(reader: Reader, field: Field, zone: string): number | null {
  const written = field.value.kind === 'scalar' ? field.value.text : '';
  const fromMs = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?$/.test(written)
    ? localTime(written, zone)
    : Number.NaN;
  if (!Number.isNaN(fromMs)) return fromMs;
  reader.problems.add(field.line, `${field.name} must be a date, or date and time, like 2026-01-05T09:00`);
  return null;
}

const localTime = (written: string, zone: string): number =>
  DateTime.fromISO(written.replace(' ', 'T'), { zone }).toMillis();

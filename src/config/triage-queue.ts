/** One queue of `config/triage.yaml`. */
import { hint, quote } from './problems.ts';
import { type Field, isChannel, isPerson, type Reader } from './read-tree.ts';
import { DEFAULT_CLOSE_AFTER_MS } from './triage-defaults.ts';
import { readRotation } from './triage-rotation.ts';
import { type EscalationSpec, INTAKE_MODES, type IntakeSpec, type QueueSpec } from './triage-spec.ts';
import { readLadder, readWaiting } from './triage-times.ts';

const KEYS = [
  'name',
  'default',
  'triage_channel',
  'intake',
  'rotation',
  'lead',
  'escalation',
  'hours',
  'ladder',
  'waiting',
  'close_after',
  'taken_line',
] as const;
const COMPULSORY: readonly string[] = ['name', 'triage_channel', 'rotation'];
const REFUSED = ['holidays', 'targets', 'owner_silence'] as const;

/** A queue of which compulsory parts may be absent or wrong; the rest can still be checked. */
export type QueueDraft = Omit<QueueSpec, Compulsory> & {
  readonly [Key in Compulsory]: QueueSpec[Key] | null;
};
type Compulsory = 'name' | 'triageChannel' | 'rotation';

/** The queue, if nothing compulsory is absent from its draft. */
export function complete(draft: QueueDraft): QueueSpec | null {
  const { name, triageChannel, rotation } = draft;
  if (name === null || triageChannel === null || rotation === null) return null;
  return { ...draft, name, triageChannel, rotation };
}

/** Null when it is not even a map; what is wrong is then in the reader's problems. */
export function readQueue(reader: Reader, field: Field, zone: string): QueueDraft | null {
  const fields = reader.map(field, { owner: 'a queue', keys: KEYS, refused: REFUSED });
  if (fields === null) return null;
  const get = (key: (typeof KEYS)[number]): Field | undefined => fields.get(key);
  reportAbsent(reader, field);

  const [nameField, triageField, rotationField] = [get('name'), get('triage_channel'), get('rotation')];
  const [defaultField, leadField, closeField] = [get('default'), get('lead'), get('close_after')];
  const name = nameField ? readName(reader, nameField) : null;
  const isDefault = defaultField ? reader.boolean(defaultField) : false;
  const triageChannel = triageField ? reader.channel(triageField) : null;
  const intake = readIntake(reader, get('intake'));
  const rotation = rotationField ? readRotation(reader, rotationField, zone) : null;
  const lead = leadField ? reader.person(leadField) : null;
  const escalation = readEscalation(reader, get('escalation'));
  readHours(reader, get('hours'));
  const ladder = readLadder(reader, get('ladder'));
  const waiting = readWaiting(reader, get('waiting'));
  const closeAfterMs = (closeField && reader.durationMs(closeField)) ?? DEFAULT_CLOSE_AFTER_MS;

  const takenField = get('taken_line');
  const hasTakenLine = (takenField && reader.boolean(takenField)) ?? true;

  const times = { ladder, waiting, closeAfterMs };
  const people = { rotation, lead, escalation };
  return {
    name,
    line: field.line,
    isDefault: isDefault === true,
    triageChannel,
    intake,
    ...people,
    ...times,
    hasTakenLine,
  };
}

/** A key that is there without a value has been reported already. */
function reportAbsent(reader: Reader, field: Field): void {
  if (field.value.kind !== 'map') return;
  const given = new Set(field.value.entries.map(({ key }) => key));
  for (const key of COMPULSORY) {
    if (!given.has(key)) reader.problems.add(field.line, `${field.name} has no ${key}`);
  }
}

/** One word, since `move #12 it` and `list queue it` name it. */
function readName(reader: Reader, field: Field): string | null {
  const name = reader.text(field);
  if (name === null || /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,39}$/u.test(name)) return name;
  const guess = name
    .trim()
    .replaceAll(/[^\p{L}\p{N}_-]+/gu, '-')
    .replaceAll(/^[-_]+|-+$/g, '')
    .slice(0, 40);
  const problem = `name must be one word of letters, digits, - and _ (at most 40), not ${quote(name)}`;
  reader.problems.add(field.line, problem + hint(guess === '' ? undefined : guess));
  return null;
}

function readIntake(reader: Reader, field: Field | undefined): readonly IntakeSpec[] {
  const items = (field && reader.list(field, '{ channel: "#name", mode: mention }')) ?? [];
  return items.flatMap((item) => {
    const fields = reader.map(item, { owner: 'an intake', keys: ['channel', 'mode'] }, `${item.name}.`);
    if (fields === null || item.value.kind !== 'map') return [];
    const [channelField, modeField] = [fields.get('channel'), fields.get('mode')];
    if (!item.value.entries.some(({ key }) => key === 'channel')) {
      reader.problems.add(item.line, `${item.name} has no channel`);
    }
    const channel = channelField ? reader.channel(channelField) : null;
    const mode = (modeField && reader.choice(modeField, INTAKE_MODES)) ?? 'mention';
    return channel === null ? [] : [{ channel, mode }];
  });
}

function readEscalation(reader: Reader, field: Field | undefined): EscalationSpec | null {
  const text = field && reader.text(field);
  if (!field || text === null || text === undefined) return null;
  const to = { text, line: field.value.line };
  if (isChannel(text)) return { kind: 'channel', to };
  if (isPerson(text)) return { kind: 'person', to };
  const forms = 'a person (@name, id or e-mail) or a channel (#name or id)';
  reader.problems.add(field.line, `escalation must be ${forms}, not ${quote(text)}`);
  return null;
}

function readHours(reader: Reader, field: Field | undefined): void {
  if (!field || (field.value.kind === 'scalar' && field.value.text === 'always')) return;
  reader.problems.add(field.line, 'hours is not in this version (only "always")');
}

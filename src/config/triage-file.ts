/** `config/triage.yaml`: queues and people, validated whole. */
import { readFileSync } from 'node:fs';
import { IANAZone } from 'luxon';
import { nearest } from '../domain/nearest.ts';
import { ConfigError } from '../errors.ts';
import { checkChannels } from './channel-claims.ts';
import { hint, ProblemList, quote } from './problems.ts';
import { type Field, Reader } from './read-tree.ts';
import { DEFAULT_TIMEZONE } from './triage-defaults.ts';
import { complete, type QueueDraft, readQueue } from './triage-queue.ts';
import { readRetention } from './triage-retention.ts';
import type { QueueSpec, TriageFile } from './triage-spec.ts';
import { parseYaml, type Tree } from './yaml-tree.ts';

/**
 * The file at `path`; problems call it `shownName`. Throws a ConfigError that names TRIAGE_CONFIG when it cannot
 * be read, and one with every mistake, each with its line, when it is not valid.
 */
export function loadTriageFile(path: string, shownName = path): TriageFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    const problem =
      code === 'ENOENT' ? `there is no file ${shownName}` : `cannot read ${shownName} (${code})`;
    throw new ConfigError([`TRIAGE_CONFIG: ${problem}`], { cause });
  }
  return parseTriageFile(text, shownName);
}

/** Parses and validates the file's text, with defaults filled in. Throws a ConfigError with every mistake. */
export function parseTriageFile(text: string, fileName: string): TriageFile {
  const problems = new ProblemList(fileName);
  const tree = parseYaml(text, problems);
  const file = tree && readFile(new Reader(problems), tree);
  problems.raise();
  // Without a problem there is a file: whatever reads null has said why.
  if (!file) throw new ConfigError([`${fileName}: not valid`]);
  return { fileName, ...file };
}

function readFile(reader: Reader, tree: Tree): Omit<TriageFile, 'fileName'> | null {
  const { problems } = reader;
  if (tree.kind === 'scalar' && tree.value === null) {
    problems.add(1, 'the file is empty; it must list at least one queue under queues');
    return null;
  }
  const top: Field = { name: 'the file', line: tree.line, value: tree };
  const fields = reader.map(top, { owner: 'the file', keys: ['timezone', 'retention', 'queues'] });
  if (fields === null) return null;
  const zoneField = fields.get('timezone');
  const timezone = (zoneField && readZone(reader, zoneField)) ?? DEFAULT_TIMEZONE;
  const retention = readRetention(reader, fields.get('retention'));
  const list = fields.get('queues');
  if (!list) {
    const isEmpty = tree.kind === 'map' && tree.entries.some(({ key }) => key === 'queues');
    if (!isEmpty) problems.add(tree.line, 'the file has no queues');
    return null;
  }
  const items = reader.list(list, 'queues');
  if (list.value.kind === 'list' && list.value.items.length === 0)
    problems.add(list.line, 'queues is empty: at least one is needed');
  const drafts = (items ?? [])
    .map((item) => readQueue(reader, item, timezone))
    .filter((draft) => draft !== null);
  checkNames(drafts, problems);
  checkDefaults(list, problems);
  checkChannels(drafts, ({ text }) => text.toLowerCase(), problems);
  return { timezone, retention, queues: withDefault(drafts.map(complete).filter((queue) => queue !== null)) };
}

function readZone(reader: Reader, field: Field): string | null {
  const zone = reader.text(field);
  if (zone === null || IANAZone.isValidZone(zone)) return zone;
  const guess = nearest(zone, ['UTC', ...Intl.supportedValuesOf('timeZone')]);
  reader.problems.add(field.line, `timezone: there is no zone ${quote(zone)}${hint(guess)}`);
  return null;
}

function checkNames(drafts: readonly QueueDraft[], problems: ProblemList): void {
  const lines = new Map<string, number>();
  for (const { name, line } of drafts) {
    if (name === null) continue;
    const first = lines.get(name.toLowerCase());
    if (first === undefined) lines.set(name.toLowerCase(), line);
    else problems.add(line, `there is already a queue ${quote(name)} (line ${first})`);
  }
}

/** Read from the tree, since a queue with another mistake may still be the second default. */
function checkDefaults(list: Field, problems: ProblemList): void {
  const queues = list.value.kind === 'list' ? list.value.items : [];
  const defaults = queues
    .flatMap((queue) => (queue.kind === 'map' ? queue.entries : []))
    .filter(({ key, value }) => key === 'default' && value.kind === 'scalar' && value.value === true);
  for (const { line } of defaults.slice(1)) {
    problems.add(line, `there is already a default queue (line ${defaults[0]?.line})`);
  }
}

/** The first queue is the default if none says so. */
function withDefault(queues: readonly QueueSpec[]): readonly QueueSpec[] {
  if (queues.some(({ isDefault }) => isDefault)) return queues;
  return queues.map((queue, index) => (index === 0 ? { ...queue, isDefault: true } : queue));
}

/** One reader a verb: the text after the verb → a command, or what is missing. Nothing may be left over. */
import type { Command, LaterVerb, ListFilter, NotYet, RequestNumber, Verb, Where } from './command-kinds.ts';
import { explain } from './command-verbs.ts';
import { afterWord, numberReadings, takeName, takeNumber, takePerson } from './command-words.ts';
import { priorityOfText } from './emoji.ts';
import { PRIORITIES } from './request.ts';
import { parseWhen, splitWhen } from './when.ts';

/** A sentence for whoever typed the command: what is missing, and an example. */
type Problem = string;
export type Read = Command | NotYet | Problem;
type Reader = (text: string, where: Where) => Read;
type NumberedReader = (n: RequestNumber, text: string, where: Where) => Read;
type NumberOnly = Extract<
  Command,
  { kind: 'show' | 'claim' | 'pass' | 'wait' | 'unhold' | 'reopen' | 'not_request' | 'withdraw' | 'undo' }
>;

const A_TIME = 'a time to come, such as "2h", "friday" or "tomorrow 9am"';

const needs = (verb: Verb, what: string): Problem =>
  `${explain(verb).name} needs ${what}: ${explain(verb).example}`;
const tooMuch = (verb: Verb): Problem => `there is more than this verb takes: ${explain(verb).usage}`;
const notYet = (verb: LaterVerb): NotYet => ({ kind: 'not_yet', verb });

/** A verb about one request. Of several ways to read its number, the first that leaves a whole command counts. */
function numbered(verb: Verb, read: NumberedReader, hasFreeText = false): Reader {
  return (text, where) => {
    const reads = numberReadings(text, where.place, hasFreeText).map(({ word, rest }) =>
      read(word, rest, where),
    );
    return reads.find((one) => typeof one !== 'string') ?? reads[0] ?? needs(verb, 'the number of a request');
  };
}

const numberOnly = (kind: NumberOnly['kind']): Reader =>
  numbered(kind, (n, text) => (text === '' ? { kind, n } : tooMuch(kind)));

const LISTS: ReadonlyMap<string, ListFilter> = new Map(
  (['mine', 'new', 'waiting', 'overdue'] as const).map((filter) => [filter, filter]),
);

function readList(text: string): Read {
  if (text === '') return { kind: 'list', filter: 'default' };
  const filter = LISTS.get(text.toLowerCase());
  if (filter !== undefined) return { kind: 'list', filter };
  const name = takeName(afterWord('queue', text) ?? '');
  return name?.rest === '' ? { kind: 'list', filter: { queue: name.word } } : tooMuch('list');
}

function readNew(text: string, where: Where): Read {
  // In a thread the first message is the request: what a mention adds there is a note to it.
  if (where.place === 'mention_in_thread') return 'a new request cannot be made inside the thread of another';
  if (text !== '') return { kind: 'new', text };
  return where.place === 'slash' ? { kind: 'new', text: null } : needs('new', 'a text');
}

function readDuty(text: string, where: Where): Read {
  if (text === '') return { kind: 'duty', override: null };
  const person = takePerson(text);
  if (person === null) return needs('duty', 'a person');
  const untilAt = parseWhen(afterWord('until', person.rest) ?? '', where.now, where.zone);
  return untilAt === null
    ? needs('duty', `"until" and ${A_TIME}`)
    : { kind: 'duty', override: { user: person.word, untilAt } };
}

const readShow: NumberedReader = (n, text) => {
  if (text.toLowerCase() === 'clocks') return notYet('show clocks');
  return text === '' ? { kind: 'show', n } : tooMuch('show');
};

const readAssign: NumberedReader = (n, text) => {
  const person = takePerson(text);
  return person?.rest === '' ? { kind: 'assign', n, user: person.word } : needs('assign', 'a person');
};

const readPriority: NumberedReader = (n, text) => {
  const emoji = priorityOfText(text);
  const level =
    emoji.rest === '' ? emoji.priority : PRIORITIES.find((priority) => priority === text.toLowerCase());
  return level ? { kind: 'priority', n, level } : needs('priority', `one of ${PRIORITIES.join(', ')}`);
};

const readHold: NumberedReader = (n, text, { now, zone }) => {
  const split = splitWhen(afterWord('until', text) ?? '', now, zone);
  if (split === null) return needs('hold', `"until" and ${A_TIME}`);
  return split.rest === ''
    ? needs('hold', 'a reason')
    : { kind: 'hold', n, untilAt: split.at, reason: split.rest };
};

const readSnooze: NumberedReader = (n, text, { now, zone }) => {
  const untilAt = parseWhen(afterWord('until', text) ?? text, now, zone);
  return untilAt === null ? needs('snooze', A_TIME) : { kind: 'snooze', n, untilAt };
};

const readRemind: NumberedReader = (n, text, { now, zone }) => {
  const dueAt = parseWhen(text, now, zone);
  return dueAt === null ? needs('remind', A_TIME) : { kind: 'remind', n, dueAt };
};

const readDuplicate: NumberedReader = (n, text) => {
  const other = takeNumber(afterWord('of', text) ?? '');
  return other?.rest === ''
    ? { kind: 'duplicate', n, of: other.word }
    : needs('duplicate', '"of" and the number of the other');
};

const readMove: NumberedReader = (n, text) => {
  const queue = takeName(text);
  return queue?.rest === '' ? { kind: 'move', n, queue: queue.word } : needs('move', 'the name of one queue');
};

/** A later verb is refused by name; outside the slash command only if it is whole, for it may be a sentence. */
const later =
  (verb: LaterVerb, isWhole: (text: string, where: Where) => boolean): Reader =>
  (text, where) =>
    where.place === 'slash' || isWhole(text, where) ? notYet(verb) : `${verb} is not in this version`;

const nothing = (text: string): boolean => text === '';

const TABLE: Readonly<Record<Verb | Exclude<LaterVerb, 'show clocks'>, Reader>> = {
  help: (text) => (text === '' ? { kind: 'help' } : tooMuch('help')),
  new: readNew,
  list: readList,
  show: numbered('show', readShow),
  claim: numberOnly('claim'),
  assign: numbered('assign', readAssign),
  pass: numberOnly('pass'),
  priority: numbered('priority', readPriority),
  wait: numberOnly('wait'),
  hold: numbered('hold', readHold, true),
  unhold: numberOnly('unhold'),
  snooze: numbered('snooze', readSnooze),
  remind: numbered('remind', readRemind),
  resolve: numbered('resolve', (n, text) => ({ kind: 'resolve', n, note: text === '' ? null : text }), true),
  reopen: numberOnly('reopen'),
  duplicate: numbered('duplicate', readDuplicate),
  not_request: numberOnly('not_request'),
  decline: numbered(
    'decline',
    (n, reason) => (reason === '' ? needs('decline', 'a reason') : { kind: 'decline', n, reason }),
    true,
  ),
  withdraw: numberOnly('withdraw'),
  move: numbered('move', readMove),
  undo: numberOnly('undo'),
  duty: readDuty,
  status: (text) => (text === '' ? { kind: 'status' } : tooMuch('status')),
  away: later('away', (text, { now, zone }) => parseWhen(afterWord('until', text) ?? '', now, zone) !== null),
  back: later('back', nothing),
  stats: later('stats', (text) => text === '' || /^(?:\S+\s+)?(?:week|month)$/i.test(text)),
  config: later('config', nothing),
};

/** By verb as the table above spells it. A map, so that "constructor" is no verb. */
export const READERS: ReadonlyMap<string, Reader> = new Map(Object.entries(TABLE));

/**
 * The one grammar of `/triage`, `@triage …` and DMs. A text is a command only if it parses completely: in DMs and
 * mentions everything else is a request or a note, so that ordinary sentences must never be taken for commands.
 */
import type { Parsed, Place, Where } from './command-kinds.ts';
import { READERS } from './command-readers.ts';
import { VERBS } from './command-verbs.ts';
import { nearest } from './nearest.ts';

export type {
  Command,
  LaterVerb,
  ListFilter,
  Parsed,
  Person,
  Place,
  RequestNumber,
  Verb,
  Where,
} from './command-kinds.ts';

/** A thread of a DM is conversation, in which these alone, without anything else, are commands. */
const DM_THREAD_VERBS: ReadonlySet<string> = new Set(['resolve', 'reopen', 'withdraw', 'status', 'help']);

const NAMES = VERBS.map(({ name }) => name);

/** White space, and the invisible marks that come along with pasted text. */
const INVISIBLE = /[\s\u200B-\u200F\u2060]/;
/** "@triage: claim #12" */
const AFTER_MENTION = /^[,:]\s+/;
/** A verb alone, or with its number, may end like a sentence ("resolve!"): phones add the full stop. */
const AS_SENTENCE = /^([a-z][\w\p{Pd}]*(?:\s+request)?(?:\s+#?\d+)?)[.!]$/iu;
const FIRST_WORD = /^(?:not[\s_\p{Pd}]+request|\S+)(?!\S)/iu;
const SPELLINGS: ReadonlyMap<string, string> = new Map([['re_open', 'reopen']]);

/**
 * Reads what somebody typed, without the `/triage` or the `@triage` before it. Never throws, and is cheap for a
 * text that does not begin with a verb. An empty text is `help` after a mention or the slash command.
 * `unknown` is the common answer outside the slash command: there the text is a request, a note or conversation.
 */
export function parseCommand(typed: string, where: Where): Parsed {
  const text = withoutTrimmings(typed, where.place);
  if (text === '') return isDm(where.place) ? unknown(null) : { kind: 'command', command: { kind: 'help' } };
  const rest = text.replace(FIRST_WORD, '').trimStart();
  const first = text.slice(0, text.length - rest.length).trimEnd();
  const plain = first.toLowerCase().replace(/[\s_\p{Pd}]+/gu, '_');
  const verb = SPELLINGS.get(plain) ?? plain;
  if (where.place === 'dm_thread' && (rest !== '' || !DM_THREAD_VERBS.has(verb))) return unknown(null);
  const read = READERS.get(verb)?.(rest, where);
  if (read === undefined) return unknown(null, nearestVerb(verb));
  if (typeof read === 'string') return unknown(read);
  return read.kind === 'not_yet' ? read : { kind: 'command', command: read };
}

const isDm = (place: Place): boolean => place === 'dm_top' || place === 'dm_thread';

const unknown = (problem: string | null, nearestName: string | null = null): Parsed => ({
  kind: 'unknown',
  nearest: nearestName,
  problem,
});

function nearestVerb(word: string): string | null {
  return nearest(word.replaceAll('_', '-'), NAMES) ?? null;
}

function withoutTrimmings(typed: string, place: Place): string {
  const text = trim(typed);
  const words = place === 'mention' || place === 'mention_in_thread' ? text.replace(AFTER_MENTION, '') : text;
  // "Help!" is what people in trouble write: outside the slash command it is theirs, not ours.
  if (place !== 'slash' && /^help!$/i.test(words)) return words;
  return words.replace(AS_SENTENCE, '$1');
}

/** A loop, because an expression for the end of a text takes quadratic time in a text full of spaces. */
function trim(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && INVISIBLE.test(text.charAt(start))) start += 1;
  while (end > start && INVISIBLE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

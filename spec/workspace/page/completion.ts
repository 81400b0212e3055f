/** What the composer offers while somebody types: people, channels, commands, emoji. */
import type { State } from '../face/wire.ts';
import { EMOJI_NAMES, emojiOf, meaningOf } from './emoji.ts';

export interface Offer {
  /** What stands in the text once it is chosen. */
  readonly insert: string;
  readonly label: string;
  /** A word or two beside it. */
  readonly about: string;
  /** A sign before it. */
  readonly sign: string;
}

export interface Completion {
  /** Where the word that is being completed begins and ends. */
  readonly from: number;
  readonly to: number;
  readonly title: string;
  readonly offers: readonly Offer[];
}

type Known = Pick<State, 'people' | 'channels' | 'commands'>;

const MOST = 8;
const WORD = /(?:^|[\s(])([@#:][^\s@#:()]*)$/;

/** Null where there is nothing to offer. @param caret where the person types */
export function completionAt(text: string, caret: number, known: Known): Completion | null {
  const before = text.slice(0, caret);
  const command = /^\/[^\s]*$/.exec(before)?.[0];
  if (command !== undefined)
    return offered('Commands', 0, caret, commands(known, command), (each) => each.insert.trim() === command);
  const word = WORD.exec(before)?.[1];
  if (word === undefined) return null;
  const from = caret - word.length;
  const wanted = word.slice(1).toLowerCase();
  switch (word.charAt(0)) {
    case '@':
      return offered('People', from, caret, people(known, wanted), (each) => each.insert === `${word} `);
    case '#':
      return offered('Channels', from, caret, channels(known, wanted), (each) => each.insert === `${word} `);
    default:
      return wanted === '' ? priorities(before, from, caret) : offered('Emoji', from, caret, emoji(wanted));
  }
}

/** The text with an offer taken, and where the caret is then. */
export function taken(
  text: string,
  { from, to }: Completion,
  { insert }: Offer,
): { text: string; caret: number } {
  return {
    text: text.slice(0, from) + insert + text.slice(to).replace(/^ /, ''),
    caret: from + insert.length,
  };
}

function offered(
  title: string,
  from: number,
  to: number,
  offers: readonly Offer[],
  isDone: (offer: Offer) => boolean = () => false,
): Completion | null {
  const shown = offers.slice(0, MOST);
  const [only] = shown;
  if (only === undefined || (shown.length === 1 && isDone(only))) return null;
  return { from, to, title, offers: shown };
}

function commands({ commands: all }: Known, typed: string): readonly Offer[] {
  return all
    .filter(({ command }) => command.startsWith(typed))
    .map(({ command, hint }) => ({ insert: `${command} `, label: command, about: hint, sign: '/' }));
}

function people({ people: all }: Known, wanted: string): readonly Offer[] {
  return all
    .filter(({ id, name, realName }) => id !== 'USLACKBOT' && begins(wanted, name, realName))
    .map(({ name, realName, part, isBot }) => ({
      insert: `@${name} `,
      label: realName,
      about: isBot ? 'app' : part,
      sign: '@',
    }));
}

function channels({ channels: all }: Known, wanted: string): readonly Offer[] {
  return all
    .filter(({ isIm, name }) => !isIm && begins(wanted, name))
    .map(({ name, topic, isPrivate }) => ({
      insert: `#${name} `,
      label: name,
      about: topic,
      sign: isPrivate ? '🔒' : '#',
    }));
}

function emoji(wanted: string): readonly Offer[] {
  const matching = EMOJI_NAMES.filter((name) => name.includes(wanted) || meaningOf(name)?.startsWith(wanted));
  return matching.sort((one, other) => rank(one, wanted) - rank(other, wanted)).map(emojiOffer);
}

function rank(name: string, wanted: string): number {
  if (meaningOf(name)?.startsWith(wanted)) return 0;
  return name.startsWith(wanted) ? 1 : 2;
}

/** A lone colon at the head of a message: the priorities, which belong there. */
function priorities(before: string, from: number, to: number): Completion | null {
  if (before.trim() !== ':') return null;
  const offers = ['red_circle', 'large_orange_circle', 'large_blue_circle', 'white_circle'].map(emojiOffer);
  return { from, to, title: 'Priority of what you ask', offers };
}

function emojiOffer(name: string): Offer {
  const sign = emojiOf(name) ?? '';
  return { insert: `${sign} `, label: `:${name}:`, about: meaningOf(name) ?? '', sign };
}

function begins(wanted: string, ...names: readonly string[]): boolean {
  return names.some(
    (name) =>
      name
        .toLowerCase()
        .split(/[\s.-]/)
        .some((part) => part.startsWith(wanted)) || name.toLowerCase().startsWith(wanted),
  );
}

/** Whether a text is a command rather than a message; null: it is not. */
export function commandOf(
  text: string,
  { commands: all }: Pick<State, 'commands'>,
): { command: string; text: string } | null {
  const [, command = '', rest = ''] = /^(\/[\w-]+)(?:\s+([\s\S]*))?$/.exec(text.trim()) ?? [];
  return all.some((each) => each.command === command) ? { command, text: rest } : null;
}

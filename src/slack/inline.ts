/**
 * Lines of our own in Slack's mrkdwn. Whatever is interpolated is somebody else's text and made inert: it can
 * neither ring, link, format nor start a new line. Only the functions below make real mentions and links.
 *
 *     mrkdwn`${person(owner)} took *#${number}* · ${title}`
 */
import { clamp } from './clamp.ts';
import { escape, rawText } from './mrkdwn.ts';

/** Finished mrkdwn. An object, so that a string can never be taken for it. */
export interface Mrkdwn {
  readonly mrkdwn: string;
}

/** Keeps its neighbours from being read together, and shows nothing. */
const WORD_JOINER = '\u2060';

/** Slack has no escape for these. The twins look alike and mean nothing to it. */
const TWINS: Readonly<Record<string, string>> = { '*': '∗', _: '＿', '~': '∼', '`': 'ˋ' };

/** Puts a line together; strings and numbers in it become inert. */
export function mrkdwn(
  strings: TemplateStringsArray,
  ...values: readonly (Mrkdwn | string | number)[]
): Mrkdwn {
  let result = strings[0] ?? '';
  for (const [index, value] of values.entries()) {
    result += (typeof value === 'object' ? value : raw(String(value))).mrkdwn + (strings[index + 1] ?? '');
  }
  return { mrkdwn: result };
}

/** Somebody's text on one line: escaped, and without anything that Slack would act on. */
export function raw(text: string): Mrkdwn {
  const line = visible(text).replaceAll(/\p{White_Space}+/gu, ' ');
  const calm = line
    // An underscore inside a word formats nothing, and names of programs are full of them.
    .replaceAll(/[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (sign) => TWINS[sign] ?? sign)
    // Mail addresses stay whole; a name after an @ or # that begins a word would be looked up.
    .replaceAll(/(?<![\p{L}\p{N}])[@#](?=[\p{L}\p{N}_])/gu, `$&${WORD_JOINER}`)
    .replace(/^(\s*)>/, `$1${WORD_JOINER}>`);
  return { mrkdwn: escape(rawText(calm)) };
}

/** Without control characters and without marks that turn the direction of what follows. */
export function visible(text: string): string {
  // Line breaks and tabs stay for the caller to deal with.
  return text.toWellFormed().replaceAll(/(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '');
}

/** Somebody's text on one line, still with all of its signs. */
export function oneLine(text: string): string {
  return visible(text)
    .replaceAll(/\p{White_Space}+/gu, ' ')
    .trim();
}

/** A real mention: it rings for this person. */
export function person(id: string): Mrkdwn {
  return /^[UW][A-Z0-9]+$/.test(id) ? { mrkdwn: `<@${id}>` } : raw(id);
}

/** A channel by its name, as the reader may see it. */
export function channel(id: string): Mrkdwn {
  return /^[CGD][A-Z0-9]+$/.test(id) ? { mrkdwn: `<#${id}>` } : raw(id);
}

/** A link of our own; the label alone if the address is not one of the web. */
export function link(url: string, label: string): Mrkdwn {
  const shown = raw(label).mrkdwn.replaceAll('|', '¦');
  if (!URL.canParse(url) || !/^https?:/i.test(url)) return { mrkdwn: shown };
  const address = new URL(url).href
    .replaceAll('&', '&amp;')
    .replaceAll('<', '%3C')
    .replaceAll('>', '%3E')
    .replaceAll('|', '%7C');
  return { mrkdwn: `<${address}|${shown}>` };
}

/** What Slack knows to write in the reader's own zone and language. */
export type DateFormat =
  | '{time}'
  | '{date_short_pretty}'
  | '{date_short_pretty} {time}'
  | '{date_pretty} {time}'
  | '{ago}';

/**
 * A moment in the reader's own zone.
 * @param at epoch ms
 * @param fallback what clients show that cannot; with its zone named
 */
export function date(at: number, format: DateFormat, fallback: string): Mrkdwn {
  const shown = raw(fallback).mrkdwn.replaceAll('|', '¦').replaceAll('^', '');
  return { mrkdwn: `<!date^${Math.floor(at / 1000)}^${format}|${shown}>` };
}

/** Pieces with a separator between them, empty ones left out. */
export function join(pieces: readonly Mrkdwn[], separator = ' · '): Mrkdwn {
  return { mrkdwn: pieces.flatMap((piece) => (piece.mrkdwn === '' ? [] : [piece.mrkdwn])).join(separator) };
}

/** Pieces, each on a line of its own. */
export function lines(...pieces: readonly Mrkdwn[]): Mrkdwn {
  return join(pieces, '\n');
}

/** At most `max` units, with no token and no entity cut in two. */
export function clampMrkdwn(piece: Mrkdwn, max: number): string {
  const text = piece.mrkdwn;
  if (text.length <= max) return text;
  const cut = clamp(text, max).slice(0, -1);
  // In finished mrkdwn `<` only opens a token and `&` only an entity: what is open at the end was cut.
  return `${cut.replace(/<[^<>]*$/, '').replace(/&[a-z]{0,3}$/, '')}…`;
}

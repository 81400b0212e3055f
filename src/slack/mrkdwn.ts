/**
 * Text in Slack has two forms that must never be mixed up: *escaped*, as events carry it (`&amp; &lt; &gt;` and
 * `<…>` tokens), and *raw*, as a person typed or would read it. Escaping twice shows `&amp;amp;`; not escaping
 * lets a quoted `<!channel>` ring for everybody again.
 */
import type { EscapedText, RawText } from './event.ts';

/** Says that a string from Slack's events is escaped. For the edges only. */
export function escapedText(value: string): EscapedText {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a brand can be given by assertion only
  return value as EscapedText;
}

/** Says that a string is what a person typed or reads. For the edges only. */
export function rawText(value: string): RawText {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a brand can be given by assertion only
  return value as RawText;
}

/** What is called how; null for who or what is not known, which then shows its label or its id. */
export interface Names {
  person(id: string): string | null;
  channel(id: string): string | null;
}

/** Only `& < >` are escaped in Slack; other entities would be shown as typed. */
export function escape(text: RawText): EscapedText {
  return escapedText(text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
}

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** In one pass, so that `&amp;lt;` becomes `&lt;` and no more. */
function unescape(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity] ?? entity);
}

const TOKEN = /<([^<>]+)>/g;

/**
 * Escaped text as a person reads it: mentions by name, links as `label (url)`, the rest unescaped. The result is
 * for showing; whoever puts it into a message quotes it (`mrkdwn` or `quote`), which keeps it from ringing.
 */
export function plain(text: EscapedText, names: Names): RawText {
  let result = '';
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    result += unescape(text.slice(end, match.index)) + readToken(match[1] ?? '', names);
    end = match.index + match[0].length;
  }
  return rawText(result + unescape(text.slice(end)));
}

function readToken(token: string, names: Names): string {
  const bar = token.indexOf('|');
  const target = bar === -1 ? token : token.slice(0, bar);
  const label = bar === -1 ? '' : unescape(token.slice(bar + 1));
  const rest = target.slice(1);
  switch (target.slice(0, 1)) {
    case '@':
      return `@${names.person(rest) ?? (withoutSign(label, '@') || rest)}`;
    case '#':
      return `#${names.channel(rest) ?? (withoutSign(label, '#') || rest)}`;
    case '!':
      return readSpecial(rest, label);
    default:
      return readLink(unescape(target), label);
  }
}

function readSpecial(command: string, label: string): string {
  const name = command.split('^')[0] ?? '';
  if (name === 'date') return label;
  if (name === 'subteam') return `@${withoutSign(label, '@') || 'group'}`;
  return `@${name}`;
}

function readLink(url: string, label: string): string {
  const address = url.replace(/^(?:mailto|tel):/, '');
  if (
    label === '' ||
    label === url ||
    label === address ||
    `http://${label}` === url ||
    `https://${label}` === url
  ) {
    return label === '' ? address : label;
  }
  return `${label} (${address})`;
}

function withoutSign(label: string, sign: string): string {
  return label.startsWith(sign) ? label.slice(sign.length) : label;
}

/** The people and channels that a text names, so that their names can be fetched before `plain`. */
export function mentioned(text: EscapedText): { people: readonly string[]; channels: readonly string[] } {
  const people = [...text.matchAll(/<@(\w+)(?:\|[^<>]*)?>/g)].flatMap((match) => match[1] ?? []);
  const channels = [...text.matchAll(/<#(\w+)(?:\|[^<>]*)?>/g)].flatMap((match) => match[1] ?? []);
  return { people: [...new Set(people)], channels: [...new Set(channels)] };
}

/** Whether the text mentions this person (or the bot). */
export function mentionsUser(text: EscapedText, id: string): boolean {
  return mentioned(text).people.includes(id);
}

/** The text without its mentions of `id`, with what is left put together and trimmed: what a command is read from. */
export function withoutMention(text: EscapedText, id: string): EscapedText {
  const left: string[] = [];
  let end = 0;
  for (const match of text.matchAll(/<@(\w+)(?:\|[^<>]*)?>[:,]?[ \t]*/g)) {
    if (match[1] !== id) continue;
    left.push(withoutBlanksAtEnd(text.slice(end, match.index)));
    end = match.index + match[0].length;
  }
  return escapedText([...left, text.slice(end)].join(' ').trim());
}

/** A loop, because an expression for the end of a text takes quadratic time in a text full of blanks. */
function withoutBlanksAtEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end -= 1;
  return text.slice(0, end);
}

/** Whether a line of the text begins with a lock (🔒 or `:lock:`): it is for the responders alone. */
export function startsWithLock(text: EscapedText): boolean {
  // Without the ends of lines, at each of which it would look through all the blank lines that follow.
  return /^(?:(?![\n\r\u2028\u2029])[\p{White_Space}\p{Cf}])*(?:🔒|:lock:)/mu.test(text);
}

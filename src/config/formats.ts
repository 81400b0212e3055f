/**
 * How the text of a variable becomes its value. Each throws an Error whose message says what is wrong, never what
 * was given where that may be a secret: tokens, passwords, and URLs, which may hold passwords.
 */
import { DURATION_FORMS, parseDuration, suggestDuration } from '../domain/duration.ts';
import { nearest } from '../domain/nearest.ts';
import { hint, quote } from './problems.ts';

type Format<T> = (text: string) => T;

/** What was given, unless it could be a secret that landed in the wrong variable. */
const shown = (text: string): string =>
  text.length <= 30 && !/xox|xapp|[:@]\S*[:@]/i.test(text) ? quote(text) : 'what was given';

const TOKEN_KINDS: readonly (readonly [RegExp, string])[] = [
  [/^xapp-/, 'an app-level token (xapp-…), which belongs in SLACK_APP_TOKEN'],
  [/^xoxb-/, 'a bot token (xoxb-…), which belongs in SLACK_BOT_TOKEN'],
  [/^xoxp-/, 'a user token (xoxp-…), which is not used'],
  [/^xoxe[.-]/, 'a rotating token (xoxe…): switch token rotation off in the Slack app'],
  [/^["']/, 'in quotes: write it without them'],
];

/** A Slack token that begins with `prefix`. */
export function token(prefix: 'xapp-' | 'xoxb-', whereToFind: string): Format<string> {
  return (text) => {
    if (text.startsWith(prefix) && /^[\w-]+$/.test(text.slice(prefix.length))) return text;
    const wanted = `wanted is ${prefix}… (${whereToFind})`;
    const kind = TOKEN_KINDS.find(([pattern]) => pattern.test(text))?.[1];
    if (text.startsWith(prefix) || kind === undefined) throw new Error(`not a whole token; ${wanted}`);
    throw new Error(`this is ${kind}; ${wanted}`);
  };
}

/** A URL with one of the `schemes`. */
export function url(schemes: readonly string[], example: string): Format<string> {
  return (text) => {
    if (!URL.canParse(text)) {
      const quoted = /^["']/.test(text) ? '; write it without quotes' : '';
      throw new Error(
        `not a URL like ${example} (special characters of a password are written %XX)${quoted}`,
      );
    }
    if (!schemes.includes(new URL(text).protocol.slice(0, -1))) {
      throw new Error(
        `must begin with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}, like ${example}`,
      );
    }
    return text;
  };
}

/** The base URL of Slack's Web API, with its slash at the end. */
export const apiUrl: Format<string> = (text) => {
  const checked = url(['https', 'http'], 'https://slack.com/api/')(text);
  return checked.endsWith('/') ? checked : `${checked}/`;
};

export function integer(least: number, most: number): Format<number> {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new Error(`must be a whole number from ${least} to ${most}, not ${shown(text)}`);
  };
}

/** Milliseconds of a duration of plain time; `0` needs no unit. */
export const durationMs: Format<number> = (text) => {
  if (text === '0') return 0;
  const duration = parseDuration(text);
  if (duration !== null && !duration.isBusinessDays) return duration.ms;
  const guess = /^\d+$/.test(text) ? `${text}s` : suggestDuration(text);
  const forms = DURATION_FORMS.replace(/, \d+bd$/, '');
  throw new Error(`must be 0 or a duration like ${forms}, not ${shown(text)}${hint(guess)}`);
};

export function choice<T extends string>(choices: readonly T[]): Format<T> {
  return (text) => {
    const found = choices.find((name) => name === text);
    if (found !== undefined) return found;
    throw new Error(`must be ${choices.join(' or ')}, not ${shown(text)}${hint(nearest(text, choices))}`);
  };
}

/** A host name or an address, without a port. */
export const host: Format<string> = (text) => {
  if (/^[\w.-]+$|^[\da-f:.]*:[\da-f:.]*:[\da-f:.]*$/i.test(text)) return text;
  throw new Error(`must be a host name or an address without a port, not ${shown(text)}`);
};

export const path: Format<string> = (text) => {
  if (!text.includes('\0')) return text;
  throw new Error('not a path');
};

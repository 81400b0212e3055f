import { ConfigError } from '../errors.ts';

/** Longer than any problem of a file that was written by hand. */
const LONGEST = 400;

/** A problem or warning of a file as an operator reads it, on one line whatever the file holds: `config/triage.yaml:12: …`. */
export function atLine(fileName: string, line: number, text: string): string {
  const shown = text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, asEscape);
  return `${fileName}:${line}: ${shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown}`;
}

function asEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** `"it"`: text of the file inside a problem. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** ` (did you mean "ladder"?)`, or nothing when there is no good guess. */
export function hint(guess: string | undefined): string {
  return guess === undefined ? '' : ` (did you mean ${quote(guess)}?)`;
}

/** Collects what is wrong with one file, so that an operator sees all of it in one run, in the file's order. */
export class ProblemList {
  readonly #fileName: string;
  readonly #problems: { readonly line: number; readonly text: string }[] = [];

  constructor(fileName: string) {
    this.#fileName = fileName;
  }

  add(line: number, text: string): void {
    this.#problems.push({ line, text });
  }

  /** Throws a ConfigError with one line a problem, if there is any. */
  raise(): void {
    if (this.#problems.length === 0) return;
    const inOrder = this.#problems.toSorted((a, b) => a.line - b.line);
    throw new ConfigError([...new Set(inOrder.map(({ line, text }) => atLine(this.#fileName, line, text)))]);
  }
}

/** What the guide knows of a show survives a reload of the page; another show begins with nothing. */
import type { StepId } from './guide-steps.ts';

const KEY = 'triage.guide';

interface Kept {
  readonly show: number;
  readonly flags: readonly string[];
  readonly done: readonly StepId[];
}

export function flagsOf(show: number): readonly string[] {
  return read(show).flags;
}

export function doneOf(show: number): readonly StepId[] {
  return read(show).done;
}

export function keepFlags(show: number, flags: ReadonlySet<string>): void {
  keep({ ...read(show), flags: [...flags] });
}

export function keepDone(show: number, done: ReadonlySet<StepId>): void {
  keep({ ...read(show), done: [...done] });
}

function read(show: number): Kept {
  const nothing: Kept = { show, flags: [], done: [] };
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Kept | null;
    return kept?.show === show ? { ...nothing, ...kept } : nothing;
  } catch {
    return nothing;
  }
}

function keep(kept: Kept): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing begins the guide anew, and all else works.
  }
}

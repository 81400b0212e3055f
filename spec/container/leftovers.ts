/**
 * What the specs make on the machine has their process's number in its name, so that what a killed run has left can be
 * told from what belongs to another one, and removed.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker, dockerOutcome, isAlive } from './engine.ts';

/** Of what is on the engine, and of folders: other specs have a prefix of their own for theirs. */
const OURS = /^triage-(?:spec|container)-(\d+)-/;
const FOLDER = /^triage-container-/;
let made = 0;

/** A name for a Compose project, a container or a network: `triage-spec-PID-N`. */
export const newName = (): string => `triage-spec-${process.pid}-${(made += 1)}`;

/** A new folder in the place for temporary files. */
export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), `triage-container-${process.pid}-`));

/** Removes the containers, networks, volumes and folders of all runs whose process has ended, and of `alsoOf`. */
export async function clearLeftovers(alsoOf?: number): Promise<void> {
  await clear((name) => isLeft(name, alsoOf));
  clearFolders(alsoOf);
}

/** The folders alone, at once. */
export function clearFolders(alsoOf?: number): void {
  for (const name of readdirSync(tmpdir()))
    if (FOLDER.test(name) && isLeft(name, alsoOf))
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
}

function isLeft(name: string, alsoOf?: number): boolean {
  const pid = Number(OURS.exec(name)?.[1]);
  return pid > 0 && (pid === alsoOf || !isAlive(pid));
}

/** Removes what a Compose project has made, running or not. */
export const clearProject = (project: string): Promise<void> =>
  clear((name) => name === project || name.startsWith(`${project}-`) || name.startsWith(`${project}_`));

async function clear(isMeant: (name: string) => boolean): Promise<void> {
  const kinds: readonly (readonly [list: readonly string[], remove: readonly string[]])[] = [
    [
      ['ps', '--all', '--format', '{{.Names}}'],
      ['rm', '--force', '--volumes'],
    ],
    [
      ['network', 'ls', '--format', '{{.Name}}'],
      ['network', 'rm'],
    ],
    [
      ['volume', 'ls', '--format', '{{.Name}}'],
      ['volume', 'rm', '--force'],
    ],
  ];
  for (const [list, remove] of kinds) {
    const names = (await docker(...list)).split('\n').filter(isMeant);
    if (names.length > 0) await dockerOutcome([...remove, ...names]);
  }
}

/** Ends every process that this one has started and that has not gone its own way: what they make could not be cleared. */
export function endDescendants(pid = process.pid): void {
  for (const child of childrenOf(pid)) {
    endDescendants(child);
    try {
      process.kill(child, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

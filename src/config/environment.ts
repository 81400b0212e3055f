/** The environment before it is validated: secrets from files, and names that are nearly ours. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { nearest } from '../domain/nearest.ts';
import { ConfigError } from '../errors.ts';
import { ALL_VARIABLES, hasFile } from './variables.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The process's environment over what the file `.env` in `cwd` says, if there is one. Not Node's own `--env-file`: that one
 * remarks on a missing file at every start.
 * @throws ConfigError for a file that is there and cannot be read
 */
export function environmentOf(cwd: string, env: Environment = process.env): Environment {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, '.env'), 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    if (code === 'ENOENT') return env;
    throw new ConfigError([`.env: cannot read that file (${code})`], { cause });
  }
  return { ...parseEnv(text), ...env };
}

export interface Sources {
  /** Variables that have a value, whether it was given outright or in a file. */
  readonly values: ReadonlyMap<string, string>;
  /** Under which name the value of a variable was given, for problems. */
  readonly givenAs: ReadonlyMap<string, string>;
  /** What is wrong with a variable's source, by variable; it has no value then. */
  readonly problems: ReadonlyMap<string, string>;
}

/**
 * Values of all known variables. An empty variable counts as absent, since Compose passes an unset one so; space
 * around a value is cut off. Paths of files are relative to `cwd`.
 */
export function readSources(env: Environment, cwd: string): Sources {
  const values = new Map<string, string>();
  const givenAs = new Map<string, string>();
  const problems = new Map<string, string>();
  for (const [name, variable] of ALL_VARIABLES) {
    const fileVariable = `${name}_FILE`;
    const direct = env[name]?.trim() ?? '';
    const file = hasFile(variable) ? (env[fileVariable]?.trim() ?? '') : '';
    if (direct !== '') values.set(name, direct);
    if (file === '') continue;
    givenAs.set(name, fileVariable);
    if (direct !== '') {
      values.delete(name);
      problems.set(name, `${fileVariable}: ${name} is given too; only one of them may be`);
      continue;
    }
    const found = readSecret(resolve(cwd, file));
    if (found.problem === null) values.set(name, found.secret);
    else problems.set(name, `${fileVariable}: ${found.problem}`);
  }
  return { values, givenAs, problems };
}

type Secret = { readonly problem: null; readonly secret: string } | { readonly problem: string };

/** Its path is not named in the problem: somebody may have put the secret itself there. */
function readSecret(path: string): Secret {
  let secret: string;
  try {
    secret = readFileSync(path, 'utf8').trim();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return { problem: code === 'ENOENT' ? 'there is no such file' : `cannot read that file (${code})` };
  }
  return secret === '' ? { problem: 'that file is empty' } : { problem: null, secret };
}

export interface UnknownVariable {
  readonly name: string;
  readonly meant: string | undefined;
}

/** Set variables that are not ours but look so: by their beginning, or by at most two slips in a whole name. */
export function findUnknown(env: Environment): readonly UnknownVariable[] {
  const known = ALL_VARIABLES.flatMap(([name, variable]) =>
    hasFile(variable) ? [name, `${name}_FILE`] : [name],
  );
  const names = Object.keys(env).filter((name) => !known.includes(name) && (env[name] ?? '') !== '');
  return names.sort().flatMap((name) => {
    const isOurs = /^(SLACK|HEALTH|TRIAGE)_/i.test(name);
    const meant = isOurs ? nearest(name, known) : nearest(name, known, 2);
    return isOurs || meant !== undefined ? [{ name, meant }] : [];
  });
}

/** Settings of one daemon: read once from the environment, checked as a whole, frozen, handed down in slices. */
import { resolve } from 'node:path';
import convict from 'convict';
import {
  type Environment,
  environmentOf,
  findUnknown,
  readSources,
  type Sources,
  type UnknownVariable,
} from './config/environment.ts';
import { hint } from './config/problems.ts';
import { ALL_VARIABLES, hasFile, VARIABLES, type VariableName } from './config/variables.ts';
import { ConfigError } from './errors.ts';

type Value<Name extends VariableName> = ReturnType<(typeof VARIABLES)[Name]['read']>;

export interface Config {
  readonly slack: {
    readonly appToken: string;
    readonly botToken: string;
    /** Ends with a slash. */
    readonly apiUrl: string;
    /** Least time between two posts in one channel. */
    readonly postIntervalMs: number;
    /** How many sockets are held at once. */
    readonly socketConnections: number;
  };
  readonly database: {
    /** Null: an embedded server with its data in `dataDir`. */
    readonly url: string | null;
    /** Absolute. */
    readonly dataDir: string;
  };
  /** Null: in-process. */
  readonly redisUrl: string | null;
  /** Port 0 means any free one. */
  readonly health: { readonly host: string; readonly port: number };
  readonly log: { readonly level: Value<'LOG_LEVEL'>; readonly format: Value<'LOG_FORMAT'> };
  /** `path` is absolute, `name` as given, for problems. */
  readonly triageFile: { readonly path: string; readonly name: string };
  readonly shutdownGraceSeconds: number;
  /** A line each, for the log: variables that are probably misspelt, and settings that are unwise. */
  readonly warnings: readonly string[];
}

/**
 * The configuration of `env` (by default the process's, with `.env`); relative paths start at `cwd`. Throws a ConfigError with one line for each problem,
 * in the order of the list of variables, each naming its variable and never a secret.
 */
export function loadConfig(env?: Environment, cwd: string = process.cwd()): Config {
  const given = env ?? environmentOf(cwd);
  const sources = readSources(given, cwd);
  const unknown = findUnknown(given);
  const values = validate(sources, unknown);
  const get = <T>(name: VariableName, read: (text: string) => T): T | null => {
    const text = values[name] ?? null;
    return text === null ? null : read(text);
  };
  const must = <T>(name: VariableName, read: (text: string) => T): T => {
    const value = get(name, read);
    if (value === null) throw new ConfigError([`${name}: not set`]);
    return value;
  };
  const { SLACK_APP_TOKEN, SLACK_BOT_TOKEN, SLACK_API_URL, SLACK_POST_INTERVAL, SOCKET_CONNECTIONS } =
    VARIABLES;
  const apiUrl = must('SLACK_API_URL', SLACK_API_URL.read);
  return deepFreeze({
    slack: {
      appToken: must('SLACK_APP_TOKEN', SLACK_APP_TOKEN.read),
      botToken: must('SLACK_BOT_TOKEN', SLACK_BOT_TOKEN.read),
      apiUrl,
      postIntervalMs: must('SLACK_POST_INTERVAL', SLACK_POST_INTERVAL.read),
      socketConnections: must('SOCKET_CONNECTIONS', SOCKET_CONNECTIONS.read),
    },
    database: {
      url: get('DATABASE_URL', VARIABLES.DATABASE_URL.read),
      dataDir: resolve(cwd, must('DATA_DIR', VARIABLES.DATA_DIR.read)),
    },
    redisUrl: get('REDIS_URL', VARIABLES.REDIS_URL.read),
    health: {
      host: must('HEALTH_HOST', VARIABLES.HEALTH_HOST.read),
      port: must('HEALTH_PORT', VARIABLES.HEALTH_PORT.read),
    },
    log: {
      level: must('LOG_LEVEL', VARIABLES.LOG_LEVEL.read),
      format: must('LOG_FORMAT', VARIABLES.LOG_FORMAT.read),
    },
    triageFile: triageFileOf(given, cwd),
    shutdownGraceSeconds: must('SHUTDOWN_GRACE_SECONDS', VARIABLES.SHUTDOWN_GRACE_SECONDS.read),
    warnings: [
      ...unknown.map(({ name, meant }) => `${name}: not a variable of TrIAge${hint(meant)}`),
      ...warnOfPlainHttp(apiUrl),
    ],
  });
}

/** Where the YAML is, also when another variable is wrong, so that an operator hears of both at once. */
export function triageFileOf(env?: Environment, cwd: string = process.cwd()): Config['triageFile'] {
  const name =
    readSources(env ?? environmentOf(cwd), cwd).values.get('TRIAGE_CONFIG') ??
    VARIABLES.TRIAGE_CONFIG.default;
  return { path: resolve(cwd, name), name };
}

/** Texts by variable once all are valid. */
function validate(
  sources: Sources,
  unknown: readonly UnknownVariable[],
): Readonly<Record<string, string | null>> {
  const schema: convict.Schema<Record<string, string | null>> = Object.fromEntries(
    ALL_VARIABLES.map(([name, variable]) => {
      const format = (text: string | null): void => {
        if (text !== null) variable.read(text);
        else if (variable.needed !== undefined)
          throw new Error(`not set${misspelt(name, unknown)}: ${variable.needed}`);
      };
      // All of them count as sensitive, since convict would add the value to its message otherwise. Their defaults
      // are texts: convict coerces by the default's type, and would read the port "30x" as 30.
      return [name, { doc: variable.doc, env: name, default: variable.default, format, sensitive: true }];
    }),
  );
  // No setting is a command-line argument; without `args` convict would still parse the process's.
  const settings = convict(schema, { env: Object.fromEntries(sources.values), args: [] });
  const problems = new Map(sources.problems);
  for (const line of invalid(settings)) {
    const name = line.slice(0, line.indexOf(':'));
    if (!problems.has(name))
      problems.set(name, (sources.givenAs.get(name) ?? name) + line.slice(name.length));
  }
  if (problems.size > 0) throw new ConfigError(ALL_VARIABLES.flatMap(([name]) => problems.get(name) ?? []));
  return settings.getProperties();
}

/** Convict's complaints: one text, a line each, `NAME: what is wrong`. */
function invalid(settings: convict.Config<Record<string, string | null>>): readonly string[] {
  try {
    settings.validate({ allowed: 'strict' });
    return [];
  } catch (error) {
    return error instanceof Error ? error.message.split('\n') : [];
  }
}

/** Whether a compulsory variable seems to be there under a wrong name. */
function misspelt(name: string, unknown: readonly UnknownVariable[]): string {
  const found = unknown.find(({ meant }) => meant === name || meant === `${name}_FILE`);
  return found ? ` (but ${found.name} is)` : '';
}

function warnOfPlainHttp(apiUrl: string): readonly string[] {
  const { protocol, hostname } = new URL(apiUrl);
  const isLocal = /^(localhost|127\..*|\[::1\])$/.test(hostname);
  return protocol === 'http:' && !isLocal ? ['SLACK_API_URL: http:// sends the tokens unencrypted'] : [];
}

/** README's table of variables, in Markdown. */
export function configTable(): string {
  const rows = ALL_VARIABLES.map(([name, variable]) => {
    const names = hasFile(variable) ? `\`${name}\` or \`${name}_FILE\`` : `\`${name}\``;
    return `| ${names} | ${variable.default === null ? '' : `\`${variable.default}\``} | ${variable.doc} |`;
  });
  return ['| variable | default | what it is |', '|---|---|---|', ...rows].join('\n');
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  }
  return Object.freeze(value);
}

/** The one list of TrIAge's environment variables. README's table and `.env.example` are checked against it. */
import { apiUrl, choice, durationMs, host, integer, path, token, url } from './formats.ts';

/** One variable, as an entry of the convict schema. */
export interface Variable<T> {
  readonly doc: string;
  /** As text, just as the environment would give it; null: none. */
  readonly default: string | null;
  /** What to say when it is absent and must not be; without it, absence is fine. */
  readonly needed?: string;
  /** Whether its value may come from a file that `…_FILE` names. */
  readonly hasFile?: true;
  readonly read: (text: string) => T;
}

const APP_TOKEN_PAGE = 'Basic Information → App-Level Tokens of the Slack app';
const BOT_TOKEN_PAGE = 'OAuth & Permissions of the Slack app, once it is installed';
const LEVELS = ['error', 'warn', 'info', 'debug'] as const;
const FORMATS = ['json', 'text'] as const;

export const VARIABLES = {
  SLACK_APP_TOKEN: {
    doc: 'App-level token (`xapp-…`) with the scope `connections:write`; compulsory',
    default: null,
    needed: `the app-level token, xapp-…, from ${APP_TOKEN_PAGE}`,
    hasFile: true,
    read: token('xapp-', APP_TOKEN_PAGE),
  },
  SLACK_BOT_TOKEN: {
    doc: 'Bot token (`xoxb-…`) of the installed app; compulsory',
    default: null,
    needed: `the bot token, xoxb-…, from ${BOT_TOKEN_PAGE}`,
    hasFile: true,
    read: token('xoxb-', BOT_TOKEN_PAGE),
  },
  DATABASE_URL: {
    doc: 'PostgreSQL, `postgres://user:password@host:5432/database`; absent: an embedded one with its data in `DATA_DIR`',
    default: null,
    hasFile: true,
    read: url(['postgres', 'postgresql'], 'postgres://user:password@host:5432/database'),
  },
  REDIS_URL: {
    doc: 'Redis, `redis://host:6379`, to share pacing and caches between daemons; absent: in-process',
    default: null,
    hasFile: true,
    read: url(['redis', 'rediss'], 'redis://:password@host:6379'),
  },
  DATA_DIR: { doc: 'Data of the embedded PostgreSQL', default: './data', read: path },
  SLACK_API_URL: {
    doc: 'Base URL of Slack’s Web API; another one for tests and proxies',
    default: 'https://slack.com/api/',
    read: apiUrl,
  },
  SLACK_POST_INTERVAL: {
    doc: 'Least time between two posts in one channel, a duration; `0`: no pacing',
    default: '1s',
    read: durationMs,
  },
  HEALTH_HOST: {
    doc: 'Address of the health listener; the container image sets `0.0.0.0`',
    default: '127.0.0.1',
    read: host,
  },
  HEALTH_PORT: {
    doc: 'Port of the health listener; `0`: any free one',
    default: '3000',
    read: integer(0, 65535),
  },
  LOG_LEVEL: {
    doc: 'The least that is logged: `error`, `warn`, `info` or `debug`',
    default: 'info',
    read: choice(LEVELS),
  },
  LOG_FORMAT: { doc: 'Log lines as `json` or as readable `text`', default: 'json', read: choice(FORMATS) },
  TRIAGE_CONFIG: { doc: 'File with the queues and people (YAML)', default: 'config/triage.yaml', read: path },
  SHUTDOWN_GRACE_SECONDS: {
    doc: 'How long a stopping daemon may take to finish what it has begun',
    default: '10',
    read: integer(1, 3600),
  },
  SOCKET_CONNECTIONS: {
    doc: 'Socket Mode connections held at once, 1 to 10; with two, none of Slack’s refreshes is felt',
    default: '2',
    read: integer(1, 10),
  },
} as const satisfies Record<string, Variable<unknown>>;

export type VariableName = keyof typeof VARIABLES;

/** Whether it may also come as `…_FILE`. */
export const hasFile = (variable: Variable<unknown>): boolean => variable.hasFile === true;

/** Variables in the order of the list, loosely typed for walks over all of them. */
export const ALL_VARIABLES: readonly (readonly [string, Variable<unknown>])[] = Object.entries(VARIABLES);

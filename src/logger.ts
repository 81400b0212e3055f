/** The log: one line a record, as JSON or as text, by winston, with every secret cut out. */
import winston from 'winston';
import { type Clock, systemClock } from './clock.ts';
import { type Plain, toPlainFields } from './logger/plain.ts';
import { redactText } from './logger/redact.ts';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const LOG_FORMATS = ['json', 'text'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** What every line of one event, request, job or service carries. */
export type LogScope = Readonly<Record<string, unknown>>;

/**
 * A logger is given, already scoped. Messages of warn and error are constant strings, what varies is in `meta`.
 * Message texts of people do not belong in either. No method ever throws.
 */
export interface Logger {
  debug(message: string, meta?: LogScope): void;
  info(message: string, meta?: LogScope): void;
  warn(message: string, meta?: LogScope): void;
  error(message: string, meta?: LogScope): void;
  /** A logger whose lines also carry `scope`, over what this one's carry. */
  child(scope: LogScope): Logger;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Where the lines go; standard output if absent. */
  readonly stream?: NodeJS.WritableStream;
  readonly clock?: Clock;
}

/** Errors in `meta` are written with name, message, code and causes; with their stack only at level debug. */
export function createLogger(options: LoggerOptions): Logger {
  const { level, format, stream = process.stdout, clock = systemClock } = options;
  const sink = winston.createLogger({
    level,
    levels: Object.fromEntries(LOG_LEVELS.map((name, rank) => [name, rank])),
    format: winston.format.printf((info) => String(info.message)),
    transports: [new winston.transports.Stream({ stream })],
    exitOnError: false,
  });
  // A log that cannot be written (a closed pipe) has nowhere to say so, and must not end the process.
  sink.on('error', () => {});
  stream.on('error', () => {});
  const toLine = format === 'json' ? jsonLine : textLine;

  const withStack = level === 'debug';

  const scoped = (scope: Fields): Logger => {
    const write = (lineLevel: LogLevel, message: string, meta: LogScope = {}): void => {
      if (!sink.isLevelEnabled(lineLevel)) return;
      try {
        const time = new Date(clock.now()).toISOString();
        const fields = merge(scope, toPlainFields(meta, { withStack }));
        sink.log({ level: lineLevel, message: toLine(time, lineLevel, redactText(message), fields) });
      } catch {
        // Whatever is wrong with the line or the stream: the work that wanted to log goes on.
      }
    };
    return {
      debug: (message, meta) => write('debug', message, meta),
      info: (message, meta) => write('info', message, meta),
      warn: (message, meta) => write('warn', message, meta),
      error: (message, meta) => write('error', message, meta),
      child: (more) => scoped(merge(scope, toPlainFields(more, { withStack }))),
    };
  };
  return scoped([]);
}

type Fields = readonly (readonly [string, Plain])[];

const RESERVED: ReadonlySet<string> = new Set(['time', 'level', 'message']);

/** Later fields win. The line's own fields keep their names; one of the same name gets an underscore before it. */
function merge(scope: Fields, more: Fields): Fields {
  const renamed = more.map(([name, value]) => [RESERVED.has(name) ? `_${name}` : name, value] as const);
  return [...new Map([...scope, ...renamed])];
}

function jsonLine(time: string, level: LogLevel, message: string, fields: Fields): string {
  return JSON.stringify({ time, level, message, ...Object.fromEntries(fields) });
}

function textLine(time: string, level: LogLevel, message: string, fields: Fields): string {
  const rest = fields.map(([name, value]) => `${asWord(name)}=${asWord(value)}`);
  return [time, level.padEnd(5), asOneLine(message), ...rest].join(' ');
}

const asWord = (value: Plain): string =>
  typeof value === 'string' && /^[\w.:/@#+-]+$/.test(value) ? value : asOneLine(JSON.stringify(value));

/** Line ends and terminal escapes in a value must not forge a second line. */
const asOneLine = (text: string): string =>
  text.replaceAll(
    /[\p{Cc}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

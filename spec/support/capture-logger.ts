import type { Logger, LogLevel, LogScope } from '../../src/logger.ts';

export interface CapturedLine {
  readonly level: LogLevel;
  readonly message: string;
  /** The scopes of the child loggers, and the line's own fields over them. */
  readonly meta: LogScope;
}

/** A logger that only remembers; its children write into the same `lines`. */
export function captureLogger(): Logger & { readonly lines: CapturedLine[] } {
  const lines: CapturedLine[] = [];
  return { lines, ...scoped(lines, {}) };
}

function scoped(lines: CapturedLine[], scope: LogScope): Logger {
  const write = (level: LogLevel) => (message: string, meta?: LogScope) => {
    lines.push({ level, message, meta: { ...scope, ...meta } });
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (inner) => scoped(lines, { ...scope, ...inner }),
  };
}

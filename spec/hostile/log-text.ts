import { Writable } from 'node:stream';
import { createLogger } from '../../src/logger.ts';
import type { CapturedLine } from '../support/capture-logger.ts';

/** What the captured lines look like in the real log at its most talkative. */
export function logText(lines: readonly CapturedLine[]): string {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk: unknown, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  const logger = createLogger({ level: 'debug', format: 'json', stream });
  for (const { level, message, meta } of lines) logger[level](message, meta);
  return written.join('');
}

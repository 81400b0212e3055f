import type { WebClientOptions } from '@slack/web-api';
import { LogLevel } from '@slack/web-api';
import type { Logger } from '../logger.ts';

/** A whole HTML page can come as an error's text. */
const LONGEST = 200;

/**
 * The SDK's own lines, one level down and cut: what matters of them is an error that we classify and log
 * ourselves. Its debug lines carry whole payloads, and go nowhere.
 */
export function createSdkLogger(logger: Logger): NonNullable<WebClientOptions['logger']> {
  const say = (...parts: readonly unknown[]): void => {
    const line = parts
      .map(String)
      .join(' ')
      .replaceAll(/\bhttps?:\/\/\S+/g, '<url>');
    logger.debug('Slack client', { text: line.slice(0, LONGEST) });
  };
  return {
    debug: () => {},
    info: () => {},
    warn: say,
    error: say,
    setLevel: () => {},
    setName: () => {},
    getLevel: () => LogLevel.WARN,
  };
}

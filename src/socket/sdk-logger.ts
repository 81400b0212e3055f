import { LogLevel, type Logger as SdkLogger } from '@slack/socket-mode';
import type { Logger } from '../logger.ts';

/** An HTML page can come as an error's text. */
const LONGEST = 200;

/**
 * The SDK's own log lines, one level down and cut: what matters of them we classify and log ourselves, once an
 * episode. Its debug lines carry whole payloads and the socket's URL with its ticket, and go nowhere.
 */
export function createSdkLogger(logger: Logger): SdkLogger {
  const say = (...parts: unknown[]): void => {
    logger.debug('Slack client', {
      text: parts.map(String).join(' ').replace(URLS, '<url>').slice(0, LONGEST),
    });
  };
  return {
    debug: () => {},
    info: say,
    warn: say,
    error: say,
    setLevel: () => {},
    setName: () => {},
    getLevel: () => LogLevel.WARN,
  };
}

const URLS = /\b(?:wss?|https?):\/\/\S+/g;

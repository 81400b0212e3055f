import { LogLevel, type Logger as SdkLogger } from '@slack/socket-mode';
import type { Logger } from '../logger.ts';

/**
 * The SDK's own log lines, one level down and cut: what matters of them we classify and log ourselves, once an
 * episode. Its debug lines carry whole payloads and the socket's URL with its ticket, and go nowhere.
 */
export function createSdkLogger(logger: Logger): SdkLogger {
  const say = (...parts: unknown[]): void => {
    logger.debug('Slack client', {
      text: cut(parts.map(String).join(' ')),
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

/** URLs carry tickets, and a proxy's whole page can come as an error's text. */
function cut(text: string): string {
  return text
    .replace(/\b(?:wss?|https?):\/\/\S+/g, '[url]')
    .replace(/<[\s\S]*/, '[markup]')
    .slice(0, 200);
}

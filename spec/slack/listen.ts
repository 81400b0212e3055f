import { SocketModeClient } from '@slack/socket-mode';
import { createSdkLogger } from '../../src/slack/sdk-logger.ts';
import { captureLogger } from '../support/capture-logger.ts';
import type { LocalSlack } from '../workspace/local-slack.ts';

export interface Heard {
  readonly type: string;
  readonly payload: Record<string, unknown>;
}

/** Acknowledges all that the local Slack sends over a socket of the real SDK, and remembers it. */
export async function listen(slack: LocalSlack): Promise<{ heard: Heard[]; close(): Promise<void> }> {
  const heard: Heard[] = [];
  const socket = new SocketModeClient({
    appToken: slack.appToken,
    autoReconnectEnabled: false,
    logger: createSdkLogger(captureLogger()),
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  socket.on(
    'slack_event',
    ({ type, body, ack }: { type: string; body: Heard['payload']; ack: () => Promise<void> }) => {
      heard.push({ type, payload: body });
      ack().catch(() => {});
    },
  );
  await socket.start();
  return { heard, close: () => socket.disconnect() };
}

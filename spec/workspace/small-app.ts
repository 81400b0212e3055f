import { SocketModeClient } from '@slack/socket-mode';
import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { type LocalSlack, type LocalSlackOptions, startLocalSlack } from './local-slack.ts';
import { isJson, type Json } from './wire.ts';

/** For clients whose warnings are what a spec provokes. */
export const quiet: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** Something that came over the socket: a whole event_callback, command or interactive payload. */
export interface Heard {
  readonly type: string;
  readonly body: Json;
}

/** The smallest app: the real SDK, which acknowledges everything with what the spec wants to answer. */
export interface SmallApp {
  readonly slack: LocalSlack;
  readonly web: WebClient;
  readonly heard: Heard[];
  /** The events inside the payloads, in the order of their arrival. */
  events(): Json[];
  /** What the next payloads are answered with; undefined: a plain acknowledgement. */
  answer: (heard: Heard) => Json | undefined;
  close(): Promise<void>;
}

export async function startSmallApp(options: LocalSlackOptions = {}): Promise<SmallApp> {
  const slack = await startLocalSlack({ pingMs: 0, ...options });
  const web = new WebClient(slack.botToken, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: quiet,
  });
  const socket = new SocketModeClient({
    appToken: slack.appToken,
    logger: quiet,
    autoReconnectEnabled: false,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  const app: SmallApp = {
    slack,
    web,
    heard: [],
    events: () => app.heard.map((each) => each.body['event']).filter(isJson),
    answer: () => undefined,
    async close() {
      await socket.disconnect();
      await slack.close();
    },
  };
  socket.on(
    'slack_event',
    ({ ack, type, body }: { ack: (answer?: Json) => Promise<void>; type: string; body: Json }) => {
      const heard = { type, body };
      app.heard.push(heard);
      void ack(app.answer(heard));
    },
  );
  await socket.start();
  return app;
}

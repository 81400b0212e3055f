/** The SDK's Socket Mode client alone: acknowledges, and that is all. */
import { LogLevel, SocketModeClient } from '@slack/socket-mode';

const client = new SocketModeClient({
  appToken: process.env.SLACK_APP_TOKEN,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
});

client.on('slack_event', ({ ack }) => void ack());
await client.start();
process.send('connected');

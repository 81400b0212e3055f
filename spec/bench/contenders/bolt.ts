/** Bolt for JavaScript in Socket Mode, doing what a user would write. Its mode is the first argument. */
import { App, LogLevel } from '@slack/bolt';
import { nowMs } from '../bench-slack.ts';

const mode = process.argv[2];
const starts: [string, number][] = [];
const blocks = (text: string) => [
  { type: 'section' as const, text: { type: 'mrkdwn' as const, text } },
  {
    type: 'actions' as const,
    elements: [
      {
        type: 'button' as const,
        action_id: 'take',
        value: '1',
        text: { type: 'plain_text' as const, text: 'Take it' },
      },
    ],
  },
];

const app = new App({
  token: process.env['SLACK_BOT_TOKEN'] ?? '',
  appToken: process.env['SLACK_APP_TOKEN'] ?? '',
  socketMode: true,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: process.env['SLACK_API_URL'] ?? '' },
});

app.message(async ({ message, body, say }) => {
  starts.push([body.event_id, nowMs()]);
  if (mode === 'acknowledge') return;
  const text = 'text' in message ? (message.text ?? '') : '';
  await say({ text, blocks: blocks(text) });
});

app.action('take', async ({ ack, body, client }) => {
  await ack();
  if (body.type !== 'block_actions' || body.message === undefined || body.channel === undefined) return;
  const text = `taken by <@${body.user.id}>`;
  await client.chat.update({ channel: body.channel.id, ts: body.message['ts'], text, blocks: blocks(text) });
});

process.on('message', () => process.send?.(starts.splice(0)));
await app.start();
process.send?.('connected');

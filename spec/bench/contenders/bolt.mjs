/**
 * Bolt for JavaScript in Socket Mode, doing what a user would write. Its mode is the first argument. JavaScript, so that it
 * need not wait for types to be stripped.
 */
import { App, LogLevel } from '@slack/bolt';

const mode = process.argv[2];
const starts = [];
const blocks = (text) => [
  { type: 'section', text: { type: 'mrkdwn', text } },
  {
    type: 'actions',
    elements: [
      { type: 'button', action_id: 'take', value: '1', text: { type: 'plain_text', text: 'Take it' } },
    ],
  },
];

const app = new App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
  logLevel: LogLevel.ERROR,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
});

app.message(async ({ message, body, say }) => {
  starts.push([body.event_id, performance.timeOrigin + performance.now()]);
  if (mode === 'acknowledge') return;
  await say({ text: message.text, blocks: blocks(message.text) });
});

app.action('take', async ({ ack, body, client }) => {
  await ack();
  const text = `taken by <@${body.user.id}>`;
  await client.chat.update({
    channel: body.channel.id,
    ts: body.message.ts,
    text,
    blocks: blocks(text),
  });
});

process.on('message', () => process.send(starts.splice(0)));
await app.start();
process.send('connected');

import { SocketModeClient } from '@slack/socket-mode';
import { LogLevel, WebClient } from '@slack/web-api';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { type LocalSlack, startLocalSlack } from './local-slack.ts';

describe('the local Slack and the real SDK', () => {
  let slack: LocalSlack;
  let web: WebClient;
  const clients: SocketModeClient[] = [];

  beforeEach(async () => {
    slack = await startLocalSlack();
    web = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) await client.disconnect();
    await slack.close();
  });

  function socketClient(
    onEvent: (event: { type: string; body: Record<string, unknown> }) => void,
  ): SocketModeClient {
    const client = new SocketModeClient({
      appToken: slack.appToken,
      logLevel: LogLevel.ERROR,
      autoReconnectEnabled: false,
      clientOptions: { slackApiUrl: slack.apiUrl },
    });
    client.on('slack_event', ({ ack, type, body }) => {
      onEvent({ type, body });
      void ack();
    });
    clients.push(client);
    return client;
  }

  it('answers auth.test and says which scopes the token has', async () => {
    const answer = await web.auth.test();
    expect(answer.user_id).to.equal(slack.botUserId);
    expect(answer.response_metadata?.scopes).to.include('chat:write');
  });

  it('delivers a mention as a message and as app_mention, each acknowledged once', async () => {
    const seen: unknown[] = [];
    await socketClient((event) => seen.push(event.body['event'])).start();
    const ana = slack.people.add({ name: 'ana' });
    const help = slack.channels.add({ name: 'help', members: [ana] });
    const ts = slack.say(ana, help, '@triage the printer <burns> & smokes');
    await slack.waitFor(() => slack.acks().length === 2, 'two acknowledgements');
    const common = {
      user: ana.id,
      ts,
      channel: help.id,
      text: `<@${slack.botUserId}> the printer &lt;burns&gt; &amp; smokes`,
    };
    expect(seen).to.have.length(2);
    expect(seen[0]).to.include({ type: 'message', channel_type: 'channel', ...common });
    expect(seen[1]).to.include({ type: 'app_mention', ...common });
  });

  it('keeps a message out of the app where the bot is not', async () => {
    await socketClient(() => {}).start();
    const ana = slack.people.add({ name: 'ana' });
    const elsewhere = slack.channels.add({ name: 'elsewhere', members: [ana], bot: false });
    slack.say(ana, elsewhere, 'hello');
    slack.dm(ana, 'hello bot');
    await slack.waitFor(() => slack.acks().length > 0, 'the direct message');
    expect(slack.deliveries().map((each) => each.payload['event'])).to.have.length(1);
  });

  it('posts, threads, edits and finds by metadata what the bot wrote', async () => {
    const ana = slack.people.add({ name: 'ana' });
    const help = slack.channels.add({ name: 'help', members: [ana] });
    const first = slack.say(ana, help, 'my screen is dark');
    const metadata = { event_type: 'said', event_payload: { key: 'k1' } };
    await web.apiCall('chat.postMessage', { channel: help.id, text: 'seen', thread_ts: first, metadata });
    const { ts = '' } = slack.messages(help).at(-1) ?? {};
    await web.chat.update({ channel: help.id, ts, text: 'seen by Ben' });
    const { messages } = await web.conversations.replies({
      channel: help.id,
      ts: first,
      include_all_metadata: true,
    });
    expect(messages?.map((each) => each.text)).to.deep.equal(['my screen is dark', 'seen by Ben']);
    expect(messages?.[1]?.metadata).to.deep.equal(metadata);
    const { messages: top } = await web.conversations.history({ channel: help.id });
    expect(top).to.have.length(1);
  });
});

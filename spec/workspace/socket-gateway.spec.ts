import { SocketModeClient } from '@slack/socket-mode';
import { LogLevel } from '@slack/web-api';
import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { WebSocket } from 'ws';
import { type LocalSlack, type LocalSlackOptions, startLocalSlack } from './local-slack.ts';
import { isJson, type Json } from './wire.ts';

interface RawSocket {
  readonly ws: WebSocket;
  readonly frames: Json[];
  pings: number;
}

function reasons(socket: RawSocket): unknown[] {
  return socket.frames.filter((each) => each['type'] === 'disconnect').map((each) => each['reason']);
}

describe('Socket Mode of the local Slack', () => {
  let slack: LocalSlack;
  const sockets: WebSocket[] = [];
  const clients: SocketModeClient[] = [];

  afterEach(async () => {
    for (const client of clients.splice(0)) await client.disconnect();
    for (const socket of sockets.splice(0)) socket.terminate();
    await slack.close();
  });

  async function start(options: LocalSlackOptions = {}): Promise<void> {
    slack = await startLocalSlack({ pingMs: 0, ...options });
  }

  async function ticketUrl(): Promise<string> {
    const response = await fetch(`${slack.apiUrl}apps.connections.open`, {
      method: 'POST',
      headers: { authorization: `Bearer ${slack.appToken}` },
    });
    const body: unknown = await response.json();
    return isJson(body) ? String(body['url']) : '';
  }

  /** A bare socket that acknowledges only what the spec tells it to. */
  async function open(
    acknowledge: (frame: Json, number: number) => boolean = () => true,
  ): Promise<RawSocket> {
    const ws = new WebSocket(await ticketUrl());
    sockets.push(ws);
    const raw: RawSocket = { ws, frames: [], pings: 0 };
    ws.on('ping', () => {
      raw.pings += 1;
      slack.world.changed();
    });
    ws.on('message', (data: Buffer) => {
      const frame: unknown = JSON.parse(data.toString('utf8'));
      if (!isJson(frame)) return;
      raw.frames.push(frame);
      slack.world.changed();
      if ('envelope_id' in frame && acknowledge(frame, raw.frames.length)) {
        ws.send(JSON.stringify({ envelope_id: frame['envelope_id'], payload: {} }));
      }
    });
    ws.on('close', () => slack.world.changed());
    ws.on('error', () => {});
    await slack.waitFor(() => raw.frames.length > 0 || ws.readyState === WebSocket.CLOSED, 'a first frame');
    return raw;
  }

  function talk(count = 1): void {
    const ana = slack.people.add({ name: `ana${slack.world.people.size}` });
    for (let index = 0; index < count; index += 1) slack.dm(ana, `hello ${index}`);
  }

  it('says hello with the number of connections, and takes each ticket once', async () => {
    await start();
    const first = await open();
    const second = await open();
    expect(first.frames[0]).to.deep.include({
      type: 'hello',
      num_connections: 1,
      connection_info: { app_id: slack.appId },
    });
    expect(second.frames[0]).to.include({ type: 'hello', num_connections: 2 });
    expect(second.frames[0]?.['debug_info']).to.have.property('approximate_connection_time');
    const used = new WebSocket(second.ws.url);
    sockets.push(used);
    const status = await new Promise((resolve) => {
      used.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      used.on('error', () => {});
    });
    expect(status).to.equal(401);
  });

  it('sends each payload over one of the sockets, in turn', async () => {
    await start();
    const both = [await open(), await open()];
    talk(10);
    await slack.waitFor(() => slack.acks().length === 10, 'ten acknowledgements');
    expect(both.map((each) => each.frames.length - 1)).to.deep.equal([5, 5]);
    expect(slack.complaints()).to.deep.equal([]);
  });

  it('refuses the eleventh socket', async () => {
    await start();
    for (let count = 0; count < 10; count += 1) await open();
    const eleventh = await open();
    expect(reasons(eleventh)).to.deep.equal(['too_many_websockets']);
    await slack.waitFor(() => eleventh.ws.readyState === WebSocket.CLOSED, 'its close');
    expect(slack.socket.open()).to.have.length(10);
  });

  it('tries an event again that nobody acknowledged, with the number of the attempt, then gives it up', async () => {
    await start({ ackDeadlineMs: 20, retryDelaysMs: [0, 5, 5] });
    const socket = await open(() => false);
    talk();
    await slack.waitFor(() => slack.lost().length === 1, 'giving up');
    const [first, ...retries] = socket.frames.slice(1);
    expect(first).to.not.have.property('retry_attempt');
    expect(retries.map((each) => each['retry_attempt'])).to.deep.equal([1, 2, 3]);
    expect(retries.map((each) => each['retry_reason'])).to.deep.equal(['timeout', 'timeout', 'timeout']);
    const ids = new Set(slack.deliveries().map((each) => each.payload['event_id']));
    expect(ids.size).to.equal(1);
    expect(slack.unsettled()).to.equal(0);
  });

  it('shows the person an error for what is not acknowledged in time, and never tries it again', async () => {
    await start({ ackDeadlineMs: 20 });
    const ana = slack.people.add({ name: 'ana' });
    const help = slack.channels.add({ name: 'help', members: [ana] });
    expect(await slack.slash(ana, help, '/triage', 'list')).to.include({ error: 'dispatch_failed' });
    await open(() => false);
    expect(await slack.slash(ana, help, '/triage', 'list')).to.include({ error: 'operation_timeout' });
    expect(slack.deliveries()).to.have.length(1);
    expect(slack.userErrors()).to.have.length(2);
  });

  it('keeps events that find no socket, and delivers them as retries only', async () => {
    await start();
    talk(2);
    const socket = await open();
    await slack.waitFor(() => slack.acks().length === 2, 'both events');
    expect(socket.frames.slice(1).map((each) => each['retry_attempt'])).to.deep.equal([1, 1]);
  });

  it('can lose events that find no socket', async () => {
    await start({ offline: 'lose' });
    talk();
    expect(slack.lost()).to.have.length(1);
  });

  it('asks for a refresh, goes on delivering over the old socket, and closes it', async () => {
    await start({ closeAfterMs: 60 });
    const old = await open();
    slack.socket.refresh();
    talk();
    await slack.waitFor(() => slack.acks().length === 1, 'an acknowledgement over the old socket');
    await slack.waitFor(() => old.ws.readyState === WebSocket.CLOSED, 'its close');
    expect(reasons(old)).to.deep.equal(['refresh_requested']);
    expect(slack.socket.open()).to.deep.equal([]);
  });

  it('refreshes sockets by their age when told to', async () => {
    await start({ refreshMs: 20, closeAfterMs: 5 });
    const old = await open();
    await slack.waitFor(() => old.ws.readyState === WebSocket.CLOSED, 'the refresh');
    expect(reasons(old)).to.deep.equal(['refresh_requested']);
  });

  it('tells an event again that was on a dropped socket', async () => {
    await start({ retryDelaysMs: [0, 5, 5] });
    const first = await open(() => false);
    talk();
    await slack.waitFor(() => first.frames.length === 2, 'the event');
    const second = await open();
    slack.socket.drop(1);
    await slack.waitFor(() => slack.acks().length === 1, 'the retry');
    expect(second.frames[1]).to.include({ retry_attempt: 1 });
  });

  it('does not take an acknowledgement over another socket, and says so', async () => {
    await start({ ackDeadlineMs: 50, retryDelaysMs: [] });
    const first = await open(() => false);
    const second = await open(() => false);
    talk();
    await slack.waitFor(() => first.frames.length + second.frames.length === 3, 'the event');
    const [receiver, other] = first.frames.length === 2 ? [first, second] : [second, first];
    other.ws.send(JSON.stringify({ envelope_id: receiver.frames[1]?.['envelope_id'] }));
    await slack.waitFor(() => slack.lost().length === 1, 'the event to be lost');
    expect(slack.complaints()[0]).to.match(/over another socket/);
  });

  it('tells old and new sockets that Socket Mode is off, until it is on again', async () => {
    await start();
    const old = await open();
    slack.socket.linkDisabled();
    const next = await open();
    await slack.waitFor(
      () => old.ws.readyState === WebSocket.CLOSED && next.ws.readyState === WebSocket.CLOSED,
      'closes',
    );
    expect([...reasons(old), ...reasons(next)]).to.deep.equal(['link_disabled', 'link_disabled']);
    slack.socket.linkDisabled(false);
    expect((await open()).frames[0]).to.include({ type: 'hello' });
  });

  it('pings, and can fall silent: no hello, no ping, no envelope', async () => {
    await start({ pingMs: 5, ackDeadlineMs: 30, retryDelaysMs: [] });
    const old = await open();
    await slack.waitFor(() => old.pings > 1, 'pings');
    slack.socket.silence();
    const silent = new WebSocket(await ticketUrl());
    sockets.push(silent);
    let heard = 0;
    silent.on('open', () => slack.world.changed());
    silent.on('message', () => (heard += 1));
    silent.on('ping', () => (heard += 1));
    await slack.waitFor(() => silent.readyState === WebSocket.OPEN, 'the silent socket');
    const before = old.frames.length;
    talk();
    await slack.waitFor(() => slack.lost().length === 1, 'the event to time out');
    expect(heard).to.equal(0);
    expect(old.frames).to.have.length(before);
    slack.socket.silence(false);
    await slack.waitFor(() => heard > 0, 'hello at last');
  });

  it('sends an envelope again in every way that Slack was seen to', async () => {
    await start();
    const socket = await open();
    talk();
    const [record] = await slack.waitFor(() => slack.acks().length > 0 && slack.acks(), 'the event');
    for (const how of ['same_envelope', 'retry', 'new_event_id'] as const)
      if (record) slack.again(record, how);
    await slack.waitFor(() => slack.acks().length === 4, 'all four');
    const [first, same, retry, other] = socket.frames.slice(1);
    expect(same).to.deep.equal(first);
    expect(retry).to.deep.include({ retry_attempt: 1, payload: first?.['payload'] });
    expect(other?.['payload']).to.have.property('event_id').not.equal(record?.payload['event_id']);
  });

  it('delays, repeats and loses envelopes as a plan says, and as it should once there is none', async () => {
    await start();
    const socket = await open();
    const texts = (): unknown[] =>
      socket.frames.slice(1).map((each) => {
        const payload = each['payload'];
        const event = isJson(payload) ? payload['event'] : undefined;
        return isJson(event) ? event['text'] : undefined;
      });
    const ana = slack.people.add({ name: 'ana' });
    slack.deliveryPlan(() => ({ kind: 'delay', ms: 200 }));
    slack.dm(ana, 'late');
    expect(slack.unsettled()).to.equal(1);
    slack.deliveryPlan(() => ({ kind: 'again', how: 'new_event_id', afterMs: 5 }));
    slack.dm(ana, 'twice');
    await slack.waitFor(() => texts().length === 3, 'all three');
    expect(texts()).to.deep.equal(['twice', 'twice', 'late']);
    slack.deliveryPlan(({ attempt }) => (attempt === 0 ? { kind: 'lose' } : undefined));
    slack.dm(ana, 'gone');
    expect(slack.lost()).to.have.length(1);
    slack.deliveryPlan(undefined);
    slack.dm(ana, 'well');
    await slack.waitFor(() => texts().length === 4 && slack.unsettled() === 0, 'the last');
    expect(texts().at(-1)).to.equal('well');
  });

  it('delays and repeats what a person waits for, who waits for one answer only', async () => {
    await start();
    const socket = await open();
    const ana = slack.people.add({ name: 'ana' });
    slack.deliveryPlan(() => ({ kind: 'delay', ms: 50 }));
    const slow = slack.slash(ana, slack.dmOf(ana), '/triage', 'slow');
    slack.deliveryPlan(() => ({ kind: 'again', how: 'same_envelope', afterMs: 0 }));
    expect(await slack.slash(ana, slack.dmOf(ana), '/triage', 'twice')).to.not.have.property('error');
    expect(await slow).to.not.have.property('error');
    await slack.waitFor(() => socket.frames.length === 4, 'the repetition');
    expect(socket.frames[1]).to.deep.equal(socket.frames[2]);
  });

  it('goes on choosing a half-open socket that reads nothing, until it is dropped', async () => {
    await start({ ackDeadlineMs: 50, retryDelaysMs: [100, 100] });
    const socket = await open();
    slack.socket.halfOpen();
    socket.ws.ping();
    talk();
    await slack.waitFor(() => slack.deliveries().some(({ outcome }) => outcome === 'timeout'), 'a time-out');
    expect(slack.socket.open()).to.have.length(1);
    expect(socket.frames).to.have.length(1);
    slack.socket.drop();
    await slack.waitFor(() => slack.socket.open().length === 0, 'it to be gone');
    const other = await open();
    await slack.waitFor(() => slack.acks().length === 1, 'the retry over another socket');
    expect(other.frames[1]?.['retry_attempt']).to.be.greaterThan(0);
    expect(slack.complaints()).to.deep.equal([]);
  });

  it('can change, while it runs, what becomes of events that find no socket', async () => {
    await start();
    talk();
    slack.offline('lose');
    talk();
    slack.offline('queue');
    talk();
    expect(slack.lost()).to.have.length(1);
    const socket = await open();
    await slack.waitFor(() => slack.acks().length === 2, 'the two that were kept');
    expect(socket.frames.slice(1).map((each) => each['retry_attempt'])).to.deep.equal([1, 1]);
  });

  it('can say that it holds events back, in a payload without an event, and send any frame as it stands', async () => {
    await start();
    const socket = await open();
    slack.rateLimitEvents();
    await slack.waitFor(() => slack.acks().length === 1, 'the acknowledgement');
    expect(socket.frames[1]?.['payload'])
      .to.include({ type: 'app_rate_limited' })
      .and.to.not.have.property('event');
    slack.socket.sendRaw({ type: 'new_kind' });
    slack.socket.warning();
    await slack.waitFor(() => socket.frames.length === 4, 'both frames');
    expect(socket.frames[2]).to.deep.equal({ type: 'new_kind' });
    expect(reasons(socket)).to.deep.equal(['warning']);
  });

  it('leaves no timer, socket or port behind when it is closed', async () => {
    const kinds = new Set(['Timeout', 'TCPSocketWrap', 'TCPServerWrap']);
    const active = (): string[] => process.getActiveResourcesInfo().filter((each) => kinds.has(each));
    // Mocha's own timer starts once the spec has returned its promise.
    await new Promise((resolve) => setImmediate(resolve));
    const before = active().length;
    await start({ pingMs: 5, refreshMs: 10, closeAfterMs: 60_000, retryDelaysMs: [60_000] });
    await open(() => false);
    const closed = await open(() => false);
    talk(3);
    await slack.waitFor(() => reasons(closed).length > 0, 'a refresh');
    await slack.close();
    await slack.waitFor(() => closed.ws.readyState === WebSocket.CLOSED, 'the sockets to close');
    expect(active().length).to.be.at.most(before);
    const refused: unknown = await fetch(slack.apiUrl).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(TypeError);
  });

  it('records how long each acknowledgement took and what came with it', async () => {
    await start();
    const client = new SocketModeClient({
      appToken: slack.appToken,
      logLevel: LogLevel.ERROR,
      autoReconnectEnabled: false,
      clientOptions: { slackApiUrl: slack.apiUrl },
    });
    clients.push(client);
    client.on('slash_commands', ({ ack }) => void ack({ text: 'nothing open' }));
    await client.start();
    const ana = slack.people.add({ name: 'ana' });
    const help = slack.channels.add({ name: 'help', members: [ana] });
    const outcome = await slack.slash(ana, help, '/triage', 'list');
    expect(outcome.latencyMs).to.be.within(0, 3000);
    expect(slack.acks()[0]?.ack).to.deep.equal({ text: 'nothing open' });
    expect(slack.ephemerals(ana).map((each) => each.text)).to.deep.equal(['nothing open']);
  });
});

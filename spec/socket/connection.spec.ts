import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { Connection } from '../../src/socket/connection.ts';
import { DEFAULT_DEADLINES, type Deadlines } from '../../src/socket/deadlines.ts';
import type { Envelope } from '../../src/socket/envelope.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { waitFor } from '../support/wait-for.ts';
import { type LocalSlack, startLocalSlack } from '../workspace/local-slack.ts';

describe('socket/connection', () => {
  let envelopes: Envelope[];
  let closings: number;
  let logger: ReturnType<typeof captureLogger>;

  function connect(apiUrl: string, deadlines: Partial<Deadlines> = {}): Connection {
    envelopes = [];
    closings = 0;
    logger = captureLogger();
    return new Connection(
      {
        appToken: 'xapp-1-A0TRIAGE-0000-local-app-token',
        apiUrl,
        deadlines: { ...DEFAULT_DEADLINES, ...deadlines },
        logger,
      },
      {
        onHello: () => {},
        onEnvelope: (envelope) => envelopes.push(envelope),
        onDisconnectMessage: () => {},
        onFrame: () => {},
        onClosed: () => {
          closings += 1;
        },
      },
    );
  }

  describe('with Slack', () => {
    let slack: LocalSlack;

    beforeEach(async () => {
      slack = await startLocalSlack();
      slack.people.add({ id: 'U0ANA', name: 'ana' });
    });

    afterEach(() => slack.close());

    it('says hello, delivers, acknowledges, and tells its end once', async () => {
      const connection = connect(slack.apiUrl);
      expect(connection.isOpen).to.equal(false);
      expect(await connection.open()).to.deep.include({ kind: 'hello', connections: 1 });
      expect(connection.isOpen).to.equal(true);
      slack.dm('U0ANA', 'hello');
      await waitFor(() => envelopes.length === 1, 'the envelope');
      expect(connection.acknowledge(envelopes[0]!.envelopeId)).to.equal(true);
      await waitFor(() => slack.acks().length === 1, 'the acknowledgement');
      await Promise.all([connection.close(), connection.close()]);
      expect(closings).to.equal(1);
      expect(connection.isOpen).to.equal(false);
    });

    it('never comes up when it is closed while Slack is asked for the URL', async () => {
      slack.failNext('apps.connections.open', { kind: 'hang', ms: 100, when: 'after' });
      const connection = connect(slack.apiUrl);
      const opened = connection.open();
      await waitFor(() => slack.countOf('apps.connections.open') === 1, 'the request');
      await connection.close();
      expect(await opened).to.include({ kind: 'failed', reason: 'closed' });
      // Another connection, opened and closed meanwhile, shows that the first had its chance.
      slack.failNext('apps.connections.open', { kind: 'hang', ms: 200, when: 'after' });
      const second = connect(slack.apiUrl);
      await second.open();
      slack.dm('U0ANA', 'hello');
      await waitFor(() => envelopes.length === 1, 'the envelope on the second');
      expect(slack.socket.opened).to.equal(1);
      await second.close();
    });

    it('is not opened any more when it was closed before', async () => {
      const connection = connect(slack.apiUrl);
      await connection.close();
      expect(await connection.open()).to.include({ kind: 'failed', reason: 'closed' });
      expect(slack.countOf('apps.connections.open')).to.equal(0);
    });

    it('says that an acknowledgement could not be written, and throws for none', async () => {
      const connection = connect(slack.apiUrl);
      expect(connection.acknowledge('e1')).to.equal(false);
      await connection.open();
      const circle: Record<string, unknown> = {};
      circle['self'] = circle;
      expect(connection.acknowledge('e1', circle)).to.equal(false);
      const closed = connection.close();
      expect(connection.acknowledge('e1')).to.equal(false);
      await closed;
      expect(connection.acknowledge('e1')).to.equal(false);
      expect(logger.lines.map((line) => line.message)).to.include('An acknowledgement could not be written');
    });
  });

  describe('with a stubborn peer', () => {
    let peer: Awaited<ReturnType<typeof startPeer>>;

    beforeEach(async () => {
      peer = await startPeer();
    });

    afterEach(() => peer.close());

    it('cuts the line when the closing handshake is not answered', async () => {
      const connection = connect(peer.apiUrl, { closeMs: 50 });
      expect(await connection.open()).to.include({ kind: 'hello' });
      await connection.close();
      await waitFor(() => peer.ended === 1, 'the TCP connection to be gone');
      expect(closings).to.equal(1);
    });

    it('lets go of a peer that closes and leaves the TCP connection open', async () => {
      const connection = connect(peer.apiUrl, { silenceMs: 200 });
      await connection.open();
      peer.sockets[0]?.write(CLOSE_FRAME);
      await waitFor(() => closings === 1, 'the end to be told');
      await waitFor(() => peer.ended === 1, 'the TCP connection to be gone');
    });

    it('gives up an upgrade that is never answered', async () => {
      peer.answersUpgrades = false;
      const connection = connect(peer.apiUrl, { helloMs: 50 });
      expect(await connection.open()).to.deep.include({ reason: 'timeout', detail: 'hello' });
      await waitFor(() => peer.ended === 1, 'the TCP connection to be gone');
      expect(closings).to.equal(0);
    });

    it('is closed while the upgrade is under way', async () => {
      peer.answersUpgrades = false;
      const connection = connect(peer.apiUrl);
      const opened = connection.open();
      await waitFor(() => peer.sockets.length === 1, 'the upgrade');
      await connection.close();
      expect(await opened).to.include({ reason: 'closed' });
    });

    for (const [what, url] of [
      ['that is none', 'nonsense'],
      ['of another kind', 'ftp://127.0.0.1/'],
      ['where nobody listens', 'ws://127.0.0.1:1/'],
    ] as const) {
      it(`cannot open a URL ${what}`, async () => {
        peer.socketUrl = url;
        expect(await connect(peer.apiUrl).open()).to.include({ reason: 'unreachable' });
      });
    }

    it('cannot open without a URL', async () => {
      peer.socketUrl = undefined;
      expect(await connect(peer.apiUrl).open()).to.include({ reason: 'unreachable' });
    });

    it('reports a refused upgrade as unreachable', async () => {
      peer.refusesUpgrades = true;
      expect(await connect(peer.apiUrl).open()).to.include({ reason: 'unreachable' });
    });

    it('ignores what is not text', async () => {
      const connection = connect(peer.apiUrl);
      await connection.open();
      peer.sockets[0]?.write(Buffer.from([0x82, 2, 0x7b, 0x7d]));
      peer.sockets[0]?.write(textFrame('{"envelope_id":"e1"}'));
      await waitFor(() => envelopes.length === 1, 'the frame after it');
      await connection.close();
    });
  });
});

const CLOSE_FRAME = Buffer.from([0x88, 0]);

/** An unmasked text frame of at most 125 bytes. */
const textFrame = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]);

/** The wrong end of a connection: it hands out its own URL, greets whoever comes, and answers nothing after that. */
async function startPeer() {
  const sockets: Duplex[] = [];
  const server: Server = createServer((_request, response: ServerResponse) => {
    response.end(JSON.stringify({ ok: true, url: peer.socketUrl }));
  });
  server.on('upgrade', (request, socket: Duplex) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.resume();
    socket.on('end', () => {
      peer.ended += 1;
    });
    if (peer.refusesUpgrades) socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
    if (peer.refusesUpgrades || !peer.answersUpgrades) return;
    const key = `${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    const head = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n';
    socket.write(`${head}Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
    socket.write(textFrame('{"type":"hello"}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const peer = {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    socketUrl: `ws://127.0.0.1:${port}/?ticket=1` as string | undefined,
    sockets,
    /** How many of them the other end has closed. */
    ended: 0,
    answersUpgrades: true,
    refusesUpgrades: false,
    async close(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return peer;
}

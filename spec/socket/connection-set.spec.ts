import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { Clock } from '../../src/clock.ts';
import {
  type ConnectionSet,
  type ConnectionSetOptions,
  createConnectionSet,
} from '../../src/socket/connection-set.ts';
import type { Envelope } from '../../src/socket/envelope.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { stressService } from '../support/stress-service.ts';
import { waitFor } from '../support/wait-for.ts';
import { type LocalSlack, startLocalSlack } from '../workspace/local-slack.ts';

const clock: Clock = { now: () => Date.now() };

/** Short waits, so that a spec sees the second and third try. */
const QUICK = { firstMs: 20, maxMs: 100, slowFirstMs: 50, slowMaxMs: 100, refusedMs: 50 };

describe('socket/connection-set', () => {
  let slack: LocalSlack;
  let set: ConnectionSet;
  let received: Envelope[];
  let logger: ReturnType<typeof captureLogger>;

  beforeEach(async () => {
    slack = await startLocalSlack({ closeAfterMs: 200, pingMs: 50 });
    slack.people.add({ id: 'U0ANA', name: 'ana' });
  });

  afterEach(async () => {
    await set.stop();
    await slack.close();
  });

  function make(overrides: Partial<ConnectionSetOptions> = {}): ConnectionSet {
    received = [];
    logger = captureLogger();
    set = createConnectionSet({
      appToken: slack.appToken,
      apiUrl: slack.apiUrl,
      connections: 2,
      accept: (envelope, acknowledge) => {
        received.push(envelope);
        acknowledge();
      },
      clock,
      logger,
      backoff: QUICK,
      ...overrides,
    });
    return set;
  }

  async function connected(overrides: Partial<ConnectionSetOptions> = {}): Promise<void> {
    await make(overrides).start();
    await reached('connected');
  }

  const reached = (state: string) => waitFor(() => set.status().state === state, `the state ${state}`);
  const settled = () => waitFor(() => slack.unsettled() === 0, 'all envelopes to be settled');
  const impairments = () => logger.lines.filter((line) => line.level === 'warn' || line.level === 'error');

  /** Sends `count` messages, `each` after every one of them, and expects each to have come once and to be acknowledged. */
  async function expectNoGap(count: number, each: (index: number) => void): Promise<void> {
    for (let index = 0; index < count; index++) {
      slack.dm('U0ANA', `message ${index}`);
      each(index);
      await new Promise((turn) => setTimeout(turn, 2));
    }
    await settled();
    expect(slack.lost()).to.deep.equal([]);
    expect(slack.deliveries().map((record) => record.outcome)).to.deep.equal(Array(count).fill('acked'));
    expect(received.map((envelope) => envelope.envelopeId)).to.have.members(
      slack.deliveries().map((record) => record.envelopeId),
    );
    expect(slack.complaints()).to.deep.equal([]);
  }

  it('opens as many connections as wanted and hands on what comes, whatever its type', async () => {
    await connected();
    expect(set.status()).to.include({ sockets: 2, foreign: 0, lastError: null });
    expect(slack.socket.open()).to.have.length(2);
    await expectNoGap(10, () => {});
    expect(received[0]).to.include({ type: 'events_api', retryAttempt: 0, acceptsResponse: false });
    expect(set.status().lastFrameAt).to.be.closeTo(Date.now(), 10_000);
    expect(impairments()).to.deep.equal([]);
  });

  it('loses nothing and gets nothing twice while both connections are refreshed again and again', async () => {
    await connected();
    await expectNoGap(400, (index) => {
      if (index % 100 === 50) slack.socket.refresh(slack.socket.open()[0]);
    });
    await waitFor(() => slack.socket.open().length === 2, 'the old connections to be gone');
    expect(slack.socket.opened).to.be.within(6, 8);
    expect(set.status()).to.include({ state: 'connected', sockets: 2 });
    expect(impairments()).to.deep.equal([]);
  });

  it('never has no connection when all are refreshed at once', async () => {
    await connected();
    await expectNoGap(200, (index) => {
      if (index === 20) slack.socket.refresh();
      expect(set.status().sockets).to.be.at.least(1);
    });
  });

  it('replaces a connection at a mere warning, reads the old one on, and closes it if Slack does not', async () => {
    await connected({ deadlines: { drainMs: 150 } });
    const warned = slack.socket.open()[0];
    slack.socket.warning(warned);
    await waitFor(() => slack.socket.open().length === 3, 'the successor beside the old one');
    await expectNoGap(30, () => {});
    expect(slack.deliveries().map((record) => record.connection)).to.include(warned);
    await waitFor(() => slack.socket.open().length === 2, 'the warned connection to be closed');
    expect(slack.socket.open()).to.not.include(warned);
    expect(impairments()).to.deep.equal([]);
  });

  it('does not take a storm of refreshes for a reason to storm', async () => {
    await connected({ backoff: { ...QUICK, firstMs: 10_000 } });
    let rounds = 0;
    await waitFor(() => {
      slack.socket.refresh();
      return ++rounds > 50;
    }, 'fifty rounds of refreshes');
    // Two to begin with, and a few successors before the backoff holds: not a hundred.
    expect(slack.countOf('apps.connections.open')).to.be.at.most(10);
  });

  it('repairs a dropped connection at once and says so once', async () => {
    await connected();
    slack.socket.drop(slack.socket.open()[0]);
    await waitFor(() => slack.socket.opened === 3, 'the successor');
    await reached('connected');
    expect(impairments()).to.have.length(1);
    expect(impairments()[0]?.meta).to.include({ state: 'degraded', sockets: 1, reason: 'connection lost' });
    await expectNoGap(10, () => {});
  });

  it('comes back when all connections are dropped', async () => {
    await connected();
    slack.socket.drop();
    await waitFor(() => slack.socket.opened === 4, 'two successors');
    await reached('connected');
    const states = logger.lines.filter((line) => line.level !== 'debug').map((line) => line.meta['state']);
    expect(states).to.deep.equal(['connecting', 'connected', 'degraded', 'connecting', 'connected']);
    await expectNoGap(10, () => {});
  });

  it('finds a connection that fell silent, and replaces it', async () => {
    await connected({ deadlines: { silenceMs: 300, helloMs: 300 } });
    slack.socket.silence();
    await reached('unreachable');
    expect(set.status().lastError).to.equal('hello');
    slack.socket.silence(false);
    await reached('connected');
    expect(logger.lines.map((line) => line.message)).to.include('A Slack connection fell silent');
  });

  it('takes pings for signs of life', async () => {
    await connected({ deadlines: { silenceMs: 300 } });
    const before = slack.socket.open();
    const at = performance.now();
    await waitFor(() => performance.now() - at > 900, 'three times the deadline to have passed');
    expect(slack.socket.open()).to.deep.equal(before);
  });

  it('gives up a connection on which no hello comes, and tries another', async () => {
    slack.socket.silence();
    await make({ deadlines: { helloMs: 100 } }).start();
    await waitFor(() => slack.socket.opened >= 2, 'a second try');
    expect(set.status()).to.include({ state: 'unreachable', sockets: 0, lastError: 'hello' });
    slack.socket.silence(false);
    await reached('connected');
  });

  it('names a token that is refused at the start, and keeps trying', async () => {
    slack.refuseToken('app', 'invalid_auth');
    await make().start();
    await reached('invalid_auth');
    expect(set.status()).to.include({ sockets: 0, lastError: 'invalid_auth' });
    await waitFor(() => slack.countOf('apps.connections.open') >= 3, 'a third try');
    expect(impairments()).to.have.length(1);
    slack.refuseToken('app', undefined);
    await reached('connected');
  });

  it('outlives a token that is refused when it connects again', async () => {
    await connected();
    slack.refuseToken('app', 'account_inactive');
    slack.socket.drop();
    await reached('invalid_auth');
    await waitFor(() => slack.countOf('apps.connections.open') >= 5, 'a third try');
    expect(set.status()).to.include({ sockets: 0, lastError: 'account_inactive' });
    slack.refuseToken('app', undefined);
    await reached('connected');
  });

  it('names Socket Mode switched off, and comes back when it is on again', async () => {
    await connected();
    slack.socket.linkDisabled();
    await waitFor(
      () => set.status().state === 'link_disabled' && set.status().sockets === 0,
      'link_disabled',
    );
    await waitFor(() => slack.socket.opened >= 4, 'further tries');
    slack.socket.linkDisabled(false);
    await reached('connected');
    const states = impairments().map((line) => line.meta['state']);
    expect(states).to.deep.equal(['link_disabled']);
  });

  it('names too many connections, keeps the one that it has, and does not hammer', async () => {
    await slack.close();
    slack = await startLocalSlack({ maxConnections: 1 });
    await make().start();
    await reached('too_many_websockets');
    expect(set.status()).to.include({ sockets: 1 });
    const from = performance.now();
    const before = slack.countOf('apps.connections.open');
    await waitFor(() => slack.countOf('apps.connections.open') >= before + 3, 'three more tries');
    expect(performance.now() - from).to.be.at.least(100);
    expect(set.status()).to.include({ state: 'too_many_websockets', sockets: 1 });
  });

  it('waits as long as a 429 says, and no connection is opened before', async () => {
    slack.failNext('apps.connections.open', { kind: 'rate_limited', retryAfter: 1 });
    const from = performance.now();
    await connected();
    expect(performance.now() - from).to.be.at.least(1000);
    expect(slack.countOf('apps.connections.open')).to.equal(3);
  });

  it('keeps trying while Slack cannot be reached, and comes back by itself', async () => {
    await connected();
    slack.unreachable();
    slack.socket.drop();
    await reached('unreachable');
    slack.unreachable(false);
    await reached('connected');
    expect(impairments().map((line) => line.meta['state'])).to.include('unreachable');
  });

  it('begins while Slack cannot be reached', async () => {
    slack.unreachable();
    await make().start();
    await reached('unreachable');
    slack.unreachable(false);
    await reached('connected');
  });

  for (const [name, fault, detail] of [
    ['a page of HTML', { kind: 'html' }, "not Slack's JSON"],
    ['a server error', { kind: 'http', status: 503 }, 'http 503'],
    ['an error of Slack', { kind: 'error', error: 'internal_error' }, 'internal_error'],
    ['no answer at all', { kind: 'hang', ms: 2000, when: 'before' }, 'apps.connections.open'],
  ] as const) {
    it(`survives ${name} for apps.connections.open`, async () => {
      slack.failNext('apps.connections.open', fault, 3);
      await make({ deadlines: { openMs: 100 } }).start();
      await reached('unreachable');
      expect(set.status().lastError).to.equal(detail);
      await reached('connected');
      expect(impairments()).to.have.length(1);
    });
  }

  it('survives frames that make no sense, and hands on what must be acknowledged', async () => {
    await connected({ connections: 1 });
    for (const frame of ['', '{', 'null', '[1]', '{"type":"hello"}', '{"type":"pong"}'])
      slack.socket.sendRaw(frame);
    slack.socket.sendRaw({ envelope_id: 'odd', type: 'events_api', payload: { type: 'app_rate_limited' } });
    await waitFor(() => received.length === 1, 'the odd envelope');
    await expectSameAfter('odd');
  });

  async function expectSameAfter(envelopeId: string): Promise<void> {
    expect(received[0]?.envelopeId).to.equal(envelopeId);
    slack.dm('U0ANA', 'still there');
    await settled();
    expect(slack.acks()).to.have.length(1);
    expect(set.status()).to.include({ state: 'connected', sockets: 1 });
  }

  it('survives an acceptor that throws, and leaves its envelope to be delivered again', async () => {
    let failures = 1;
    await connected({
      accept: (_envelope, acknowledge) => {
        if (failures-- > 0) throw new Error('out of order');
        acknowledge();
      },
    });
    await slack.close();
    slack = await startLocalSlack({ ackDeadlineMs: 50 });
    slack.people.add({ id: 'U0ANA', name: 'ana' });
    await set.stop();
    await connected({
      accept: (envelope, acknowledge) => {
        received.push(envelope);
        if (received.length === 1) throw new Error('out of order');
        acknowledge();
      },
    });
    slack.dm('U0ANA', 'hello');
    await settled();
    expect(slack.deliveries().map((record) => record.outcome)).to.deep.equal(['timeout', 'acked']);
    expect(received[1]).to.include({ retryAttempt: 1, retryReason: 'timeout' });
    expect(impairments().map((line) => line.message)).to.deep.equal(['An envelope could not be accepted']);
  });

  it('sends an answer with the acknowledgement, over the connection that the envelope came by', async () => {
    await connected({
      accept: (envelope, acknowledge) => {
        acknowledge({ text: `got ${envelope.envelopeId}` });
        acknowledge({ text: 'twice' });
      },
    });
    slack.dm('U0ANA', 'hello');
    await settled();
    const [ack] = slack.acks();
    expect(ack?.ack).to.deep.equal({ text: `got ${ack?.envelopeId}` });
    expect(slack.complaints()).to.deep.equal([]);
  });

  it('lets the envelopes under way be acknowledged before it stops, and takes no others', async () => {
    let release: (() => void) | undefined;
    await connected({
      accept: (envelope, acknowledge) => {
        received.push(envelope);
        release = acknowledge;
      },
    });
    slack.dm('U0ANA', 'under way');
    await waitFor(() => received.length === 1, 'the first envelope');
    const stopped = set.stop();
    slack.dm('U0ANA', 'too late');
    await waitFor(() => slack.deliveries().length === 2, 'the second to be sent');
    release?.();
    await stopped;
    expect(received).to.have.length(1);
    expect(slack.acks().map((record) => record.envelopeId)).to.deep.equal([received[0]?.envelopeId]);
    expect(set.status()).to.include({ state: 'stopped', sockets: 0 });
  });

  it('stops though an envelope is never acknowledged', async () => {
    await connected({ accept: (envelope) => received.push(envelope), deadlines: { acknowledgeMs: 50 } });
    slack.dm('U0ANA', 'never');
    await waitFor(() => received.length === 1, 'the envelope');
    await set.stop();
    expect(set.status().sockets).to.equal(0);
  });

  describe('beside other daemons', () => {
    /** Slack's minute, for specs. */
    const SOON = { settleMs: 20, apartMs: 60, againMs: 80, knownAgainMs: 80 };
    const warnings = () => logger.lines.filter(({ message }) => message.startsWith('Other connections'));

    let theirs: ConnectionSet | undefined;
    afterEach(() => theirs?.stop());

    function another(): ConnectionSet {
      return (theirs = createConnectionSet({
        appToken: slack.appToken,
        apiUrl: slack.apiUrl,
        connections: 2,
        accept: () => {},
        clock,
        logger: captureLogger(),
        counting: SOON,
        deadlines: { drainMs: 20 },
      }));
    }

    it('counts the connections that are not its own, warns of them once, and sees them go', async () => {
      const other = another();
      await other.start();
      await waitFor(() => other.status().sockets === 2, 'the other daemon');
      await connected({ counting: SOON, deadlines: { drainMs: 20 } });
      await waitFor(() => set.status().foreign === 2, 'the foreign connections to be counted');
      await waitFor(() => slack.socket.opened > 8, 'some more counts');
      expect(warnings()).to.have.length(1);
      expect(warnings()[0]?.meta).to.include({ foreign: 2 });
      await other.stop();
      await waitFor(() => set.status().foreign === 0, 'the foreign connections to be gone');
      await waitFor(() => slack.socket.open().length === 2, 'the renewed connections to be gone');
      expect(set.status()).to.include({ state: 'connected' });
      expect(impairments()).to.deep.equal(warnings());
    });

    it('takes no connection of a daemon over the same database for foreign, and finds one hidden by it', async () => {
      const other = another();
      await other.start();
      await waitFor(() => other.status().sockets === 2, 'the other daemon');
      let others = 2;
      await connected({ counting: SOON, others: () => others, deadlines: { drainMs: 20 } });
      const asked = slack.countOf('apps.connections.open');
      const at = performance.now();
      await waitFor(() => performance.now() - at > 400, 'four times the wait to count again');
      expect(set.status().foreign).to.equal(0);
      expect(slack.countOf('apps.connections.open'), 'nothing to be in doubt of').to.equal(asked);

      // That daemon is dead, and what was taken for its connections is somebody else's.
      others = 0;
      set.daemonGone();
      await waitFor(() => set.status().foreign === 2, 'the foreign connections to be counted');
    });

    it('accuses nobody for what has just gone: it counts again when Slack has noticed', async () => {
      const other = another();
      await other.start();
      await waitFor(() => other.status().sockets === 2, 'the connections of an earlier life');
      await connected({ counting: SOON, deadlines: { drainMs: 20 } });
      await waitFor(() => slack.socket.opened >= 5, 'a second count');
      await other.stop();
      await waitFor(() => slack.socket.opened >= 6, 'a third count');
      const at = performance.now();
      await waitFor(() => performance.now() - at > 100, 'that count to be judged');

      expect(set.status().foreign).to.equal(0);
      expect(warnings()).to.deep.equal([]);
    });

    it('tells when the number of its connections changes', async () => {
      const told: number[] = [];
      await connected({ changed: () => told.push(set.status().sockets) });
      expect(told).to.deep.equal([1, 2]);
      await set.stop();
      expect(told.at(-1)).to.equal(0);
    });
  });

  it('writes no token and no ticket into the log, whatever fails', async () => {
    await connected();
    slack.socket.drop();
    slack.failNext('apps.connections.open', { kind: 'html' });
    await reached('unreachable');
    await reached('connected');
    slack.unreachable();
    await reached('unreachable');
    const text = JSON.stringify(logger.lines);
    expect(text).to.not.include('ticket=');
    expect(text).to.not.include(slack.appToken);
    expect(text).to.not.include('<html');
  });

  it('keeps the contract of a service', async () => {
    await stressService(() => make({ deadlines: { acknowledgeMs: 50 } }), {
      whenStarted: async () => {
        await reached('connected');
      },
    });
    expect(slack.socket.open()).to.deep.equal([]);
  });
});

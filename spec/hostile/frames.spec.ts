import { expect } from 'chai';
import fc from 'fast-check';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { inBatches } from './fuzz.ts';
import { type HostileApp, hostileApp } from './hostile-app.ts';
import { shapesOf } from './shapes.ts';

const MEGA = 1_000_000;
const DEEP = 100_000;

/** What is no envelope, and of what is none: each is a frame of text. */
const NO_ENVELOPES: Readonly<Record<string, string>> = {
  nothing: '',
  'a page': '<!DOCTYPE html><html><body>Slack is down</body></html>',
  'half of an object': '{"envelope_id":"half","type":"events_api","payload":{"event":{"type":"mess',
  'two objects': '{"type":"hello"}{"type":"hello"}',
  'a list': '[{"envelope_id":"listed","type":"events_api","payload":{}}]',
  null: 'null',
  'a number': '1e999',
  'a text': '"hello"',
  'a second hello':
    '{"type":"hello","num_connections":-5,"debug_info":{"approximate_connection_time":"soon"}}',
  'a hello of another kind': '{"type":["hello"],"num_connections":{}}',
  'an unknown type': '{"type":"pong","reply_to":1}',
  'a numbered envelope': '{"envelope_id":7,"type":"events_api","payload":{}}',
  'an envelope without a name': '{"envelope_id":"","type":"events_api","payload":{}}',
  'an inherited name': '{"__proto__":{"envelope_id":"x","type":"hello"},"constructor":null}',
  'five million brackets': '['.repeat(5 * MEGA),
  'five million letters': 'x'.repeat(5 * MEGA),
  'a list in a list in a list': '['.repeat(DEEP) + ']'.repeat(DEEP),
};

describe('the running app, sent frames that are no envelopes', () => {
  let app: HostileApp;
  let nth = 1_000_000;

  before(async () => {
    app = await hostileApp();
  });

  after(() => app.stop());

  const ignored = (): number =>
    app.logger.lines.filter(({ message }) => message === 'A frame was ignored').length;

  /** Sends a frame to one socket, and waits until that socket has answered what came after it. */
  async function alone(frame: string | Uint8Array, as: 'text' | 'binary' = 'text'): Promise<void> {
    const [id] = app.slack.socket.open();
    app.slack.socket.sendRaw(frame, id, as);
    await settledSockets();
  }

  /** Every open socket has taken an envelope, so that all frames before it are read. */
  async function settledSockets(): Promise<void> {
    for (let turn = 0; turn < app.slack.socket.open().length; turn += 1) await envelope('{}');
  }

  async function envelope(payload: string, id = `frame-${(nth += 1)}`, type = 'events_api'): Promise<void> {
    const frame = `{"envelope_id":${JSON.stringify(id)},"type":"${type}","payload":${payload}}`;
    const { error } = await app.slack.sendEnvelope(id, frame);
    expect(error, `no acknowledgement of ${id.slice(0, 80)}`).to.equal(undefined);
  }

  const message = (text: string): string => {
    const shape = shapesOf(app.ids, (nth += 1)).find(({ name }) => name === 'message')!;
    const payload = structuredClone(shape.payload) as { event: { text: string } };
    payload.event.text = text;
    return JSON.stringify(payload);
  };

  async function isAsEver(sockets: number): Promise<void> {
    expect(app.slack.socket.opened).to.equal(sockets);
    await app.everythingIsHandled();
    await app.worksAsEver();
    app.logIsCalm();
  }

  for (const [name, frame] of Object.entries(NO_ENVELOPES)) {
    it(`ignores ${name}, says so once, and keeps its sockets`, async () => {
      const sockets = app.slack.socket.opened;
      const told = ignored();
      await alone(frame);
      expect(ignored() - told).to.equal(name === 'a second hello' ? 0 : 1);
      await isAsEver(sockets);
    });
  }

  it('ignores binary frames and says so, even where they hold an envelope', async () => {
    const sockets = app.slack.socket.opened;
    const told = ignored();
    await alone(Buffer.from('{"envelope_id":"binary","type":"events_api","payload":{}}'), 'binary');
    await alone(Buffer.alloc(MEGA, 0xff), 'binary');
    expect(ignored() - told).to.equal(2);
    await isAsEver(sockets);
  });

  it('reads thousands of tiny frames and answers the envelopes among them', async () => {
    const sockets = app.slack.socket.opened;
    const lines = app.logger.lines.length;
    for (let count = 0; count < 5000; count += 1)
      app.slack.socket.sendRaw(count % 2 === 0 ? '{}' : '', app.slack.socket.open()[0]);
    await settledSockets();
    expect(app.logger.lines.length - lines).to.be.at.most(5010);
    await isAsEver(sockets);
  });

  it('acknowledges envelopes of five megabytes: one text, one nest, one line of anything', async () => {
    const sockets = app.slack.socket.opened;
    await envelope(message(`five megabytes of ${'text & <words> '.repeat(MEGA / 3)}`));
    await app.cardOf('five megabytes of');
    await envelope(message(' '.repeat(5 * MEGA)));
    await envelope(`{"event":${'['.repeat(2.5 * MEGA)}${']'.repeat(2.5 * MEGA)}}`);
    await envelope(`{"event":${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}}`);
    await envelope(`"${'\\u0000'.repeat(MEGA)}"`);
    await isAsEver(sockets);
  });

  it('acknowledges an envelope by the very id that it has, and a repeated one again', async () => {
    const sockets = app.slack.socket.opened;
    for (const id of ['\0', '\ud800', '__proto__', ' ', 'x'.repeat(MEGA), '"\\', '\u2028']) {
      await envelope(message(`under an odd id ${nth}`), id);
      await envelope(message(`under an odd id ${nth}`), id);
    }
    await isAsEver(sockets);
  });

  it('acknowledges random signs in place of any part of an envelope', async () => {
    const sockets = app.slack.socket.opened;
    const types = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('hello', 'Hello', 'events_api'));
    const rest = fc.dictionary(
      fc.constantFrom(
        'accepts_response_payload',
        'retry_attempt',
        'retry_reason',
        'reason',
        'debug_info',
        'x',
      ),
      fc.jsonValue(),
    );
    await inBatches(fc.tuple(types, fc.jsonValue(), rest), 20, 5, async (made) => {
      await Promise.all(
        made.map(async ([type, payload, more]) => {
          const id = `signs-${(nth += 1)}`;
          // What says hello is none, whatever else it holds.
          const frame = { ...more, envelope_id: id, type: type === 'hello' ? 'ello' : type, payload };
          expect(await app.slack.sendEnvelope(id, JSON.stringify(frame))).not.to.have.property('error');
        }),
      );
    });
    await isAsEver(sockets);
  });

  it('changes its socket where Slack says goodbye for an odd reason, and loses nothing by it', async () => {
    for (const reason of ['null', '{"a":[]}', '"__proto__"', '7', '"moved to another planet"']) {
      const [id] = app.slack.socket.open();
      app.slack.socket.sendRaw(`{"type":"disconnect","reason":${reason},"debug_info":7}`, id);
      await app.worksAsEver();
    }
    await app.everythingIsHandled();
    app.logIsCalm();
  });
});

describe('the running app, whose sockets go wrong at once', () => {
  let app: RunningApp;

  beforeEach(async () => {
    app = await runningApp();
    await app.slack.waitFor(() => app.slack.socket.open().length === 2, 'both sockets');
  });

  afterEach(() => app.stop());

  it('opens a new one for one that brings text that is none, and loses nothing by it', async () => {
    const { slack, team } = app;
    slack.socket.sendRaw(Buffer.from([0xed, 0xa0, 0x80]), slack.socket.open()[0]);
    slack.say(team.uli, team.help, 'asked while a socket broke');
    await slack.waitFor(() => slack.socket.opened === 3 && slack.socket.open().length === 2, 'a new socket');
    await app.cardOf('asked while a socket broke');
  });

  it('is connected as soon as it is greeted by hello, whatever came before that', async () => {
    const { slack, team } = app;
    slack.socket.silence();
    slack.socket.drop();
    await slack.waitFor(() => slack.socket.opened === 3, 'a socket that is not greeted');
    for (const frame of Object.values(NO_ENVELOPES))
      if (!frame.includes('hello')) slack.socket.sendRaw(frame.slice(0, 1000));
    slack.socket.sendRaw(Buffer.alloc(1000, 0xff), undefined, 'binary');
    slack.socket.sendRaw({ envelope_id: 'early', type: 'events_api', payload: {} });
    slack.socket.silence(false);
    slack.say(team.uli, team.help, 'after an odd greeting');
    await app.cardOf('after an odd greeting');
    expect(slack.socket.opened).to.be.at.most(4);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { parseFrame } from '../../src/socket/envelope.ts';

const frame = (value: unknown) => parseFrame(JSON.stringify(value));

describe('socket/envelope', () => {
  it('reads hello with the number of connections and how long it may last', () => {
    const hello = frame({
      type: 'hello',
      num_connections: 2,
      debug_info: { host: 'applink-1', build_number: 1, approximate_connection_time: 18060 },
      connection_info: { app_id: 'A1' },
    });
    expect(hello).to.deep.equal({ kind: 'hello', connections: 2, approximateSeconds: 18060 });
    expect(frame({ type: 'hello' })).to.deep.equal({ kind: 'hello', connections: 0, approximateSeconds: 0 });
    expect(frame({ type: 'hello', num_connections: -1, debug_info: null })).to.include({ connections: 0 });
  });

  it('reads every reason to disconnect, and calls one that it does not know other', () => {
    for (const reason of ['warning', 'refresh_requested', 'link_disabled', 'too_many_websockets']) {
      expect(frame({ type: 'disconnect', reason })).to.deep.equal({ kind: 'disconnect', reason });
    }
    expect(frame({ type: 'disconnect', reason: 'socket_mode_moved' })).to.include({ reason: 'other' });
    expect(frame({ type: 'disconnect' })).to.include({ reason: 'other' });
  });

  it('reads an envelope with its payload as value and as text, and its retry', () => {
    const payload = { type: 'event_callback', event: { type: 'message', text: 'ä "x" \u0000' } };
    const first = { envelope_id: 'e1', type: 'events_api', accepts_response_payload: false, payload };
    const read = frame({ ...first, retry_attempt: 2, retry_reason: 'timeout' });
    expect(read).to.deep.equal({
      kind: 'envelope',
      envelopeId: 'e1',
      type: 'events_api',
      payload,
      body: JSON.stringify(payload),
      acceptsResponse: false,
      retryAttempt: 2,
      retryReason: 'timeout',
    });
    expect(frame(first)).to.include({ retryAttempt: 0, retryReason: null });
    expect(frame({ ...first, type: 'interactive', accepts_response_payload: true })).to.include({
      type: 'interactive',
      acceptsResponse: true,
    });
  });

  it('keeps whatever has an envelope id, for it has to be acknowledged: unknown types, no payload, no event', () => {
    expect(frame({ envelope_id: 'e1', type: 'workflow_step' })).to.include({
      kind: 'envelope',
      type: 'other',
    });
    expect(frame({ envelope_id: 'e1', type: 'workflow_step' })).to.not.have.property('body');
    expect(frame({ envelope_id: 'e1' })).to.include({ kind: 'envelope', type: 'other' });
    const limited = { envelope_id: 'e1', type: 'events_api', payload: { type: 'app_rate_limited' } };
    expect(frame(limited)).to.include({ kind: 'envelope', type: 'events_api' });
  });

  it('ignores with a reason what is neither', () => {
    for (const text of [
      '',
      '<html>',
      '{',
      'null',
      '42',
      '"hello"',
      '[]',
      '{}',
      '{"type":"pong"}',
      '{"envelope_id":7}',
    ]) {
      expect(parseFrame(text), text).to.include({ kind: 'ignored' });
    }
  });

  it('reads a frame of several megabytes', () => {
    const text = 'x'.repeat(5_000_000);
    expect(frame({ envelope_id: 'e1', type: 'events_api', payload: { text } })).to.have.nested.property(
      'payload.text.length',
      text.length,
    );
  });

  it('reads a payload nested more deeply than it could be written', () => {
    const depth = 200_000;
    const text = `{"envelope_id":"e1","payload":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    const read = parseFrame(text);
    expect(read.kind).to.equal('envelope');
    expect(read).to.not.have.property('body');
  });

  it('never throws, whatever text arrives', () => {
    const keys = fc.constantFrom(
      'type',
      'envelope_id',
      'payload',
      'reason',
      'num_connections',
      'debug_info',
      'retry_attempt',
    );
    const nearly = fc.dictionary(
      keys,
      fc.oneof(fc.jsonValue(), fc.constantFrom('hello', 'disconnect', 'events_api')),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.json(),
          nearly.map((each) => JSON.stringify(each)),
        ),
        (text) => {
          expect(parseFrame(text)).to.have.property('kind');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('carries any payload unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ minLength: 1 }), (payload, envelopeId) => {
        const read = parseFrame(JSON.stringify({ envelope_id: envelopeId, payload }));
        expect(read).to.deep.include({
          kind: 'envelope',
          envelopeId,
          payload: JSON.parse(JSON.stringify(payload)),
        });
        expect(read).to.include({ body: JSON.stringify(payload) });
      }),
    );
  });
});

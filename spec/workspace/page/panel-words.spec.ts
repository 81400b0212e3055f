import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Panel } from '../face/wire.ts';
import { figuresOf, partsOf, readyWords } from './panel-words.ts';

const panel: Panel = {
  ready: {
    status: 200,
    parts: {
      slack: { ok: true, state: 'connected', sockets: 2, foreign: 0 },
      inbox: { ok: true, uncommitted: 0, isFull: false, token: null },
      postgres: { ok: false, state: 'refused' },
    },
  },
  sockets: 2,
  inbox: null,
  outbox: { waiting: 3, done: 7 },
  timers: { pending: 2, nextAt: 600_000 },
  deliveries: { sent: 14, acked: 10, waiting: 1, lost: 0, ackP99Ms: 178.8 },
  requests: 4,
  doubled: 1,
};

describe("the panel's words", () => {
  it('say how each part is, and leave out what is nothing', () => {
    expect(partsOf(panel)).to.deep.equal([
      { name: 'Slack', health: 'well', words: 'connected, sockets 2' },
      { name: 'Inbox', health: 'well', words: 'well' },
      { name: 'Postgres', health: 'ill', words: 'refused' },
    ]);
  });

  it('tell ready from not ready, and both from no answer', () => {
    expect(readyWords(panel).words).to.equal('Ready');
    expect(readyWords({ ready: { status: 503, parts: {} } }).words).to.equal('Not ready');
    expect(readyWords({ ready: null }).words).to.equal('No answer');
  });

  it('show what cannot be known as that, and what must never be as bad', () => {
    const shown = new Map(figuresOf(panel, 0).map((each) => [each.label, each]));
    expect(shown.get('Inbox')?.value).to.equal('–');
    expect(shown.get('Timers')?.value).to.equal('2 · next in 10 min');
    expect(shown.get('Acks p99')?.value).to.equal('179 ms');
    // What was sent again is no event of its own.
    expect(shown.get('Events')?.value).to.equal('10 of 11');
    expect(shown.get('Said twice')).to.include({ value: '1', isBad: true });
    expect(shown.get('Lost')).to.include({ value: '0', isBad: false });
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type Capture, capture } from '../../src/domain/capture.ts';
import { nextDueAt } from '../../src/domain/follow-ups.ts';
import { CONSENT_MS } from '../../src/domain/request.ts';
import { textMark } from '../../src/domain/text-mark.ts';
import { ASK, DAY, HOUR, queue, T0 } from '../support/builders.ts';

const from = (overrides: Partial<Capture> = {}): Capture => ({
  queue: queue(),
  asker: ASK,
  kind: 'mention',
  channel: 'CHELP',
  ts: '1.1',
  threadTs: '1.1',
  conversation: { channel: 'CHELP', threadTs: '1.1', isMirrored: false },
  isPrivate: false,
  asksConsent: false,
  text: 'The printer\nis on fire',
  files: [],
  priority: 'normal',
  openedAt: T0,
  continues: null,
  isLate: false,
  ...overrides,
});

describe('capture', () => {
  it('makes a new request whose clocks and ladder start at the message’s time', () => {
    const { request, effects } = capture(from(), T0 + HOUR / 2);
    expect(request).to.include({ state: 'new', owner: null, openedAt: T0, version: 1, asker: ASK });
    expect(request.source).to.include({ title: 'The printer', text: 'The printer\nis on fire' });
    expect(request.intervals.map(({ kind, startedAt, endedAt }) => [kind, startedAt, endedAt])).to.deep.equal(
      [
        ['assign', T0, null],
        ['first_response', T0, null],
        ['resolution', T0, null],
      ],
    );
    expect(nextDueAt({ ...request, id: 1 }, queue())).to.equal(T0 + HOUR);
    expect(effects).to.deep.equal([{ kind: 'card' }, { kind: 'asker_reply' }]);
  });

  it('leaves it to a summary to tell duty of what a catch-up found, if its duty step is due already', () => {
    const { request } = capture(from({ isLate: true }), T0 + DAY);
    expect(request.late).to.equal('unannounced');
    expect(nextDueAt({ ...request, id: 1 }, queue())).to.equal(null);
    expect(request.intervals[0]?.startedAt).to.equal(T0);
  });

  it('climbs its ladder as ever when a catch-up found it in time for the duty step', () => {
    const { request } = capture(from({ isLate: true }), T0 + HOUR / 2);
    expect(request.late).to.equal('announced');
    expect(nextDueAt({ ...request, id: 1 }, queue())).to.equal(T0 + HOUR);
  });

  it('announces nothing of a late text that its asker has still to agree to', () => {
    const { request } = capture(from({ isLate: true, asksConsent: true }), T0 + DAY);
    expect(request).to.include({ state: 'unposted', late: 'announced' });
  });

  it('asks duty at once when the message is found late; its deadlines stay counted from the message', () => {
    const { request } = capture(from(), T0 + DAY);
    expect(nextDueAt({ ...request, id: 1 }, queue())).to.equal(T0 + DAY);
    expect(request.intervals[0]?.startedAt).to.equal(T0);
  });

  it('keeps a text that its asker has to agree to first unposted: no card, ladder or clock, only the question', () => {
    const { request, effects } = capture(from({ asksConsent: true, isPrivate: true }), T0);
    expect(request).to.include({ state: 'unposted', card: null, unshownText: 'The printer\nis on fire' });
    expect(request.intervals).to.deep.equal([]);
    expect(nextDueAt({ ...request, id: 1 }, queue())).to.equal(T0 + CONSENT_MS);
    expect(effects).to.deep.equal([
      {
        kind: 'say',
        place: { kind: 'conversation' },
        saying: { kind: 'consent', mark: textMark('The printer\nis on fire'), triageChannel: 'CTRIAGE' },
      },
    ]);
  });

  it('links what it continues', () => {
    expect(capture(from({ continues: 7 }), T0).request.continues).to.equal(7);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Change } from '../../src/domain/change.ts';
import { deadline } from '../../src/domain/clocks.ts';
import { isOpen, type Request, STATES } from '../../src/domain/request.ts';
import { ANA, ASK, BEN, CAT, DAY, HOUR, MINUTE, request, T0, ZOE } from '../support/builders.ts';
import { make, said, sentTo } from '../support/outcomes.ts';

const reply = (at = T0 + MINUTE, isInside = false): Change => ({ kind: 'reply', at, isInside });
const unreact = (reaction: 'take' | 'resolve'): Change => ({ kind: 'unreact', reaction });
const tick: Change = { kind: 'resolve', note: null, byReaction: true };
const withoutAna = { responders: new Set([BEN, CAT]) };

function firstResponse(of: Request): number | null | undefined {
  return of.intervals.find(({ kind }) => kind === 'first_response')?.endedAt;
}

describe('a post of the asker', () => {
  it('ends waiting and hold: the request is in progress again', () => {
    for (const state of ['waiting', 'on_hold'] as const) {
      const { next, what } = make(request({ state }), reply(), { by: ASK });
      expect(next, state).to.include({ state: 'in_progress', owner: ANA, hold: null });
      expect(what).to.equal('answered');
      expect(make(request({ state }), reply(), { by: ASK, ...withoutAna }).next, state).to.include({
        state: 'new',
        owner: null,
      });
    }
  });

  it('re-opens a resolved request, and its owner is told', () => {
    const { next, effects } = make(request({ state: 'resolved' }), reply(), { by: ASK });
    expect(next).to.include({ state: 'in_progress', owner: ANA, unansweredSinceAt: T0 + MINUTE });
    expect(sentTo(effects, ANA)).to.deep.equal([{ kind: 'reopened', by: ASK }]);
  });

  it('is noted as unanswered since the first of several', () => {
    const once = make(request(), reply(T0 + MINUTE), { by: ASK }).next;
    const twice = make(once, reply(T0 + HOUR), { by: ASK }).next;
    expect(twice).to.include({ state: 'new', unansweredSinceAt: T0 + MINUTE, answeredAt: null });
    expect(firstResponse(twice)).to.equal(null);
  });

  it('changes nothing once the request has ended', () => {
    for (const state of STATES.filter((all) => !isOpen(all) && all !== 'resolved')) {
      const ended = request({ state });
      expect(make(ended, reply(), { by: ASK }).next, state).to.equal(ended);
    }
  });

  it('counts as the asker’s also when they are a responder: it takes and answers nothing', () => {
    const own = request({ asker: BEN });
    const { next } = make(own, reply(), { by: BEN });
    expect(next).to.include({ state: 'new', owner: null, answeredAt: null });
    expect(make(request({ asker: BEN, owner: BEN, state: 'waiting' }), reply(), { by: BEN }).next).to.include(
      {
        state: 'in_progress',
        owner: BEN,
        answeredAt: null,
      },
    );
  });
});

describe('a reply of a responder', () => {
  it('takes an unowned request and stops the first-response clock at the time of the reply', () => {
    const { next, what } = make(request(), reply(T0 + MINUTE), { now: T0 + HOUR });
    expect(next).to.include({ state: 'in_progress', owner: BEN, answeredAt: T0 + MINUTE });
    expect(firstResponse(next)).to.equal(T0 + MINUTE);
    expect(what).to.equal('answered and took it');
  });

  it('changes only the owner of an unowned waiting or on-hold request', () => {
    for (const state of ['waiting', 'on_hold'] as const)
      expect(make(request({ state, owner: null }), reply()).next).to.include({ state, owner: BEN });
  });

  it('answers for whoever owns it and leaves the owner and the state alone', () => {
    for (const state of ['in_progress', 'waiting', 'on_hold'] as const) {
      const asked = request({ state, unansweredSinceAt: T0 });
      const { next, effects } = make(asked, reply());
      expect(next, state).to.include({ state, owner: ANA, answeredAt: T0 + MINUTE, unansweredSinceAt: null });
      // Its asker is no longer told when the first answer is due.
      expect(effects).to.deep.equal([{ kind: 'card' }, { kind: 'asker_reply' }]);
      expect(make(next, reply(T0 + HOUR)).effects).to.deep.equal([]);
      expect(make(next, reply(T0 + HOUR)).next.answeredAt).to.equal(T0 + MINUTE);
    }
  });

  it('also answers a resolved request, which stays resolved and unowned', () => {
    const { next } = make(request({ state: 'resolved', owner: null }), reply());
    expect(next).to.include({ state: 'resolved', owner: null, answeredAt: T0 + MINUTE });
    expect(make(next, { kind: 'reopen' }).next.intervals.map(({ kind }) => kind)).to.not.include(
      'first_response',
    );
  });

  it('stays inside with 🔒, whoever writes: it takes nothing, answers nothing, ends no waiting', () => {
    const unowned = request();
    expect(make(unowned, reply(T0, true)).next).to.equal(unowned);
    const waiting = request({ state: 'waiting', asker: BEN });
    expect(make(waiting, reply(T0, true), { by: BEN }).next).to.equal(waiting);
  });

  it('changes nothing when a third party, or nobody, writes', () => {
    for (const state of STATES)
      for (const by of [ZOE, null]) {
        const before = request({ state });
        expect(make(before, reply(), { by }), state).to.deep.include({ next: before, effects: [] });
      }
  });
});

describe('the first-response clock', () => {
  it('goes on when the request is only taken', () => {
    const taken = make(request(), { kind: 'take', byReaction: false }).next;
    expect(deadline(taken.intervals, 'first_response', 4 * HOUR)).to.equal(T0 + 4 * HOUR);
    expect(deadline(taken.intervals, 'assign', 2 * HOUR)).to.equal(null);
  });

  it('goes on while the request waits or is held, until a responder has answered', () => {
    const waits = make(request(), { kind: 'wait' }).next;
    expect(firstResponse(waits)).to.equal(null);
    expect(firstResponse(make(waits, reply()).next)).to.equal(T0 + MINUTE);
  });
});

describe('👀 taken away', () => {
  const taken = make(request(), { kind: 'take', byReaction: true }).next;

  it('gives the request back when theirs made the change', () => {
    const { next } = make(taken, unreact('take'));
    expect(next).to.include({ state: 'new', owner: null, takenByReactionOf: null });
    expect(next.ladder.passed).to.deep.equal([BEN]);
  });

  it('gives it back from waiting as well', () => {
    expect(make(make(taken, { kind: 'wait' }).next, unreact('take')).next.state).to.equal('new');
  });

  it('changes nothing when it is another’s, when a button made the change, or when it is no longer theirs', () => {
    const byButton = make(request(), { kind: 'take', byReaction: false }).next;
    const handedOver = make(taken, { kind: 'assign', to: CAT }).next;
    const resolved = make(taken, tick).next;
    for (const before of [byButton, handedOver, resolved])
      expect(make(before, unreact('take')).next).to.equal(before);
    expect(make(taken, unreact('take'), { by: CAT }).next).to.equal(taken);
    expect(make(taken, unreact('take'), { by: null }).next).to.equal(taken);
  });
});

describe('✅ taken away', () => {
  it('goes back to the state before, with the owner and the hold of then', () => {
    const before = [
      request(),
      request({ state: 'in_progress' }),
      request({ state: 'waiting' }),
      request({ state: 'on_hold' }),
      request({ state: 'waiting', owner: null }),
    ];
    for (const { state, owner, hold, ...rest } of before) {
      const resolved = make({ ...rest, state, owner, hold }, tick, { now: T0 + HOUR }).next;
      expect(resolved.hold).to.equal(null);
      const { next, what } = make(resolved, unreact('resolve'), { now: T0 + DAY });
      expect(next, state).to.deep.include({ state, owner, hold, resolution: null, stateSinceAt: T0 + DAY });
      expect(what).to.equal('re-opened it');
    }
  });

  it('tells the owner that somebody else’s resolution is off', () => {
    const resolved = make(request({ state: 'in_progress' }), tick).next;
    expect(sentTo(make(resolved, unreact('resolve')).effects, ANA)).to.deep.equal([
      { kind: 'done_by_other', by: BEN, what: 're-opened it' },
    ]);
  });

  it('leads to new when the owner can no longer respond', () => {
    const resolved = make(request({ state: 'in_progress' }), tick).next;
    expect(make(resolved, unreact('resolve'), withoutAna).next).to.include({ state: 'new', owner: null });
    const waited = make(request({ state: 'waiting' }), tick).next;
    expect(make(waited, unreact('resolve'), withoutAna).next).to.include({ state: 'waiting', owner: null });
  });

  it('counts for the asker’s ✅ as well', () => {
    const resolved = make(request({ state: 'in_progress' }), tick, { by: ASK }).next;
    expect(make(resolved, unreact('resolve'), { by: ASK }).next.state).to.equal('in_progress');
  });

  it('changes nothing when it is another’s, when a button resolved it, or when the state has changed since', () => {
    const resolved = make(request({ state: 'in_progress' }), tick).next;
    const byButton = make(request({ state: 'in_progress' }), { ...tick, byReaction: false }).next;
    const reopened = make(resolved, { kind: 'reopen' }).next;
    const closed = make(resolved, { kind: 'confirm' }, { by: ASK }).next;
    expect(make(resolved, unreact('resolve'), { by: CAT }).next).to.equal(resolved);
    for (const before of [byButton, reopened, closed])
      expect(make(before, unreact('resolve')).next).to.equal(before);
    expect(said(make(closed, unreact('resolve')).effects)).to.deep.equal([]);
  });
});

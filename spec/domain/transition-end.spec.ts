import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Change } from '../../src/domain/change.ts';
import { deadline, elapsedMs } from '../../src/domain/clocks.ts';
import { isExit, isOpen, type Request, STATES, type State } from '../../src/domain/request.ts';
import { ANA, ASK, BEN, CAT, DAY, HOUR, request, T0, ZOE } from '../support/builders.ts';
import { make, refusal, said, sentTo } from '../support/outcomes.ts';

const OPEN: readonly State[] = STATES.filter(isOpen);
const EXITS: readonly State[] = STATES.filter(isExit);
const take: Change = { kind: 'take', byReaction: false };
const resolve: Change = { kind: 'resolve', note: null, byReaction: false };
const hold: Change = { kind: 'hold', untilAt: T0 + 2 * DAY, reason: 'the vendor' };
const reply = (at: number): Change => ({ kind: 'reply', at, isInside: false });
const withoutAna = { responders: new Set([BEN, CAT]) };
const running = (of: Request): string[] =>
  of.intervals.filter(({ endedAt }) => endedAt === null).map(({ kind }) => kind);

describe('transition: resolved', () => {
  it('is reached from every open state by responder and asker, with the note, and stops every clock', () => {
    for (const state of OPEN)
      for (const by of [BEN, ASK]) {
        const noted: Change = { kind: 'resolve', note: 'new toner', byReaction: false };
        const { next, effects } = make(request({ state }), noted, { by, now: T0 + HOUR });
        expect(next, state).to.include({ state: 'resolved', hold: null, exit: null });
        expect(next.resolution, state).to.include({ by, at: T0 + HOUR, note: 'new toner', before: state });
        expect(running(next), state).to.deep.equal([]);
        expect(said(effects)[0]?.saying).to.deep.equal({ kind: 'resolved', by });
      }
  });

  it('makes the responder who resolves an unowned request its owner, also of their own; the asker not', () => {
    expect(make(request(), resolve).next.owner).to.equal(BEN);
    expect(make(request({ asker: BEN }), resolve).next.owner).to.equal(BEN);
    expect(make(request(), resolve, { by: ASK }).next.owner).to.equal(null);
  });

  it('keeps the owner when another responder resolves, and tells them', () => {
    const { next, effects } = make(request({ state: 'in_progress' }), resolve);
    expect(next.owner).to.equal(ANA);
    expect(sentTo(effects, ANA)).to.deep.equal([{ kind: 'done_by_other', by: BEN, what: 'resolved it' }]);
  });

  it('is reached by the clock as "no answer"', () => {
    const { next, effects, what } = make(request({ state: 'waiting' }), resolve, { by: null });
    expect(next.resolution).to.include({ by: null, before: 'waiting' });
    expect(what).to.equal('resolved: no answer');
    expect(said(effects).map(({ saying }) => saying)).to.deep.equal([{ kind: 'resolved', by: null }]);
  });

  it('is not reached twice, nor by third parties, nor after an end', () => {
    expect(refusal(request({ state: 'resolved' }), resolve)).to.deep.equal({
      kind: 'already',
      state: 'resolved',
    });
    expect(refusal(request(), resolve, { by: ZOE })).to.deep.equal({ kind: 'asker_or_responder_only' });
    expect(refusal(request({ state: 'declined' }), resolve)).to.deep.equal({
      kind: 'not_open',
      state: 'declined',
    });
  });
});

describe('transition: re-opening', () => {
  it('makes it in progress again for its owner, and resolution time goes on from what had accumulated', () => {
    const resolved = make(request({ state: 'in_progress' }), resolve, { by: ANA, now: T0 + HOUR }).next;
    for (const by of [ASK, BEN]) {
      const { next, effects } = make(resolved, { kind: 'reopen' }, { by, now: T0 + 10 * HOUR });
      expect(next).to.include({ state: 'in_progress', owner: ANA, resolution: null });
      expect(elapsedMs(next.intervals, 'resolution', T0 + 11 * HOUR)).to.equal(2 * HOUR);
      expect(deadline(next.intervals, 'resolution', 24 * HOUR)).to.equal(T0 + 33 * HOUR);
      expect(sentTo(effects, ANA)).to.deep.equal([{ kind: 'reopened', by }]);
    }
    expect(sentTo(make(resolved, { kind: 'reopen' }, { by: ANA }).effects, ANA)).to.deep.equal([]);
  });

  it('becomes new when the owner can no longer respond, or nobody had it', () => {
    const resolved = request({ state: 'resolved' });
    expect(make(resolved, { kind: 'reopen' }, { by: ASK, ...withoutAna }).next).to.include({
      state: 'new',
      owner: null,
    });
    expect(make({ ...resolved, owner: null }, { kind: 'reopen' }).next.state).to.equal('new');
  });

  it('is refused to third parties, to what is open and to what is over', () => {
    expect(refusal(request({ state: 'resolved' }), { kind: 'reopen' }, { by: ZOE })).to.deep.equal({
      kind: 'asker_or_responder_only',
    });
    for (const state of OPEN)
      expect(refusal(request({ state }), { kind: 'reopen' })).to.deep.equal({ kind: 'already', state });
    expect(refusal(request({ state: 'closed' }), { kind: 'reopen' })).to.deep.equal({ kind: 'final' });
    for (const state of EXITS)
      expect(refusal(request({ state }), { kind: 'reopen' })).to.deep.equal({ kind: 'not_open', state });
  });
});

describe('transition: closed', () => {
  it('follows *It works* by the asker, or silence', () => {
    for (const by of [ASK, null]) {
      const { next, what } = make(request({ state: 'resolved' }), { kind: 'confirm' }, { by });
      expect(next).to.include({ state: 'closed', owner: ANA });
      expect(what).to.equal(by === null ? 'closed by silence' : 'confirmed');
    }
  });

  it('is not for responders, not twice, and not before it is resolved', () => {
    expect(refusal(request({ state: 'resolved' }), { kind: 'confirm' })).to.deep.equal({
      kind: 'asker_only',
    });
    expect(refusal(request({ state: 'closed' }), { kind: 'confirm' }, { by: ASK })).to.deep.equal({
      kind: 'already',
      state: 'closed',
    });
    expect(refusal(request(), { kind: 'confirm' }, { by: ASK })).to.deep.equal({
      kind: 'not_open',
      state: 'new',
    });
  });

  it('is final: nothing that people do changes the state any more', () => {
    const closed = request({ state: 'closed' });
    const changes: Change[] = [
      take,
      { kind: 'assign', to: CAT },
      { kind: 'pass' },
      { kind: 'wait' },
      hold,
      { kind: 'unhold' },
      resolve,
      { kind: 'reopen' },
      { kind: 'not_request' },
      { kind: 'decline', reason: 'no' },
      { kind: 'duplicate', of: 3 },
      { kind: 'priority', to: 'low' },
      { kind: 'snooze', untilAt: T0 + HOUR },
      { kind: 'remind', dueAt: T0 + HOUR },
      { kind: 'move', queue: 'hr', asksConsent: false },
    ];
    for (const change of changes) {
      const by = change.kind === 'pass' ? ANA : BEN;
      expect(refusal(closed, change, { by }), change.kind).to.deep.equal({ kind: 'final' });
    }
    expect(refusal(closed, { kind: 'withdraw' }, { by: ASK })).to.deep.equal({ kind: 'final' });
    expect(make(closed, reply(T0), { by: ASK }).next).to.equal(closed);
    expect(make(closed, reply(T0)).next).to.equal(closed);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Change } from '../../src/domain/change.ts';
import { type Request } from '../../src/domain/request.ts';
import {
  ANA,
  ASK,
  BEN,
  CAT,
  DAY,
  HOUR,
  RESPONDERS,
  request,
  situation,
  T0,
  ZOE,
} from '../support/builders.ts';
import { make, refusal, sentTo } from '../support/outcomes.ts';

const take: Change = { kind: 'take', byReaction: false };
const resolve: Change = { kind: 'resolve', note: null, byReaction: false };
const withoutAna = { responders: new Set([BEN, CAT]) };
const running = (of: Request): string[] =>
  of.intervals.filter(({ endedAt }) => endedAt === null).map(({ kind }) => kind);

describe('transition: priority', () => {
  it('is set by asker and responder, shown, and told to the owner', () => {
    for (const by of [ASK, BEN]) {
      const { next, effects } = make(
        request({ state: 'in_progress' }),
        { kind: 'priority', to: 'urgent' },
        { by },
      );
      expect(next).to.include({ state: 'in_progress', priority: 'urgent' });
      expect(sentTo(effects, ANA)).to.deep.equal([{ kind: 'done_by_other', by, what: 'set to urgent' }]);
    }
  });

  it('keeps start and pauses', () => {
    const paused = make(request({ state: 'waiting' }), { kind: 'priority', to: 'high' }, { now: T0 + HOUR });
    expect(paused.next.intervals).to.deep.equal(request({ state: 'waiting' }).intervals);
  });

  it('is refused when nothing changes, when the request is over, and to third parties', () => {
    expect(refusal(request(), { kind: 'priority', to: 'normal' })).to.deep.equal({ kind: 'nothing_changes' });
    expect(refusal(request({ state: 'resolved' }), { kind: 'priority', to: 'low' })).to.deep.equal({
      kind: 'not_open',
      state: 'resolved',
    });
    expect(refusal(request(), { kind: 'priority', to: 'low' }, { by: ZOE })).to.deep.equal({
      kind: 'asker_or_responder_only',
    });
  });
});

describe('transition: *Keep open*, *Snooze*, `remind`', () => {
  it('keeps a waiting request open until its state next changes', () => {
    const kept = make(request({ state: 'waiting' }), { kind: 'keep_open' }, { by: ASK });
    expect(kept.next.waiting.isKeptOpen).to.equal(true);
    expect(sentTo(kept.effects, ANA)).to.deep.equal([{ kind: 'done_by_other', by: ASK, what: 'kept open' }]);
    expect(refusal(kept.next, { kind: 'keep_open' })).to.deep.equal({ kind: 'nothing_changes' });
    expect(make(kept.next, { kind: 'unhold' }).next.waiting.isKeptOpen).to.equal(false);
    expect(refusal(request(), { kind: 'keep_open' })).to.deep.equal({ kind: 'not_waiting' });
  });

  it('notes one snooze a person; it moves no clock and no step', () => {
    const once = make(request(), { kind: 'snooze', untilAt: T0 + HOUR }).next;
    const twice = make(once, { kind: 'snooze', untilAt: T0 + 2 * HOUR }).next;
    expect(twice.snoozes).to.deep.equal([{ user: BEN, untilAt: T0 + 2 * HOUR, isOwed: false }]);
    expect(twice.ladder).to.deep.equal(request().ladder);
    expect(twice.intervals).to.deep.equal(request().intervals);
  });

  it('snoozes and reminds only ahead of now, and only while there is something to do', () => {
    expect(refusal(request(), { kind: 'snooze', untilAt: T0 })).to.deep.equal({ kind: 'in_the_past' });
    expect(refusal(request(), { kind: 'remind', dueAt: T0 })).to.deep.equal({ kind: 'in_the_past' });
    expect(refusal(request({ state: 'resolved' }), { kind: 'snooze', untilAt: T0 + 1 })).to.deep.equal({
      kind: 'not_open',
      state: 'resolved',
    });
    expect(refusal(request(), { kind: 'snooze', untilAt: T0 + 1 }, { by: ASK })).to.deep.equal({
      kind: 'responders_only',
    });
  });

  it('keeps a reminder while the request is resolved and drops it when it ends', () => {
    const reminded = make(request(), { kind: 'remind', dueAt: T0 + DAY }, { by: ASK }).next;
    expect(reminded.reminders).to.deep.equal([{ user: ASK, dueAt: T0 + DAY }]);
    const resolved = make(reminded, resolve).next;
    expect(resolved.reminders).to.have.length(1);
    expect(make(resolved, { kind: 'confirm' }, { by: ASK }).next.reminders).to.deep.equal([]);
    expect(make(reminded, { kind: 'decline', reason: 'no' }).next.reminders).to.deep.equal([]);
    expect(
      make(request({ state: 'resolved' }), { kind: 'remind', dueAt: T0 + 1 }).next.reminders,
    ).to.have.length(1);
  });

  it('drops snoozes when the request is no longer open', () => {
    const snoozed = make(request(), { kind: 'snooze', untilAt: T0 + HOUR }).next;
    expect(make(snoozed, resolve).next.snoozes).to.deep.equal([]);
  });
});

describe('transition: an owner who leaves', () => {
  const lost: Change = { kind: 'owner_left' };

  it('gives an in-progress request back to the ladder', () => {
    const { next, effects } = make(request({ state: 'in_progress' }), lost, { by: null, ...withoutAna });
    expect(next).to.include({ state: 'new', owner: null, takenByReactionOf: null });
    expect(running(next)).to.include('assign');
    expect(effects).to.deep.equal([{ kind: 'card' }, { kind: 'asker_reply' }]);
  });

  it('takes only the owner from waiting, on-hold and resolved ones', () => {
    for (const state of ['waiting', 'on_hold', 'resolved'] as const) {
      const { next } = make(request({ state }), lost, { by: null, ...withoutAna });
      expect(next, state).to.include({ state, owner: null });
    }
  });

  it('leaves what is unowned or over as it was', () => {
    for (const unowned of [
      request(),
      request({ state: 'closed' }),
      request({ state: 'declined', owner: ANA }),
    ])
      expect(make(unowned, lost, { by: null }).next).to.equal(unowned);
  });
});

describe('transition: the clock', () => {
  it('makes only its own changes', () => {
    const inProgress = request({ state: 'in_progress' });
    expect(refusal(inProgress, take, { by: null })).to.deep.equal({ kind: 'responders_only' });
    expect(refusal(inProgress, { kind: 'pass' }, { by: null })).to.deep.equal({ kind: 'responders_only' });
    expect(refusal(request(), { kind: 'withdraw' }, { by: null })).to.deep.equal({ kind: 'asker_only' });
    expect(refusal(request({ state: 'resolved' }), { kind: 'reopen' }, { by: null })).to.deep.equal({
      kind: 'asker_or_responder_only',
    });
  });

  it('sends nothing to an owner who can no longer respond', () => {
    const { effects } = make(request({ state: 'in_progress' }), { kind: 'wait' }, withoutAna);
    expect(sentTo(effects, ANA)).to.deep.equal([]);
  });

  it('knows the responders of the queue alone', () => {
    expect(situation().responders).to.equal(RESPONDERS);
    expect(refusal(request(), take, { by: ZOE })).to.deep.equal({ kind: 'responders_only' });
    expect(refusal(request(), take, { by: ASK })).to.deep.equal({ kind: 'responders_only' });
  });
});

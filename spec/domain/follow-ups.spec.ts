import { expect } from 'chai';
import { describe, it } from 'mocha';
import { fireDue, nextDueAt } from '../../src/domain/follow-ups.ts';
import { CONSENT_MS, isExit, type Request, STATES } from '../../src/domain/request.ts';
import type { Situation } from '../../src/domain/situation.ts';
import {
  ANA,
  ASK,
  BEN,
  CAT,
  DAY,
  HOUR,
  MINUTE,
  queue,
  request,
  situation,
  T0,
  ZOE,
} from '../support/builders.ts';
import { make, said, sentTo } from '../support/outcomes.ts';

const fire = (from: Request, now: number, overrides: Partial<Situation> = {}) =>
  fireDue(from, situation({ now, ...overrides }));
const waiting = (overrides: Partial<Request> = {}): Request =>
  request({ state: 'waiting', answeredAt: T0, ...overrides });
const reply = { kind: 'reply', isInside: false } as const;

/** The days after T0 on which a follow-up is due, and what comes of it, until none is. */
function calendar(from: Request): readonly string[] {
  const days: string[] = [];
  let next = from;
  for (;;) {
    const dueAt = nextDueAt(next, queue());
    if (dueAt === null) return days;
    const fired = fire(next, dueAt);
    next = fired.next;
    days.push(`${(dueAt - T0) / DAY}: ${fired.whats.join(', ')}`);
  }
}

describe('the follow-ups of a waiting request', () => {
  it('nudge after 1 and 3 business days, give notice at 5, resolve as "no answer" at 7, and close 2 later', () => {
    expect(calendar(waiting())).to.deep.equal([
      '1: nudged the asker (1)',
      '3: nudged the asker (2)',
      '5: told the asker that it ends soon',
      '7: resolved: no answer',
      '9: closed by silence',
    ]);
  });

  it('speak in the conversation, and the notice says when it ends', () => {
    const nudged = fire(waiting(), T0 + DAY);
    expect(said(nudged.effects)).to.deep.equal([
      { place: { kind: 'conversation' }, saying: { kind: 'nudge', nth: 1 } },
    ]);
    const noticed = fire(fire(nudged.next, T0 + 3 * DAY).next, T0 + 5 * DAY);
    expect(said(noticed.effects)).to.deep.equal([
      { place: { kind: 'conversation' }, saying: { kind: 'notice', closesAt: T0 + 7 * DAY } },
    ]);
    const ended = fire(noticed.next, T0 + 7 * DAY);
    expect(ended.next).to.include({ state: 'resolved', owner: ANA });
    expect(ended.next.resolution?.by).to.equal(null);
  });

  it('conclude nothing from silence before all is heard: what was wished for comes all the same', () => {
    const reminders = [{ user: CAT, dueAt: T0 + HOUR }];
    for (const state of ['waiting', 'resolved', 'unposted'] as const) {
      const from = request({ state, answeredAt: T0, reminders, asker: CAT });
      const around = situation({ now: T0 + 30 * DAY, responders: new Set([ANA, BEN, CAT]) });
      const deaf = fireDue(from, around, false);
      // Nobody is reminded of what is not shown yet.
      expect(deaf.whats, state).to.deep.equal(state === 'unposted' ? [] : ['reminded']);
      expect(deaf.next.state).to.equal(state);
      expect(fireDue(deaf.next, around, true).whats, state).to.have.length.above(0);
    }
    expect(
      fireDue(request({ state: 'new' }), situation({ now: T0 + DAY }), false).whats,
    ).to.have.length.above(0);
  });

  it('never resolve an urgent one', () => {
    expect(calendar(waiting({ priority: 'urgent' }))).to.have.length(2);
  });

  it('never resolve one that nobody has answered, be it the request or the asker’s last post', () => {
    expect(calendar(waiting({ answeredAt: null }))).to.have.length(2);
    expect(calendar(waiting({ unansweredSinceAt: T0 }))).to.have.length(2);
  });

  it('stop with *Keep open* and begin anew with the next waiting', () => {
    const kept = make(fire(waiting(), T0 + DAY).next, { kind: 'keep_open' }, { by: ASK, now: T0 + DAY }).next;
    expect(nextDueAt(kept, queue())).to.equal(null);
    const back = make(kept, { ...reply, at: T0 + 2 * DAY }, { by: ASK, now: T0 + 2 * DAY }).next;
    const answered = make(back, { ...reply, at: T0 + 2 * DAY }, { by: ANA, now: T0 + 2 * DAY }).next;
    const again = make(answered, { kind: 'wait' }, { by: ANA, now: T0 + 2 * DAY }).next;
    expect(nextDueAt(again, queue())).to.equal(T0 + 3 * DAY);
    expect(again.waiting).to.deep.equal({ nudges: 0, closesAt: null, isKeptOpen: false });
  });

  it('leave the asker the whole time from notice to end, however late the notice comes', () => {
    const down = fire(waiting(), T0 + 10 * DAY);
    expect(down.whats).to.deep.equal([
      'nudged the asker (1)',
      'nudged the asker (2)',
      'told the asker that it ends soon',
    ]);
    expect(nextDueAt(down.next, queue())).to.equal(T0 + 12 * DAY);
    const silent = fire(waiting({ answeredAt: null }), T0 + 8 * DAY).next;
    const answered = make(silent, { ...reply, at: T0 + 9 * DAY }, { by: ANA, now: T0 + 9 * DAY }).next;
    const noticed = fire(answered, T0 + 9 * DAY).next;
    expect(noticed.state).to.equal('waiting');
    expect(nextDueAt(noticed, queue())).to.equal(T0 + 11 * DAY);
  });

  it('are moot the moment the asker posts', () => {
    const posted = make(waiting(), { ...reply, at: T0 + HOUR }, { by: ASK, now: T0 + HOUR }).next;
    expect(nextDueAt(posted, queue())).to.equal(null);
    expect(fire(posted, T0 + 30 * DAY)).to.deep.equal({ next: posted, effects: [], whats: [] });
  });
});

describe('the follow-up of a held request', () => {
  it('ends the hold at its date, and an owner who can still respond is told', () => {
    const held = request({ state: 'on_hold' });
    expect(nextDueAt(held, queue())).to.equal(T0 + 2 * DAY);
    const { next, effects } = fire(held, T0 + 2 * DAY, { by: BEN });
    expect(next).to.include({ state: 'in_progress', owner: ANA, hold: null });
    expect(next.lastChange).to.deep.equal({ what: 'hold ended', by: null, at: T0 + 2 * DAY });
    expect(sentTo(effects, ANA)).to.have.length(1);
  });

  it('goes back to the ladder, whose first step is due at once, when nobody has it', () => {
    const { next, whats } = fire(request({ state: 'on_hold', owner: null }), T0 + 2 * DAY);
    expect(whats).to.deep.equal(['hold ended', 'ladder: duty']);
    expect(next.state).to.equal('new');
    expect(nextDueAt(next, queue())).to.equal(T0 + 2 * DAY + HOUR);
  });

  it('never resolves it and never nudges', () => {
    const { next } = fire(request({ state: 'on_hold' }), T0 + 30 * DAY);
    expect(next.state).to.equal('in_progress');
    expect(nextDueAt(next, queue())).to.equal(null);
  });

  it('ends a hold that has lost its date at once rather than never', () => {
    const { next, effects } = fire(request({ state: 'on_hold', hold: null }), T0);
    expect(next.state).to.equal('in_progress');
    expect(sentTo(effects, ANA)).to.deep.equal([]);
  });
});

describe('the follow-up of a resolved request', () => {
  it('closes it after the silence of `close_after`, for good', () => {
    const resolved = request({ state: 'resolved' });
    expect(nextDueAt(resolved, queue())).to.equal(T0 + 2 * DAY);
    const { next } = fire(resolved, T0 + 2 * DAY);
    expect(next.state).to.equal('closed');
    expect(nextDueAt(next, queue())).to.equal(null);
  });

  it('is moot when the asker posts, and counts anew from the next resolution', () => {
    const back = make(
      request({ state: 'resolved' }),
      { ...reply, at: T0 + DAY },
      { by: ASK, now: T0 + DAY },
    ).next;
    expect(nextDueAt(back, queue())).to.equal(null);
    const again = make(back, { kind: 'resolve', note: null, byReaction: false }, { now: T0 + 3 * DAY }).next;
    expect(nextDueAt(again, queue())).to.equal(T0 + 5 * DAY);
  });
});

describe('the follow-up of an unposted request', () => {
  it('withdraws it after 24 hours of silence and says so', () => {
    const unposted = request({ state: 'unposted' });
    expect(nextDueAt(unposted, queue())).to.equal(T0 + CONSENT_MS);
    const { next, effects } = fire(unposted, T0 + CONSENT_MS);
    expect(next.state).to.equal('withdrawn');
    expect(said(effects).map(({ saying }) => saying)).to.deep.equal([
      { kind: 'consent_over', posted: false },
    ]);
    expect(nextDueAt(next, queue())).to.equal(null);
  });
});

describe('`remind`', () => {
  const reminded = make(
    request({ state: 'in_progress' }),
    { kind: 'remind', dueAt: T0 + HOUR },
    { by: CAT },
  ).next;

  it('reminds its author alone, once', () => {
    expect(nextDueAt(reminded, queue())).to.equal(T0 + HOUR);
    const { next, effects, whats } = fire(reminded, T0 + HOUR);
    expect(said(effects)).to.deep.equal([
      { place: { kind: 'person', user: CAT }, saying: { kind: 'reminder', user: CAT } },
    ]);
    expect(whats).to.deep.equal(['reminded']);
    expect(next.reminders).to.deep.equal([]);
    expect(nextDueAt(next, queue())).to.equal(null);
  });

  it('stays through resolution and dies when the request ends', () => {
    const resolved = make(reminded, { kind: 'resolve', note: null, byReaction: false }).next;
    expect(nextDueAt(resolved, queue())).to.equal(T0 + HOUR);
    expect(nextDueAt(make(resolved, { kind: 'confirm' }, { by: ASK }).next, queue())).to.equal(null);
    for (const state of STATES.filter((all) => isExit(all) || all === 'closed')) {
      const over = request({ state, reminders: [{ user: CAT, dueAt: T0 + HOUR }] });
      expect(nextDueAt(over, queue()), state).to.equal(null);
    }
  });

  it('keeps several apart, of one person and of others', () => {
    const two = make(reminded, { kind: 'remind', dueAt: T0 + 2 * HOUR }, { by: CAT }).next;
    const three = make(two, { kind: 'remind', dueAt: T0 + 2 * HOUR }, { by: ASK }).next;
    const first = fire(three, T0 + HOUR);
    expect(said(first.effects)).to.have.length(1);
    expect(said(fire(first.next, T0 + 2 * HOUR).effects).map(({ place }) => place)).to.deep.equal([
      { kind: 'person', user: CAT },
      { kind: 'person', user: ASK },
    ]);
  });

  it('says nothing to somebody who may no longer read the request', () => {
    const { next, effects, whats } = fire(reminded, T0 + HOUR, { responders: new Set([ANA]) });
    expect(effects).to.deep.equal([]);
    expect(whats).to.deep.equal(['a reminder fell away']);
    expect(next.reminders).to.deep.equal([]);
    const stranger = request({ reminders: [{ user: ZOE, dueAt: T0 + 1 }] });
    expect(fire(stranger, T0 + 1).effects).to.deep.equal([]);
  });
});

describe('follow-ups', () => {
  it('do nothing before they are due', () => {
    for (const state of STATES) {
      const before = request({ state });
      expect(fire(before, T0 - 1), state).to.deep.equal({ next: before, effects: [], whats: [] });
    }
  });

  it('that are not of the state are gone with it', () => {
    for (const state of ['in_progress', 'closed', ...STATES.filter(isExit)] as const)
      expect(nextDueAt(request({ state }), queue()), state).to.equal(null);
  });

  it('come in the order of their times, and each counts as one change', () => {
    const reminded = make(request(), { kind: 'remind', dueAt: T0 + 90 * MINUTE }, { by: ASK }).next;
    const { next, whats } = fire(reminded, T0 + 2 * HOUR);
    expect(whats).to.deep.equal(['ladder: duty', 'reminded', 'ladder: next']);
    expect(next.version).to.equal(reminded.version + 3);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Change } from '../../src/domain/change.ts';
import { elapsedMs } from '../../src/domain/clocks.ts';
import { isOpen, type Request, STATES, type State } from '../../src/domain/request.ts';
import { ANA, ASK, BEN, CAT, DAY, HOUR, MINUTE, queue, request, T0, ZOE } from '../support/builders.ts';
import { make, refusal, said, sentTo, yes } from '../support/outcomes.ts';

const OPEN: readonly State[] = STATES.filter(isOpen);
const take: Change = { kind: 'take', byReaction: false };
const resolve: Change = { kind: 'resolve', note: null, byReaction: false };
const hold: Change = { kind: 'hold', untilAt: T0 + 2 * DAY, reason: 'the vendor' };
const withoutAna = { responders: new Set([BEN, CAT]) };
const running = (of: Request): string[] =>
  of.intervals.filter(({ endedAt }) => endedAt === null).map(({ kind }) => kind);

describe('transition: unposted', () => {
  it('becomes new with *Post it there*, and every clock starts at that moment', () => {
    const { next, effects } = make(request({ state: 'unposted' }), yes(request({ state: 'unposted' })), {
      by: ASK,
      now: T0 + HOUR,
    });
    expect(next).to.include({
      state: 'new',
      openedAt: T0 + HOUR,
      stateSinceAt: T0 + HOUR,
      unshownText: null,
    });
    expect(next.intervals.map(({ kind, startedAt }) => [kind, startedAt])).to.deep.equal([
      ['assign', T0 + HOUR],
      ['first_response', T0 + HOUR],
      ['resolution', T0 + HOUR],
    ]);
    expect(next.ladder).to.include({ anchorAt: T0 + HOUR, nextStep: 0 });
    expect(effects).to.deep.equal([{ kind: 'card' }, { kind: 'asker_reply' }]);
  });

  it('runs no clock before', () => {
    expect(request({ state: 'unposted' }).intervals).to.deep.equal([]);
  });

  it('is withdrawn by *Cancel*, without a card and without a way back', () => {
    const { next, effects } = make(
      request({ state: 'unposted', askerReply: null }),
      { kind: 'cancel' },
      { by: ASK },
    );
    expect(next).to.include({ state: 'withdrawn', exit: null, unshownText: null });
    expect(said(effects).map(({ saying }) => saying)).to.deep.equal([
      { kind: 'consent_over', posted: false },
    ]);
    expect(effects).to.have.length(1);
    expect(refusal(next, { kind: 'undo' }, { by: ASK })).to.deep.equal({ kind: 'nothing_to_undo' });
  });

  it('is withdrawn by the asker, and nobody else may post or cancel it', () => {
    const unposted = request({ state: 'unposted' });
    expect(make(unposted, { kind: 'withdraw' }, { by: ASK }).next.state).to.equal('withdrawn');
    for (const change of [yes(unposted), { kind: 'cancel' }, { kind: 'withdraw' }] as const)
      expect(refusal(unposted, change, { by: BEN }), change.kind).to.deep.equal({ kind: 'asker_only' });
  });

  it('allows nothing else', () => {
    const others: Change[] = [
      take,
      { kind: 'wait' },
      hold,
      resolve,
      { kind: 'reopen' },
      { kind: 'not_request' },
    ];
    for (const change of others)
      expect(refusal(request({ state: 'unposted' }), change), change.kind).to.deep.equal({
        kind: 'unposted',
      });
  });
});

describe('transition: → in progress', () => {
  it('takes an unowned request: owner set, asker told, assign clock stopped, the others go on', () => {
    const { next, effects, what } = make(request(), take, { now: T0 + MINUTE });
    expect(next).to.include({ state: 'in_progress', owner: BEN, takenByReactionOf: null, version: 2 });
    expect(next.lastChange).to.deep.equal({ what, by: BEN, at: T0 + MINUTE });
    expect(running(next)).to.have.members(['first_response', 'resolution']);
    expect(said(effects)).to.deep.equal([
      { place: { kind: 'conversation' }, saying: { kind: 'taken', by: BEN } },
    ]);
  });

  it('remembers that it was taken by 👀, and by whose', () => {
    expect(make(request(), { kind: 'take', byReaction: true }).next.takenByReactionOf).to.equal(BEN);
  });

  it('lets one of two people win and tells the other who', () => {
    const won = make(request(), take, { by: ANA }).next;
    expect(refusal(won, take, { by: BEN })).to.deep.equal({ kind: 'taken_already', owner: ANA });
    expect(refusal(won, take, { by: ANA })).to.deep.equal({ kind: 'yours_already' });
  });

  it('assigns, and tells the new owner by DM and the asker in the conversation', () => {
    const { next, effects } = make(request(), { kind: 'assign', to: CAT });
    expect(next).to.include({ state: 'in_progress', owner: CAT });
    expect(sentTo(effects, CAT)).to.deep.equal([{ kind: 'assigned', by: BEN, user: CAT }]);
    expect(said(effects)[0]?.saying).to.deep.equal({ kind: 'taken', by: CAT });
  });

  it('says nothing in the thread of the asker when the queue wants no line for it', () => {
    const quiet = queue({ hasTakenLine: false });
    for (const change of [
      { kind: 'take', byReaction: false },
      { kind: 'assign', to: CAT },
    ] as const)
      expect(
        said(make(request(), change, { queue: quiet }).effects).map(({ place }) => place.kind),
      ).to.not.include('conversation');
  });

  it('sends no DM to somebody who assigns it to themselves', () => {
    const { next, effects } = make(request(), { kind: 'assign', to: BEN });
    expect(next.owner).to.equal(BEN);
    expect(sentTo(effects, BEN)).to.deep.equal([]);
  });

  it('hands over, and tells who had it', () => {
    const { next, effects } = make(request({ state: 'in_progress' }), { kind: 'assign', to: CAT });
    expect(next).to.include({ state: 'in_progress', owner: CAT });
    expect(sentTo(effects, ANA)).to.deep.equal([
      { kind: 'done_by_other', by: BEN, what: `handed it over to <@${CAT}>` },
    ]);
  });

  it('assigns only to responders, and not to whoever has it', () => {
    const owned = request({ state: 'in_progress' });
    expect(refusal(owned, { kind: 'assign', to: ZOE })).to.deep.equal({ kind: 'not_a_responder', user: ZOE });
    expect(refusal(owned, { kind: 'assign', to: ANA })).to.deep.equal({ kind: 'taken_already', owner: ANA });
    expect(refusal(owned, { kind: 'assign', to: ANA }, { by: ANA })).to.deep.equal({ kind: 'yours_already' });
  });

  it('changes only the owner of a waiting or on-hold request', () => {
    for (const state of ['waiting', 'on_hold'] as const) {
      const held = request({ state });
      const handed = make(held, { kind: 'assign', to: CAT }).next;
      expect(handed, state).to.include({
        state,
        owner: CAT,
        hold: held.hold,
        stateSinceAt: held.stateSinceAt,
      });
      expect(make({ ...held, owner: null }, take).next, state).to.include({ state, owner: BEN });
    }
  });
});

describe('transition: *Pass* by the owner', () => {
  it('makes any open request new again and lets the assign clock go on', () => {
    for (const state of OPEN.filter((open) => open !== 'new')) {
      const taken = make(request(), take, { by: ANA, now: T0 + 30 * MINUTE }).next;
      const given = make(
        { ...taken, ...request({ state, intervals: taken.intervals }) },
        { kind: 'pass' },
        {
          by: ANA,
          now: T0 + 90 * MINUTE,
        },
      ).next;
      expect(given, state).to.include({ state: 'new', owner: null, hold: null, takenByReactionOf: null });
      expect(elapsedMs(given.intervals, 'assign', T0 + 2 * HOUR), state).to.equal(HOUR);
    }
  });

  it('notes once who passed', () => {
    const twice = make(make(make(request(), take).next, { kind: 'pass' }).next, {
      kind: 'take',
      byReaction: true,
    }).next;
    expect(make(twice, { kind: 'pass' }).next.ladder.passed).to.deep.equal([BEN]);
  });

  it('is for the owner and those who were asked', () => {
    expect(refusal(request({ state: 'in_progress' }), { kind: 'pass' })).to.deep.equal({
      kind: 'owner_only',
    });
    expect(refusal(request(), { kind: 'pass' })).to.deep.equal({ kind: 'owner_only' });
    expect(refusal(request(), { kind: 'pass' }, { by: ZOE })).to.deep.equal({ kind: 'responders_only' });
    expect(refusal(request({ state: 'resolved' }), { kind: 'pass' }, { by: ANA })).to.deep.equal({
      kind: 'not_open',
      state: 'resolved',
    });
  });
});

describe('transition: waiting for the asker', () => {
  it('pauses the resolution clock alone and puts the question back', () => {
    const { next, effects } = make(
      request({ state: 'in_progress' }),
      { kind: 'wait' },
      { by: ANA, now: T0 + HOUR },
    );
    expect(next).to.include({ state: 'waiting', owner: ANA, stateSinceAt: T0 + HOUR });
    expect(running(next)).to.deep.equal(['first_response']);
    expect(said(effects)).to.deep.equal([
      { place: { kind: 'conversation' }, saying: { kind: 'question', by: ANA } },
    ]);
  });

  it('also takes an unowned request', () => {
    expect(make(request(), { kind: 'wait' }).next).to.include({ state: 'waiting', owner: BEN });
  });

  it('drops the hold of a held request', () => {
    expect(make(request({ state: 'on_hold' }), { kind: 'wait' }).next).to.include({
      state: 'waiting',
      hold: null,
    });
  });

  it('is for responders, and not twice', () => {
    expect(refusal(request(), { kind: 'wait' }, { by: ASK })).to.deep.equal({ kind: 'responders_only' });
    expect(refusal(request({ state: 'waiting' }), { kind: 'wait' })).to.deep.equal({
      kind: 'already',
      state: 'waiting',
    });
  });
});

describe('transition: on hold', () => {
  it('keeps reason and date and pauses the resolution clock', () => {
    const { next } = make(request({ state: 'in_progress' }), hold, { by: ANA });
    expect(next).to.deep.include({ state: 'on_hold', hold: { untilAt: T0 + 2 * DAY, reason: 'the vendor' } });
    expect(running(next)).to.deep.equal(['first_response']);
  });

  it('also takes an unowned request', () => {
    expect(make(request(), hold).next).to.include({ state: 'on_hold', owner: BEN });
  });

  it('takes a new date while it lasts', () => {
    const later: Change = { kind: 'hold', untilAt: T0 + 9 * DAY, reason: 'still the vendor' };
    expect(make(request({ state: 'on_hold' }), later).next.hold?.untilAt).to.equal(T0 + 9 * DAY);
  });

  it('wants a date that lies ahead', () => {
    const past: Change = { kind: 'hold', untilAt: T0, reason: 'the vendor' };
    expect(refusal(request(), past)).to.deep.equal({ kind: 'in_the_past' });
  });

  it('ends by *Unhold* of a responder or the asker, whose owner is told', () => {
    for (const by of [BEN, ASK]) {
      const { next, effects } = make(request({ state: 'on_hold' }), { kind: 'unhold' }, { by });
      expect(next).to.include({ state: 'in_progress', owner: ANA, hold: null });
      expect(sentTo(effects, ANA)).to.deep.equal([{ kind: 'done_by_other', by, what: 'took off hold' }]);
    }
  });

  it('ends by its date, and the owner is told why it was held', () => {
    const { next, effects } = make(request({ state: 'on_hold' }), { kind: 'unhold' }, { by: null });
    expect(next).to.include({ state: 'in_progress', hold: null });
    expect(sentTo(effects, ANA)).to.deep.equal([{ kind: 'hold_over', reason: 'the vendor' }]);
  });

  it('becomes new when nobody who can still respond owns it, and says nothing to who is gone', () => {
    const { next, effects } = make(
      request({ state: 'on_hold' }),
      { kind: 'unhold' },
      { by: null, ...withoutAna },
    );
    expect(next).to.include({ state: 'new', owner: null, hold: null });
    expect(said(effects)).to.deep.equal([]);
  });

  it('can be taken off only while something is held', () => {
    expect(refusal(request({ state: 'in_progress' }), { kind: 'unhold' })).to.deep.equal({
      kind: 'already',
      state: 'in_progress',
    });
    expect(refusal(request({ state: 'resolved' }), { kind: 'unhold' })).to.deep.equal({
      kind: 'not_open',
      state: 'resolved',
    });
    expect(make(request({ state: 'waiting' }), { kind: 'unhold' }).next.state).to.equal('in_progress');
  });
});

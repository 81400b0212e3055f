import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Change } from '../../src/domain/change.ts';
import { elapsedMs } from '../../src/domain/clocks.ts';
import { nextDueAt } from '../../src/domain/follow-ups.ts';
import { undo } from '../../src/domain/leaving.ts';
import { loseOwner } from '../../src/domain/owning.ts';
import { isExit, isOpen, STATES, UNDO_MS } from '../../src/domain/request.ts';
import { actor, openStateOf } from '../../src/domain/step.ts';
import { textMark } from '../../src/domain/text-mark.ts';
import {
  ANA,
  ASK,
  BEN,
  CAT,
  DAY,
  HOUR,
  queue,
  RESPONDERS,
  request,
  situation,
  source,
  T0,
  ZOE,
} from '../support/builders.ts';
import { make, refusal, said, sentTo, yes } from '../support/outcomes.ts';

const OPEN = STATES.filter(isOpen);
const EXITS = STATES.filter(isExit);
const withoutAna = { responders: new Set([BEN, CAT]) };
const leaving: readonly { change: Change; state: string; by: string }[] = [
  { change: { kind: 'duplicate', of: 3 }, state: 'duplicate', by: BEN },
  { change: { kind: 'not_request' }, state: 'not_request', by: BEN },
  { change: { kind: 'decline', reason: 'no budget' }, state: 'declined', by: BEN },
  { change: { kind: 'withdraw' }, state: 'withdrawn', by: ASK },
];

describe('leaving: the exits', () => {
  it('leads from every open state out, stops every clock and leaves nothing due', () => {
    for (const { change, state, by } of leaving)
      for (const from of OPEN) {
        const { next } = make(request({ state: from }), change, { by });
        expect(next, `${from} → ${state}`).to.include({ state, hold: null });
        expect(next.intervals.every(({ endedAt }) => endedAt !== null)).to.equal(true);
        expect(nextDueAt(next, queue())).to.equal(null);
      }
  });

  it('notes the reason, the other request and who it was, and tells the owner', () => {
    const declined = make(request({ state: 'in_progress' }), { kind: 'decline', reason: 'no budget' });
    expect(declined.next.exit).to.include({ by: BEN, at: T0, reason: 'no budget', before: 'in_progress' });
    expect(sentTo(declined.effects, ANA)).to.deep.equal([
      { kind: 'done_by_other', by: BEN, what: 'declined it' },
    ]);
    expect(make(request(), { kind: 'duplicate', of: 3 }).next.exit?.duplicateOf).to.equal(3);
  });

  it('keeps duplicate, not a request and decline for responders, and withdraw for the asker', () => {
    for (const { change, by } of leaving) {
      const expected = by === ASK ? { kind: 'asker_only' } : { kind: 'responders_only' };
      expect(refusal(request(), change, { by: by === ASK ? BEN : ASK }), change.kind).to.deep.equal(expected);
      expect(refusal(request(), change, { by: ZOE }), change.kind).to.deep.equal(expected);
    }
  });

  it('refuses to leave twice or from resolved, and a duplicate of itself', () => {
    for (const { change, by } of leaving)
      for (const state of ['resolved', ...EXITS] as const)
        expect(refusal(request({ state }), change, { by })).to.deep.equal({ kind: 'not_open', state });
    expect(refusal(request({ id: 3 }), { kind: 'duplicate', of: 3 })).to.deep.equal({
      kind: 'duplicate_of_itself',
    });
  });
});

describe('leaving: *Undo*', () => {
  it('goes back to the state before, with owner and hold, by asker and responder', () => {
    for (const { change, by } of leaving)
      for (const state of OPEN)
        for (const undoer of [ASK, BEN]) {
          const before = request({ state });
          const { next } = make(
            make(before, change, { by }).next,
            { kind: 'undo' },
            { by: undoer, now: T0 + HOUR },
          );
          expect(next, `${change.kind} ${state}`).to.deep.include({
            state,
            owner: before.owner,
            hold: before.hold,
            exit: null,
            stateSinceAt: T0 + HOUR,
          });
        }
  });

  it('does not count the time outside', () => {
    const left = make(request(), { kind: 'not_request' }, { now: T0 + HOUR }).next;
    const back = make(left, { kind: 'undo' }, { now: T0 + 5 * HOUR }).next;
    expect(elapsedMs(back.intervals, 'assign', T0 + 6 * HOUR)).to.equal(2 * HOUR);
  });

  it('leads to new when the owner has left meanwhile; waiting and on hold lose only the owner', () => {
    for (const state of ['in_progress', 'waiting', 'on_hold'] as const) {
      const left = make(request({ state, takenByReactionOf: ANA }), { kind: 'not_request' }).next;
      const gone = make(left, { kind: 'owner_left' }, { by: null, ...withoutAna }).next;
      expect(make(gone, { kind: 'undo' }, withoutAna).next, state).to.include({
        state: state === 'in_progress' ? 'new' : state,
        owner: null,
        takenByReactionOf: null,
      });
    }
  });

  it('keeps whose 👀 took it, so that taking that away still counts', () => {
    const taken = make(request(), { kind: 'take', byReaction: true }).next;
    const back = make(make(taken, { kind: 'not_request' }).next, { kind: 'undo' }).next;
    expect(back.takenByReactionOf).to.equal(BEN);
  });

  it('is offered for 24 hours', () => {
    const left = make(request(), { kind: 'not_request' }).next;
    expect(refusal(left, { kind: 'undo' }, { now: T0 + UNDO_MS })).to.equal(null);
    expect(refusal(left, { kind: 'undo' }, { now: T0 + UNDO_MS + 1 })).to.deep.equal({ kind: 'undo_over' });
  });

  it('is refused to third parties and where nothing was left', () => {
    expect(refusal(request({ state: 'declined' }), { kind: 'undo' }, { by: ZOE })).to.deep.equal({
      kind: 'asker_or_responder_only',
    });
    for (const state of [...OPEN, 'resolved', 'closed'] as const)
      expect(refusal(request({ state }), { kind: 'undo' })).to.deep.equal({ kind: 'nothing_to_undo' });
    const bare = request();
    expect(undo(bare, situation()).next).to.equal(bare);
  });

  it('cannot say who did what only a person does when nobody did', () => {
    expect(() => actor(situation({ by: null }))).to.throw('only a person');
    expect(openStateOf(request({ state: 'closed' }))).to.equal('new');
    expect(loseOwner(request()).effects).to.deep.equal([]);
  });
});

describe('leaving: to another queue', () => {
  const hr = queue({ name: 'hr', triageChannel: 'CHR' });
  const move: Change = { kind: 'move', queue: 'hr', asksConsent: false };
  const target = (responders: ReadonlySet<string> = RESPONDERS) => ({ target: { queue: hr, responders } });

  it('leaves a pointer behind, posts a new card and keeps an owner who responds there too', () => {
    const before = request({ state: 'in_progress' });
    const { next, effects } = make(before, move, target());
    expect(next).to.deep.include({ queue: 'hr', state: 'in_progress', owner: ANA, card: null });
    expect(next.intervals).to.deep.equal(before.intervals);
    expect(effects.slice(0, 3)).to.deep.equal([
      { kind: 'left_card', channel: 'CTRIAGE', ts: before.card?.ts, toQueue: 'hr' },
      { kind: 'card' },
      { kind: 'asker_reply' },
    ]);
    expect(sentTo(effects, ANA)).to.deep.equal([{ kind: 'done_by_other', by: BEN, what: 'moved it to hr' }]);
  });

  it('points nowhere when no card was posted yet', () => {
    const { effects } = make(request({ card: null }), move, target());
    expect(effects.map(({ kind }) => kind)).to.not.include('left_card');
  });

  it('makes an in-progress request new when its owner does not respond there; the others lose only the owner', () => {
    for (const state of ['in_progress', 'waiting', 'on_hold'] as const) {
      const before = request({ state, waiting: { nudges: 1, closesAt: null, isKeptOpen: false } });
      const { next } = make(before, move, target(new Set([ZOE])));
      const becomes = state === 'in_progress' ? 'new' : state;
      expect(next, state).to.include({ state: becomes, owner: null, hold: before.hold });
      expect(next.waiting.nudges, state).to.equal(becomes === state ? 1 : 0);
    }
  });

  it('begins the ladder of the new queue, for whose people nobody has been asked or has passed', () => {
    const asked = request({
      ladder: { anchorAt: T0, nextStep: 3, asked: [{ step: 'duty', user: ANA }], passed: [ANA] },
    });
    const { next } = make(asked, move, { ...target(), now: T0 + 10 * HOUR });
    expect(next.ladder).to.deep.equal({ anchorAt: T0 + 9 * HOUR, nextStep: 0, asked: [], passed: [] });
  });

  it('takes along the reminders and snoozes only of those who may still read it', () => {
    const before = request({
      snoozes: [
        { user: ANA, untilAt: T0 + DAY, isOwed: true },
        { user: BEN, untilAt: T0 + DAY, isOwed: true },
      ],
      reminders: [
        { user: ANA, dueAt: T0 + DAY },
        { user: BEN, dueAt: T0 + DAY },
        { user: ASK, dueAt: T0 + DAY },
      ],
    });
    const { next } = make(before, move, target(new Set([BEN])));
    expect(next.snoozes.map(({ user }) => user)).to.deep.equal([BEN]);
    expect(next.reminders.map(({ user }) => user)).to.deep.equal([BEN, ASK]);
  });

  it('has its old card again when it comes back, also by a yes: never a second one in a channel', () => {
    const before = request({ state: 'in_progress' });
    const there = make(before, move, target()).next;
    expect(there.leftCards).to.deep.equal([before.card]);
    const withCard = { ...there, card: { channel: 'CHR', ts: '5.5' } };
    const home = { kind: 'move', queue: 'it', asksConsent: false } as const;
    const around = { queue: hr, target: { queue: queue(), responders: RESPONDERS } };
    const back = make(withCard, home, around);
    expect(back.next.card).to.deep.equal(before.card);
    expect(back.next.leftCards).to.deep.equal([withCard.card]);
    expect(back.effects[0]).to.deep.include({ kind: 'left_card', channel: 'CHR', ts: '5.5' });

    const asked = make(withCard, { ...home, asksConsent: true }, around).next;
    expect(asked.card).to.equal(null);
    expect(make(asked, yes(asked), { by: ASK }).next.card).to.deep.equal(before.card);
  });

  it('asks the asker first where private text would become public, and shows nothing until then', () => {
    const before = request({ state: 'on_hold', source: source({ kind: 'dm', isPrivate: true }) });
    const { next, effects } = make(before, { ...move, asksConsent: true }, target());
    expect(next).to.include({ state: 'unposted', queue: 'hr', owner: null, hold: null, card: null });
    expect(next.unshownText).to.equal(before.source.text);
    expect(effects.map(({ kind }) => kind)).to.deep.equal(['left_card', 'asker_reply', 'say', 'say']);
    expect(said(effects)[0]).to.deep.equal({
      place: { kind: 'conversation' },
      saying: { kind: 'consent', mark: textMark(before.source.text ?? ''), triageChannel: 'CHR' },
    });
    const posted = make(next, yes(next), { by: ASK, queue: hr, now: T0 + HOUR }).next;
    expect(posted).to.include({ state: 'new', queue: 'hr', openedAt: T0 + HOUR });
    expect(make(next, { kind: 'cancel' }, { by: ASK }).effects.map(({ kind }) => kind)).to.deep.equal([
      'asker_reply',
      'say',
    ]);
  });

  it('has the reply say that it waits for a yes, though that reply is only on its way', () => {
    const onItsWay = request({ askerReply: null, source: source({ isPrivate: true }) });
    expect(make(onItsWay, { ...move, asksConsent: true }, target()).effects).to.deep.include({
      kind: 'asker_reply',
    });
  });

  it('asks about an edit that was not agreed to yet, and about the rest when the source is deleted', () => {
    const consent: Change = { ...move, asksConsent: true };
    expect(make(request({ unshownText: 'an edit' }), consent, target()).next.unshownText).to.equal('an edit');
    const deleted = source({ text: null, title: null, isDeleted: true });
    expect(make(request({ source: deleted }), consent, target()).next.unshownText).to.equal('');
  });

  it('is for responders, to another queue, while it is open', () => {
    expect(refusal(request(), move, { by: ASK })).to.deep.equal({ kind: 'responders_only' });
    expect(refusal(request(), { ...move, queue: 'it' })).to.deep.equal({ kind: 'same_queue' });
    expect(refusal(request({ state: 'resolved' }), move)).to.deep.equal({
      kind: 'not_open',
      state: 'resolved',
    });
    const before = request();
    expect(make(before, move).next).to.equal(before);
  });
});

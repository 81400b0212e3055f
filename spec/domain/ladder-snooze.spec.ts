import { expect } from 'chai';
import { describe, it } from 'mocha';
import { fireDue, nextDueAt } from '../../src/domain/follow-ups.ts';
import type { Request } from '../../src/domain/request.ts';
import { ANA, ASK, BEN, CAT, HOUR, LEA, MINUTE, queue, request, situation, T0 } from '../support/builders.ts';
import { askedUsers, follow, make, sentTo } from '../support/outcomes.ts';

/** Asked after an hour, and mute for half an hour from then. */
function snoozedByAna(): Request {
  const asked = follow(request(), T0 + HOUR).next;
  return make(asked, { kind: 'snooze', untilAt: T0 + 90 * MINUTE }, { by: ANA, now: T0 + HOUR }).next;
}

const take = { kind: 'take', byReaction: false } as const;

describe('the ladder and *Snooze*', () => {
  it('asks again when the snooze of somebody who was asked ends, at the step of then', () => {
    const snoozed = snoozedByAna();
    expect(follow(snoozed, T0 + 2 * HOUR).at).to.deep.equal([`90m ask_duty ${ANA}`, `120m ask_duty ${BEN}`]);
    const next = follow(request(), T0 + 2 * HOUR).next;
    const ben = make(next, { kind: 'snooze', untilAt: T0 + 3 * HOUR }, { by: BEN, now: T0 + 2 * HOUR }).next;
    expect(sentTo(fireDue(ben, situation({ now: T0 + 3 * HOUR })).effects, BEN)).to.deep.equal([
      { kind: 'ask_duty', step: 'next', user: BEN },
    ]);
  });

  it('mutes the step of somebody who snoozed before, asks them at its end, and delays nobody else’s', () => {
    const snoozed = make(request(), { kind: 'snooze', untilAt: T0 + 3 * HOUR }, { by: ANA }).next;
    expect(follow(snoozed, T0 + 3 * HOUR).at).to.deep.equal([`120m ask_duty ${BEN}`, `180m ask_duty ${ANA}`]);
    const both = make(snoozed, { kind: 'snooze', untilAt: T0 + 210 * MINUTE }, { by: BEN }).next;
    expect(follow(both, T0 + 210 * MINUTE).at).to.deep.equal([
      `180m ask_duty ${ANA}`,
      `210m ask_duty ${BEN}`,
    ]);
  });

  it('mutes nothing any more once it is over', () => {
    const snoozed = make(request(), { kind: 'snooze', untilAt: T0 + 30 * MINUTE }, { by: ANA }).next;
    expect(follow(snoozed, T0 + HOUR).at).to.deep.equal([`60m ask_duty ${ANA}`]);
    const ben = make(request(), { kind: 'snooze', untilAt: T0 + 30 * MINUTE }, { by: BEN }).next;
    const asked = follow(ben, T0 + HOUR).next;
    expect(askedUsers(make(asked, { kind: 'pass' }, { by: ANA, now: T0 + HOUR }).effects)).to.deep.equal([
      BEN,
    ]);
  });

  it('sends nothing at the end to somebody who was never asked', () => {
    const snoozed = make(request(), { kind: 'snooze', untilAt: T0 + 30 * MINUTE }, { by: CAT }).next;
    expect(nextDueAt(snoozed, queue())).to.equal(T0 + HOUR);
    const lead = make(
      follow(request(), T0 + 5 * HOUR).next,
      { kind: 'snooze', untilAt: T0 + 6 * HOUR },
      { by: LEA },
    );
    expect(lead.next.snoozes).to.deep.equal([{ user: LEA, untilAt: T0 + 6 * HOUR, isOwed: false }]);
  });

  it('asks no more when they passed, left, or asked it themselves, nor once it was moved', () => {
    const snoozed = snoozedByAna();
    const passed = make(snoozed, { kind: 'pass' }, { by: ANA, now: T0 + HOUR }).next;
    const at = { now: T0 + 90 * MINUTE };
    expect(askedUsers(fireDue(passed, situation(at)).effects)).to.deep.equal([]);
    const left = { ...at, responders: new Set([BEN, CAT]) };
    expect(askedUsers(fireDue(snoozed, situation(left)).effects)).to.deep.equal([]);
    const moved = { ...snoozed, ladder: { ...snoozed.ladder, asked: [] } };
    expect(askedUsers(fireDue(moved, situation(at)).effects)).to.deep.equal([]);
  });

  it('waits while somebody has the request, and counts again should they give it back', () => {
    const snoozed = snoozedByAna();
    const again = make(
      snoozed,
      { kind: 'snooze', untilAt: T0 + 100 * MINUTE },
      { by: ANA, now: T0 + HOUR },
    ).next;
    const taken = make(again, take, { now: T0 + 70 * MINUTE }).next;
    expect(nextDueAt(taken, queue())).to.equal(null);
    const longer = make(
      taken,
      { kind: 'snooze', untilAt: T0 + 5 * HOUR },
      { by: ANA, now: T0 + 80 * MINUTE },
    ).next;
    const given = make(longer, { kind: 'pass' }, { now: T0 + 2 * HOUR }).next;
    expect(follow(given, T0 + 5 * HOUR).at).to.include(`300m ask_duty ${ANA}`);
  });

  it('asks nobody who asked for it themselves', () => {
    const own = request({ asker: ANA, snoozes: [{ user: ANA, untilAt: T0 + 1, isOwed: true }] });
    expect(askedUsers(fireDue(own, situation({ now: T0 + 1 })).effects)).to.deep.equal([]);
    expect(make(request(), { kind: 'withdraw' }, { by: ASK }).next.snoozes).to.deep.equal([]);
  });
});

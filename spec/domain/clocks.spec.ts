import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  addBusinessMs,
  businessMsBetween,
  deadline,
  dueNext,
  elapsedMs,
  endFirstResponse,
  isOverdue,
  runningClocks,
  settleIntervals,
} from '../../src/domain/clocks.ts';
import { CLOCK_KINDS, type ClockKind, type Interval, isOpen, STATES } from '../../src/domain/request.ts';
import { ANA, ASK, HOUR, MINUTE, queue, request, T0 } from '../support/builders.ts';
import { make } from '../support/outcomes.ts';

const wait = { kind: 'wait' } as const;
const at = (hours: number): number => T0 + hours * HOUR;
const due = { first: queue().targets.firstResponseMs.normal, all: queue().targets.resolutionMs.normal };

describe('a deadline', () => {
  it('of 5 hours for a request opened Monday 10:00 is Monday 15:00', () => {
    const opened = Date.UTC(2026, 0, 5, 10);
    expect(deadline(request({ openedAt: opened }).intervals, 'resolution', 5 * HOUR)).to.equal(
      Date.UTC(2026, 0, 5, 15),
    );
  });

  it('does not count pauses', () => {
    const waits = make(request({ state: 'in_progress' }), wait, { by: ANA, now: at(2) }).next;
    expect(deadline(waits.intervals, 'resolution', 5 * HOUR)).to.equal(null);
    const back = make(waits, { kind: 'reply', at: at(30), isInside: false }, { by: ASK, now: at(30) }).next;
    expect(deadline(back.intervals, 'resolution', 5 * HOUR)).to.equal(at(33));
    expect(elapsedMs(back.intervals, 'resolution', at(31))).to.equal(3 * HOUR);
  });

  it('may lie in the past, and stays counted from the message when it was captured late', () => {
    const late = request({ openedAt: at(-100) });
    expect(deadline(late.intervals, 'assign', 2 * HOUR)).to.equal(at(-98));
  });

  it('keeps start and pauses on a change of priority; only the rest is recomputed', () => {
    const waits = make(request({ state: 'in_progress', answeredAt: T0 }), wait, { by: ANA, now: at(1) }).next;
    const back = make(waits, { kind: 'unhold' }, { by: ANA, now: at(4) }).next;
    expect(dueNext(back, queue())?.dueAt).to.equal(at(3 + 24));
    const raised = make(back, { kind: 'priority', to: 'urgent' }, { now: at(5) }).next;
    expect(raised.intervals).to.deep.equal(back.intervals);
    expect(dueNext(raised, queue())?.dueAt).to.equal(at(3 + 4));
  });
});

describe('the clocks that run', () => {
  it('are assign while new, first response until answered, resolution while new or in progress', () => {
    const expected: Record<string, ClockKind[]> = {
      new: ['assign', 'first_response', 'resolution'],
      in_progress: ['first_response', 'resolution'],
      waiting: ['first_response'],
      on_hold: ['first_response'],
    };
    for (const state of STATES) {
      const unanswered = [...runningClocks({ state, owner: null, answeredAt: null })];
      expect(unanswered, state).to.deep.equal(expected[state] ?? []);
      expect([...runningClocks({ state, owner: null, answeredAt: T0 })], state).to.deep.equal(
        unanswered.filter((kind) => kind !== 'first_response'),
      );
    }
  });
});

describe('what is due next', () => {
  it('is assign until owned, first response until answered, then resolution', () => {
    expect(dueNext(request(), queue())).to.deep.equal({ kind: 'assign', dueAt: at(2) });
    expect(dueNext(request({ state: 'in_progress' }), queue())).to.deep.equal({
      kind: 'first_response',
      dueAt: T0 + due.first,
    });
    expect(dueNext(request({ state: 'in_progress', answeredAt: T0 }), queue())).to.deep.equal({
      kind: 'resolution',
      dueAt: T0 + due.all,
    });
  });

  it('has no date while its clock is paused, but the first response is owed also then', () => {
    for (const state of ['waiting', 'on_hold'] as const) {
      expect(dueNext(request({ state, answeredAt: T0 }), queue())).to.deep.equal({
        kind: 'resolution',
        dueAt: null,
      });
      expect(dueNext(request({ state }), queue())?.dueAt, state).to.equal(T0 + due.first);
    }
  });

  it('is nothing once the request is no longer open', () => {
    for (const state of STATES.filter((all) => !isOpen(all))) {
      expect(dueNext(request({ state }), queue()), state).to.equal(null);
      expect(isOverdue(request({ state }), queue(), at(10_000)), state).to.equal(false);
    }
  });

  it('is overdue only after its instant, and never while paused', () => {
    expect(isOverdue(request(), queue(), at(2))).to.equal(false);
    expect(isOverdue(request(), queue(), at(2) + 1)).to.equal(true);
    expect(isOverdue(request({ state: 'waiting', answeredAt: T0 }), queue(), at(1000))).to.equal(false);
  });
});

describe('intervals', () => {
  it('go on in one interval when a clock starts again at the instant at which it stopped', () => {
    const once = settleIntervals([], new Set(['assign']), T0);
    const stopped = settleIntervals(once, new Set(), T0);
    expect(stopped).to.deep.equal([{ kind: 'assign', startedAt: T0, endedAt: T0 }]);
    expect(settleIntervals(stopped, new Set(['assign']), T0)).to.deep.equal(once);
  });

  it('end with the answer, not when we heard of it, and never before they began', () => {
    const open: Interval[] = CLOCK_KINDS.map((kind) => ({ kind, startedAt: T0, endedAt: null }));
    const ends = (answeredAt: number | null) =>
      endFirstResponse(open, answeredAt).map(({ endedAt }) => endedAt);
    expect(ends(T0 + MINUTE)).to.deep.equal([null, T0 + MINUTE, null]);
    expect(ends(T0 - MINUTE)).to.deep.equal([null, T0, null]);
    expect(ends(null)).to.deep.equal([null, null, null]);
    const ended = endFirstResponse(open, T0 + MINUTE);
    expect(endFirstResponse(ended, T0 + HOUR)).to.deep.equal(ended);
  });

  it('of one kind never overlap or begin together, whatever starts and stops, even if time goes backwards', () => {
    const steps = fc.array(fc.tuple(fc.subarray([...CLOCK_KINDS]), fc.integer({ min: -2, max: 5 })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(steps, (walk) => {
        let now = T0;
        let intervals: readonly Interval[] = [];
        for (const [kinds, forward] of walk) {
          now += forward;
          intervals = settleIntervals(intervals, new Set(kinds), now);
          for (const kind of CLOCK_KINDS) {
            const mine = intervals.filter((interval) => interval.kind === kind);
            expect(mine.filter(({ endedAt }) => endedAt === null)).to.have.length(
              kinds.includes(kind) ? 1 : 0,
            );
            mine.slice(1).forEach((interval, index) => {
              expect(mine[index]?.endedAt).to.be.below(interval.startedAt);
            });
            for (const { startedAt, endedAt } of mine) expect(endedAt ?? startedAt).to.be.at.least(startedAt);
          }
        }
      }),
    );
  });
});

describe('business time', () => {
  it('runs around the clock in this version and never backwards', () => {
    expect(addBusinessMs(T0, 5 * HOUR)).to.equal(T0 + 5 * HOUR);
    expect(businessMsBetween(T0, T0 + HOUR)).to.equal(HOUR);
    expect(businessMsBetween(T0 + HOUR, T0)).to.equal(0);
  });
});

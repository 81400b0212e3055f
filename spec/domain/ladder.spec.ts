import { expect } from 'chai';
import { describe, it } from 'mocha';
import { fireDue, nextDueAt } from '../../src/domain/follow-ups.ts';
import { announced, fireStep, ladderDueAt, whomToTell } from '../../src/domain/ladder.ts';
import type { Queue } from '../../src/domain/queue.ts';
import { PRIORITIES, type Request } from '../../src/domain/request.ts';
import type { Situation } from '../../src/domain/situation.ts';
import {
  ANA,
  BEN,
  CAT,
  captured,
  DAY,
  HOUR,
  LEA,
  MINUTE,
  queue,
  request,
  situation,
  T0,
  ZOE,
} from '../support/builders.ts';
import { askedUsers, follow, make, refusal, said, sentTo } from '../support/outcomes.ts';

const take = { kind: 'take', byReaction: false } as const;

const rotationOf = (...people: string[]): Queue => queue({ rotation: { ...queue().rotation, people } });

/** Whom the first two steps ask. */
function firstAsked(overrides: Partial<Situation>, from: Request = request()): readonly string[] {
  return follow(from, T0 + 2 * HOUR, overrides).at.map((line) => line.split(' ').at(-1) ?? '');
}

describe('the ladder of an unowned request', () => {
  it('asks duty, then the next in rotation, then the lead, then the escalation contact, at PRODUCT.md’s times', () => {
    const times = {
      urgent: [5, 10, 15, 30],
      high: [15, 30, 60, 120],
      normal: [60, 120, 240, 1440],
      low: [120, 240, 480, 2880],
    };
    for (const priority of PRIORITIES) {
      const [duty, next, lead, escalation] = times[priority];
      expect(follow(request({ priority }), T0 + 30 * DAY).at, priority).to.deep.equal([
        `${duty}m ask_duty ${ANA}`,
        `${next}m ask_duty ${BEN}`,
        `${lead}m lead card_thread`,
        `${lead}m escalated conversation`,
        `${escalation}m escalation CMANAGERS`,
      ]);
    }
  });

  it('ends after its last step, with nothing more due', () => {
    const { next } = follow(request(), T0 + 30 * DAY);
    expect(nextDueAt(next, queue())).to.equal(null);
    expect(fireStep(next, situation()).effects).to.deep.equal([]);
  });

  it('says the lead’s step in the card’s thread and in the channel too, and without a lead without a mention', () => {
    const atLead = request({ ladder: { ...request().ladder, nextStep: 2 } });
    for (const lead of [LEA, null]) {
      const { effects } = fireStep(atLead, situation({ queue: queue({ lead }) }));
      expect(said(effects)[0]).to.deep.equal({
        place: { kind: 'card_thread', broadcast: true },
        saying: { kind: 'lead', lead },
      });
    }
  });

  it('sends a person who is the escalation contact a DM, and leaves the step out when there is none', () => {
    const atEscalation = request({ ladder: { ...request().ladder, nextStep: 3 } });
    const person = queue({ escalation: { kind: 'person', user: ZOE } });
    expect(sentTo(fireStep(atEscalation, situation({ queue: person })).effects, ZOE)).to.deep.equal([
      { kind: 'escalation', openedAt: T0 },
    ]);
    const none = queue({ escalation: null });
    expect(ladderDueAt(atEscalation.ladder, none, 'normal')).to.equal(null);
    expect(nextDueAt(atEscalation, none)).to.equal(null);
    expect(fireStep(atEscalation, situation({ queue: none })).effects).to.deep.equal([]);
  });

  it('stops when somebody takes it and forgets nothing when they give it back', () => {
    const asked = follow(request(), T0 + HOUR).next;
    const taken = make(asked, take, { now: T0 + 90 * MINUTE }).next;
    expect(nextDueAt(taken, queue())).to.equal(null);
    const given = make(taken, { kind: 'pass' }, { now: T0 + 3 * HOUR }).next;
    // Duty is due at once and ANA has been asked; the rest follows at the ladder's own distances, without BEN.
    expect(nextDueAt(given, queue())).to.equal(T0 + 3 * HOUR);
    expect(follow(given, T0 + 30 * DAY).at).to.deep.equal([
      `240m ask_duty ${CAT}`,
      '360m lead card_thread',
      '360m escalated conversation',
      '1560m escalation CMANAGERS',
    ]);
  });

  it('keeps its own times when it is given back before anything was due', () => {
    const given = make(make(request(), take).next, { kind: 'pass' }, { now: T0 + 10 * MINUTE }).next;
    expect(nextDueAt(given, queue())).to.equal(T0 + HOUR);
  });

  it('says the lead’s and the escalation’s step once in a request’s life', () => {
    const all = follow(request(), T0 + 2 * DAY).next;
    const again = make(make(all, take).next, { kind: 'pass' }, { now: T0 + 3 * DAY }).next;
    expect(follow(again, T0 + 30 * DAY).at).to.deep.equal([`4380m ask_duty ${CAT}`]);
  });
});

describe('the ladder, late', () => {
  it('asks duty at once when a request is captured late, and the later steps keep their distances from then', () => {
    const late = captured(T0 + 10 * HOUR);
    expect(nextDueAt(late, queue())).to.equal(T0 + 10 * HOUR);
    expect(follow(late, T0 + 30 * DAY).at).to.deep.equal([
      `600m ask_duty ${ANA}`,
      `660m ask_duty ${BEN}`,
      '780m lead card_thread',
      '780m escalated conversation',
      '1980m escalation CMANAGERS',
    ]);
  });

  it('stands still while a late capture waits for the summary that stands in for its duty step', () => {
    const late = { ...captured(T0 + 10 * HOUR), late: 'unannounced' as const };
    expect(nextDueAt(late, queue())).to.equal(null);
    expect(whomToTell(late, situation({ now: T0 + 11 * HOUR }))).to.equal(ANA);
  });

  it('goes on at its own distances from the summary, and asks nobody twice', () => {
    const late = { ...captured(T0 + 10 * HOUR), late: 'unannounced' as const };
    const told = announced(late, ANA, situation({ now: T0 + 11 * HOUR }));
    expect(told).to.include({ late: 'announced', version: late.version + 1 });
    expect(follow(told, T0 + 30 * DAY).at).to.deep.equal([
      `720m ask_duty ${BEN}`,
      '840m lead card_thread',
      '840m escalated conversation',
      '2040m escalation CMANAGERS',
    ]);
  });

  it('asks for itself, at once, when no summary was needed', () => {
    const late = { ...captured(T0 + 10 * HOUR), late: 'unannounced' as const };
    const told = announced(late, null, situation({ now: T0 + 11 * HOUR }));
    expect(follow(told, T0 + 12 * HOUR).at).to.deep.equal([`660m ask_duty ${ANA}`, `720m ask_duty ${BEN}`]);
  });

  it('counts from the message’s time when it is captured before the first step', () => {
    expect(nextDueAt(captured(T0 + 20 * MINUTE), queue())).to.equal(T0 + HOUR);
  });

  it('sends the steps missed while the daemon was down in order, each once', () => {
    const { effects, whats, next } = fireDue(request(), situation({ now: T0 + 5 * HOUR }));
    expect(whats).to.deep.equal(['ladder: duty', 'ladder: next', 'ladder: lead']);
    expect(said(effects).map(({ saying }) => saying.kind)).to.deep.equal([
      'ask_duty',
      'ask_duty',
      'lead',
      'escalated',
    ]);
    expect(effects.map((effect) => effect.kind === 'say' && effect.isAfterLast === true)).to.deep.equal([
      false,
      true,
      true,
      true,
    ]);
    expect(next.version).to.equal(4);
  });

  it('does not fire in a bunch what a higher priority makes late', () => {
    const raised = make(request(), { kind: 'priority', to: 'urgent' }, { now: T0 + 50 * MINUTE }).next;
    expect(follow(raised, T0 + 30 * DAY).at).to.deep.equal([
      `50m ask_duty ${ANA}`,
      `55m ask_duty ${BEN}`,
      '60m lead card_thread',
      '60m escalated conversation',
      '75m escalation CMANAGERS',
    ]);
  });

  it('goes on where it was after a higher priority, with the next step at once', () => {
    const asked = follow(request(), T0 + HOUR).next;
    const raised = make(asked, { kind: 'priority', to: 'high' }, { now: T0 + 90 * MINUTE }).next;
    expect(follow(raised, T0 + 2 * HOUR).at).to.deep.equal([
      `90m ask_duty ${BEN}`,
      '120m lead card_thread',
      '120m escalated conversation',
    ]);
  });
});

describe('who the ladder asks', () => {
  it('leaves out the asker and asks the next instead', () => {
    expect(firstAsked({}, request({ asker: ANA }))).to.deep.equal([BEN, CAT]);
    expect(firstAsked({}, request({ asker: BEN }))).to.deep.equal([ANA, CAT]);
  });

  it('leaves out those who are deactivated or have left the triage channel', () => {
    expect(firstAsked({ responders: new Set([BEN, CAT]) })).to.deep.equal([BEN, CAT]);
    expect(firstAsked({ responders: new Set([ANA, CAT]) })).to.deep.equal([ANA, CAT]);
  });

  it('asks nobody, and goes on to the lead in time, when nobody is left', () => {
    expect(firstAsked({ responders: new Set() })).to.deep.equal([]);
    expect(firstAsked({ queue: rotationOf(ANA) }, request({ asker: ANA }))).to.deep.equal([]);
    expect(firstAsked({ queue: rotationOf() })).to.deep.equal([]);
    expect(fireDue(request(), situation({ now: T0 + HOUR, responders: new Set() })).whats).to.deep.equal([
      'ladder: nobody left to ask',
    ]);
    expect(follow(request(), T0 + DAY, { responders: new Set() }).at).to.have.length(3);
  });

  it('goes past those who were asked as the next already', () => {
    const asked = [
      { step: 'duty', user: ANA },
      { step: 'next', user: BEN },
      { step: 'duty', user: CAT },
      { step: 'next', user: ANA },
    ];
    const again = request({ ladder: { anchorAt: T0, nextStep: 1, asked, passed: [] } });
    expect(follow(again, T0 + 2 * HOUR).at).to.deep.equal([`120m ask_duty ${CAT}`]);
  });

  it('asks the only person of a rotation once', () => {
    expect(firstAsked({ queue: rotationOf(ANA) })).to.deep.equal([ANA]);
  });

  it('asks whoever stands in, also from outside the rotation, and then goes on after the one replaced', () => {
    expect(firstAsked({ dutyOverride: { user: CAT, untilAt: T0 + DAY } })).to.deep.equal([CAT, ANA]);
    expect(firstAsked({ dutyOverride: { user: LEA, untilAt: T0 + DAY } })).to.deep.equal([LEA, BEN]);
  });
});

describe('*Pass* by somebody who was asked', () => {
  const asked = follow(request(), T0 + HOUR).next;
  const pass = { kind: 'pass' } as const;

  it('asks the next in rotation at once, in place of the ladder’s own step, and changes no state', () => {
    const { next, effects, what } = make(asked, pass, { by: ANA, now: T0 + 61 * MINUTE });
    expect(next).to.include({ state: 'new', owner: null, stateSinceAt: asked.stateSinceAt });
    expect(askedUsers(effects)).to.deep.equal([BEN]);
    expect(what).to.equal('passed');
    expect(nextDueAt(next, queue())).to.equal(T0 + 4 * HOUR);
  });

  it('goes round until everybody passed; then the lead follows at the ladder’s own time', () => {
    let passed = asked;
    const order: string[] = [];
    for (const by of [ANA, BEN, CAT]) {
      const { next, effects } = make(passed, pass, { by, now: T0 + 61 * MINUTE });
      order.push(...askedUsers(effects));
      passed = next;
    }
    expect(order).to.deep.equal([BEN, CAT]);
    expect(passed.ladder.passed).to.deep.equal([ANA, BEN, CAT]);
    expect(nextDueAt(passed, queue())).to.equal(T0 + 4 * HOUR);
  });

  it('leaves the ladder’s own step where nobody else can be asked', () => {
    const alone = { queue: queue({ rotation: { ...queue().rotation, people: [ANA] } }) };
    const { next, effects } = make(asked, pass, { by: ANA, now: T0 + 61 * MINUTE, ...alone });
    expect(askedUsers(effects)).to.deep.equal([]);
    expect(nextDueAt(next, alone.queue)).to.equal(T0 + 2 * HOUR);
  });

  it('is refused the second time, once somebody has it, and where it only waits', () => {
    const once = make(asked, pass, { by: ANA }).next;
    const refused = (from: Request) => refusal(from, pass, { by: ANA });
    expect(refused(once)).to.deep.equal({ kind: 'nothing_changes' });
    expect(refused(make(asked, take).next)).to.deep.equal({ kind: 'taken_already', owner: BEN });
    const waits = { ...make(asked, { kind: 'wait' }).next, owner: null };
    expect(refused(waits)).to.deep.equal({ kind: 'owner_only' });
  });

  it('lets nobody who passed be asked again, also after somebody else gave it back', () => {
    const passed = make(asked, pass, { by: ANA, now: T0 + 61 * MINUTE }).next;
    const taken = make(passed, take, { by: LEA, now: T0 + 62 * MINUTE }).next;
    const given = make(taken, pass, { by: LEA, now: T0 + 3 * HOUR }).next;
    const asks = follow(given, T0 + 30 * DAY).at.filter((line) => line.includes('ask_duty'));
    expect(asks).to.deep.equal([`180m ask_duty ${BEN}`, `240m ask_duty ${CAT}`]);
  });

  it('counts for who was mentioned as lead, too', () => {
    const escalated = follow(request(), T0 + 5 * HOUR).next;
    expect(askedUsers(make(escalated, pass, { by: LEA }).effects)).to.deep.equal([CAT]);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { capture } from '../../src/domain/capture.ts';
import type { Change } from '../../src/domain/change.ts';
import { runningClocks } from '../../src/domain/clocks.ts';
import type { Effect } from '../../src/domain/effects.ts';
import { type Followed, fireDue, nextDueAt } from '../../src/domain/follow-ups.ts';
import type { Queue } from '../../src/domain/queue.ts';
import { CLOCK_KINDS, isExit, isOpen, PRIORITIES, type Request } from '../../src/domain/request.ts';
import type { Situation } from '../../src/domain/situation.ts';
import { type Outcome, transition } from '../../src/domain/transition.ts';
import { ANA, ASK, BEN, CAT, DAY, HOUR, LEA, MINUTE, queue, T0, ZOE } from '../support/builders.ts';
import { askedUsers, yes } from '../support/outcomes.ts';

const QUEUES: Readonly<Record<string, Queue>> = {
  it: queue(),
  hr: queue({
    name: 'hr',
    triageChannel: 'CHR',
    rotation: { ...queue().rotation, people: [BEN, CAT, ASK] },
    lead: null,
    escalation: null,
  }),
};
const PEOPLE = [ASK, ANA, BEN, CAT, LEA, ZOE] as const;

function queueOf(name: string): Queue {
  const found = QUEUES[name];
  if (found === undefined) throw new Error(`no queue ${name}`);
  return found;
}

/** Instants and dates are drawn relative to the moment of the step, a little before it at times. */
const aheadMs = fc.constantFrom(-MINUTE, 0, 1, MINUTE, HOUR, DAY, 8 * DAY);
type Making = (now: number, of: Request) => Change;
const just = (...made: readonly Change[]): fc.Arbitrary<Making> =>
  fc.constantFrom(...made).map((change) => () => change);

const usual: fc.Arbitrary<Making> = fc.oneof(
  just({ kind: 'take', byReaction: true }, { kind: 'take', byReaction: false }),
  fc.constantFrom(...PEOPLE).chain((to) => just({ kind: 'assign', to })),
  just({ kind: 'wait' }),
  just({ kind: 'undo' }),
  just({ kind: 'reopen' }),
  just({ kind: 'pass' }, { kind: 'unhold' }, { kind: 'keep_open' }),
  aheadMs.map((ms) => (now: number) => ({ kind: 'hold', untilAt: now + ms, reason: 'parts' }) as const),
  fc.boolean().chain((byReaction) => just({ kind: 'resolve', note: null, byReaction })),
  fc.constantFrom(...PRIORITIES).chain((to) => just({ kind: 'priority', to })),
  aheadMs.map((ms) => (now: number) => ({ kind: 'snooze', untilAt: now + ms }) as const),
  aheadMs.map((ms) => (now: number) => ({ kind: 'remind', dueAt: now + ms }) as const),
  just({ kind: 'unreact', reaction: 'take' }, { kind: 'unreact', reaction: 'resolve' }),
  fc.tuple(fc.boolean(), fc.constantFrom(0, -MINUTE, -DAY)).map(
    ([isInside, ms]) =>
      (now: number) =>
        ({ kind: 'reply', at: now + ms, isInside }) as const,
  ),
  just({ kind: 'reply', at: T0, isInside: false }),
  fc.constant<Making>((_, of) => yes(of)),
);
const rare: fc.Arbitrary<Making> = fc.oneof(
  just({ kind: 'cancel' }, { kind: 'confirm' }, { kind: 'source_deleted' }, { kind: 'owner_left' }),
  just({ kind: 'not_request' }, { kind: 'withdraw' }, { kind: 'decline', reason: 'no' }),
  fc.constantFrom(12, 3).chain((of) => just({ kind: 'duplicate', of })),
  fc
    .tuple(fc.constantFrom('it', 'hr'), fc.boolean())
    .chain(([to, asksConsent]) => just({ kind: 'move', queue: to, asksConsent })),
  fc
    .tuple(fc.option(fc.constantFrom(...PRIORITIES)), fc.boolean(), fc.boolean())
    .chain(([priority, asksConsent, takesBack]) =>
      just({ kind: 'retext', title: 'edited', text: 'edited', files: [], priority, asksConsent, takesBack }),
    ),
);

interface Step {
  readonly passesMs: number;
  /** A person, or whoever asked or owns the request at that moment; null is the clock. */
  readonly by: string | null;
  readonly change: Making | 'fire';
  readonly gone: string | null;
}
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    passesMs: fc.constantFrom(0, 0, 1, MINUTE, 10 * MINUTE, HOUR, 3 * HOUR, DAY, 3 * DAY),
    by: fc.constantFrom(...PEOPLE, 'asker', 'asker', 'owner', 'owner', 'owner', BEN, CAT, null),
    change: fc.oneof(
      { weight: 8, arbitrary: usual },
      { weight: 2, arbitrary: rare },
      { weight: 3, arbitrary: fc.constant('fire' as const) },
    ),
    gone: fc.option(fc.constantFrom(ANA, BEN), { freq: 6 }),
  }),
  { minLength: 1, maxLength: 40, size: 'max' },
);
const beginnings = fc.record({
  asker: fc.constantFrom(ASK, BEN),
  asksConsent: fc.constantFrom(true, false, false, false, false, false),
  priority: fc.constantFrom(...PRIORITIES),
  lateMs: fc.constantFrom(0, 90 * MINUTE, 10 * DAY),
});

type Beginning = typeof beginnings extends fc.Arbitrary<infer T> ? T : never;

function begin({ asker, asksConsent, priority, lateMs }: Beginning): Request {
  const { request } = capture(
    {
      queue: queueOf('it'),
      asker,
      kind: 'dm',
      channel: 'DASK',
      ts: '1.1',
      threadTs: '1.1',
      conversation: { channel: 'DASK', threadTs: '1.1', isMirrored: true },
      isPrivate: true,
      asksConsent,
      text: 'help',
      files: [],
      priority,
      openedAt: T0 - lateMs,
      continues: null,
      isLate: false,
    },
    T0,
  );
  return { ...request, id: 12 };
}

/** What happened in one step of a walk. */
interface Happened {
  readonly before: Request;
  readonly after: Request;
  readonly effects: readonly Effect[];
  readonly situation: Situation;
  readonly outcome: Outcome | null;
  readonly fired: Followed | null;
}

function walk(first: Request, path: readonly Step[], look: (happened: Happened) => void): Request {
  let now = T0;
  let before = first;
  const members = new Set<string>([ANA, BEN, CAT, LEA]);
  for (const { passesMs, by, change, gone } of path) {
    now += passesMs;
    if (gone !== null && !members.delete(gone)) members.add(gone);
    const around: Situation = {
      now,
      by: by === 'asker' ? before.asker : by === 'owner' ? (before.owner ?? ANA) : by,
      queue: queueOf(before.queue),
      responders: new Set(members),
      dutyOverride: null,
      target: null,
    };
    if (change === 'fire') {
      const fired = fireDue(before, around);
      look({ before, after: fired.next, effects: fired.effects, situation: around, outcome: null, fired });
      before = fired.next;
      continue;
    }
    const made = change(now, before);
    const situation: Situation =
      made.kind === 'move'
        ? { ...around, target: { queue: queueOf(made.queue), responders: new Set([BEN, CAT, ASK]) } }
        : around;
    const outcome = transition(before, made, situation);
    const after = outcome.kind === 'changed' ? outcome.next : before;
    const effects = outcome.kind === 'changed' ? outcome.effects : [];
    look({ before, after, effects, situation, outcome, fired: null });
    before = after;
  }
  return before;
}

/** Every state of every walk, however people and clock come together. */
function always(look: (happened: Happened) => void): void {
  fc.assert(
    fc.property(beginnings, steps, (beginning, path) => {
      walk(begin(beginning), path, look);
    }),
    { numRuns: 1000 },
  );
}

describe('whatever asker, owner, responders, third parties and the clock do', () => {
  it('owner, hold, exit and resolution fit the state', () => {
    always(({ after }) => {
      const { state, owner } = after;
      if (state === 'in_progress') expect(owner).to.be.a('string');
      if (state === 'new' || state === 'unposted') expect(owner).to.equal(null);
      expect(after.hold !== null, `hold while ${state}`).to.equal(state === 'on_hold');
      expect(after.resolution !== null, `resolution while ${state}`).to.equal(
        state === 'resolved' || state === 'closed',
      );
      if (after.exit !== null) expect(isExit(state), `exit while ${state}`).to.equal(true);
      if (isExit(state) && state !== 'withdrawn') expect(after.exit).to.not.equal(null);
      if (after.takenByReactionOf !== null) expect(after.takenByReactionOf).to.equal(owner);
    });
  });

  it('at most one interval of a kind runs, none overlap, and those run that the state wants', () => {
    always(({ after }) => {
      const running = after.intervals.filter(({ endedAt }) => endedAt === null).map(({ kind }) => kind);
      expect(running).to.have.members([...runningClocks(after)]);
      expect(running.includes('assign')).to.equal(after.state === 'new');
      if (after.owner !== null) expect(running).to.not.include('assign');
      for (const kind of CLOCK_KINDS) {
        const mine = after.intervals.filter((interval) => interval.kind === kind);
        mine.slice(1).forEach((interval, index) => {
          expect(mine[index]?.endedAt).to.be.below(interval.startedAt);
        });
      }
    });
  });

  it('the version rises with everything that is stored, and with nothing else', () => {
    always(({ before, after, outcome, fired }) => {
      if (outcome !== null) expect(after.version - before.version).to.equal(after === before ? 0 : 1);
      if (fired !== null) expect(after.version - before.version).to.equal(fired.whats.length);
    });
  });

  it('nothing is due in the past after the clock has fired, and firing again does nothing', () => {
    always(({ after, fired, situation }) => {
      if (fired === null) return;
      const dueAt = nextDueAt(after, situation.queue);
      if (dueAt !== null) expect(dueAt).to.be.above(situation.now);
      expect(fireDue(after, situation)).to.deep.equal({ next: after, effects: [], whats: [] });
    });
  });

  it('left to the clock alone, it ends or waits for people, after a few follow-ups', () => {
    fc.assert(
      fc.property(beginnings, steps, (beginning, path) => {
        let next = walk(begin(beginning), path, () => undefined);
        const situation = { by: null, queue: queueOf(next.queue), dutyOverride: null, target: null };
        for (let fires = 0; ; fires += 1) {
          const dueAt = nextDueAt(next, situation.queue);
          if (dueAt === null) break;
          expect(fires).to.be.below(60);
          next = fireDue(next, { ...situation, now: dueAt, responders: new Set([ANA, BEN]) }).next;
        }
        expect(next.state).to.not.be.oneOf(['unposted', 'on_hold', 'resolved']);
      }),
      { numRuns: 500 },
    );
  });

  it('nobody is sent the same step twice', () => {
    always(({ after }) => {
      const sent = after.ladder.asked.map(({ step, user }) => `${step} ${user}`);
      expect(new Set(sent).size).to.equal(sent.length);
    });
  });

  it('nobody is asked who passed, who asked for it, who cannot respond, or about what is owned', () => {
    always(({ before, after, effects, situation, outcome }) => {
      const asked = askedUsers(effects);
      // The clock may end a hold and climb in one go, so that only a person's change tells about the state before.
      if (asked.length > 0 && outcome !== null) expect(before.owner).to.equal(null);
      for (const user of asked) {
        expect(before.ladder.passed).to.not.include(user);
        expect(user).to.not.equal(after.asker);
        expect(situation.responders.has(user)).to.equal(true);
      }
    });
  });

  it('every follow-up of a state is gone with the state', () => {
    always(({ after }) => {
      const of = queueOf(after.queue);
      const dueAt = nextDueAt(after, of);
      if (after.state === 'closed' || isExit(after.state)) expect(dueAt).to.equal(null);
      if (after.state === 'in_progress')
        expect(dueAt).to.equal(
          after.reminders.length === 0 ? null : Math.min(...after.reminders.map((r) => r.dueAt)),
        );
      if (after.state !== 'waiting')
        expect(after.waiting).to.deep.equal({ nudges: 0, closesAt: null, isKeptOpen: false });
      if (!isOpen(after.state)) expect(after.snoozes).to.deep.equal([]);
    });
  });

  it('closed is final, and urgent, held and unanswered requests never end by silence', () => {
    always(({ before, after, fired }) => {
      if (before.state === 'closed') expect(after.state).to.equal('closed');
      if (fired === null || before.state !== 'waiting' || isOpen(after.state)) return;
      expect(before.priority).to.not.equal('urgent');
      expect(before.answeredAt).to.not.equal(null);
      expect(before.unansweredSinceAt).to.equal(null);
    });
  });

  it('an unposted request has no card, and nothing of it is shown', () => {
    always(({ after, effects }) => {
      if (after.state !== 'unposted') return;
      expect(after.card).to.equal(null);
      expect(effects.map(({ kind }) => kind)).to.not.include('card');
    });
  });

  it('a refusal says why and changes nothing', () => {
    always(({ before, after, effects, outcome }) => {
      if (outcome?.kind !== 'refused') return;
      expect(after).to.equal(before);
      expect(effects).to.deep.equal([]);
      expect(outcome.refusal.kind).to.be.a('string');
    });
  });
});

/**
 * The ladder of an unowned request: duty, next in rotation, lead, escalation. Its steps are counted from the
 * message's time. Steps that were already due when it began (captured late, unowned again, a higher priority) do not
 * fire in a bunch: the first one fires at once and the later ones keep their own distances from that moment.
 */
import type { Effect } from './effects.ts';
import { LADDER_STEPS, type LadderStep, type Queue } from './queue.ts';
import type { Ladder, Priority, Request } from './request.ts';
import { dutyAmong, dutyAt, nextAfter } from './rotation.ts';
import type { Situation } from './situation.ts';

/** When step `nextStep` is due; null when the ladder has ended or the step has nobody to tell. */
export function ladderDueAt(ladder: Ladder, queue: Queue, priority: Priority): number | null {
  const step = LADDER_STEPS[ladder.nextStep];
  if (step === undefined) return null;
  if (step === 'escalation' && queue.escalation === null) return null;
  return ladder.anchorAt + queue.ladder[priority][step];
}

/** Moves the anchor so that a step that is already due is due exactly now, and the later ones after it. */
export function reanchor(ladder: Ladder, queue: Queue, priority: Priority, now: number): Ladder {
  const dueAt = ladderDueAt(ladder, queue, priority);
  return dueAt !== null && dueAt < now ? { ...ladder, anchorAt: ladder.anchorAt + (now - dueAt) } : ladder;
}

/** The ladder of a request that has just become new, counted from its message's time. */
export function startLadder(
  request: Pick<Request, 'openedAt' | 'priority' | 'ladder'>,
  queue: Queue,
  now: number,
): Ladder {
  return reanchor(
    { ...request.ladder, anchorAt: request.openedAt, nextStep: 0 },
    queue,
    request.priority,
    now,
  );
}

/** True when the ladder's next step is due by the message's own time. */
export function isStepDue(request: Pick<Request, 'priority' | 'ladder'>, queue: Queue, now: number): boolean {
  const dueAt = ladderDueAt(request.ladder, queue, request.priority);
  return dueAt !== null && dueAt <= now;
}

export const EMPTY_LADDER: Omit<Ladder, 'anchorAt'> = { nextStep: 0, asked: [], passed: [] };

/** Notes who passed, each once. */
export function withPassed(ladder: Ladder, user: string): Ladder {
  return ladder.passed.includes(user) ? ladder : { ...ladder, passed: [...ladder.passed, user] };
}

/** The step at which this person was last asked by DM to take the request; null when they never were. */
export function askedToTake(request: Request, user: string): 'duty' | 'next' | null {
  const last = request.ladder.asked.findLast(
    (asked) => asked.user === user && (asked.step === 'duty' || asked.step === 'next'),
  );
  if (last === undefined) return null;
  return last.step === 'duty' ? 'duty' : 'next';
}

/** True when this person has been told of the request by a step of the ladder. */
export function wasAsked(request: Request, user: string): boolean {
  return request.ladder.asked.some((asked) => asked.user === user);
}

interface Fired {
  readonly next: Request;
  readonly effects: readonly Effect[];
}

/** Nobody who passed, asked for it themselves, or cannot respond is asked. */
export function isUnfit(request: Request, user: string, situation: Situation): boolean {
  return user === request.asker || request.ladder.passed.includes(user) || !situation.responders.has(user);
}

function wasAskedAt(request: Request, step: LadderStep, user: string): boolean {
  return request.ladder.asked.some((asked) => asked.step === step && asked.user === user);
}

function record(request: Request, step: LadderStep, user: string): Request {
  return { ...request, ladder: { ...request.ladder, asked: [...request.ladder.asked, { step, user }] } };
}

/** Asks one person by DM; one whose reminders are snoozed is asked when the snooze ends. */
function ask(request: Request, step: 'duty' | 'next', user: string, now: number): Fired {
  const asked = record(request, step, user);
  const snoozed = request.snoozes.some((snooze) => snooze.user === user && snooze.untilAt > now);
  if (snoozed) {
    return {
      next: {
        ...asked,
        snoozes: asked.snoozes.map((snooze) => (snooze.user === user ? { ...snooze, isOwed: true } : snooze)),
      },
      effects: [],
    };
  }
  return {
    next: asked,
    effects: [{ kind: 'say', place: { kind: 'person', user }, saying: { kind: 'ask_duty', step, user } }],
  };
}

/** Who is asked at this step: the person on duty, or the next in rotation after whoever was asked last. */
function candidateFor(request: Request, step: 'duty' | 'next', situation: Situation): string | null {
  const { queue, now } = situation;
  const unfit = (user: string): boolean => isUnfit(request, user, situation);
  const turn = dutyAt(queue.rotation, now, situation.dutyOverride);
  if (turn === null) return null;
  if (step === 'duty') return dutyAmong(queue.rotation, now, situation.dutyOverride, unfit)?.user ?? null;
  const last = request.ladder.asked.findLast((asked) => asked.step === 'duty' || asked.step === 'next')?.user;
  const from = last !== undefined && queue.rotation.people.includes(last) ? last : turn.index;
  const skip = (user: string): boolean => unfit(user) || wasAskedAt(request, 'next', user);
  return nextAfter(queue.rotation, from, skip)?.user ?? null;
}

function askStep(request: Request, step: 'duty' | 'next', situation: Situation): Fired {
  const candidate = candidateFor(request, step, situation);
  if (candidate === null || wasAskedAt(request, step, candidate)) return { next: request, effects: [] };
  return ask(request, step, candidate, situation.now);
}

function fireLead(request: Request, queue: Queue): Fired {
  const lead = queue.lead;
  const to = lead ?? queue.triageChannel;
  if (wasAskedAt(request, 'lead', to)) return { next: request, effects: [] };
  return {
    next: record(request, 'lead', to),
    effects: [
      { kind: 'say', place: { kind: 'card_thread', broadcast: true }, saying: { kind: 'lead', lead } },
      { kind: 'say', place: { kind: 'conversation' }, saying: { kind: 'escalated' } },
    ],
  };
}

function fireEscalation(request: Request, queue: Queue): Fired {
  const contact = queue.escalation;
  if (contact === null) return { next: request, effects: [] };
  const to = contact.kind === 'person' ? contact.user : contact.channel;
  if (wasAskedAt(request, 'escalation', to)) return { next: request, effects: [] };
  return {
    next: record(request, 'escalation', to),
    effects: [{ kind: 'say', place: contact, saying: { kind: 'escalation', openedAt: request.openedAt } }],
  };
}

/** Fires the ladder's next step and moves on to the one after it. */
export function fireStep(request: Request, situation: Situation): Fired {
  const step: LadderStep | undefined = LADDER_STEPS[request.ladder.nextStep];
  if (step === undefined) return { next: request, effects: [] };
  const climbed = { ...request, ladder: { ...request.ladder, nextStep: request.ladder.nextStep + 1 } };
  switch (step) {
    case 'duty':
    case 'next':
      return askStep(climbed, step, situation);
    case 'lead':
      return fireLead(climbed, situation.queue);
    case 'escalation':
      return fireEscalation(climbed, situation.queue);
  }
}

/**
 * Who is to be told of a request that was captured late, in one summary with all others of its queue; null when there is
 * nobody whom the duty step could ask.
 */
export function whomToTell(request: Request, situation: Situation): string | null {
  return candidateFor(request, 'duty', situation);
}

/**
 * A late capture is announced.
 * @param toldUser who was told of it by a summary, which then was its duty step: the later steps follow at the ladder's own
 *   distances; null: its duty step is its own, and due now
 */
export function announced(request: Request, toldUser: string | null, { queue, now }: Situation): Request {
  const ladder = reanchor(request.ladder, queue, request.priority, now);
  const next: Request = { ...request, version: request.version + 1, late: 'announced', ladder };
  if (toldUser === null) return next;
  return record({ ...next, ladder: { ...ladder, nextStep: ladder.nextStep + 1 } }, 'duty', toldUser);
}

/** *Pass* by somebody who was asked: the next in rotation is asked at once, in place of the ladder's own step. */
export function passOn(request: Request, by: string, situation: Situation): Fired {
  const passed = { ...request, ladder: withPassed(request.ladder, by) };
  const asked = askStep(passed, 'next', situation);
  const stood = asked.next.ladder.nextStep === LADDER_STEPS.indexOf('next') && asked.next !== passed;
  return stood
    ? {
        ...asked,
        next: { ...asked.next, ladder: { ...asked.next.ladder, nextStep: LADDER_STEPS.indexOf('lead') } },
      }
    : asked;
}

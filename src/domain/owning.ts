/** Who has it: taking, assigning, passing, losing. */
import type { Effect } from './effects.ts';
import { passOn, withPassed } from './ladder.ts';
import { isOpen, type Request } from './request.ts';
import type { Situation } from './situation.ts';
import { actor, inConversation, own, SHOWN, type Step, toPerson, UNCHANGED } from './step.ts';

export function take(request: Request, situation: Situation, byReaction: boolean): Step {
  const by = actor(situation);
  const next = own(request, by, byReaction);
  return { next, effects: [...SHOWN, ...takenLine(by, situation)], what: 'took it' };
}

/** The one line in the asker's thread that a queue can do without. */
function takenLine(by: string, { queue }: Situation): readonly Effect[] {
  return queue.hasTakenLine ? [inConversation({ kind: 'taken', by })] : [];
}

export function assign(request: Request, to: string, situation: Situation): Step {
  const { by } = situation;
  const effects: Effect[] = [...SHOWN, ...takenLine(to, situation)];
  if (by !== null && to !== by) effects.push(toPerson(to, { kind: 'assigned', by, user: to }));
  return {
    next: own(request, to, false),
    effects,
    what: request.owner === null ? `assigned it to <@${to}>` : `handed it over to <@${to}>`,
  };
}

export function pass(request: Request, situation: Situation): Step {
  const by = actor(situation);
  if (request.owner === by) {
    return {
      next: {
        ...request,
        state: 'new',
        owner: null,
        takenByReactionOf: null,
        hold: null,
        ladder: withPassed(request.ladder, by),
      },
      effects: SHOWN,
      what: 'gave it back',
    };
  }
  const on = passOn(request, by, situation);
  return { next: on.next, effects: [...SHOWN, ...on.effects], what: 'passed' };
}

/** Setting waiting or on hold on an unowned request also takes it. */
export function ownIfUnowned(request: Request, { by, responders }: Situation): Request {
  return request.owner === null && by !== null && responders.has(by)
    ? { ...request, owner: by, takenByReactionOf: null }
    : request;
}

/** Requests that are over keep the name of whoever had them. What somebody loses is said once for all of it, by the caller. */
export function loseOwner(request: Request): Step {
  if (request.owner === null || !(isOpen(request.state) || request.state === 'resolved'))
    return { next: request, effects: [], what: UNCHANGED };
  const lost: Request = { ...request, owner: null, takenByReactionOf: null };
  const next: Request = request.state === 'in_progress' ? { ...lost, state: 'new' } : lost;
  return { next, effects: SHOWN, what: 'lost its owner' };
}

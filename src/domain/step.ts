/** What the parts of `transition` share: the shape of one step and how effects are written. */
import type { Effect, Saying } from './effects.ts';
import { type Exit, isOpen, type OpenState, type Request } from './request.ts';
import type { Situation } from './situation.ts';

/** Who makes a change that only people make; `refuse` keeps the clock away from those. */
export function actor({ by }: Situation): string {
  if (by === null) throw new Error('only a person makes this change');
  return by;
}

/** Nothing to do, and nothing to say about it: a third party's post, a reaction that changed nothing. */
export const UNCHANGED = 'noted';

export interface Step {
  readonly next: Request;
  readonly effects: readonly Effect[];
  readonly what: string;
}

/** Cards and the asker's reply follow every change of what they show. */
export const SHOWN: readonly Effect[] = [{ kind: 'card' }, { kind: 'asker_reply' }];

export function inConversation(saying: Saying): Effect {
  return { kind: 'say', place: { kind: 'conversation' }, saying };
}

export function toPerson(user: string, saying: Saying): Effect {
  return { kind: 'say', place: { kind: 'person', user }, saying };
}

/** The state that "→ in progress" leads to: new, where nobody who can still respond owns it. */
export function active(request: Request, responders: ReadonlySet<string>): Request {
  if (request.owner !== null && responders.has(request.owner))
    return { ...request, state: 'in_progress', hold: null };
  return { ...request, state: 'new', owner: null, takenByReactionOf: null, hold: null };
}

/** The state before an end, owned again by whoever had it if they can still respond. */
export function backTo(
  request: Request,
  end: Pick<Exit, 'before' | 'ownerBefore' | 'holdBefore'>,
  responders: ReadonlySet<string>,
): Request {
  const owner = end.ownerBefore !== null && responders.has(end.ownerBefore) ? end.ownerBefore : null;
  return {
    ...request,
    state: end.before === 'in_progress' && owner === null ? 'new' : end.before,
    owner,
    takenByReactionOf: request.takenByReactionOf === owner ? owner : null,
    hold: end.holdBefore,
    exit: null,
    resolution: null,
  };
}

export function own(request: Request, owner: string, byReaction: boolean): Request {
  return {
    ...request,
    owner,
    takenByReactionOf: byReaction ? owner : null,
    state: request.state === 'new' ? 'in_progress' : request.state,
  };
}

/** The state to note as the one before an end. */
export function openStateOf(request: Request): OpenState {
  return isOpen(request.state) ? request.state : 'new';
}

export function consentOver(posted: boolean): Effect {
  return inConversation({ kind: 'consent_over', posted });
}

export function reopen(request: Request, situation: Situation): Step {
  const next = { ...active(request, situation.responders), resolution: null };
  const by = actor(situation);
  const effects =
    request.owner !== null && request.owner !== by && next.owner !== null
      ? [...SHOWN, toPerson(request.owner, { kind: 'reopened', by })]
      : SHOWN;
  return { next, effects, what: 're-opened it' };
}

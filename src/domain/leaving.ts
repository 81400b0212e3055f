/** How a request leaves: exits and their undoing, and the move to another queue. */
import type { Change } from './change.ts';
import type { Effect } from './effects.ts';
import type { ExitState, Request } from './request.ts';
import type { Situation } from './situation.ts';
import { active, consentOver, inConversation, openStateOf, SHOWN, type Step, UNCHANGED } from './step.ts';

export function exit(
  request: Request,
  to: ExitState,
  { by, now }: Situation,
  why: { reason: string | null; duplicateOf: number | null },
): Step {
  const wasUnposted = request.state === 'unposted';
  return {
    next: {
      ...request,
      state: to,
      hold: null,
      unshownText: null,
      exit: wasUnposted
        ? null
        : {
            by,
            at: now,
            ...why,
            before: openStateOf(request),
            ownerBefore: request.owner,
            holdBefore: request.hold,
          },
    },
    effects: wasUnposted ? [consentOver(false)] : SHOWN,
    what: EXIT_WORDS[to],
  };
}

export const EXIT_WORDS: Readonly<Record<ExitState, string>> = {
  duplicate: 'marked it as a duplicate',
  not_request: 'marked it as not a request',
  declined: 'declined it',
  withdrawn: 'withdrew it',
};

export function undo(request: Request, { responders }: Situation): Step {
  const left = request.exit;
  if (left === null) return { next: request, effects: [], what: UNCHANGED };
  const before: Request = {
    ...request,
    state: left.before,
    owner: left.ownerBefore,
    hold: left.holdBefore,
    exit: null,
  };
  const canStillRespond = before.owner !== null && responders.has(before.owner);
  const next =
    before.state === 'in_progress' || before.state === 'new'
      ? active(before, responders)
      : { ...before, owner: canStillRespond ? before.owner : null };
  return { next, effects: SHOWN, what: 'undid it' };
}

export function move(
  request: Request,
  change: Extract<Change, { kind: 'move' }>,
  { target }: Situation,
): Step {
  if (target === null) return { next: request, effects: [], what: UNCHANGED };
  const ladder = { ...request.ladder, passed: [], asked: [] };
  const moved: Request = { ...request, queue: change.queue, card: null, ladder };
  const left: readonly Effect[] =
    request.card === null
      ? []
      : [{ kind: 'left_card', channel: request.card.channel, ts: request.card.ts, toQueue: change.queue }];
  if (change.asksConsent) {
    const text = request.unshownText ?? request.source.text ?? '';
    return {
      next: {
        ...moved,
        state: 'unposted',
        owner: null,
        hold: null,
        takenByReactionOf: null,
        unshownText: text,
      },
      effects: [
        ...left,
        inConversation({ kind: 'consent', text, triageChannel: target.queue.triageChannel }),
      ],
      what: `moved it to ${change.queue}`,
    };
  }
  const keepsOwner = request.owner !== null && target.responders.has(request.owner);
  const next: Request = keepsOwner
    ? moved
    : {
        ...moved,
        owner: null,
        takenByReactionOf: null,
        state: request.state === 'in_progress' ? 'new' : request.state,
      };
  return { next, effects: [...left, ...SHOWN], what: `moved it to ${change.queue}` };
}

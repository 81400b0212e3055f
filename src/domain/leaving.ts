/** How a request leaves: exits and their undoing, and the move to another queue. */
import type { Change } from './change.ts';
import type { Effect } from './effects.ts';
import { mayRead } from './permissions.ts';
import type { ExitState, Request } from './request.ts';
import type { Situation } from './situation.ts';
import { backTo, consentOver, inConversation, openStateOf, SHOWN, type Step, UNCHANGED } from './step.ts';
import { textMark } from './text-mark.ts';

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
      unshownFiles: [],
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
    effects: wasUnposted ? [...replyEdited(request), consentOver(false)] : SHOWN,
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
  return { next: backTo(request, left, responders), effects: SHOWN, what: 'undid it' };
}

/** An unposted request has no card, but one that was moved has told its asker something. */
function replyEdited(request: Request): readonly Effect[] {
  return request.askerReply === null ? [] : [{ kind: 'asker_reply' }];
}

/** What people asked for themselves goes with a request only where they may still read it. */
function withReadersOnly(request: Request, responders: ReadonlySet<string>): Request {
  return {
    ...request,
    snoozes: request.snoozes.filter(({ user }) => responders.has(user)),
    reminders: request.reminders.filter(({ user }) => mayRead(request, user, responders)),
  };
}

/** A request that was in this channel before has its card there again. */
export function withCardOf(request: Request, triageChannel: string): Request {
  const card = request.leftCards.find(({ channel }) => channel === triageChannel);
  if (request.card !== null || card === undefined) return request;
  return { ...request, card, leftCards: request.leftCards.filter((left) => left !== card) };
}

export function move(
  request: Request,
  change: Extract<Change, { kind: 'move' }>,
  { target }: Situation,
): Step {
  if (target === null) return { next: request, effects: [], what: UNCHANGED };
  const ladder = { ...request.ladder, passed: [], asked: [] };
  const moved: Request = {
    ...withReadersOnly(request, target.responders),
    queue: change.queue,
    card: null,
    leftCards: request.card === null ? request.leftCards : [...request.leftCards, request.card],
    ladder,
  };
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
        unshownFiles: [],
      },
      effects: [
        ...left,
        // It was shown, so there is a reply, though perhaps only on its way.
        { kind: 'asker_reply' },
        inConversation({ kind: 'consent', mark: textMark(text), triageChannel: target.queue.triageChannel }),
      ],
      what: `moved it to ${change.queue}`,
    };
  }
  const keepsOwner = request.owner !== null && target.responders.has(request.owner);
  const back = withCardOf(moved, target.queue.triageChannel);
  const next: Request = keepsOwner
    ? back
    : {
        ...back,
        owner: null,
        takenByReactionOf: null,
        state: request.state === 'in_progress' ? 'new' : request.state,
      };
  return { next, effects: [...left, ...SHOWN], what: `moved it to ${change.queue}` };
}

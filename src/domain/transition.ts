/**
 * The life of a request as one pure function: a request, a change and the situation in; the next request and the
 * effects it wants out, or the reason why not.
 *
 *   new → in_progress ⇄ waiting (on the asker) | on_hold (third party) → resolved → closed
 *   exits from any open state: duplicate, not_request, declined, withdrawn (undone for 24 h)
 */
import type { Change, Refusal } from './change.ts';
import { endFirstResponse, runningClocks, settleIntervals } from './clocks.ts';
import type { Effect } from './effects.ts';
import { reply, unreact } from './hearing.ts';
import { askedToTake, startLadder } from './ladder.ts';
import { exit, move, undo } from './leaving.ts';
import { assign, loseOwner, ownIfUnowned, pass, take } from './owning.ts';
import { refuse, refuseByState } from './permissions.ts';
import { isOpen, NO_WAITING, type Request, type Resolution } from './request.ts';
import type { Situation } from './situation.ts';
import {
  active,
  actor,
  consentOver,
  inConversation,
  openStateOf,
  reopen,
  SHOWN,
  type Step,
  toPerson,
  UNCHANGED,
} from './step.ts';
import { deleteSource, post, retext, withPriority } from './texts.ts';

export interface Changed {
  readonly kind: 'changed';
  readonly next: Request;
  readonly effects: readonly Effect[];
  readonly what: string;
}

export type Outcome = Changed | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * What follows from a change of state, whatever made it: the version counts, clocks start and stop, the follow-ups
 * of waiting and the ladder begin anew.
 */
export function settle(before: Request, after: Request, queue: Situation['queue'], now: number): Request {
  const changed = after.state !== before.state;
  const becameNew = after.state === 'new' && (changed || after.queue !== before.queue);
  const settled: Request = {
    ...after,
    version: before.version + 1,
    stateSinceAt: changed ? now : after.stateSinceAt,
    waiting: changed ? NO_WAITING : after.waiting,
    intervals: settleIntervals(
      endFirstResponse(after.intervals, after.answeredAt),
      runningClocks(after),
      now,
    ),
    snoozes: isOpen(after.state) ? after.snoozes : [],
    reminders: isOpen(after.state) || after.state === 'resolved' ? after.reminders : [],
  };
  return becameNew ? { ...settled, ladder: startLadder(settled, queue, now) } : settled;
}

/** Applies one change. Pure: `situation.now` is the only clock. */
export function transition(request: Request, change: Change, situation: Situation): Outcome {
  const refusal = refuse(request, change, situation) ?? refuseByState(request, change, situation);
  return refusal === null ? carryOut(request, change, situation) : { kind: 'refused', refusal };
}

/** Makes a change that is known to be allowed: one that the clock found due. */
export function carryOut(request: Request, change: Change, situation: Situation): Changed {
  const step = apply(request, change, situation);
  if (step.what === UNCHANGED && step.next === request) return { kind: 'changed', ...step };
  const queue =
    change.kind === 'move' && situation.target !== null ? situation.target.queue : situation.queue;
  const next = settle(
    request,
    {
      ...step.next,
      lastChange:
        step.what === UNCHANGED
          ? request.lastChange
          : { what: step.what, by: situation.by, at: situation.now },
    },
    queue,
    situation.now,
  );
  const told = tellOwner(request, change, situation, step.what);
  return { kind: 'changed', next, effects: [...step.effects, ...told], what: step.what };
}

function apply(request: Request, change: Change, situation: Situation): Step {
  const { by } = situation;
  const stays = { next: request, effects: [], what: UNCHANGED };
  switch (change.kind) {
    case 'post':
      return post(request, situation);
    case 'cancel':
      return request.state === 'unposted'
        ? exit(request, 'withdrawn', situation, { reason: null, duplicateOf: null })
        : {
            next: { ...request, unshownText: null, unshownFiles: [] },
            effects: [{ kind: 'card' }, consentOver(false)],
            what: 'kept its text',
          };
    case 'take':
      return take(request, situation, change.byReaction);
    case 'assign':
      return assign(request, change.to, situation);
    case 'pass':
      return pass(request, situation);
    case 'wait':
      return wait(request, situation);
    case 'hold':
      return {
        next: {
          ...ownIfUnowned(request, situation),
          state: 'on_hold',
          hold: { untilAt: change.untilAt, reason: change.reason },
        },
        effects: SHOWN,
        what: 'put on hold',
      };
    case 'unhold':
      return unhold(request, situation);
    case 'resolve':
      return resolve(request, situation, change.note, change.byReaction);
    case 'reopen':
      return reopen(request, situation);
    case 'confirm':
      return {
        next: { ...request, state: 'closed' },
        effects: SHOWN,
        what: by === null ? 'closed by silence' : 'confirmed',
      };
    case 'duplicate':
      return exit(request, 'duplicate', situation, { reason: null, duplicateOf: change.of });
    case 'not_request':
      return exit(request, 'not_request', situation, { reason: null, duplicateOf: null });
    case 'decline':
      return exit(request, 'declined', situation, { reason: change.reason, duplicateOf: null });
    case 'withdraw':
      return exit(request, 'withdrawn', situation, { reason: null, duplicateOf: null });
    case 'undo':
      return undo(request, situation);
    case 'move':
      return move(request, change, situation);
    case 'priority':
      return {
        next: withPriority(request, change.to, situation),
        effects: SHOWN,
        what: `set to ${change.to}`,
      };
    case 'keep_open':
      return {
        next: { ...request, waiting: { ...request.waiting, isKeptOpen: true } },
        effects: SHOWN,
        what: 'kept open',
      };
    case 'snooze':
      return snooze(request, actor(situation), change.untilAt);
    case 'remind':
      return {
        next: {
          ...request,
          reminders: [...request.reminders, { user: actor(situation), dueAt: change.dueAt }],
        },
        effects: [],
        what: UNCHANGED,
      };
    case 'unreact':
      return unreact(request, change.reaction, situation) ?? stays;
    case 'reply':
      return reply(request, change, situation) ?? stays;
    case 'retext':
      return retext(request, change, situation);
    case 'source_deleted':
      return deleteSource(request, situation);
    case 'owner_left':
      return loseOwner(request);
  }
}

function wait(request: Request, situation: Situation): Step {
  return {
    next: { ...ownIfUnowned(request, situation), state: 'waiting', hold: null },
    effects: [...SHOWN, inConversation({ kind: 'question', by: actor(situation) })],
    what: 'waits for the asker',
  };
}

/** A hold whose date has come is said to its owner; without one it goes back to the ladder. */
function unhold(request: Request, { by, responders }: Situation): Step {
  const next = active(request, responders);
  if (by !== null) return { next, effects: SHOWN, what: 'took off hold' };
  const over: readonly Effect[] =
    next.owner === null || request.hold === null
      ? []
      : [toPerson(next.owner, { kind: 'hold_over', reason: request.hold.reason })];
  return { next, effects: [...SHOWN, ...over], what: 'hold ended' };
}

function resolve(request: Request, situation: Situation, note: string | null, byReaction: boolean): Step {
  const { by, now } = situation;
  const resolution: Resolution = {
    by,
    at: now,
    note,
    before: openStateOf(request),
    ownerBefore: request.owner,
    holdBefore: request.hold,
    reactionOf: byReaction ? by : null,
  };
  const owned = ownIfUnowned(request, situation);
  return {
    next: { ...owned, state: 'resolved', hold: null, resolution },
    effects: [...SHOWN, inConversation({ kind: 'resolved', by })],
    what: by === null ? 'resolved: no answer' : 'resolved it',
  };
}

/** Mutes one person's reminders; somebody who was asked to take it is asked again when the snooze ends. */
function snooze(request: Request, user: string, untilAt: number): Step {
  const before = request.snoozes.find((other) => other.user === user);
  const others = request.snoozes.filter((other) => other.user !== user);
  const isOwed = before?.isOwed === true || (request.state === 'new' && askedToTake(request, user) !== null);
  return {
    next: { ...request, snoozes: [...others, { user, untilAt, isOwed }] },
    effects: [],
    what: UNCHANGED,
  };
}

/** Whoever does what the owner may do, the owner is told; replies and re-opening speak for themselves. */
function tellOwner(
  before: Request,
  change: Change,
  { by, responders }: Situation,
  what: string,
): readonly Effect[] {
  if (by === null || before.owner === null || before.owner === by || !responders.has(before.owner)) return [];
  switch (change.kind) {
    case 'assign':
    case 'wait':
    case 'hold':
    case 'unhold':
    case 'resolve':
    case 'duplicate':
    case 'not_request':
    case 'decline':
    case 'withdraw':
    case 'undo':
    case 'move':
    case 'priority':
    case 'keep_open':
    case 'unreact':
      return [toPerson(before.owner, { kind: 'done_by_other', by, what })];
    case 'post':
    case 'cancel':
    case 'take':
    case 'pass':
    case 'reopen':
    case 'confirm':
    case 'snooze':
    case 'remind':
    case 'reply':
    case 'retext':
    case 'source_deleted':
    case 'owner_left':
      return [];
  }
}

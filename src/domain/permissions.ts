/** Who may do what, as PRODUCT.md's state table says. */
import type { Change, Refusal } from './change.ts';
import { wasAsked } from './ladder.ts';
import { isExit, isOpen, isUnseen, type Request, UNDO_MS } from './request.ts';
import type { Situation } from './situation.ts';
import { textMark } from './text-mark.ts';

type Role = 'responder' | 'asker' | 'either' | 'owner_or_asked' | 'anybody';

function roleFor(change: Change): Role {
  switch (change.kind) {
    case 'take':
    case 'assign':
    case 'wait':
    case 'hold':
    case 'duplicate':
    case 'not_request':
    case 'decline':
    case 'move':
    case 'snooze':
      return 'responder';
    case 'post':
    case 'cancel':
    case 'confirm':
    case 'withdraw':
      return 'asker';
    case 'unhold':
    case 'resolve':
    case 'reopen':
    case 'undo':
    case 'priority':
    case 'keep_open':
    case 'remind':
      return 'either';
    case 'pass':
      return 'owner_or_asked';
    case 'unreact':
    case 'reply':
    case 'retext':
    case 'source_deleted':
    case 'owner_left':
      return 'anybody';
  }
}

/** What the clock does by itself; all other changes of a role need somebody who has it. */
function isTheClocks(change: Change): boolean {
  return (
    change.kind === 'cancel' ||
    change.kind === 'unhold' ||
    change.kind === 'resolve' ||
    change.kind === 'confirm'
  );
}

/** Why `situation.by` (null: the clock) may not make this change; null when they may. */
export function refuse(request: Request, change: Change, situation: Situation): Refusal | null {
  const { by } = situation;
  if (by === null && isTheClocks(change)) return null;
  const isAsker = by === request.asker;
  const isResponder = by !== null && situation.responders.has(by);
  switch (roleFor(change)) {
    case 'responder':
      return isResponder ? null : { kind: 'responders_only' };
    case 'asker':
      return isAsker ? null : { kind: 'asker_only' };
    case 'either':
      return isAsker || isResponder ? null : { kind: 'asker_or_responder_only' };
    case 'owner_or_asked':
      if (by !== null && (by === request.owner || wasAsked(request, by))) return null;
      return isResponder ? { kind: 'owner_only' } : { kind: 'responders_only' };
    case 'anybody':
      return null;
  }
}

/** Why the state does not allow this change; null when it does. */
export function refuseByState(request: Request, change: Change, situation: Situation): Refusal | null {
  const { state } = request;
  switch (change.kind) {
    case 'unreact':
    case 'reply':
    case 'source_deleted':
    case 'owner_left':
    case 'retext':
      return null;
    case 'post':
      if (state !== 'unposted' && request.unshownText === null) return { kind: 'already', state };
      return textMark(request.unshownText ?? '') === change.mark ? null : { kind: 'edited_since' };
    case 'cancel':
      return state === 'unposted' || request.unshownText !== null ? null : { kind: 'already', state };
    case 'withdraw':
      return isOpen(state) || state === 'unposted' ? null : notOpen(request);
    case 'undo':
      if (!isExit(state) || request.exit === null) return { kind: 'nothing_to_undo' };
      return situation.now - request.exit.at > UNDO_MS ? { kind: 'undo_over' } : null;
    case 'reopen':
      if (state === 'resolved') return null;
      return isOpen(state) ? { kind: 'already', state } : notOpen(request);
    case 'confirm':
      return state === 'resolved'
        ? null
        : state === 'closed'
          ? { kind: 'already', state }
          : { kind: 'not_open', state };
    case 'remind':
      if (change.dueAt <= situation.now) return { kind: 'in_the_past' };
      return isOpen(state) || state === 'resolved' ? null : notOpen(request);
    case 'keep_open':
      if (state !== 'waiting') return { kind: 'not_waiting' };
      return request.waiting.isKeptOpen ? { kind: 'nothing_changes' } : null;
    case 'unhold':
      return state === 'on_hold' || state === 'waiting'
        ? null
        : isOpen(state)
          ? { kind: 'already', state }
          : notOpen(request);
    case 'take':
      if (!isOpen(state)) return notOpen(request);
      if (request.owner === null) return null;
      return request.owner === situation.by
        ? { kind: 'yours_already' }
        : { kind: 'taken_already', owner: request.owner };
    case 'assign':
      if (!isOpen(state)) return notOpen(request);
      if (!situation.responders.has(change.to)) return { kind: 'not_a_responder', user: change.to };
      if (request.owner !== change.to) return null;
      return change.to === situation.by
        ? { kind: 'yours_already' }
        : { kind: 'taken_already', owner: change.to };
    case 'pass':
      if (!isOpen(state)) return notOpen(request);
      if (request.owner === situation.by) return null;
      if (request.owner !== null) return { kind: 'taken_already', owner: request.owner };
      if (state !== 'new') return { kind: 'owner_only' };
      return request.ladder.passed.some((user) => user === situation.by) ? { kind: 'nothing_changes' } : null;
    case 'wait':
      return isOpen(state) ? (state === 'waiting' ? { kind: 'already', state } : null) : notOpen(request);
    case 'hold':
      if (!isOpen(state)) return notOpen(request);
      return change.untilAt <= situation.now ? { kind: 'in_the_past' } : null;
    case 'snooze':
      if (!isOpen(state)) return notOpen(request);
      return change.untilAt <= situation.now ? { kind: 'in_the_past' } : null;
    case 'priority':
      if (!isOpen(state)) return notOpen(request);
      return change.to === request.priority ? { kind: 'nothing_changes' } : null;
    case 'move':
      if (!isOpen(state)) return notOpen(request);
      return change.queue === request.queue ? { kind: 'same_queue' } : null;
    case 'duplicate':
      if (!isOpen(state)) return notOpen(request);
      return change.of === request.id ? { kind: 'duplicate_of_itself' } : null;
    case 'resolve':
      return isOpen(state) ? null : state === 'resolved' ? { kind: 'already', state } : notOpen(request);
    case 'not_request':
    case 'decline':
      return isOpen(state) ? null : notOpen(request);
  }
}

function notOpen(request: Request): Refusal {
  if (request.state === 'unposted') return { kind: 'unposted' };
  if (request.state === 'closed') return { kind: 'final' };
  return { kind: 'not_open', state: request.state };
}

/** True when this person may read the request's text: its asker, or a responder of its queue. */
export function mayRead(
  request: Pick<Request, 'asker' | 'state' | 'exit'>,
  user: string,
  responders: ReadonlySet<string>,
): boolean {
  if (user === request.asker) return true;
  return !isUnseen(request) && responders.has(user);
}

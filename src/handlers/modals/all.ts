/** "More…": a button for everything that can be done with a request, for those who have no card row left to hold it. */
import type { ModalView } from '@slack/types';
import { type Action, actionId } from '../../domain/actions.ts';
import { isExit, isOpen, type Request } from '../../domain/request.ts';
import { actions } from '../../slack/blocks.ts';
import { button } from '../../slack/elements.ts';
import { modal } from '../../slack/modal.ts';

const WORDS = {
  take: 'Take it',
  assign: 'Assign…',
  pass: 'Pass',
  wait: 'Waiting for asker',
  hold: 'Hold…',
  unhold: 'Unhold',
  resolve: 'Resolve',
  resolve_note: 'Resolve with a note…',
  reopen: 'Re-open',
  priority: 'Priority…',
  duplicate: 'Duplicate…',
  not_request: 'Not a request',
  decline: 'Decline…',
  withdraw: 'Withdraw',
  undo: 'Undo',
  move: 'Move…',
  snooze: 'Snooze…',
  remind: 'Remind me…',
  show: 'Details',
  duty: 'Who is on duty?',
  help: 'Help',
} as const satisfies Partial<Record<Action, string>>;

type Offered = keyof typeof WORDS;

/** What somebody is to a request. */
export interface Role {
  readonly isAsker: boolean;
  readonly isResponder: boolean;
  /** Has it, or was asked to take it. */
  readonly mayPass: boolean;
}

/** What fits the request's state and the person, in the order of a request's life. */
export function offeredFor(request: Pick<Request, 'state' | 'owner'>, role: Role): readonly Offered[] {
  const { state, owner } = request;
  const when = (is: boolean, ...offered: readonly Offered[]): readonly Offered[] => (is ? offered : []);
  const responder = role.isResponder;
  const always: readonly Offered[] = ['show', ...when(responder, 'duty'), 'help'];
  if (isOpen(state)) {
    return [
      ...when(responder && owner === null, 'take'),
      ...when(responder, 'assign'),
      ...when(role.mayPass, 'pass'),
      'resolve',
      'resolve_note',
      ...when(responder && state !== 'waiting', 'wait'),
      ...when(responder, 'hold'),
      ...when(state === 'on_hold' || state === 'waiting', 'unhold'),
      'priority',
      ...when(responder, 'move', 'duplicate', 'not_request', 'decline'),
      ...when(role.isAsker, 'withdraw'),
      ...when(responder, 'snooze'),
      'remind',
      ...always,
    ];
  }
  if (state === 'resolved') return ['reopen', 'remind', ...always];
  return isExit(state) ? ['undo', ...always] : always;
}

/** Slack lays out five buttons a row well. */
const ROW = 5;

export function allForm(request: Pick<Request, 'id' | 'state' | 'owner'>, role: Role): ModalView {
  const buttons = offeredFor(request, role).map((action) =>
    button({ text: WORDS[action], actionId: actionId(action), value: String(request.id) }),
  );
  const rows = Array.from({ length: Math.ceil(buttons.length / ROW) }, (_, row) =>
    buttons.slice(row * ROW, (row + 1) * ROW),
  );
  return modal({
    callbackId: 'all',
    title: `#${request.id}`,
    close: 'Close',
    blocks: rows.map((row) => actions(...row)),
  });
}

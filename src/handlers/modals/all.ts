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

/** What fits the request's state, in the order of a request's life. */
export function offeredFor(request: Pick<Request, 'state' | 'owner'>): readonly Offered[] {
  const always: readonly Offered[] = ['show', 'duty', 'help'];
  if (isOpen(request.state)) {
    const has = request.owner === null ? (['take', 'assign'] as const) : (['assign'] as const);
    const held = request.state === 'on_hold' || request.state === 'waiting' ? (['unhold'] as const) : [];
    return [
      ...has,
      'pass',
      'resolve',
      'resolve_note',
      'wait',
      'hold',
      ...held,
      'priority',
      'move',
      'duplicate',
      'not_request',
      'decline',
      'withdraw',
      'snooze',
      'remind',
      ...always,
    ];
  }
  if (request.state === 'resolved') return ['reopen', 'remind', ...always];
  return isExit(request.state) ? ['undo', ...always] : always;
}

/** Slack lays out five buttons a row well. */
const ROW = 5;

export function allForm(request: Pick<Request, 'id' | 'state' | 'owner'>): ModalView {
  const buttons = offeredFor(request).map((action) =>
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

/** The buttons of a card: what is commonest in each state; everything else is behind ⋯. */
import type { ActionsBlock, Button } from '@slack/types';
import { type Action, MENU_ACTION_ID, menuValue } from '../../domain/actions.ts';
import { isExit, type Request, UNDO_MS } from '../../domain/request.ts';
import { actions } from '../../slack/blocks.ts';
import { overflow } from '../../slack/elements.ts';
import { press } from './pieces.ts';

const MENU_WORDS = {
  take: 'Take it',
  assign: 'Hand over…',
  wait: 'Waiting for asker',
  hold: 'Hold…',
  priority: 'Priority…',
  duplicate: 'Duplicate…',
  move: 'Move…',
  remind: 'Remind me…',
  show: 'Details',
  all: 'More…',
} as const satisfies Partial<Record<Action, string>>;

type MenuAction = keyof typeof MENU_WORDS;

/** Slack allows five entries. */
type Menu = readonly MenuAction[];

/** The row of buttons that fits the request's state; null where nothing is left to press. */
export function cardButtons(request: Request, now: number): ActionsBlock | null {
  const buttons = buttonsOf(request, now);
  const menu = menuOf(request);
  return actions(
    ...buttons,
    overflow({
      actionId: MENU_ACTION_ID,
      choices: menu.map((action) => ({ text: MENU_WORDS[action], value: menuValue(action, request.id) })),
    }),
  );
}

function buttonsOf(request: Request, now: number): readonly Button[] {
  const { id, state } = request;
  switch (state) {
    case 'new':
      return [
        press('Take it', 'take', id, 'primary'),
        press('Assign', 'assign', id),
        press('Not a request', 'not_request', id),
      ];
    case 'in_progress':
      return [
        press('Resolve', 'resolve', id, 'primary'),
        press('Waiting for asker', 'wait', id),
        press('Hand over', 'assign', id),
      ];
    case 'waiting':
    case 'on_hold':
      return [press('Resolve', 'resolve', id, 'primary'), press('Unhold', 'unhold', id)];
    case 'resolved':
      return [press('Re-open', 'reopen', id)];
    case 'duplicate':
    case 'not_request':
    case 'declined':
    case 'withdrawn':
      return canUndo(request, now) ? [press('Undo', 'undo', id)] : [];
    case 'unposted':
    case 'closed':
      return [];
  }
}

function menuOf({ state, owner }: Request): Menu {
  switch (state) {
    case 'new':
    case 'in_progress':
      return ['priority', 'hold', 'duplicate', 'move', 'all'];
    case 'waiting':
      return [owner === null ? 'take' : 'assign', 'hold', 'priority', 'duplicate', 'all'];
    case 'on_hold':
      return [owner === null ? 'take' : 'assign', 'wait', 'hold', 'priority', 'all'];
    case 'resolved':
      return ['show', 'remind', 'all'];
    case 'closed':
    case 'duplicate':
    case 'not_request':
    case 'declined':
    case 'withdrawn':
      return ['show', 'all'];
    case 'unposted':
      return [];
  }
}

/** True while *Undo* still takes the request's exit back. */
export function canUndo({ state, exit }: Request, now: number): boolean {
  return isExit(state) && exit !== null && now - exit.at <= UNDO_MS;
}

/**
 * The buttons and menu entries of every message of ours: their action ids and values, written and read in one place.
 * `triage.take` with the value `12`; an entry of a ⋯ menu is `triage.more` with the value `take:12`.
 */
import { textMark } from './text-mark.ts';

export const ACTIONS = [
  'take',
  'assign',
  'pass',
  'snooze',
  'wait',
  'hold',
  'unhold',
  'resolve',
  'resolve_note',
  'reopen',
  'confirm',
  'still_broken',
  'keep_open',
  'priority',
  'duplicate',
  'not_request',
  'decline',
  'withdraw',
  'undo',
  'move',
  'remind',
  'show',
  'duty',
  'set_duty',
  'help',
  'list',
  'status',
  'new',
  'all',
  'post',
  'cancel',
  'make_new',
] as const;
export type Action = (typeof ACTIONS)[number];

const PREFIX = 'triage.';
export const MENU_ACTION_ID = `${PREFIX}more`;

/** The action id of a button. */
export function actionId(action: Action): string {
  return PREFIX + action;
}

/** The value of an entry of a ⋯ menu. */
export function menuValue(action: Action, id: number): string {
  return `${action}:${id}`;
}

/** Buttons that are about no request. */
export const GENERAL_ACTIONS = [
  'duty',
  'set_duty',
  'help',
  'list',
  'status',
  'new',
  'make_new',
] as const satisfies readonly Action[];
export type GeneralAction = (typeof GENERAL_ACTIONS)[number];

export function isGeneral(action: Action): action is GeneralAction {
  return GENERAL_ACTIONS.some((general) => general === action);
}

/** What *Post it there* carries: the request, and which text it was asked about. */
export function consentValue(id: number, text: string): string {
  return `${id}:${textMark(text)}`;
}

/** Null for a value that `consentValue` did not write. */
export function parseConsent(value: string): { readonly id: number; readonly mark: string } | null {
  const [, id, mark] = /^(\d{1,15}):([0-9a-f]{16})$/.exec(value) ?? [];
  return id === undefined || mark === undefined ? null : { id: Number(id), mark };
}

export interface Pressed {
  readonly action: Action;
  /** The request's number, or whatever else the button carried. */
  readonly value: string;
}

/** What was pressed; null for something that is not ours. */
export function parsePressed(pressedId: string, value: string): Pressed | null {
  if (pressedId === MENU_ACTION_ID) {
    const colon = value.indexOf(':');
    const action = knownAction(value.slice(0, colon));
    return colon === -1 || action === null ? null : { action, value: value.slice(colon + 1) };
  }
  if (!pressedId.startsWith(PREFIX)) return null;
  const action = knownAction(pressedId.slice(PREFIX.length));
  return action === null ? null : { action, value };
}

/** Whether a button or an entry is of ours, be it of another version. */
export function isOurs(pressedId: string): boolean {
  return pressedId.startsWith(PREFIX);
}

function knownAction(name: string): Action | null {
  return ACTIONS.find((action) => action === name) ?? null;
}

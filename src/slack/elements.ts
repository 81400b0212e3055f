/** Buttons and menus, inside Slack's limits by construction. */
import type {
  Button,
  ConfirmationDialog,
  Overflow,
  PlainTextOption,
  StaticSelect,
  UsersSelect,
} from '@slack/types';
import { plainText } from './block-text.ts';
import { LIMITS } from './limits.ts';

export interface Choice {
  readonly text: string;
  readonly value: string;
}

export interface ConfirmSpec {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly deny: string;
  readonly isDangerous?: boolean;
}

export interface ButtonSpec {
  readonly text: string;
  readonly actionId: string;
  readonly value?: string;
  readonly style?: 'primary' | 'danger';
  readonly url?: string;
  readonly confirm?: ConfirmSpec;
}

export function button(spec: ButtonSpec): Button {
  return {
    type: 'button',
    text: plainText(spec.text, LIMITS.buttonText),
    action_id: own(spec.actionId, LIMITS.actionId),
    ...(spec.value === undefined ? {} : { value: own(spec.value, LIMITS.buttonValue) }),
    ...(spec.style === undefined ? {} : { style: spec.style }),
    ...(spec.url === undefined ? {} : { url: own(spec.url, LIMITS.url) }),
    ...(spec.confirm === undefined ? {} : { confirm: confirmation(spec.confirm) }),
  };
}

/** The ⋯ menu: five entries at most. Null without entries, since Slack refuses an empty one. */
export function overflow(spec: { actionId: string; choices: readonly Choice[] }): Overflow | null {
  const options = toOptions(spec.choices, LIMITS.overflowOptions);
  if (options.length === 0) return null;
  return { type: 'overflow', action_id: own(spec.actionId, LIMITS.actionId), options };
}

export interface SelectSpec {
  readonly actionId: string;
  readonly choices: readonly Choice[];
  readonly placeholder?: string;
  /** The value of the choice that is chosen already. */
  readonly initial?: string;
}

/** A menu of up to 100 choices. Null without choices. */
export function staticSelect(spec: SelectSpec): StaticSelect | null {
  const options = toOptions(spec.choices, LIMITS.options);
  const initial = options.find((option) => option.value === spec.initial);
  if (options.length === 0) return null;
  return {
    type: 'static_select',
    action_id: own(spec.actionId, LIMITS.actionId),
    options,
    ...placeholderOf(spec.placeholder),
    ...(initial === undefined ? {} : { initial_option: initial }),
  };
}

export interface PeopleSpec {
  readonly actionId: string;
  readonly placeholder?: string;
  /** A user id. */
  readonly initial?: string;
}

/** A menu of everybody in the workspace. */
export function usersSelect(spec: PeopleSpec): UsersSelect {
  return {
    type: 'users_select',
    action_id: own(spec.actionId, LIMITS.actionId),
    ...placeholderOf(spec.placeholder),
    ...(spec.initial === undefined ? {} : { initial_user: spec.initial }),
  };
}

/** Nothing, or a placeholder to spread into an element. */
export function placeholderOf(text: string | undefined): { placeholder?: ReturnType<typeof plainText> } {
  return text === undefined ? {} : { placeholder: plainText(text, LIMITS.placeholder) };
}

/**
 * A string that we read back (an id, a value, an address): cutting it would change what it means.
 * @throws RangeError if it does not fit, which is a mistake of the caller
 */
export function own(value: string, max: number): string {
  if (value.length === 0 || value.length > max)
    throw new RangeError(`expected 1 to ${max} characters, got ${value.length}`);
  return value;
}

function toOptions(choices: readonly Choice[], max: number): PlainTextOption[] {
  return choices.slice(0, max).map(({ text, value }) => ({
    text: plainText(text, LIMITS.optionText),
    value: own(value, LIMITS.optionValue),
  }));
}

function confirmation(spec: ConfirmSpec): ConfirmationDialog {
  return {
    title: plainText(spec.title, LIMITS.confirmTitle),
    text: plainText(spec.text, LIMITS.confirmText),
    confirm: plainText(spec.confirm, LIMITS.confirmButton),
    deny: plainText(spec.deny, LIMITS.confirmButton),
    ...(spec.isDangerous === true ? { style: 'danger' } : {}),
  };
}

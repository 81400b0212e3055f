/**
 * The forms behind buttons that need more than a press: what each asks, and the change that its values make. Pure: what
 * is wrong with a submission is said before anything is stored.
 */
import type { KnownBlock } from '@slack/types';
import type { Action } from '../../domain/actions.ts';
import { PRIORITY_EMOJI } from '../../domain/emoji.ts';
import { PRIORITIES, type Priority } from '../../domain/request.ts';
import type { ViewValue } from '../../slack/event.ts';
import { momentInput, personInput, selectInput, textInput } from '../../slack/modal.ts';

export const FORM_NAMES = [
  'assign',
  'hold',
  'priority',
  'duplicate',
  'move',
  'decline',
  'resolve_note',
  'snooze',
  'remind',
] as const satisfies readonly Action[];
export type FormName = (typeof FORM_NAMES)[number];

export type Values = Readonly<Record<string, ViewValue>>;

/** What is wrong, by the input it is wrong with. */
export type FormErrors = Readonly<Record<string, string>>;

interface Form {
  readonly title: string;
  readonly submit: string;
  readonly blocks: (queues: readonly string[]) => readonly (KnownBlock | null)[];
  readonly check: (values: Values, now: number) => FormErrors;
}

const NOTHING: FormErrors = {};

export function needed(values: Values, name: string, text: string): FormErrors {
  return (values[name] ?? '').trim() === '' ? { [name]: text } : NOTHING;
}

/** The moment of a date and time picker (epoch ms); null when nothing was picked. */
export function momentOf(values: Values, name: string): number | null {
  const seconds = Number(values[name] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.round(seconds * 1000) : null;
}

/** As for times that are typed (see domain/when.ts). */
const FURTHEST_MS = 3650 * 86_400_000;

export function future(values: Values, name: string, now: number): FormErrors {
  const at = momentOf(values, name);
  if (at === null) return { [name]: 'Choose a day and a time.' };
  if (at > now + FURTHEST_MS) return { [name]: 'Choose a moment within ten years.' };
  return at <= now ? { [name]: 'That moment has passed. Choose one that is still to come.' } : NOTHING;
}

/** `#12` or `12` as a number; null for anything else. */
export function numberOf(text: string | null): number | null {
  const digits = /^\s*#?(\d{1,15})\s*$/.exec(text ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

export function priorityOf(text: string | null): Priority | null {
  return PRIORITIES.find((priority) => priority === text) ?? null;
}

export const PRIORITY_CHOICES = PRIORITIES.map((priority) => ({
  text: `${PRIORITY_EMOJI[priority].emoji} ${priority}`,
  value: priority,
}));

export const FORMS: Readonly<Record<FormName, Form>> = {
  assign: {
    title: 'Assign',
    submit: 'Assign',
    blocks: () => [personInput({ actionId: 'person', label: 'To whom?' })],
    check: (values) => needed(values, 'person', 'Choose a member of the triage channel.'),
  },
  hold: {
    title: 'Put on hold',
    submit: 'Put on hold',
    blocks: () => [
      momentInput({ actionId: 'until', label: 'Until when?' }),
      textInput({ actionId: 'reason', label: 'What is it waiting for?', maxLength: 500 }),
    ],
    check: (values, now) => ({
      ...future(values, 'until', now),
      ...needed(values, 'reason', 'Say what it is waiting for.'),
    }),
  },
  priority: {
    title: 'Priority',
    submit: 'Set',
    blocks: () => [selectInput({ actionId: 'level', label: 'Priority', choices: PRIORITY_CHOICES })],
    check: (values) =>
      priorityOf(values['level'] ?? null) === null ? { level: 'Choose a priority.' } : NOTHING,
  },
  duplicate: {
    title: 'Duplicate',
    submit: 'Mark it',
    blocks: () => [
      textInput({ actionId: 'of', label: 'Of which request?', placeholder: '#12', maxLength: 20 }),
    ],
    check: (values) =>
      numberOf(values['of'] ?? null) === null
        ? { of: 'Write the number of the other request, like #12.' }
        : NOTHING,
  },
  move: {
    title: 'Move',
    submit: 'Move',
    blocks: (queues) => [
      selectInput({
        actionId: 'queue',
        label: 'To which queue?',
        choices: queues.map((name) => ({ text: name, value: name })),
      }),
    ],
    check: (values) => needed(values, 'queue', 'Choose a queue.'),
  },
  decline: {
    title: 'Decline',
    submit: 'Decline',
    blocks: () => [
      textInput({
        actionId: 'reason',
        label: 'Why?',
        hint: 'The person who asked reads it.',
        isMultiline: true,
        maxLength: 1000,
      }),
    ],
    check: (values) => needed(values, 'reason', 'Say why: the person who asked reads it.'),
  },
  resolve_note: {
    title: 'Resolve',
    submit: 'Resolve',
    blocks: () => [
      textInput({
        actionId: 'note',
        label: 'What was done?',
        hint: 'The person who asked reads it.',
        isMultiline: true,
        maxLength: 1000,
      }),
    ],
    check: (values) => needed(values, 'note', 'Say what was done, or press Resolve without a note.'),
  },
  snooze: {
    title: 'Snooze',
    submit: 'Snooze',
    blocks: () => [momentInput({ actionId: 'until', label: 'No reminders for me until' })],
    check: (values, now) => future(values, 'until', now),
  },
  remind: {
    title: 'Remind me',
    submit: 'Remind me',
    blocks: () => [momentInput({ actionId: 'until', label: 'When?' })],
    check: (values, now) => future(values, 'until', now),
  },
};

/** Whether a button opens a form. */
export function isFormName(action: Action): action is FormName {
  return Object.hasOwn(FORMS, action);
}

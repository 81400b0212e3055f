/** One request's form: opened by a button, read back from its submission. */
import type { ModalView } from '@slack/types';
import type { Change } from '../../domain/change.ts';
import { modal } from '../../slack/modal.ts';
import { escape, rawText } from '../../slack/mrkdwn.ts';
import { FORM_NAMES, FORMS, type FormName, momentOf, numberOf, priorityOf, type Values } from './forms.ts';

const PREFIX = 'change.';

/** @param queues names of the queues that the request could move to */
export function changeForm(name: FormName, requestId: number, queues: readonly string[]): ModalView {
  const form = FORMS[name];
  return modal({
    callbackId: PREFIX + name,
    title: `${form.title} #${requestId}`,
    submit: form.submit,
    privateMetadata: String(requestId),
    blocks: form.blocks(queues),
  });
}

/** The form that a submission comes from; null for one that is not of a request. */
export function formOf(callbackId: string): FormName | null {
  if (!callbackId.startsWith(PREFIX)) return null;
  const name = callbackId.slice(PREFIX.length);
  return FORM_NAMES.find((known) => known === name) ?? null;
}

/** What a checked submission asks for. Moves and duplicates are looked up first and are left to the caller. */
export type Wanted =
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'duplicate'; readonly of: number }
  | { readonly kind: 'move'; readonly queue: string };

/** Null when a compulsory value is missing, which the check before the commit has said already. */
export function wantedBy(name: FormName, values: Values): Wanted | null {
  const untilAt = momentOf(values, 'until');
  const reason = escape(rawText((values['reason'] ?? '').trim()));
  switch (name) {
    case 'assign': {
      const to = values['person'] ?? null;
      return to === null ? null : { kind: 'change', change: { kind: 'assign', to } };
    }
    case 'hold':
      return untilAt === null ? null : { kind: 'change', change: { kind: 'hold', untilAt, reason } };
    case 'priority': {
      const to = priorityOf(values['level'] ?? null);
      return to === null ? null : { kind: 'change', change: { kind: 'priority', to } };
    }
    case 'duplicate': {
      const of = numberOf(values['of'] ?? null);
      return of === null ? null : { kind: 'duplicate', of };
    }
    case 'move': {
      const queue = values['queue'] ?? null;
      return queue === null ? null : { kind: 'move', queue };
    }
    case 'decline':
      return { kind: 'change', change: { kind: 'decline', reason } };
    case 'resolve_note': {
      const note = escape(rawText((values['note'] ?? '').trim()));
      return { kind: 'change', change: { kind: 'resolve', note, byReaction: false } };
    }
    case 'snooze':
      return untilAt === null ? null : { kind: 'change', change: { kind: 'snooze', untilAt } };
    case 'remind':
      return untilAt === null ? null : { kind: 'change', change: { kind: 'remind', dueAt: untilAt } };
  }
}

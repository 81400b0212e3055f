/** The form behind *Change …* under who is on duty: who shall be, and until when. */
import type { ModalView } from '@slack/types';
import { modal, momentInput, personInput } from '../../slack/modal.ts';
import { type FormErrors, future, momentOf, needed, type Values } from './forms.ts';

export const DUTY = 'duty';

export function dutyForm(queue: string): ModalView {
  return modal({
    callbackId: DUTY,
    title: 'On duty',
    submit: 'Set',
    privateMetadata: queue,
    blocks: [
      personInput({ actionId: 'person', label: `Who is on duty in ${queue}?` }),
      momentInput({ actionId: 'until', label: 'Until when?' }),
    ],
  });
}

/** What is wrong with a submission of it. */
export function checkDuty(values: Values, now: number): FormErrors {
  return {
    ...needed(values, 'person', 'Choose a member of the triage channel.'),
    ...future(values, 'until', now),
  };
}

/** Null when a value is missing, which the check before the commit has said already. */
export function dutyWanted(
  values: Values,
): { readonly user: { readonly id: string }; readonly untilAt: number } | null {
  const [id, untilAt] = [values['person'] ?? null, momentOf(values, 'until')];
  return id === null || untilAt === null ? null : { user: { id }, untilAt };
}

/** The form *New request*: text, queue and priority. */
import type { ModalView } from '@slack/types';
import type { Queue } from '../../domain/queue.ts';
import { modal, selectInput, textInput } from '../../slack/modal.ts';
import type { HandlerContext } from '../handler.ts';
import { type FormErrors, PRIORITY_CHOICES, type Values } from './forms.ts';
import { openForm } from './open.ts';

export const NEW_REQUEST = 'new_request';

/** @param chosen the queue that is chosen already */
export function newRequestForm(queues: readonly string[], chosen: string): ModalView {
  const choices = queues.map((name) => ({ text: name, value: name }));
  return modal({
    callbackId: NEW_REQUEST,
    title: 'New request',
    submit: 'Ask',
    blocks: [
      textInput({ actionId: 'text', label: 'What do you need?', isMultiline: true }),
      choices.length > 1
        ? selectInput({ actionId: 'queue', label: 'Queue', choices, initial: chosen })
        : null,
      selectInput({ actionId: 'level', label: 'Priority', choices: PRIORITY_CHOICES, initial: 'normal' }),
    ],
  });
}

/** What is wrong with a submission of it. */
export function checkNewRequest(values: Values): FormErrors {
  return (values['text'] ?? '').trim() === '' ? { text: 'Say what you need.' } : {};
}

/** Opens the form directly, beside any commit; its loss is harmless. */
export async function openNewRequestForm(
  context: HandlerContext,
  triggerId: string,
  queue: Queue,
): Promise<void> {
  await openForm(context, triggerId, newRequestForm([...context.desk.queues.keys()], queue.name));
}

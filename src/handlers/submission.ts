/** Submitted forms. They are checked by a pure function before the commit, so that Slack can show what is wrong. */
import { changeRequest } from '../queue/change-request.ts';
import type { SubmissionEvent } from '../slack/event.ts';
import { escape, rawText } from '../slack/mrkdwn.ts';
import { lockRequest } from '../store/requests.ts';
import { tell, tellRefusal } from './answering.ts';
import { setDuty } from './duty.ts';
import { type Asking, HANDLED, type Handled, type HandlerContext } from './handler.ts';
import { captureText, placeWithoutMessage } from './intake.ts';
import { formOf, wantedBy } from './modals/change-form.ts';
import { checkDuty, DUTY, dutyWanted } from './modals/duty-form.ts';
import { FORMS, type FormErrors, type FormName, priorityOf } from './modals/forms.ts';
import { checkNewRequest, NEW_REQUEST } from './modals/new-request.ts';
import { duplicateOf, moveTo } from './named.ts';
import { changeAndTell, readable } from './verbs.ts';

/** What is wrong with a submission, by the block it is wrong with; null when nothing is. */
export function validateSubmission(event: SubmissionEvent, now: number): FormErrors | null {
  const name = formOf(event.callbackId);
  const errors =
    name !== null
      ? FORMS[name].check(event.values, now)
      : event.callbackId === NEW_REQUEST
        ? checkNewRequest(event.values)
        : event.callbackId === DUTY
          ? checkDuty(event.values, now)
          : {};
  return Object.keys(errors).length === 0 ? null : errors;
}

export async function handleSubmission(event: SubmissionEvent, context: HandlerContext): Promise<Handled> {
  const asking: Asking = {
    user: event.user,
    answerTo: { kind: 'dm', channel: null, user: event.user, threadTs: null },
  };
  if (event.callbackId === NEW_REQUEST) return askNew(event, asking, context);
  if (event.callbackId === DUTY) return changeDuty(event, asking, context);
  const name = formOf(event.callbackId);
  return name === null ? outdated(asking, context) : change(event, name, asking, context);
}

/** A form that an earlier version opened. */
function outdated(asking: Asking, context: HandlerContext): Promise<Handled> {
  const text = 'That form is out of date, and nothing was done: open it again.';
  return context.commit(async (tx) => {
    await tell(context, tx, asking, { kind: 'refusal', text });
    return HANDLED;
  });
}

async function changeDuty(event: SubmissionEvent, asking: Asking, context: HandlerContext): Promise<Handled> {
  const wanted = dutyWanted(event.values);
  if (wanted === null) return outdated(asking, context);
  return context.commit(async (tx) => {
    await setDuty(context, tx, wanted, { ...asking, here: null, channel: null }, event.privateMetadata);
    return HANDLED;
  });
}

async function askNew(event: SubmissionEvent, asking: Asking, context: HandlerContext): Promise<Handled> {
  const { desk } = context;
  const queue = desk.queues.get(event.values['queue'] ?? '') ?? desk.defaultQueue;
  const placed = await placeWithoutMessage(context, queue);
  const text = escape(rawText(event.values['text'] ?? ''));
  const priority = priorityOf(event.values['level'] ?? null);
  return context.commit(async (tx) => {
    // The asker's reply in their DM says the number: nothing else to tell.
    await captureText(context, tx, {
      kind: 'modal',
      key: event.viewId,
      asker: asking.user,
      queue,
      placed,
      text,
      priority,
    });
    return HANDLED;
  });
}

/** Forms whose change no card shows are answered; the others only when they are refused. */
const ANSWERED: ReadonlySet<FormName> = new Set<FormName>(['snooze', 'remind']);

async function change(
  event: SubmissionEvent,
  name: FormName,
  asking: Asking,
  context: HandlerContext,
): Promise<Handled> {
  const id = Number(event.privateMetadata);
  const wanted = wantedBy(name, event.values);
  if (wanted === null || !Number.isSafeInteger(id)) return outdated(asking, context);
  return context.commit(async (tx) => {
    const stored = await readable(context, tx, id, {
      ...asking,
      here: await lockRequest(tx, id),
      channel: null,
    });
    if (stored === null) return HANDLED;
    const made =
      wanted.kind === 'change'
        ? wanted.change
        : wanted.kind === 'duplicate'
          ? await duplicateOf(context, tx, wanted.of, asking)
          : await moveTo(context, tx, wanted.queue, stored, asking);
    if (made === null) return HANDLED;
    if (ANSWERED.has(name)) {
      await changeAndTell(context, tx, stored, made, asking);
      return HANDLED;
    }
    const outcome = await changeRequest(tx, context.desk, stored, made, event.user, context.now);
    if (outcome.kind === 'refused') await tellRefusal(context, tx, asking, outcome.refusal, stored.request);
    return HANDLED;
  });
}

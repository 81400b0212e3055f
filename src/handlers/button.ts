/** Buttons and menu entries: most change their request at once, some open a form, a few answer. */
import { type Action, parsePressed } from '../domain/actions.ts';
import type { Change } from '../domain/change.ts';
import { mayRead } from '../domain/permissions.ts';
import { changeRequest } from '../queue/change-request.ts';
import { queueOf } from '../queue/desk.ts';
import type { ButtonEvent } from '../slack/event.ts';
import { readMessage, removeMessage } from '../store/messages.ts';
import { lockRequest, readRequest } from '../store/requests.ts';
import { noSuchRequest, tell, tellRefusal } from './answering.ts';
import { retextFromParts } from './direct-message.ts';
import { showDuty } from './duty.ts';
import { type Asking, HANDLED, type Handled, type HandlerContext, ignored } from './handler.ts';
import { captureMessage, placeOf, type SourceMessage } from './intake.ts';
import { allForm } from './modals/all.ts';
import { changeForm } from './modals/change-form.ts';
import { isFormName } from './modals/forms.ts';
import { openForm } from './modals/open.ts';
import { show } from './queries.ts';

export async function handleButton(event: ButtonEvent, context: HandlerContext): Promise<Handled> {
  const pressed = parsePressed(event.actionId, event.value);
  if (pressed === null) return ignored('a button that is not ours');
  if (pressed.action === 'make_new') return makeNew(event, pressed.value, context);
  const id = Number(pressed.value);
  if (!Number.isSafeInteger(id)) return ignored('a button without a number');
  if (isFormName(pressed.action) || pressed.action === 'all')
    return openFor(event, pressed.action, id, context);
  const { action } = pressed;
  const asking = askingOf(event);
  return context.commit(async (tx) => {
    const stored = await lockRequest(tx, id);
    const responders =
      stored === null
        ? null
        : await context.desk.responders(queueOf(context.desk, stored.request).triageChannel);
    if (stored === null || responders === null || !mayRead(stored.request, event.user, responders)) {
      await tell(context, tx, asking, noSuchRequest(id));
      return HANDLED;
    }
    if (action === 'show') await show(context, tx, stored.request, asking);
    else if (action === 'help') await tell(context, tx, asking, { kind: 'help', lead: null });
    else if (action === 'duty')
      await showDuty(context, tx, { ...asking, here: stored, channel: event.channel });
    else {
      const change = changeOf(action);
      if (change === null) return ignored('a button without a change');
      const outcome = await changeRequest(tx, context.desk, stored, change, event.user, context.now);
      if (outcome.kind === 'refused') await tellRefusal(context, tx, asking, outcome.refusal, stored.request);
    }
    return HANDLED;
  });
}

/** What a press does at once; the card or the reply shows it, so it needs no answer. */
function changeOf(action: Action): Change | null {
  switch (action) {
    case 'take':
      return { kind: 'take', byReaction: false };
    case 'resolve':
      return { kind: 'resolve', note: null, byReaction: false };
    case 'still_broken':
      return { kind: 'reopen' };
    case 'pass':
    case 'wait':
    case 'unhold':
    case 'reopen':
    case 'confirm':
    case 'keep_open':
    case 'not_request':
    case 'withdraw':
    case 'undo':
    case 'post':
    case 'cancel':
      return { kind: action };
    case 'assign':
    case 'snooze':
    case 'hold':
    case 'priority':
    case 'duplicate':
    case 'decline':
    case 'move':
    case 'remind':
    case 'show':
    case 'duty':
    case 'help':
    case 'all':
    case 'make_new':
      return null;
  }
}

/** Where somebody who pressed a button is answered: beside it for their eyes only, or in their DM. */
function askingOf(event: ButtonEvent): Asking {
  const { user, channel } = event;
  if (channel === null || channel.startsWith('D'))
    return { user, answerTo: { kind: 'dm', channel, user, threadTs: event.threadTs } };
  return { user, answerTo: { kind: 'ephemeral', channel, user, threadTs: event.threadTs } };
}

/** Opens a form for somebody who may see the request; what they may do with it is said when they submit. */
async function openFor(
  event: ButtonEvent,
  action: Parameters<typeof changeForm>[0] | 'all',
  id: number,
  context: HandlerContext,
): Promise<Handled> {
  const stored = await readRequest(context.db, id);
  const responders =
    stored === null
      ? null
      : await context.desk.responders(queueOf(context.desk, stored.request).triageChannel);
  if (stored === null || responders === null || !mayRead(stored.request, event.user, responders)) {
    return context.commit(async (tx) => {
      await tell(context, tx, askingOf(event), noSuchRequest(id));
      return HANDLED;
    });
  }
  const { request } = stored;
  if (action === 'move' && context.desk.queues.size < 2) {
    return context.commit(async (tx) => {
      await tell(context, tx, askingOf(event), {
        kind: 'refusal',
        text: 'There is only one queue here, so it cannot move.',
      });
      return HANDLED;
    });
  }
  const others = [...context.desk.queues.keys()].filter((name) => name !== request.queue);
  await openForm(
    context,
    event.triggerId,
    action === 'all' ? allForm(request) : changeForm(action, id, others),
  );
  return HANDLED;
}

/** *Make it a new request*: a DM that was added to an earlier request becomes one of its own. */
async function makeNew(event: ButtonEvent, value: string, context: HandlerContext): Promise<Handled> {
  const [channel, ts] = value.split(':');
  if (channel === undefined || ts === undefined) return ignored('a button without a message');
  const found = await context.slack.message({ channel, ts });
  if (found === null || found.user !== event.user) return ignored('the message is gone, or somebody else’s');
  const message: SourceMessage = {
    channel,
    isDm: true,
    ts,
    threadTs: null,
    user: found.user,
    text: found.text,
    files: found.files,
  };
  const queue = context.desk.defaultQueue;
  const placed = await placeOf(context, message, queue);
  return context.commit(async (tx) => {
    const part = await readMessage(tx, channel, ts);
    if (part !== null) {
      const stored = await lockRequest(tx, part.requestId);
      await removeMessage(tx, channel, ts);
      if (stored !== null && part.role === 'part') await retextFromParts(context, tx, stored, event.user);
    }
    await captureMessage(context, tx, {
      message,
      kind: 'dm',
      queue,
      placed,
      by: event.user,
      continues: null,
    });
    return HANDLED;
  });
}

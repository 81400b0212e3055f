/** Buttons and menu entries: most change their request at once, some open a form, a few answer. */
import {
  type Action,
  type GeneralAction,
  isGeneral,
  isOurs,
  parseConsent,
  parsePressed,
} from '../domain/actions.ts';
import type { Change } from '../domain/change.ts';
import type { Answer } from '../domain/effects.ts';
import { wasAsked } from '../domain/ladder.ts';
import type { Request } from '../domain/request.ts';
import { isSaid } from '../queue/apply.ts';
import { changeRequest } from '../queue/change-request.ts';
import { isReadableBy, respondersOf } from '../queue/desk.ts';
import type { ButtonEvent } from '../slack/event.ts';
import { lockRequest, readRequest } from '../store/requests.ts';
import type { Tx } from '../store/transaction.ts';
import { noSuchRequest, tell, tellRefusal } from './answering.ts';
import { showDuty } from './duty.ts';
import { type Asking, HANDLED, type Handled, type HandlerContext, ignored } from './handler.ts';
import { makeNew } from './make-new.ts';
import { allForm, type Role } from './modals/all.ts';
import { changeForm } from './modals/change-form.ts';
import { dutyForm } from './modals/duty-form.ts';
import { type FormName, isFormName } from './modals/forms.ts';
import { openNewRequestForm } from './modals/new-request.ts';
import { openForm } from './modals/open.ts';
import { queueForChannel } from './places.ts';
import { list, show, status } from './queries.ts';

export async function handleButton(event: ButtonEvent, context: HandlerContext): Promise<Handled> {
  const pressed = parsePressed(event.actionId, event.value);
  if (pressed === null)
    return isOurs(event.actionId) ? answer(event, context, OUTDATED) : ignored('a button that is not ours');
  const { action, value } = pressed;
  if (isGeneral(action)) return pressGeneral(event, action, value, context);
  const consent = action === 'post' ? parseConsent(value) : null;
  const id = consent?.id ?? Number(/^\d{1,15}$/.exec(value)?.[0] ?? Number.NaN);
  if (Number.isNaN(id)) return answer(event, context, OUTDATED);
  if (action === 'all' || isFormName(action)) return openFor(event, action, id, context);
  const change = action === 'show' ? null : changeOf(action, consent?.mark ?? '');
  const asking = askingOf(event);
  return context.commit(async (tx) => {
    const stored = await lockRequest(tx, id);
    if (stored === null || !(await isReadableBy(context.desk, stored.request, event.user)))
      await tell(context, tx, asking, noSuchRequest(id));
    else if (change === null) await show(context, tx, stored.request, asking);
    else {
      const outcome = await changeRequest(tx, context.desk, stored, change, event.user, context.now);
      if (outcome.kind === 'refused') await tellRefusal(context, tx, asking, outcome.refusal, stored.request);
      else await showPressed(event, context, tx, stored.request, outcome.what);
    }
    return HANDLED;
  });
}

/** For buttons that an earlier version left behind. */
const OUTDATED: Answer = {
  kind: 'refusal',
  text: 'That button is out of date. `/triage help` says what can be done now, and newer messages have newer buttons.',
};

function answer(event: ButtonEvent, context: HandlerContext, what: Answer): Promise<Handled> {
  return context.commit(async (tx) => {
    await tell(context, tx, { user: event.user, answerTo: answerBeside(event) }, what);
    return HANDLED;
  });
}

/**
 * The card and the asker's reply show by themselves what has become of the request. A line that asked for something
 * says under its words what it was told, and asks no more.
 */
async function showPressed(
  event: ButtonEvent,
  context: HandlerContext,
  tx: Tx,
  { id }: Request,
  what: string,
): Promise<void> {
  const { user, channel, messageTs: ts, messageKey } = event;
  if (channel === null || ts === null || messageKey === null || !isSaid(messageKey)) return;
  const { eventId } = context;
  await tell(
    context,
    tx,
    { user, answerTo: { kind: 'in_place', channel, ts, eventId } },
    { kind: 'pressed', id, by: user, what },
  );
}

/** What a press does at once. */
function changeOf(action: Exclude<Action, GeneralAction | FormName | 'all' | 'show'>, mark: string): Change {
  switch (action) {
    case 'take':
      return { kind: 'take', byReaction: false };
    case 'resolve':
      return { kind: 'resolve', note: null, byReaction: false };
    case 'still_broken':
      return { kind: 'reopen' };
    case 'post':
      return { kind: 'post', mark };
    case 'pass':
    case 'wait':
    case 'unhold':
    case 'reopen':
    case 'confirm':
    case 'keep_open':
    case 'not_request':
    case 'withdraw':
    case 'undo':
    case 'cancel':
      return { kind: action };
  }
}

/** Buttons that are about no request: they answer, or open a form. */
async function pressGeneral(
  event: ButtonEvent,
  action: GeneralAction,
  value: string,
  context: HandlerContext,
): Promise<Handled> {
  const { user, channel, triggerId } = event;
  switch (action) {
    case 'make_new':
      return makeNew(event, value, { user, answerTo: answerBeside(event) }, context);
    case 'new': {
      const { desk } = context;
      await openNewRequestForm(
        context,
        triggerId,
        channel === null ? desk.defaultQueue : queueForChannel(desk, channel),
      );
      return HANDLED;
    }
    case 'set_duty':
      if (!context.desk.queues.has(value)) return answer(event, context, OUTDATED);
      await openForm(context, triggerId, dutyForm(value));
      return HANDLED;
    case 'help':
    case 'list':
    case 'status':
    case 'duty':
      return context.commit(async (tx) => {
        await answerGeneral(context, tx, action, { user, answerTo: answerBeside(event) });
        return HANDLED;
      });
  }
}

function answerGeneral(
  context: HandlerContext,
  tx: Tx,
  action: 'help' | 'list' | 'status' | 'duty',
  asking: Asking,
): Promise<void> {
  switch (action) {
    case 'help':
      return tell(context, tx, asking, { kind: 'help', lead: null });
    case 'list':
      return list(context, tx, 'default', asking);
    case 'status':
      return status(context, tx, asking);
    case 'duty':
      return showDuty(context, tx, asking);
  }
}

/** Where somebody who pressed a button is answered: beside it for their eyes only, or in their DM. */
function askingOf(event: ButtonEvent): Asking {
  const { user, channel, threadTs } = event;
  return channel === null || channel.startsWith('D')
    ? { user, answerTo: { kind: 'dm', channel, user, threadTs } }
    : { user, answerTo: { kind: 'ephemeral', channel, user, threadTs } };
}

/** The same for buttons of an answer, which may stand in a channel that the bot is not in: its response_url works there. */
function answerBeside(event: ButtonEvent): Asking['answerTo'] {
  const { answerTo } = askingOf(event);
  return answerTo.kind === 'ephemeral' && event.responseUrl !== null
    ? { kind: 'response_url', url: event.responseUrl }
    : answerTo;
}

/** Opens a form for somebody who may see the request; what they may do with it is said when they submit. */
async function openFor(
  event: ButtonEvent,
  action: FormName | 'all',
  id: number,
  context: HandlerContext,
): Promise<Handled> {
  const stored = await readRequest(context.db, id);
  if (stored === null || !(await isReadableBy(context.desk, stored.request, event.user)))
    return answer(event, context, noSuchRequest(id));
  const { request } = stored;
  const others = [...context.desk.queues.keys()].filter((name) => name !== request.queue);
  if (action === 'move' && others.length === 0)
    return answer(event, context, {
      kind: 'refusal',
      text: 'There is only one queue here, so it cannot move.',
    });
  await openForm(
    context,
    event.triggerId,
    action === 'all'
      ? allForm(request, await roleOf(context, request, event.user))
      : changeForm(action, id, others),
  );
  return HANDLED;
}

async function roleOf(context: HandlerContext, request: Request, user: string): Promise<Role> {
  return {
    isAsker: user === request.asker,
    isResponder: (await respondersOf(context.desk, request)).has(user),
    mayPass: user === request.owner || (request.state === 'new' && wasAsked(request, user)),
  };
}

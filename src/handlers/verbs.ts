/** What each verb of the one grammar does, wherever it was typed. */
import type { Change } from '../domain/change.ts';
import type { Command } from '../domain/command.ts';
import { changeWords } from '../domain/wording.ts';
import { changeRequest } from '../queue/change-request.ts';
import { isReadableBy } from '../queue/desk.ts';
import { lockRequest } from '../store/requests.ts';
import type { StoredRequest } from '../store/rows.ts';
import type { Tx } from '../store/transaction.ts';
import { noSuchRequest, tell, tellRefusal } from './answering.ts';
import { setDuty, showDuty } from './duty.ts';
import type { Asking, Commanding, HandlerContext } from './handler.ts';
import { duplicateOf, moveTo, personOf } from './named.ts';
import { list, show, status } from './queries.ts';

/** Carries out a command in the event's transaction and answers it. `new` is intake's and never comes here. */
export async function runCommand(
  context: HandlerContext,
  tx: Tx,
  command: Exclude<Command, { kind: 'new' }>,
  asking: Commanding,
): Promise<void> {
  switch (command.kind) {
    case 'help':
      return tell(context, tx, asking, { kind: 'help', lead: null });
    case 'list':
      return list(context, tx, command.filter, asking);
    case 'status':
      return status(context, tx, asking);
    case 'duty':
      return command.override === null
        ? showDuty(context, tx, asking)
        : setDuty(context, tx, command.override, asking);
    case 'show': {
      const stored = await readable(context, tx, command.n, asking);
      return stored === null ? undefined : show(context, tx, stored.request, asking);
    }
    case 'claim':
    case 'assign':
    case 'pass':
    case 'priority':
    case 'wait':
    case 'hold':
    case 'unhold':
    case 'snooze':
    case 'remind':
    case 'resolve':
    case 'reopen':
    case 'duplicate':
    case 'not_request':
    case 'decline':
    case 'withdraw':
    case 'move':
    case 'undo':
      return change(context, tx, command, asking);
  }
}

type ChangingCommand = Exclude<Command, { kind: 'new' | 'help' | 'list' | 'status' | 'duty' | 'show' }>;

async function change(
  context: HandlerContext,
  tx: Tx,
  command: ChangingCommand,
  asking: Commanding,
): Promise<void> {
  const stored = await readable(context, tx, command.n, asking);
  if (stored === null) return;
  const wanted = await toChange(context, tx, command, stored, asking);
  if (wanted !== null) await changeAndTell(context, tx, stored, wanted, asking);
}

/** Makes a change for a person and tells them how it went. True when it was made. */
export async function changeAndTell(
  context: HandlerContext,
  tx: Tx,
  stored: StoredRequest,
  wanted: Change,
  asking: Asking,
): Promise<boolean> {
  const { request } = stored;
  const outcome = await changeRequest(tx, context.desk, stored, wanted, asking.user, context.now);
  if (outcome.kind === 'refused') {
    await tellRefusal(context, tx, asking, outcome.refusal, request);
    return false;
  }
  await tell(context, tx, asking, { kind: 'text', text: doneText(wanted, outcome.what, request.id) });
  return true;
}

function doneText(wanted: Change, what: string, id: number): string {
  if (wanted.kind === 'snooze') return `Your reminders for #${id} are off until ${moment(wanted.untilAt)}.`;
  if (wanted.kind === 'remind') return `I will remind you of #${id} ${moment(wanted.dueAt)}.`;
  return `You ${changeWords(what, `#${id}`)}.`;
}

/** Slack shows the moment in the reader's own zone. */
function moment(at: number): string {
  return `<!date^${Math.floor(at / 1000)}^{date_short_pretty} {time}|${new Date(at).toISOString()}>`;
}

/** The locked request of a number, or of the place; null (and told so) when this person may not see it. */
export async function readable(
  context: HandlerContext,
  tx: Tx,
  n: number | null,
  asking: Commanding,
): Promise<StoredRequest | null> {
  const { here } = asking;
  const id = n ?? here?.request.id ?? null;
  const stored = id === null || id === here?.request.id ? here : await lockRequest(tx, id);
  if (stored !== null && (await isReadableBy(context.desk, stored.request, asking.user))) return stored;
  await tell(
    context,
    tx,
    asking,
    id === null
      ? { kind: 'refusal', text: 'Say which request: add its number, like `#12`.' }
      : noSuchRequest(id),
  );
  return null;
}

/** The change that a command asks for; null, and told why, when something it names is not there. */
async function toChange(
  context: HandlerContext,
  tx: Tx,
  command: ChangingCommand,
  stored: StoredRequest,
  asking: Commanding,
): Promise<Change | null> {
  switch (command.kind) {
    case 'claim':
      return { kind: 'take', byReaction: false };
    case 'assign': {
      const to = await personOf(context, tx, command.user, asking);
      return to === null ? null : { kind: 'assign', to };
    }
    case 'pass':
    case 'wait':
    case 'unhold':
    case 'reopen':
    case 'withdraw':
    case 'undo':
    case 'not_request':
      return { kind: command.kind };
    case 'priority':
      return { kind: 'priority', to: command.level };
    case 'hold':
      return { kind: 'hold', untilAt: command.untilAt, reason: command.reason };
    case 'snooze':
      return { kind: 'snooze', untilAt: command.untilAt };
    case 'remind':
      return { kind: 'remind', dueAt: command.dueAt };
    case 'resolve':
      return { kind: 'resolve', note: command.note, byReaction: false };
    case 'decline':
      return { kind: 'decline', reason: command.reason };
    case 'duplicate':
      return duplicateOf(context, tx, command.of, asking);
    case 'move':
      return moveTo(context, tx, command.queue, stored, asking);
  }
}

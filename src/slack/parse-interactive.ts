/** Slash commands, buttons, menus, shortcuts and modals. */
import type { SlackEvent, ViewValue } from './event.ts';
import { asRecord, id, type JsonRecord, list, number, text, timestamp } from './json.ts';
import { escaped, ignored, readMessage } from './parse-message.ts';

export function parseCommand(payload: JsonRecord): SlackEvent {
  const user = id(payload.user_id);
  const channel = id(payload.channel_id);
  const responseUrl = text(payload.response_url);
  const triggerId = id(payload.trigger_id);
  if (user === null || channel === null || responseUrl === null || triggerId === null) {
    return ignored('a command without a person, a channel or a way to answer');
  }
  return { kind: 'command', user, channel, text: escaped(payload.text), responseUrl, triggerId };
}

export function parseInteractive(payload: JsonRecord): SlackEvent {
  const user = id(asRecord(payload.user).id);
  const type = text(payload.type) ?? 'without a type';
  if (user === null) return ignored('an interaction without a person');
  switch (type) {
    case 'block_actions':
      return parseActions(payload, user);
    case 'message_action':
      return parseMessageShortcut(payload, user);
    case 'shortcut':
      return parseGlobalShortcut(payload, user);
    case 'view_submission':
      return parseSubmission(payload, user);
    default:
      return ignored(`interaction ${type.slice(0, 60)}`);
  }
}

function parseActions(payload: JsonRecord, user: string): SlackEvent {
  // Slack sends one action at a time; the list is there for history's sake.
  const action = asRecord(list(payload.actions)[0]);
  const actionId = id(action.action_id);
  const triggerId = id(payload.trigger_id);
  if (actionId === null || triggerId === null) return ignored('an action without an id or a trigger');
  const container = asRecord(payload.container);
  const message = asRecord(payload.message);
  const messageTs = timestamp(message.ts) ?? timestamp(container.message_ts);
  const threadTs = timestamp(message.thread_ts) ?? timestamp(container.thread_ts);
  return {
    kind: 'button',
    actionId,
    value: chosen(action) ?? '',
    user,
    channel: id(asRecord(payload.channel).id) ?? id(container.channel_id),
    messageTs,
    messageKey: id(asRecord(list(message.blocks)[0]).block_id),
    threadTs: threadTs === messageTs ? null : threadTs,
    viewId: id(asRecord(payload.view).id) ?? id(container.view_id),
    responseUrl: text(payload.response_url),
    triggerId,
    actionTs: timestamp(action.action_ts) ?? triggerId,
  };
}

function parseMessageShortcut(payload: JsonRecord, user: string): SlackEvent {
  const callbackId = id(payload.callback_id);
  const channel = id(asRecord(payload.channel).id);
  const triggerId = id(payload.trigger_id);
  if (callbackId === null || channel === null || triggerId === null) {
    return ignored('a shortcut without a name, a channel or a trigger');
  }
  const message = readMessage(payload.message);
  if (message === null) return ignored('a shortcut on something that nobody wrote');
  const responseUrl = text(payload.response_url);
  return { kind: 'message_shortcut', callbackId, user, channel, responseUrl, triggerId, message };
}

function parseGlobalShortcut(payload: JsonRecord, user: string): SlackEvent {
  const callbackId = id(payload.callback_id);
  const triggerId = id(payload.trigger_id);
  if (callbackId === null || triggerId === null) return ignored('a shortcut without a name or a trigger');
  return { kind: 'global_shortcut', callbackId, user, triggerId };
}

function parseSubmission(payload: JsonRecord, user: string): SlackEvent {
  const view = asRecord(payload.view);
  const callbackId = id(view.callback_id);
  const viewId = id(view.id);
  if (callbackId === null || viewId === null) return ignored('a submission without a name or a view');
  const blocks = Object.values(asRecord(asRecord(view.state).values));
  const inputs = blocks.flatMap((block) => Object.entries(asRecord(block)));
  // fromEntries defines own properties, so that an action called `__proto__` is only a name.
  const values = Object.fromEntries(
    inputs.map(([actionId, input]): [string, ViewValue] => [actionId, chosen(asRecord(input))]),
  );
  return {
    kind: 'submission',
    callbackId,
    viewId,
    user,
    privateMetadata: text(view.private_metadata) ?? '',
    values,
  };
}

/** What an input, a button or a menu holds: a text, an option's value, an id, or a moment in epoch seconds. */
function chosen(element: JsonRecord): string | null {
  const moment = number(element.selected_date_time);
  return (
    text(element.value) ??
    text(asRecord(element.selected_option).value) ??
    text(element.selected_user) ??
    text(element.selected_conversation) ??
    text(element.selected_channel) ??
    text(element.selected_date) ??
    text(element.selected_time) ??
    (moment === null ? null : String(moment))
  );
}

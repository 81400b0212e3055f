/** How an event is known again, in what order it is handled, and which request it belongs to. */
import { textMark } from '../domain/text-mark.ts';
import type { EventIdentity, SlackEvent } from './event.ts';
import { asRecord, id, number, timestamp } from './json.ts';
import { parseEvent } from './parse-event.ts';
import { timestampToMs } from './timestamp.ts';

/** As long as the seconds of a message's timestamp may be; far inside what a date can hold. */
const LATEST_SECONDS = 99_999_999_999;

/**
 * Total, as `parseEvent` is.
 * @param type the envelope's type
 * @param envelopeId used as the event's id where the payload has none of its own
 * @param event what `parseEvent` made of the payload, for who has it
 */
export function identify(
  type: string,
  envelopeId: string,
  payload: unknown,
  event: SlackEvent = parseEvent(type, payload),
): EventIdentity {
  const body = asRecord(payload);
  const eventTs = timestamp(asRecord(body.event).event_ts);
  const eventId = id(body.event_id) ?? id(body.trigger_id) ?? storable(envelopeId);
  const subject = subjectOf(event);
  return {
    eventId,
    key: keyOf(event, eventTs),
    subject,
    lane: dmOf(event) ?? subject ?? laneOf(event) ?? eventId,
    isInteractive: type === 'interactive' || type === 'slash_commands',
    happenedAt: happenedAt(event, eventTs, number(body.event_time)),
  };
}

/** An envelope's id is acknowledged as it came; one that the database could not hold would take its whole batch along. */
function storable(envelopeId: string): string {
  return id(envelopeId) === envelopeId ? envelopeId : `envelope ${textMark(envelopeId)}`;
}

/** What a person writes to the bot is handled in order, whatever it is about: one message may be added to another. */
function dmOf(event: SlackEvent): string | null {
  const isWritten =
    event.kind === 'message' || event.kind === 'message_changed' || event.kind === 'message_deleted';
  return isWritten && event.channel.startsWith('D') ? event.channel : null;
}

/** The key of an edit. Those of one message sort by their time. */
export function changeKey(channel: string, ts: string, editedTs: string): string {
  return `changed:${channel}:${ts}:${editedTs}`;
}

function keyOf(event: SlackEvent, eventTs: string | null): string | null {
  switch (event.kind) {
    case 'message':
      return `message:${event.channel}:${event.ts}`;
    case 'message_changed':
      return changeKey(event.channel, event.ts, event.editedTs);
    case 'message_deleted':
      return `deleted:${event.channel}:${event.ts}`;
    case 'reaction':
      return `reaction${event.added ? '+' : '-'}:${event.channel}:${event.ts}:${event.user}:${event.emoji}:${event.eventTs}`;
    case 'member':
      return eventTs && `member${event.joined ? '+' : '-'}:${event.channel}:${event.user}:${eventTs}`;
    case 'channel':
      return eventTs && `channel:${event.channel}:${event.change}:${eventTs}`;
    case 'person_changed':
      return eventTs && `person:${event.user}:${eventTs}`;
    case 'button':
      return `button:${event.user}:${event.messageTs ?? event.viewId ?? ''}:${event.actionId}:${event.actionTs}`;
    // Their trigger id says it already; a modal may be submitted again after an error.
    case 'command':
    case 'message_shortcut':
    case 'global_shortcut':
    case 'submission':
    case 'app':
    case 'ignored':
      return null;
  }
}

function subjectOf(event: SlackEvent): string | null {
  switch (event.kind) {
    case 'message':
    case 'message_changed':
    case 'message_deleted':
      return `${event.channel}:${event.threadTs ?? event.ts}`;
    // Slack does not say which thread the message of a reaction is in.
    case 'reaction':
      return `${event.channel}:${event.ts}`;
    case 'message_shortcut':
      return `${event.channel}:${event.message.threadTs ?? event.message.ts}`;
    case 'button':
      return event.channel === null || event.messageTs === null
        ? null
        : `${event.channel}:${event.threadTs ?? event.messageTs}`;
    case 'member':
    case 'channel':
    case 'person_changed':
    case 'command':
    case 'global_shortcut':
    case 'submission':
    case 'app':
    case 'ignored':
      return null;
  }
}

/** The lane of what is about no message: of one person, or of one channel. */
function laneOf(event: SlackEvent): string | null {
  if ('user' in event) return event.user;
  return event.kind === 'channel' ? event.channel : null;
}

function happenedAt(
  event: SlackEvent,
  eventTs: string | null,
  eventTimeSeconds: number | null,
): number | null {
  if (event.kind === 'message') return timestampToMs(event.ts);
  if (event.kind === 'message_changed') return timestampToMs(event.editedTs);
  if (event.kind === 'button') {
    const pressed = timestamp(event.actionTs);
    return pressed === null ? null : timestampToMs(pressed);
  }
  if (eventTs !== null) return timestampToMs(eventTs);
  const isTime = eventTimeSeconds !== null && eventTimeSeconds >= 0 && eventTimeSeconds <= LATEST_SECONDS;
  return isTime ? Math.round(eventTimeSeconds * 1000) : null;
}

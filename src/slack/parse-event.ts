/** From the payload of an envelope to the union of `event.ts`. */
import type { SlackEvent } from './event.ts';
import { asRecord, isRecord, text } from './json.ts';
import { parseCommand, parseInteractive } from './parse-interactive.ts';
import { parseLifecycle } from './parse-lifecycle.ts';
import { ignored, parseMessage } from './parse-message.ts';

/**
 * Total: takes any JSON and never throws.
 * @param type the envelope's type: `events_api`, `slash_commands`, `interactive`
 * @param payload the envelope's payload, unchecked
 * @returns the event; `ignored` with a reason for all that is not known or concerns nobody
 */
export function parseEvent(type: string, payload: unknown): SlackEvent {
  const body = asRecord(payload);
  switch (type) {
    case 'events_api':
      return parseEventsApi(body);
    case 'slash_commands':
      return parseCommand(body);
    case 'interactive':
      return parseInteractive(body);
    default:
      return ignored(`envelope ${type.slice(0, 60)}`);
  }
}

function parseEventsApi(payload: Readonly<Record<string, unknown>>): SlackEvent {
  // The one payload without an inner event (facts: it ends the process of those who trust that there is one).
  if (text(payload.type) === 'app_rate_limited') return { kind: 'app', change: 'rate_limited' };
  if (!isRecord(payload.event)) return ignored('a payload without an event');
  const inner = text(payload.event.type);
  if (inner === null) return ignored('an event without a type');
  if (inner === 'message' || inner === 'app_mention') return parseMessage(payload.event);
  return parseLifecycle(inner, payload.event);
}

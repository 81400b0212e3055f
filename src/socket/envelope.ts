/** A frame of Socket Mode, from text to a union. Total: whatever arrives, nothing here throws. */

export type DisconnectReason =
  | 'warning'
  | 'refresh_requested'
  | 'link_disabled'
  | 'too_many_websockets'
  | 'other';

export type EnvelopeType = 'events_api' | 'slash_commands' | 'interactive' | 'other';

/** Slack's first frame: from here on the connection gets envelopes. */
export interface Hello {
  readonly kind: 'hello';
  /** All open connections of the app, this one included; 0 if Slack did not say. */
  readonly connections: number;
  /** How long Slack means to keep this connection; a hint, 0 if absent. */
  readonly approximateSeconds: number;
}

/** Slack is going to close this connection, or wants it closed. */
export interface DisconnectFrame {
  readonly kind: 'disconnect';
  readonly reason: DisconnectReason;
}

/** What must be acknowledged, whatever it is: Slack repeats an unacknowledged envelope even if we cannot use it. */
export interface Envelope {
  readonly kind: 'envelope';
  readonly envelopeId: string;
  readonly type: EnvelopeType;
  readonly payload: unknown;
  /** The payload as JSON text; absent if there is no payload or it is nested too deeply to be written. */
  readonly body?: string;
  /** True if the acknowledgement may carry an answer. Not to be guessed from the type. */
  readonly acceptsResponse: boolean;
  /** 0 at the first delivery, though Slack has been seen to repeat an envelope with 0. */
  readonly retryAttempt: number;
  readonly retryReason: string | null;
}

export interface IgnoredFrame {
  readonly kind: 'ignored';
  readonly reason: string;
}

export type Frame = Hello | DisconnectFrame | Envelope | IgnoredFrame;

/** Reads one text frame as it came over the socket. */
export function parseFrame(text: string): Frame {
  const frame = parseObject(text);
  if (frame === undefined) return { kind: 'ignored', reason: 'not a JSON object' };
  if (frame.type === 'hello') return toHello(frame);
  if (frame.type === 'disconnect') return { kind: 'disconnect', reason: toDisconnectReason(frame.reason) };
  if (typeof frame.envelope_id !== 'string' || frame.envelope_id === '') {
    return { kind: 'ignored', reason: 'neither hello, disconnect nor an envelope' };
  }
  return toEnvelope(frame.envelope_id, frame);
}

type JsonObject = Readonly<Record<string, unknown>>;

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toHello(frame: JsonObject): Hello {
  const debug = isObject(frame.debug_info) ? frame.debug_info : {};
  return {
    kind: 'hello',
    connections: toCount(frame.num_connections),
    approximateSeconds: toCount(debug.approximate_connection_time),
  };
}

function toEnvelope(envelopeId: string, frame: JsonObject): Envelope {
  const body = toJson(frame.payload);
  return {
    kind: 'envelope',
    envelopeId,
    type: toEnvelopeType(frame.type),
    payload: frame.payload,
    ...(body === undefined ? {} : { body }),
    acceptsResponse: frame.accepts_response_payload === true,
    retryAttempt: toCount(frame.retry_attempt),
    retryReason: typeof frame.retry_reason === 'string' ? frame.retry_reason : null,
  };
}

function toEnvelopeType(type: unknown): EnvelopeType {
  return type === 'events_api' || type === 'slash_commands' || type === 'interactive' ? type : 'other';
}

function toDisconnectReason(reason: unknown): DisconnectReason {
  switch (reason) {
    case 'warning':
    case 'refresh_requested':
    case 'link_disabled':
    case 'too_many_websockets':
      return reason;
    default:
      return 'other';
  }
}

function toCount(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

/** JSON.parse takes any depth, JSON.stringify does not: it overflows the stack at some ten thousand levels. */
function toJson(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

import type { Failure } from './failure.ts';

export const SOCKET_STATES = [
  'connecting',
  'connected',
  /** Fewer connections than wanted, at least one. */
  'degraded',
  'link_disabled',
  'invalid_auth',
  'too_many_websockets',
  'unreachable',
  'stopped',
] as const;
export type SocketState = (typeof SOCKET_STATES)[number];

/** Of one connection: `leaving` and `draining` still bring events. */
export const PHASES = ['opening', 'live', 'leaving', 'draining'] as const;
export type Phase = (typeof PHASES)[number];

/** What is known of the connections to Slack at a moment. Instants are epoch milliseconds. */
export interface SocketStatus {
  readonly state: SocketState;
  /** Open connections that said hello; events can come as soon as there is one. */
  readonly sockets: number;
  /** How many connections are in which phase. */
  readonly phases: Readonly<Record<Phase, number>>;
  /** Since when the state is what it is. */
  readonly since: number;
  /** When anything last came in over any connection, a ping included. */
  readonly lastFrameAt: number | null;
  /** Connections of this app token that are not ours: another daemon, which takes its share of the events. */
  readonly foreign: number;
  /** How often the last open connection was lost: each time something may have happened that we were not told. */
  readonly gaps: number;
  /** The last failure, until a connection is opened again. */
  readonly lastError: string | null;
}

/**
 * Names the state of running connections.
 * @param failure the last failure since the last hello
 * @param wasComplete whether all wanted connections have been open at once since there was none
 */
export function toState(
  sockets: number,
  wanted: number,
  failure: Failure | undefined,
  wasComplete: boolean,
): SocketState {
  // A refusal is named though other connections still live: somebody must act before these are gone, too.
  switch (failure?.reason) {
    case 'invalid_auth':
    case 'link_disabled':
    case 'too_many_websockets':
      return failure.reason;
    case undefined:
    case 'rate_limited':
    case 'unreachable':
    case 'timeout':
    case 'lost':
    case 'closed':
      break;
  }
  if (sockets >= wanted) return 'connected';
  if (sockets > 0) return wasComplete || failure !== undefined ? 'degraded' : 'connecting';
  return failure === undefined || failure.reason === 'lost' ? 'connecting' : 'unreachable';
}

/** Why a connection could not be opened, in the few classes that call for different patience. */
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import type { DisconnectReason } from './envelope.ts';

export type FailureReason =
  | 'invalid_auth'
  | 'link_disabled'
  | 'too_many_websockets'
  | 'rate_limited'
  | 'unreachable'
  | 'timeout'
  /** The connection said hello and was lost; nothing had announced it. */
  | 'lost'
  /** We closed it ourselves while it was opening. */
  | 'closed';

export interface Failure {
  readonly kind: 'failed';
  readonly reason: FailureReason;
  /** Short and safe for log and health: an error code, never an answer's body or a URL. */
  readonly detail: string;
  /** Only with `rate_limited`: how long Slack asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** What Slack answers when the app token, or the app behind it, is refused; waiting does not help, an operator does. */
const REFUSED_TOKEN: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'user_removed_from_team',
  'team_disabled',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
  'missing_scope',
  'no_permission',
]);

/** Slack's Retry-After for apps.connections.open where it gives none (the Python SDK's default). */
const DEFAULT_RETRY_AFTER_MS = 30_000;

/** Classifies what `SocketModeClient.start()` rejects with; that may be anything, `undefined` included. */
export function toFailure(error: unknown): Failure {
  if (error instanceof WebAPIRateLimitedError) {
    return failed('rate_limited', 'rate_limited', error.retryAfter * 1000);
  }
  if (error instanceof WebAPIPlatformError) return fromCode(error.data.error);
  if (error instanceof WebAPIHTTPError) return failed('unreachable', `http ${error.statusCode}`);
  if (error instanceof WebAPIRequestError) return fromRequestError(error.original);
  return failed('unreachable', errorCode(error) ?? 'no usable answer');
}

/** Slack refused the connection by a disconnect message before it said hello. */
export function fromDisconnect(reason: DisconnectReason): Failure {
  return reason === 'link_disabled' || reason === 'too_many_websockets'
    ? failed(reason, reason)
    : failed('unreachable', 'asked to leave before hello');
}

export function failed(reason: FailureReason, detail: string, retryAfterMs?: number): Failure {
  return { kind: 'failed', reason, detail, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function fromCode(code: unknown): Failure {
  // A proxy's or maintenance page comes as a "platform error" whose code is the whole page.
  if (typeof code !== 'string' || !/^[a-z][a-z_]{0,59}$/.test(code)) {
    return failed('unreachable', "not Slack's JSON");
  }
  if (REFUSED_TOKEN.has(code)) return failed('invalid_auth', code);
  if (code === 'link_disabled' || code === 'too_many_websockets') return failed(code, code);
  if (code === 'ratelimited' || code === 'rate_limited') {
    return failed('rate_limited', 'rate_limited', DEFAULT_RETRY_AFTER_MS);
  }
  return failed('unreachable', code);
}

function fromRequestError(error: Error): Failure {
  if (error.name === 'TimeoutError') return failed('timeout', 'apps.connections.open');
  return failed('unreachable', errorCode(error) ?? 'no connection');
}

/** Fetch and undici say what happened only in the code of a cause, one or two levels down. */
export function errorCode(error: unknown): string | undefined {
  let current: unknown = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    if ('code' in current && typeof current.code === 'string' && /^E[A-Z0-9_]{2,40}$/.test(current.code)) {
      return current.code;
    }
    current = current.cause;
  }
  return undefined;
}

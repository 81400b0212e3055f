/** What a failed call of the Web API means for whoever made it. The SDK's own errors end here. */
import { ErrorCode } from '@slack/web-api';
import { TransientError } from '../errors.ts';
import { asRecord, list, number, text } from './json.ts';

/** Slack answered and said no. Asking again the same way is useless. */
export class SlackRefusal extends Error {
  override readonly name = 'SlackRefusal';
  /** Slack's own word for it: `channel_not_found`. */
  readonly code: string;
  readonly method: string;
  /** What Slack says about it (which block is wrong, which scope is missing); names no text of people. */
  readonly details: readonly string[];

  constructor(code: string, method: string, options?: ErrorOptions & { details?: readonly string[] }) {
    super(`Slack refused ${method}: ${code}`, options);
    this.code = code;
    this.method = method;
    this.details = options?.details ?? [];
  }
}

/**
 * A write of which nobody knows whether it was done: the answer was lost, late or unreadable. Before it is
 * repeated, look (`findPost`); a blind repetition of a post is a second message.
 */
export class UnknownOutcome extends TransientError {
  readonly isOutcomeUnknown = true;
}

/** Refusals that are about our token, not about what was asked. */
const TOKEN_PROBLEMS = new Set([
  'not_authed',
  'invalid_auth',
  'token_revoked',
  'token_expired',
  'account_inactive',
  'not_allowed_token_type',
  'missing_scope',
]);

/** Slack counts by the minute; a longer wait is somebody else's answer, and would be for years. */
const LONGEST_WAIT_SECONDS = 3600;

/** Of what Slack says about a refusal; it is for the log. */
const MOST_DETAILS = 10;
const LONGEST_DETAIL = 300;

/** Slack is ill or busy, and did nothing. */
const NOT_NOW = new Set([
  'ratelimited',
  'rate_limited',
  'request_timeout',
  'team_added_to_org',
  'org_login_required',
  'external_channel_migrating',
]);

/** Slack failed half-way: its reference says that some of it may have been done. */
const HALF_DONE = new Set(['internal_error', 'fatal_error', 'service_unavailable']);

/** The connection never stood, so that nothing can have been done. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** How a call ended: `rate_limited` when Slack said how long to wait, `unknown` when a write may have been done. */
export type CallOutcome = 'ok' | 'refused' | 'rate_limited' | 'unknown' | 'failed';

export function outcomeOf(error: unknown): CallOutcome {
  if (error instanceof SlackRefusal) return 'refused';
  if (error instanceof UnknownOutcome) return 'unknown';
  return error instanceof TransientError && error.retryAfterSeconds !== undefined ? 'rate_limited' : 'failed';
}

/** Whether Slack does not take our token, or not for this: the operator has to act. */
export function isTokenProblem(error: unknown): error is SlackRefusal {
  return error instanceof SlackRefusal && TOKEN_PROBLEMS.has(error.code);
}

/** Whether Slack refused with one of these codes. */
export function isRefusal(error: unknown, ...codes: readonly string[]): error is SlackRefusal {
  return error instanceof SlackRefusal && codes.includes(error.code);
}

/**
 * @param error what the SDK (or fetch) threw
 * @param method for messages
 * @param isWrite whether a repetition could do something twice
 */
export function toSlackError(
  error: unknown,
  method: string,
  isWrite: boolean,
): SlackRefusal | TransientError {
  const thrown = asRecord(error);
  switch (thrown.code) {
    case ErrorCode.RateLimitedError:
      return rateLimited(method, number(thrown.retryAfter), error);
    case ErrorCode.HTTPError:
      return httpError(method, number(thrown.statusCode) ?? 0, isWrite, error);
    case ErrorCode.PlatformError:
      return answered(method, asRecord(thrown.data), isWrite, error);
    default:
      // The SDK throws a bare Error for a 429 that names no time.
      if (messageOf(error).startsWith('Retry header did not contain'))
        return rateLimited(method, null, error);
      return noAnswer(method, isWrite, error);
  }
}

/** An answer with another status than 200 and 429; also used for a response_url. */
export function httpError(method: string, status: number, isWrite: boolean, cause?: unknown): TransientError {
  const message = `${method}: Slack answered with status ${status}`;
  return isWrite ? new UnknownOutcome(message, { cause }) : new TransientError(message, { cause });
}

export function rateLimited(method: string, seconds: number | null, cause?: unknown): TransientError {
  const message = `${method}: Slack asks us to slow down`;
  const wait =
    seconds === null ? {} : { retryAfterSeconds: Math.min(Math.max(seconds, 0), LONGEST_WAIT_SECONDS) };
  return new TransientError(message, { cause, ...wait });
}

function answered(
  method: string,
  data: Readonly<Record<string, unknown>>,
  isWrite: boolean,
  cause: unknown,
): SlackRefusal | TransientError {
  const code = text(data.error) ?? '';
  // Whole pages, or a word such as "ok" or "Forbidden", come as an "error" when a proxy or a maintenance page answers in
  // Slack's place. The cause holds all of it and is left out.
  if (code === 'ok' || !/^[a-z][a-z0-9_.:-]{0,79}$/.test(code)) {
    const message = `${method}: the answer was not Slack's`;
    return isWrite ? new UnknownOutcome(message) : new TransientError(message);
  }
  if (NOT_NOW.has(code))
    return rateLimited(method, number(asRecord(data.response_metadata).retryAfter), cause);
  if (HALF_DONE.has(code)) {
    const message = `${method}: Slack failed (${code})`;
    return isWrite ? new UnknownOutcome(message, { cause }) : new TransientError(message, { cause });
  }
  const messages = list(asRecord(data.response_metadata).messages)
    .slice(0, MOST_DETAILS)
    .flatMap((message) => text(message)?.slice(0, LONGEST_DETAIL) ?? []);
  const needed = text(data.needed)?.slice(0, LONGEST_DETAIL) ?? null;
  return new SlackRefusal(code, method, {
    cause,
    details: needed === null ? messages : [`needed: ${needed}`, ...messages],
  });
}

function noAnswer(method: string, isWrite: boolean, error: unknown): TransientError {
  const code = codesOf(error)[0];
  const message = `${method}: no answer from Slack${code === undefined ? '' : ` (${code})`}`;
  const wasSent = !codesOf(error).some((each) => NEVER_SENT.has(each));
  return isWrite && wasSent
    ? new UnknownOutcome(message, { cause: error })
    : new TransientError(message, { cause: error });
}

/** The system's codes along the chain of causes, without the SDK's own. */
function codesOf(error: unknown): readonly string[] {
  const codes: string[] = [];
  let current: unknown = error;
  // A chain of causes could be a ring.
  for (let depth = 0; depth < 8 && current instanceof Error; depth += 1) {
    const code = 'code' in current ? current.code : undefined;
    if (typeof code === 'string' && !code.startsWith('slack_')) codes.push(code);
    else if (current.name === 'TimeoutError') codes.push('timeout');
    current = current.cause;
  }
  return codes;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

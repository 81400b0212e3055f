/** What a failure in Slack means for a row of the outbox. */
import { isRefusal, type SlackRefusal } from '../../slack/errors.ts';
import { LONGEST_WAIT_MS } from '../../store/waits.ts';

/** Slack's words for "you cannot write in this channel", whatever is written. */
const NO_POSTING = [
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
  'team_access_not_granted',
  'access_denied',
] as const;

/** Whether the place is at fault, not the message: somebody may let the bot in again. */
export function isPlaceRefused(error: unknown): error is SlackRefusal {
  return isRefusal(error, ...NO_POSTING);
}

/** Slack's words for "this takes no replies", whatever else its channel takes. */
const NO_REPLIES = [
  'restricted_action_thread_locked',
  'restricted_action_non_threadable_channel',
  'cannot_reply_to_message',
] as const;

/** Whether the thread is at fault, not its channel. */
export function isThreadRefused(error: unknown): boolean {
  return isGone(error) || isRefusal(error, ...NO_REPLIES);
}

/** Whether the message that was to be edited or removed is not there any more. */
export function isGone(error: unknown): boolean {
  return isRefusal(error, 'message_not_found', 'thread_not_found');
}

export interface Backoff {
  /** Before the first repetition; doubled with each. */
  readonly firstMs: number;
  readonly mostMs: number;
}

/**
 * How long to wait before the next attempt (ms): what Slack asked for, or longer with each attempt. A little more by
 * chance, so that what failed together does not come back together.
 * @param attempts how many there were
 * @param random in [0, 1)
 */
export function waitBefore(
  attempts: number,
  askedSeconds: number | undefined,
  backoff: Backoff,
  random: number,
): number {
  // Half of what would be taken for a mistake of the clock.
  const asked = askedSeconds === undefined ? 0 : Math.min(askedSeconds * 1000, LONGEST_WAIT_MS / 2);
  const own = askedSeconds === undefined ? backoff.firstMs * 2 ** Math.min(attempts, 20) : 0;
  const wait = Math.max(asked, Math.min(own, backoff.mostMs));
  return Math.ceil(wait + random * Math.min(wait * 0.2, 500));
}

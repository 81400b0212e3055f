/** What the inbox says of itself to whoever asks whether TrIAge can do its job. */
import type { InboxStatus } from './inbox.ts';

/**
 * So late that the inbox cannot be said to do its job: a minute after their message people ask again, Slack has
 * delivered what we did not acknowledge for the third of four times, and no burst that we are sized for lasts as long.
 */
const FAR_BEHIND_MS = 60_000;

/** `undefined` before the inbox is there. */
export function reportInbox(status: InboxStatus | undefined, now: number) {
  const oldestMs = status === undefined || status.oldestAt === null ? 0 : Math.max(0, now - status.oldestAt);
  return {
    ok: (status?.token ?? null) === null && status?.isFull !== true && oldestMs <= FAR_BEHIND_MS,
    uncommitted: status?.uncommitted ?? 0,
    inHand: status?.inHand ?? 0,
    left: status?.left ?? 0,
    oldestSeconds: Math.round(oldestMs / 1000),
    isFull: status?.isFull ?? false,
    token: status?.token ?? null,
  };
}

/**
 * The last look before private text is shown (promise P8): a triage channel may have become public, or shared with
 * another workspace, since the request was made there.
 */
import type { Request } from '../../domain/request.ts';
import type { Channel } from '../../slack/directory.ts';
import type { Db } from '../../store/pool.ts';
import { readTimeline } from '../../store/timeline.ts';

/** Stands where a text would. Slack's escaping changes nothing in it. */
export const WITHHELD_WORDS = 'private: not shown, since this channel is public now';

const MOST_LINES = 1000;

/** Private and not shared: only its members read along. What we cannot see counts as public. */
export function isPrivatePlace(channel: Channel | null): boolean {
  return channel !== null && channel.isPrivate && !channel.isShared;
}

/**
 * Whether the asker has agreed that the request is shown in its queue's public channel. The state does not keep it, the
 * timeline does: *Post it there*, with no move to another queue after it.
 */
export async function hasAgreed(db: Db, requestId: number): Promise<boolean> {
  const lines = await readTimeline(db, requestId, MOST_LINES);
  const last = lines.findLast(({ what }) => /^(?:agreed to post|moved it to )/.test(what));
  return last?.what.startsWith('agreed to post') === true;
}

/** The request without what its asker wrote. */
export function withoutText(request: Request): Request {
  const { source, resolution, asker } = request;
  return {
    ...request,
    source: source.isDeleted ? source : { ...source, title: WITHHELD_WORDS, text: WITHHELD_WORDS, files: [] },
    resolution: resolution?.by === asker ? { ...resolution, note: null } : resolution,
  };
}

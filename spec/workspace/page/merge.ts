/** The pages of a channel that were read so far, as one list. */
import type { MessageSeen, MessagesSeen } from '../face/wire.ts';

/**
 * @param known what is shown now of the same place; null: nothing
 * @param page the newest messages, which say best what there is from their first one on
 */
export function merge(known: MessagesSeen | null, page: MessagesSeen): MessagesSeen {
  const first = page.messages.find(({ isEphemeral }) => !isEphemeral);
  if (known === null || first === undefined || !page.hasEarlier) return page;
  const newest = known.messages.at(-1);
  // More has come than fits a page: what lies between is not known.
  if (newest === undefined || newest.ts < first.ts) return page;
  const older = known.messages.filter(({ ts }) => ts < first.ts);
  if (older.length === 0) return page;
  return { ...page, messages: [...older, ...page.messages], hasEarlier: known.hasEarlier };
}

/** With an older page before what is shown. */
export function prepend(known: MessagesSeen, older: MessagesSeen): MessagesSeen {
  const have = new Set(known.messages.map(({ ts }) => ts));
  const fresh = older.messages.filter(({ ts }) => !have.has(ts));
  return { ...known, messages: [...fresh, ...known.messages], hasEarlier: older.hasEarlier };
}

export function oldestTs({ messages }: MessagesSeen): string | null {
  return messages.find(({ isEphemeral }) => !isEphemeral)?.ts ?? null;
}

/** One author within five minutes needs no second head. */
export function continues(message: MessageSeen, before: MessageSeen | undefined): boolean {
  if (before === undefined || before.isEphemeral !== message.isEphemeral) return false;
  if (authorOf(before) !== authorOf(message) || message.subtype !== undefined) return false;
  if (isCard(message) || isCard(before)) return false;
  return Number(message.ts) - Number(before.ts) < 300;
}

function isCard({ requestNumber, blocks }: MessageSeen): boolean {
  return requestNumber !== null || (blocks !== undefined && blocks.length > 1);
}

export function authorOf({ user, bot_id: bot, username }: MessageSeen): string {
  return username ?? user ?? bot ?? '';
}

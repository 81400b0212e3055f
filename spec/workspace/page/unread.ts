/** What each of the made-up people has not looked at yet. */
import type { ChannelSeen } from '../face/wire.ts';

/** By person and channel, the newest ts that they have seen. */
export type Marks = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Somebody who is here for the first time has read everything; a show that begins anew makes older marks of the past. */
export function settled(marks: Marks, person: string, channels: readonly ChannelSeen[]): Marks {
  const known = marks[person];
  const next: Record<string, string> = {};
  for (const { id, latestTs } of channels) {
    const mark = known === undefined ? (latestTs ?? '') : (known[id] ?? '');
    next[id] = latestTs === null ? '' : mark > latestTs ? latestTs : mark;
  }
  return sameMarks(known, next) ? marks : { ...marks, [person]: next };
}

/** They have seen all that the channel has. */
export function seenIn(marks: Marks, person: string, channel: ChannelSeen | undefined): Marks {
  if (channel === undefined) return marks;
  const own = marks[person] ?? {};
  const latest = channel.latestTs ?? '';
  return own[channel.id] === latest ? marks : { ...marks, [person]: { ...own, [channel.id]: latest } };
}

export function isUnread(marks: Marks, person: string, { id, latestTs, isMember }: ChannelSeen): boolean {
  const own = marks[person];
  return isMember && own !== undefined && (latestTs ?? '') > (own[id] ?? '');
}

/** Whether something waits for them: `direct` where somebody wrote to them alone. */
export function waitingFor(
  marks: Marks,
  person: string,
  channels: readonly ChannelSeen[],
): 'direct' | 'channel' | null {
  const unread = channels.filter((each) => isUnread(marks, person, each));
  if (unread.length === 0) return null;
  return unread.some(({ isIm }) => isIm) ? 'direct' : 'channel';
}

function sameMarks(
  one: Readonly<Record<string, string>> | undefined,
  other: Record<string, string>,
): boolean {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}

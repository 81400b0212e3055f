/** What each of the made-up people has not looked at yet. */
import type { ChannelSeen } from '../face/wire.ts';

/** By person and channel, the newest ts that they have seen. */
export type Marks = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Somebody who is here for the first time has read everything; a show that begins anew makes older marks of the past. */
export function settled(marks: Marks, person: string, channels: readonly ChannelSeen[]): Marks {
  const known = marks[person];
  const next: Record<string, string> = {};
  for (const channel of channels) {
    const newest = newestIn(channel);
    const mark = known === undefined ? newest : (known[channel.id] ?? '');
    next[channel.id] = mark > newest ? newest : mark;
  }
  return sameMarks(known, next) ? marks : { ...marks, [person]: next };
}

/** They have seen all that the channel has. */
export function seenIn(marks: Marks, person: string, channel: ChannelSeen | undefined): Marks {
  if (channel === undefined) return marks;
  const own = marks[person] ?? {};
  const newest = newestIn(channel);
  return own[channel.id] === newest ? marks : { ...marks, [person]: { ...own, [channel.id]: newest } };
}

/** The ts of whatever a channel can have that is new to somebody; empty: nothing. */
export function newestIn({ latestTs, addressedTs }: ChannelSeen): string {
  const [latest, addressed] = [latestTs ?? '', addressedTs ?? ''];
  return latest > addressed ? latest : addressed;
}

/** What waits for somebody in a channel, or in all of theirs: `direct` where they are written to or named. */
export type Waiting = 'direct' | 'channel' | null;

export function waitingIn(marks: Marks, person: string, channel: ChannelSeen): Waiting {
  const mark = marks[person]?.[channel.id] ?? '';
  if (!channel.isMember || marks[person] === undefined || newestIn(channel) <= mark) return null;
  return (channel.addressedTs ?? '') > mark ? 'direct' : 'channel';
}

export function waitingFor(marks: Marks, person: string, channels: readonly ChannelSeen[]): Waiting {
  const all = channels.map((each) => waitingIn(marks, person, each));
  return all.find((each) => each === 'direct') ?? all.find((each) => each !== null) ?? null;
}

function sameMarks(
  one: Readonly<Record<string, string>> | undefined,
  other: Record<string, string>,
): boolean {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}

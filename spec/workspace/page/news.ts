/** What a skip has brought: for whom there is something new to read. */
import type { ChannelSeen, PersonSeen } from '../face/wire.ts';
import { msOfTs, timeOf } from './moments.ts';
import { newestIn } from './unread.ts';

export interface News {
  /** When the skip ended (epoch ms, the show's time). */
  readonly at: number;
  /** First names. */
  readonly names: readonly string[];
}

/** @param lists what each person sees in their list. @param since when the skip began (epoch ms, the show's time) */
export function newsFor(
  people: readonly PersonSeen[],
  lists: Readonly<Record<string, readonly ChannelSeen[]>>,
  since: number,
): readonly string[] {
  return people
    .filter(({ id }) => lists[id]?.some((each) => each.isMember && msOfTs(newestIn(each)) > since))
    .map(({ realName }) => realName.split(' ')[0] ?? realName);
}

/** @param tz of whoever reads it */
export function newsWords({ at, names }: News, tz: string): string {
  const what = names.length === 0 ? 'nothing new to read' : `new for ${names.join(', ')}`;
  return `${timeOf(at, tz)}: ${what}`;
}

/** What has to be read after a gap: the channels and DMs that the bot is in, the threads of live requests, who left. */
import { UNDO_MS } from '../domain/request.ts';
import type { Desk } from '../queue/desk.ts';
import type { SlackClient } from '../slack/client.ts';
import type { Directory } from '../slack/directory.ts';
import { type Gap, OVERLAP_MS, planReadings, type Reading } from '../store/hearing.ts';
import { acceptEvents } from '../store/inbox.ts';
import type { Pool } from '../store/pool.ts';
import { type Followed, followedRequests } from '../store/requests.ts';
import { withTransaction } from '../store/transaction.ts';
import { missedDeactivation, missedMember } from './missed.ts';

export interface PlanParts {
  readonly pool: Pool;
  readonly slack: Pick<SlackClient, 'joinedChannels' | 'members' | 'person'>;
  readonly directory: Pick<Directory, 'members'>;
  readonly desk: Pick<Desk, 'queues'>;
  readonly wakeInbox: () => void;
}

/** Writes down all that is to be read, and lets the inbox know of people who came and went. Returns how many pieces. */
export async function planCatchUp(parts: PlanParts, gap: Gap, now: number): Promise<number> {
  const { pool, slack } = parts;
  const since = Math.max(gap.begunAt, gap.since - OVERLAP_MS);
  const channels = (await slack.joinedChannels()).filter(({ isArchived }) => !isArchived);
  const followed = await followedRequests(pool, now - UNDO_MS);
  await noteWhoCameAndWent(parts, followed, now);
  const readings: Reading[] = [
    ...channels.map(({ id }) => ({ channel: id, threadTs: null, since })),
    ...threadsOf(followed).map((place) => ({ ...place, since })),
  ];
  await withTransaction(pool, (tx) => planReadings(tx, readings, gap.since));
  return readings.length;
}

/**
 * Every thread of which something is kept, where edits and deletions count too, both sides of each mirrored conversation, and the
 * threads of sources that are replies themselves. All other threads show by their first message, when its channel is read, whether
 * something is new in them.
 */
function threadsOf(
  followed: readonly Followed[],
): readonly { readonly channel: string; readonly threadTs: string }[] {
  return followed.flatMap((request) => [
    ...request.postedIn,
    ...(request.isMirrored || request.sourceTs !== request.sourceThreadTs
      ? [
          ...thread(request.conversationChannel, request.conversationTs),
          ...thread(request.sourceChannel, request.sourceThreadTs),
          ...thread(request.cardChannel, request.cardTs),
        ]
      : []),
  ]);
}

function thread(channel: string | null, threadTs: string | null) {
  return channel === null || threadTs === null ? [] : [{ channel, threadTs }];
}

/** Members of the triage channels, and owners who can respond no more. */
async function noteWhoCameAndWent(
  { pool, slack, directory, desk, wakeInbox }: PlanParts,
  followed: readonly Followed[],
  now: number,
): Promise<void> {
  const events = [];
  const owners = new Set<string>();
  for (const { name, triageChannel } of desk.queues.values()) {
    const known = await directory.members(triageChannel);
    const members = new Set(await slack.members(triageChannel));
    const owning = followed.filter(({ queue }) => queue === name).flatMap(({ owner }) => owner ?? []);
    const gone = new Set([...known, ...owning].filter((user) => !members.has(user)));
    for (const user of gone) events.push(missedMember(triageChannel, user, false, now));
    for (const user of members)
      if (!known.has(user)) events.push(missedMember(triageChannel, user, true, now));
    for (const user of owning) if (!gone.has(user)) owners.add(user);
  }
  for (const user of owners)
    if ((await slack.person(user))?.isDeactivated === true) events.push(missedDeactivation(user, now));
  const found = events.filter((event) => event !== null);
  if (found.length === 0) return;
  await acceptEvents(pool, found, now, now);
  wakeInbox();
}

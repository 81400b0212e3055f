/** Which queue a channel belongs to, and what may be shown where. */
import type { Queue } from '../domain/queue.ts';
import type { Desk } from '../queue/desk.ts';
import type { Directory } from '../slack/directory.ts';

/** The queue that lists this channel as intake or whose triage channel it is; the default queue otherwise. */
export function queueForChannel(desk: Pick<Desk, 'queues' | 'defaultQueue'>, channel: string): Queue {
  return intakeOf(desk, channel)?.queue ?? triageQueueOf(desk, channel) ?? desk.defaultQueue;
}

/** The queue whose triage channel this is; null for every other channel. */
export function triageQueueOf(desk: Pick<Desk, 'queues'>, channel: string): Queue | null {
  for (const queue of desk.queues.values()) if (queue.triageChannel === channel) return queue;
  return null;
}

/** How requests come in from this channel, if a queue lists it. */
export function intakeOf(
  desk: Pick<Desk, 'queues'>,
  channel: string,
): { readonly queue: Queue; readonly mode: 'mention' | 'every_message' } | null {
  for (const queue of desk.queues.values()) {
    const intake = queue.intake.find((listed) => listed.channel === channel);
    if (intake !== undefined) return { queue, mode: intake.mode };
  }
  return null;
}

/** True where others than the queue's own people read along: a public channel, or one shared with another workspace. */
export async function isPublic(directory: Directory, channel: string): Promise<boolean> {
  const found = await directory.channelNow(channel);
  return found === null || !found.isPrivate || found.isShared;
}

/** True when text from here must not be shown in public: a DM, a private channel, or a channel we cannot see. */
export async function isPrivateSource(
  directory: Directory,
  channel: string,
  isDm: boolean,
): Promise<boolean> {
  if (isDm) return true;
  const found = await directory.channel(channel);
  return found === null || found.isPrivate;
}

import { type ProblemList, quote } from './problems.ts';
import type { QueueSpec, Reference } from './triage-spec.ts';

/** A queue or the draft of one. */
interface ChannelsOfQueue extends Pick<QueueSpec, 'intake'> {
  readonly name: string | null;
  readonly triageChannel: Reference | null;
}

/**
 * Reports every channel that has two places: a channel belongs to one queue, and there it is either the triage
 * channel or an intake. `keyOf` says which references are the same channel: their text before Slack has been
 * asked, their id after.
 */
export function checkChannels(
  queues: readonly ChannelsOfQueue[],
  keyOf: (channel: Reference) => string | null,
  problems: ProblemList,
): void {
  const places = new Map<string, string>();
  const claim = (channel: Reference, place: string): void => {
    const key = keyOf(channel);
    if (key === null) return;
    const taken = places.get(key);
    if (taken === undefined) places.set(key, `${place} (line ${channel.line})`);
    else problems.add(channel.line, `${quote(channel.text)} cannot be ${place}: it is already ${taken}`);
  };
  const claims = queues.flatMap(({ name, triageChannel, intake }) => {
    const queue = name === null ? 'a queue' : `queue ${quote(name)}`;
    const intakes = intake.map(({ channel }) => ({ channel, place: `an intake of ${queue}` }));
    return triageChannel
      ? [{ channel: triageChannel, place: `the triage channel of ${queue}` }, ...intakes]
      : intakes;
  });
  // In the order of the file, so that the later line is the one to mend.
  for (const { channel, place } of claims.toSorted((a, b) => a.channel.line - b.channel.line))
    claim(channel, place);
}

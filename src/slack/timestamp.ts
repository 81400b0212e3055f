/**
 * Slack's message timestamps: `1700000000.000100`, seconds and a counter that makes them unique in a channel.
 * They order messages of one channel; as a time they are good to the millisecond.
 */

/** Epoch milliseconds of a timestamp, rounded down. */
export function timestampToMs(ts: string): number {
  const [seconds = '', fraction = ''] = ts.split('.');
  return Number(seconds) * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3));
}

/** The smallest timestamp at an instant (epoch ms), for `oldest` and `latest`. */
export function msToTimestamp(at: number): string {
  const whole = Math.max(0, Math.floor(at));
  return `${Math.floor(whole / 1000)}.${String(whole % 1000).padStart(3, '0')}000`;
}

/** Negative if the first is earlier. Compares digits, since six decimals of a second do not all fit into a double's comparison after arithmetic. */
export function compareTimestamps(first: string, second: string): number {
  const [secondsA = '', fractionA = ''] = first.split('.');
  const [secondsB = '', fractionB = ''] = second.split('.');
  const bySeconds = Number(secondsA) - Number(secondsB);
  return bySeconds !== 0 ? bySeconds : Number(fractionA.padEnd(9, '0')) - Number(fractionB.padEnd(9, '0'));
}

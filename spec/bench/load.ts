/** Two ways of sending events: so many outstanding, and so many a second. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchSlack, nowMs } from './bench-slack.ts';

export interface Loaded {
  /** Acknowledged a second, from the first event to the last acknowledgement in time. */
  readonly perSecond: number;
  readonly acked: number;
  readonly latenciesMs: readonly number[];
}

/** Keeps `outstanding` events unacknowledged for `ms`; then waits until all are, or none comes for a while. */
export async function keepOutstanding(
  slack: BenchSlack,
  { outstanding, ms }: { readonly outstanding: number; readonly ms: number },
  next: () => string,
): Promise<Loaded> {
  const latenciesMs: number[] = [];
  const end = nowMs() + ms;
  let inTime = 0;
  const send = (): void =>
    slack.send('events_api', next(), (latency) => {
      latenciesMs.push(latency);
      if (nowMs() >= end) return;
      inTime += 1;
      send();
    });
  for (let count = 0; count < outstanding; count += 1) send();
  await sleep(ms);
  await acknowledged(slack);
  return { perSecond: (inTime / ms) * 1000, acked: latenciesMs.length, latenciesMs };
}

/** Sends `perSecond` events, evenly, whether or not they are acknowledged; then waits for the last of them. */
export async function keepRate(
  slack: BenchSlack,
  { perSecond, ms }: { readonly perSecond: number; readonly ms: number },
  next: () => string,
): Promise<readonly number[]> {
  const latenciesMs: number[] = [];
  const begin = nowMs();
  for (let count = 0; count < (perSecond * ms) / 1000; count += 1) {
    const wait = begin + (count / perSecond) * 1000 - nowMs();
    if (wait > 0) await sleep(wait);
    slack.send('events_api', next(), (latency) => latenciesMs.push(latency));
  }
  await acknowledged(slack);
  return latenciesMs;
}

const PATIENCE_MS = 30_000;

/** @throws Error when something stays unacknowledged for half a minute */
export async function acknowledged(slack: BenchSlack): Promise<void> {
  await until(() => slack.unacked === 0, 'everything to be acknowledged');
}

/** @throws Error after half a minute in vain */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = nowMs() + PATIENCE_MS;
  while (!(await holds())) {
    if (nowMs() > deadline) throw new Error(`waited ${PATIENCE_MS / 1000} s for ${what}`);
    await sleep(2);
  }
}

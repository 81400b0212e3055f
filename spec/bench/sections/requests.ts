/** Whole requests, from the message to the card, a hundred outstanding; Bolt says one line for each. */
import type { Bench } from '../bench.ts';
import { nowMs } from '../bench-slack.ts';
import { asks, wordOf } from '../cards.ts';
import { type Contender, startBolt, startDaemon } from '../contender.ts';
import { until } from '../load.ts';
import type { Section } from '../section.ts';
import { figure, median } from '../stats.ts';

const OUTSTANDING = 100;
const WARM_MS = 1500;
const MEASURED_MS = 5000;

const BOLT = 'requests/s, 100 outstanding, Bolt with say()';
const OURS = 'requests/s, 100 outstanding, TrIAge';

export const requests: Section = {
  key: 'requests',
  rows: [
    {
      quantity: 'a whole request (message in → card out), 100 outstanding ÷ Bolt with `say()`',
      of: (round) => figure(round, OURS) / figure(round, BOLT),
      goal: { better: 'higher', reach: 0.7, aim: 1 },
    },
  ],
  open: async (bench) => ({
    async round() {
      const database = await bench.server.copy();
      const bolt = await startBolt(bench.workspace, 'say');
      const theirs = await through(bench, bolt);
      await bolt.end();
      const daemon = await startDaemon(bench.workspace, database.url);
      const own = await through(bench, daemon);
      await daemon.end();
      await database.drop();
      return {
        [BOLT]: theirs.perSecond,
        [OURS]: own.perSecond,
        'message in → card out, 100 outstanding, Bolt, p50 ms': theirs.p50Ms,
        'message in → card out, 100 outstanding, TrIAge, p50 ms': own.p50Ms,
      };
    },
    close: () => Promise.resolve(),
  }),
};

/** As one card comes out the next message goes in. */
async function through(
  { workspace, team }: Bench,
  { slack }: Contender,
): Promise<{ readonly perSecond: number; readonly p50Ms: number }> {
  const next = asks(workspace, team);
  const sentAt = new Map<string, number>();
  const latencies: number[] = [];
  const begin = nowMs() + WARM_MS;
  const end = begin + MEASURED_MS;
  const send = (): void => {
    const { json, word } = next();
    sentAt.set(word, nowMs());
    slack.send('events_api', json);
  };
  slack.onCall = (call) => {
    const word = wordOf(call);
    const sent = word === null ? undefined : sentAt.get(word);
    if (word === null || sent === undefined) return;
    sentAt.delete(word);
    if (call.at >= begin && call.at < end) latencies.push(call.at - sent);
    if (call.at < end) send();
  };
  for (let count = 0; count < OUTSTANDING; count += 1) send();
  await until(() => nowMs() > end, 'the time to be over');
  slack.onCall = () => {};
  return { perSecond: (latencies.length / MEASURED_MS) * 1000, p50Ms: median(latencies) };
}

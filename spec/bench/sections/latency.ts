/** What an event costs in time while there is plenty of it: until it is acknowledged, and until its handler begins. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { type Contender, startBolt, startDaemon } from '../contender.ts';
import { talk } from '../envelopes.ts';
import { keepRate } from '../load.ts';
import type { Section } from '../section.ts';
import { figure, median, percentile } from '../stats.ts';

const RATE = 200;
const SLICES = 5;
const SLICE_MS = 1000;

const ACK_BOLT = 'ack at 200/s, Bolt, p50 ms';
const ACK_OURS = 'ack at 200/s, TrIAge, p50 ms';
const HANDLER_OURS = 'socket → handler at 200/s, TrIAge, p50 ms';

export const latency: Section = {
  key: 'latency',
  rows: [
    {
      quantity: "ack p50 at 200/s over Bolt's",
      of: (round) => figure(round, ACK_OURS) - figure(round, ACK_BOLT),
      goal: { better: 'lower', reach: 1.5, aim: 0.8 },
      unit: ' ms',
    },
    {
      quantity: 'socket to handler at 200/s, p50',
      of: (round) => figure(round, HANDLER_OURS),
      goal: { better: 'lower', reach: 2, aim: 1.5 },
      unit: ' ms',
    },
  ],
  open: async (bench) => ({
    async round() {
      const database = await bench.server.copy();
      const bolt = await startBolt(bench.workspace, 'acknowledge');
      const ours = await startDaemon(bench.workspace, database.url, 'noting');
      const measured = [bolt, ours].map((contender) => ({
        contender,
        acks: [] as number[],
        starts: [] as number[],
      }));
      // The first of all is warming up.
      for (let slice = 0; slice <= SLICES; slice += 1) {
        for (const { contender, acks, starts } of measured) {
          const found = await slices(bench, contender);
          if (slice === 0) continue;
          acks.push(...found.acks);
          starts.push(...found.starts);
        }
      }
      await Promise.all([bolt.end(), ours.end()]);
      await database.drop();
      const [theirs, own] = measured;
      if (theirs === undefined || own === undefined) throw new Error('two contenders were measured');
      return {
        [ACK_BOLT]: median(theirs.acks),
        [ACK_OURS]: median(own.acks),
        'ack at 200/s, Bolt, p99 ms': percentile(theirs.acks, 99),
        'ack at 200/s, TrIAge, p99 ms': percentile(own.acks, 99),
        'socket → handler at 200/s, Bolt, p50 ms': median(theirs.starts),
        [HANDLER_OURS]: median(own.starts),
        'socket → handler at 200/s, TrIAge, p99 ms': percentile(own.starts, 99),
      };
    },
    close: () => Promise.resolve(),
  }),
};

async function slices(bench: Bench, contender: Contender) {
  const sentAt = new Map<string, number>();
  const next = talk(bench);
  const acks = await keepRate(contender.slack, { perSecond: RATE, ms: SLICE_MS }, () => {
    const { json, eventId } = next();
    sentAt.set(eventId, performance.timeOrigin + performance.now());
    return json;
  });
  await sleep(50);
  const starts = [...(await contender.handlerStarts())].flatMap(([eventId, at]) => {
    const sent = sentAt.get(eventId);
    return sent === undefined ? [] : [at - sent];
  });
  if (starts.length < sentAt.size * 0.9) throw new Error('handlers of some events never began');
  return { acks, starts };
}

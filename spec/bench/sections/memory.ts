/** Memory while events that each want an answer come as fast as they are acknowledged, a hundred outstanding. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { asks } from '../cards.ts';
import { type Contender, startBolt, startDaemon } from '../contender.ts';
import { keepOutstanding } from '../load.ts';
import type { Section } from '../section.ts';
import { figure, median } from '../stats.ts';

const LOAD_MS = 8000;
const SAMPLE_MS = 100;

const BOLT = 'memory under load, Bolt with say(), most MB';
const OURS = 'memory under load, TrIAge, most MB';
const EARLY = 'memory under load, TrIAge, second quarter MB';
const LATE = 'memory under load, TrIAge, last quarter MB';

export const memory: Section = {
  key: 'memory',
  rows: [
    {
      quantity: 'memory under load ÷ Bolt with `say()`',
      of: (round) => figure(round, OURS) / figure(round, BOLT),
      goal: { better: 'lower', reach: 0.5, aim: 0.3 },
    },
    {
      quantity: 'memory late in that load ÷ early in it (bounded: about 1)',
      of: (round) => figure(round, LATE) / figure(round, EARLY),
    },
  ],
  open: async (bench) => ({
    async round() {
      const database = await bench.server.copy();
      const bolt = await startBolt(bench.workspace, 'say');
      const theirs = await loaded(bench, bolt);
      const daemon = await startDaemon(bench.workspace, database.url);
      const own = await loaded(bench, daemon);
      await database.drop();
      const quarter = own.samples.length / 4;
      return {
        [BOLT]: theirs.peakMb,
        [OURS]: own.peakMb,
        [EARLY]: median(own.samples.slice(quarter, 2 * quarter)),
        [LATE]: median(own.samples.slice(3 * quarter)),
        'acks/s under that load, Bolt with say()': theirs.perSecond,
        'acks/s under that load, TrIAge': own.perSecond,
      };
    },
    close: () => Promise.resolve(),
  }),
};

async function loaded({ workspace, team }: Bench, contender: Contender) {
  const next = asks(workspace, team);
  const samples: number[] = [];
  const over = new AbortController();
  const sampling = (async () => {
    while (!over.signal.aborted) {
      samples.push(await contender.residentMb());
      await sleep(SAMPLE_MS);
    }
  })();
  const { perSecond } = await keepOutstanding(
    contender.slack,
    { outstanding: 100, ms: LOAD_MS },
    () => next().json,
  );
  over.abort();
  await sampling;
  const peakMb = await contender.peakMb();
  await contender.end();
  return { samples, peakMb, perSecond };
}

/** From the start of the process until it can do its job, over a server that runs and a schema that is there. */
import { startBolt, startDaemon } from '../contender.ts';
import type { Section } from '../section.ts';
import { figure, median } from '../stats.ts';

const STARTS = 5;

const BOLT = 'start → connected, Bolt, ms';
const OURS = 'start → /ready, TrIAge, ms';

export const start: Section = {
  key: 'start',
  rows: [
    {
      quantity: "start to `/ready` ÷ Bolt's start to connected",
      of: (round) => figure(round, OURS) / figure(round, BOLT),
      goal: { better: 'lower', reach: 1.5, aim: 1 },
    },
  ],
  open: async ({ server, workspace }) => {
    const database = await server.copy();
    return {
      async round() {
        const [bolt, ours]: [number[], number[]] = [[], []];
        for (let count = 0; count < STARTS; count += 1) {
          const theirs = await startBolt(workspace, 'acknowledge');
          await theirs.end();
          const own = await startDaemon(workspace, database.url);
          await own.end();
          bolt.push(theirs.startMs);
          ours.push(own.startMs);
        }
        return { [BOLT]: median(bolt), [OURS]: median(ours) };
      },
      close: () => database.drop(),
    };
  },
};

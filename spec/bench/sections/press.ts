/** A press of a button until the card is edited: Bolt's handler, the daemon, and the daemon with 50,000 open requests. */
import { setTimeout as sleep } from 'node:timers/promises';
import { asks, type Card, makeCards, pressTake } from '../cards.ts';
import { type Contender, startBolt, startDaemon } from '../contender.ts';
import type { Section } from '../section.ts';
import { seedOpen } from '../seed.ts';
import { figure, median, percentile } from '../stats.ts';

const FEW = 50;
const MANY = 50_000;
const PRESSES = 60;
/** What follows a press (the reply's edit, a line in the thread) is over before somebody presses again. */
const BETWEEN_MS = 25;

const BOLT = 'press → card edited, Bolt, p50 ms';
const OURS = `press → card edited, ${FEW} open, p50 ms`;
const CROWDED = `press → card edited, ${MANY} open, p50 ms`;

export const press: Section = {
  key: 'press',
  rows: [
    {
      quantity: 'press of a button → card edited, p50, over Bolt doing `chat.update` in its handler',
      of: (round) => figure(round, OURS) - figure(round, BOLT),
      goal: { better: 'lower', reach: 5, aim: 2 },
      unit: ' ms',
    },
    {
      quantity: 'the same with 50,000 open requests ÷ with 50',
      of: (round) => figure(round, CROWDED) / figure(round, OURS),
      goal: { better: 'lower', reach: 1.2, aim: 1.05 },
    },
  ],
  open: async ({ server, workspace, team }) => {
    const [few, many] = [await server.copy(), await server.copy()];
    await seedOpen(few.pool, team, FEW);
    await seedOpen(many.pool, team, MANY);
    const next = asks(workspace, team);
    return {
      async round() {
        // All at once, and pressed in turn: whatever else this machine does then hits all of them.
        const contenders = await Promise.all([
          startBolt(workspace, 'update'),
          startDaemon(workspace, few.url),
          startDaemon(workspace, many.url),
        ]);
        const cards: (readonly Card[])[] = [];
        for (const { slack } of contenders) cards.push(await makeCards(slack, PRESSES, next));
        await sleep(500);
        const latencies = contenders.map((): number[] => []);
        for (let count = 0; count < PRESSES; count += 1) {
          for (const [place, { slack }] of contenders.entries()) {
            const card = cards[place]?.[count];
            if (card === undefined) throw new Error('a card is missing');
            latencies[place]?.push(await pressTake(slack, workspace, team.ana.id, card));
            await sleep(BETWEEN_MS);
          }
        }
        await Promise.all(contenders.map((each: Contender) => each.end()));
        const [bolt = [], ours = [], crowded = []] = latencies;
        return {
          [BOLT]: median(bolt),
          [OURS]: median(ours),
          [CROWDED]: median(crowded),
          'press → card edited, Bolt, p95 ms': percentile(bolt, 95),
          [`press → card edited, ${FEW} open, p95 ms`]: percentile(ours, 95),
          [`press → card edited, ${MANY} open, p95 ms`]: percentile(crowded, 95),
        };
      },
      async close() {
        await few.drop();
        await many.drop();
      },
    };
  },
};

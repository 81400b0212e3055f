/** What a million closed requests cost those that look for open ones. */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../src/clock.ts';
import { sweepAlarmsWork } from '../../../src/jobs/sweep-alarms.ts';
import { createBossDatabase } from '../../../src/queue/boss-database.ts';
import { captureLogger } from '../../support/capture-logger.ts';
import type { Bench } from '../bench.ts';
import { nowMs } from '../bench-slack.ts';
import { type Contender, startDaemon } from '../contender.ts';
import type { BenchDatabase } from '../database-server.ts';
import { slashPayload } from '../envelopes.ts';
import type { Section } from '../section.ts';
import { seedClosed, seedOpen } from '../seed.ts';
import { figure, median } from '../stats.ts';

const OPEN = 50;
const CLOSED = 1_000_000;
const LISTS = 60;
const SWEEPS = 300;

const list = (closed: number): string => `\`/triage list\` → answer, ${closed} closed, p50 ms`;
const sweep = (closed: number): string => `ladder sweep, ${closed} closed, p50 ms`;

export const closed: Section = {
  key: 'closed',
  rows: [
    {
      quantity: '`list` with 1,000,000 closed requests ÷ with none',
      of: (round) => figure(round, list(CLOSED)) / figure(round, list(0)),
      goal: { better: 'lower', reach: 1.2, aim: 1.05 },
    },
    {
      quantity: 'ladder sweep with 1,000,000 closed requests ÷ with none',
      of: (round) => figure(round, sweep(CLOSED)) / figure(round, sweep(0)),
      goal: { better: 'lower', reach: 1.2, aim: 1.05 },
    },
  ],
  open: async (bench) => {
    const [none, many] = [await bench.server.copy(), await bench.server.copy()];
    for (const { pool } of [none, many]) await seedOpen(pool, bench.team, OPEN);
    await seedClosed(many.pool, bench.team, CLOSED);
    return {
      async round() {
        const contenders = [
          await startDaemon(bench.workspace, none.url),
          await startDaemon(bench.workspace, many.url),
        ] as const;
        const lists: [number[], number[]] = [[], []];
        for (let count = 0; count <= LISTS; count += 1) {
          for (const place of [0, 1] as const) {
            const ms = await listed(bench, contenders[place]);
            // The first of each is warming up.
            if (count > 0) lists[place].push(ms);
          }
        }
        await Promise.all(contenders.map((each) => each.end()));
        const sweeps: [number[], number[]] = [[], []];
        for (let count = 0; count < SWEEPS; count += 1) {
          // Each is the first of the two as often as the other.
          for (const place of count % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
            sweeps[place].push(await swept(place === 0 ? none : many));
          }
        }
        return {
          [list(0)]: median(lists[0]),
          [list(CLOSED)]: median(lists[1]),
          [sweep(0)]: median(sweeps[0]),
          [sweep(CLOSED)]: median(sweeps[1]),
        };
      },
      async close() {
        await none.drop();
        await many.drop();
      },
    };
  },
};

/** Somebody who responds in all queues types the command; resolves when the answer is there. */
async function listed({ workspace, team }: Bench, { slack }: Contender): Promise<number> {
  const payload = slashPayload(workspace, {
    user: team.ana.id,
    channel: team.talk.id,
    text: 'list',
    responseUrl: `http://127.0.0.1:${slack.port}/response/list`,
  });
  const ms = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('a list had no answer within 10 s')), 10_000);
    const begin = nowMs();
    slack.onCall = ({ method, at, body }) => {
      if (method !== 'response_url') return;
      clearTimeout(timer);
      if (body.includes('Open in your queues')) resolve(at - begin);
      else reject(new Error('the answer is no list'));
    };
    slack.send('slash_commands', payload);
  });
  await sleep(10);
  return ms;
}

/** The sweep as pg-boss runs it every minute, in its transaction; nothing is due, so nobody is asked who answers. */
async function swept({ pool }: BenchDatabase): Promise<number> {
  const { run } = sweepAlarmsWork(nobody, systemClock, captureLogger(), () => Promise.resolve(true));
  const begin = nowMs();
  const transaction = await createBossDatabase(pool, []).beginTransaction?.();
  if (transaction === undefined) throw new Error('our database has transactions');
  await run([], transaction.db);
  await transaction.commit();
  return nowMs() - begin;
}

function nobody(): never {
  throw new Error('a request is due');
}

/** Slack asks every socket to leave, while events go on coming. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { type Contender, startBare, startDaemon } from '../contender.ts';
import { talk } from '../envelopes.ts';
import { keepRate } from '../load.ts';
import type { Section } from '../section.ts';
import { figure } from '../stats.ts';

const RATE = 100;
const BEFORE_MS = 1000;
const LOAD_MS = 8000;
const LATE_MS = 1000;

const gap = (who: string): string => `gap at a refresh, ${who}, ms`;
const late = (who: string): string => `events late by over 1 s at a refresh, ${who}`;

export const refresh: Section = {
  key: 'refresh',
  rows: [
    {
      quantity: 'gap at a refresh',
      of: (round) => figure(round, gap('TrIAge')),
      goal: { better: 'lower', reach: 0, aim: 0 },
      unit: ' ms',
    },
    {
      quantity: 'events late by over 1 s at a refresh',
      of: (round) => figure(round, late('TrIAge')),
      goal: { better: 'lower', reach: 0, aim: 0 },
    },
  ],
  open: async (bench) => ({
    async round() {
      const database = await bench.server.copy();
      const contenders = await Promise.all([
        startDaemon(bench.workspace, database.url),
        startDaemon(bench.workspace, database.url, 'plain', { SOCKET_CONNECTIONS: '1' }),
        startBare(bench.workspace),
      ]);
      const [ours, single, bare] = await Promise.all(contenders.map((each) => refreshed(bench, each)));
      await Promise.all(contenders.map((each) => each.end()));
      await database.drop();
      if (ours === undefined || single === undefined || bare === undefined)
        throw new Error('three were measured');
      return {
        [gap('TrIAge')]: ours.gapMs,
        [late('TrIAge')]: ours.late,
        [gap('TrIAge with one socket')]: single.gapMs,
        [late('TrIAge with one socket')]: single.late,
        [gap('bare')]: bare.gapMs,
        [late('bare')]: bare.late,
      };
    },
    close: () => Promise.resolve(),
  }),
};

async function refreshed(bench: Bench, { slack }: Contender) {
  const next = talk(bench);
  const load = keepRate(slack, { perSecond: RATE, ms: LOAD_MS }, () => next().json);
  await sleep(BEFORE_MS);
  slack.refresh();
  const latencies = await load;
  return { gapMs: slack.gapMs, late: latencies.filter((ms) => ms > LATE_MS).length };
}

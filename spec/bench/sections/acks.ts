/** Intake of what is nobody's request, as most of what is said in channels, as fast as it goes. */
import type { Bench } from '../bench.ts';
import { type Contender, startBare, startBolt, startDaemon } from '../contender.ts';
import type { BenchDatabase } from '../database-server.ts';
import { EVENT_BYTES, talk } from '../envelopes.ts';
import { acknowledged, keepOutstanding } from '../load.ts';
import { findPgbench, insertsPerSecond } from '../pgbench.ts';
import type { Section } from '../section.ts';
import { type Figures, figure } from '../stats.ts';

const WINDOW_MS = 2500;
const PGBENCH = 'pgbench, one-row inserts, c50, rows/s';
const rate = (who: string, outstanding: number): string => `acks/s, ${outstanding} outstanding, ${who}`;

export const intake: Section = {
  key: 'acks',
  rows: [
    {
      quantity: 'durable acks, 100 outstanding ÷ pgbench c50',
      of: (round) => figure(round, rate('TrIAge', 100)) / figure(round, PGBENCH),
      goal: { better: 'higher', reach: 1.2, aim: 2 },
    },
    {
      quantity: 'durable acks, 500 outstanding ÷ pgbench c50',
      of: (round) => figure(round, rate('TrIAge', 500)) / figure(round, PGBENCH),
      goal: { better: 'higher', reach: 1.5, aim: 2.5 },
    },
    {
      quantity: 'durable acks, 500 outstanding ÷ Bolt acknowledge-only',
      of: (round) => figure(round, rate('TrIAge', 500)) / figure(round, rate('Bolt', 500)),
      goal: { better: 'higher', reach: 0.75, aim: 1 },
    },
  ],
  open: async (bench) => {
    const pgbench = await findPgbench();
    return {
      async round() {
        const figures: Record<string, number> = {};
        for (const outstanding of [100, 500]) {
          Object.assign(figures, await ownIntake(bench, outstanding));
          Object.assign(
            figures,
            await intakeOf(bench, 'Bolt', () => startBolt(bench.workspace, 'acknowledge'), outstanding),
          );
          Object.assign(
            figures,
            await intakeOf(bench, 'bare', () => startBare(bench.workspace), outstanding),
          );
        }
        const database = await bench.server.copy();
        figures[PGBENCH] = await insertsPerSecond(pgbench, bench.server, database, {
          bytes: EVENT_BYTES,
          seconds: 3,
        });
        await database.drop();
        return figures;
      },
      close: () => Promise.resolve(),
    };
  },
};

async function ownIntake(bench: Bench, outstanding: number): Promise<Figures> {
  const database = await bench.server.copy();
  const contender = await startDaemon(bench.workspace, database.url);
  const next = talk(bench);
  const { perSecond, acked } = await window(contender, outstanding, () => next().json);
  await mustHave(database, acked);
  const { rows } = await database.pool.query<{ n: number }>(
    'select count(*)::int as n from inbox where done_at is not null',
  );
  await contender.end();
  await database.drop();
  return {
    [rate('TrIAge', outstanding)]: perSecond,
    [`of them handled by then, %, ${outstanding} outstanding`]: ((rows[0]?.n ?? 0) / acked) * 100,
  };
}

async function intakeOf(
  bench: Bench,
  who: string,
  begin: () => Promise<Contender>,
  outstanding: number,
): Promise<Figures> {
  const contender = await begin();
  const next = talk(bench);
  const { perSecond } = await window(contender, outstanding, () => next().json);
  await contender.end();
  return { [rate(who, outstanding)]: perSecond };
}

/** Twice, for the first is warming up; `acked` counts both. */
async function window({ slack }: Contender, outstanding: number, next: () => string) {
  const warm = await keepOutstanding(slack, { outstanding, ms: 700 }, next);
  await acknowledged(slack);
  const measured = await keepOutstanding(slack, { outstanding, ms: WINDOW_MS }, next);
  return { perSecond: measured.perSecond, acked: warm.acked + measured.acked };
}

/** An acknowledgement is a promise: what was acknowledged is there. */
async function mustHave({ pool }: BenchDatabase, acked: number): Promise<void> {
  const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from inbox');
  if (rows[0]?.n !== acked)
    throw new Error(`${acked} events were acknowledged and ${rows[0]?.n} are in the inbox`);
}

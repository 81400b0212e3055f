/** Intake of what is nobody's request, as most of what is said in channels: 200 a second, and as fast as it goes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench.ts';
import { type Contender, startBare, startBolt, startDaemon } from '../contender.ts';
import type { BenchDatabase } from '../database-server.ts';
import { EVENT_BYTES, messageEvent } from '../envelopes.ts';
import { acknowledged, keepOutstanding, keepRate } from '../load.ts';
import { findPgbench, insertsPerSecond } from '../pgbench.ts';
import type { Section } from '../section.ts';
import { type Figures, figure, median, percentile } from '../stats.ts';

const RATE = 200;
const SLICES = 5;
const SLICE_MS = 1000;

const talkIn =
  ({ workspace, team }: Bench) =>
  () =>
    messageEvent(workspace, { channel: team.talk.id, user: team.uli.id, text: 'idle talk:' });

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

async function slices(bench: Bench, { slack, handlerStarts }: Contender) {
  const sentAt = new Map<string, number>();
  const next = talkIn(bench);
  const acks = await keepRate(slack, { perSecond: RATE, ms: SLICE_MS }, () => {
    const { json, eventId } = next();
    sentAt.set(eventId, performance.timeOrigin + performance.now());
    return json;
  });
  await sleep(50);
  const starts = [...(await handlerStarts())].flatMap(([eventId, at]) => {
    const sent = sentAt.get(eventId);
    return sent === undefined ? [] : [at - sent];
  });
  if (starts.length < sentAt.size * 0.9) throw new Error('handlers of some events never began');
  return { acks, starts };
}

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
          Object.assign(figures, await ours(bench, outstanding));
          Object.assign(
            figures,
            await theirs(bench, 'Bolt', () => startBolt(bench.workspace, 'acknowledge'), outstanding),
          );
          Object.assign(figures, await theirs(bench, 'bare', () => startBare(bench.workspace), outstanding));
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

async function ours(bench: Bench, outstanding: number): Promise<Figures> {
  const database = await bench.server.copy();
  const contender = await startDaemon(bench.workspace, database.url);
  const next = talkIn(bench);
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

async function theirs(
  bench: Bench,
  who: string,
  begin: () => Promise<Contender>,
  outstanding: number,
): Promise<Figures> {
  const contender = await begin();
  const next = talkIn(bench);
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

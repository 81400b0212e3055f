/** Two hundred cards for twenty channels, from a Slack that takes one post a second and channel. */
import type { CallRecord } from '../../workspace/web-api.ts';
import { startDaemon } from '../contender.ts';
import type { BenchDatabase } from '../database-server.ts';
import { until } from '../load.ts';
import type { Section } from '../section.ts';
import { figure, inversions } from '../stats.ts';
import { QUEUES, startWorkspace } from '../team.ts';

const EACH = 10;
const INTERVAL_MS = 1000;
const LEAST_SECONDS = ((EACH - 1) * INTERVAL_MS) / 1000;

const SECONDS = '200 cards to 20 channels, s';
const REFUSED = '200 cards to 20 channels, 429s';
const INVERSIONS = '200 cards to 20 channels, inversions';

async function captured({ pool }: BenchDatabase): Promise<number> {
  const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from requests');
  return rows[0]?.n ?? 0;
}

export const pacing: Section = {
  key: 'pacing',
  rows: [
    {
      quantity: '200 posts to 20 channels ÷ the 9 s minimum',
      of: (round) => figure(round, SECONDS) / LEAST_SECONDS,
      goal: { better: 'lower', reach: 1.25, aim: 1.1 },
    },
    {
      quantity: '429s at that',
      of: (round) => figure(round, REFUSED),
      goal: { better: 'lower', reach: 10, aim: 0 },
    },
    {
      quantity: 'inversions at that',
      of: (round) => figure(round, INVERSIONS),
      goal: { better: 'lower', reach: 0, aim: 0 },
    },
  ],
  open: async ({ server }) => ({
    async round() {
      const { slack, team } = await startWorkspace({ postIntervalMs: INTERVAL_MS });
      const database = await server.copy();
      const daemon = await startDaemon(slack, database.url, 'plain', {
        SLACK_POST_INTERVAL: '1s',
        SLACK_API_URL: slack.apiUrl,
      });
      // In waves, each captured before the next: so the number on a card tells when its post was queued.
      for (let wave = 1; wave <= EACH; wave += 1) {
        for (const channel of team.help) slack.say(team.uli, channel, `ask ${wave}`);
        await until(async () => (await captured(database)) === wave * QUEUES, 'a wave of requests');
      }
      const triage = new Set(team.triage.map(({ id }) => id));
      const posts = (): readonly CallRecord[] =>
        slack.calls().filter(({ method }) => method === 'chat.postMessage');
      const cards = () =>
        posts().filter(({ body, status }) => status === 200 && triage.has(String(body['channel'])));
      await until(() => cards().length >= EACH * QUEUES, 'all cards');
      await daemon.end();
      await database.drop();
      const all = cards();
      const figures = {
        [SECONDS]: ((all.at(-1)?.at ?? Number.NaN) - (all[0]?.at ?? Number.NaN)) / 1000,
        [REFUSED]: posts().filter(({ status }) => status === 429).length,
        [INVERSIONS]: team.triage
          .map(({ id }) => inversions(slack.messages(id).map(({ text }) => Number(/#(\d+)/.exec(text)?.[1]))))
          .reduce((sum, each) => sum + each, 0),
      };
      await slack.close();
      return figures;
    },
    close: () => Promise.resolve(),
  }),
};

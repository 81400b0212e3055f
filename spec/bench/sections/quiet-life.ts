/** How often Slack is called for one request that lives quietly: asked, taken, answered, resolved, closed. */

import type { LocalSlack } from '../../workspace/local-slack.ts';
import { textOf } from '../../workspace/text-of.ts';
import { startDaemon } from '../contender.ts';
import type { BenchDatabase } from '../database-server.ts';
import { until } from '../load.ts';
import type { Section } from '../section.ts';
import { type Figures, figure } from '../stats.ts';
import { startWorkspace, type Team } from '../team.ts';

const TOTAL = 'Slack calls for a quiet life';

export const quietLife: Section = {
  key: 'life',
  rows: [
    {
      quantity: "Slack calls for one request's quiet life (asked, taken, answered, resolved, closed)",
      of: (round) => figure(round, TOTAL),
    },
  ],
  open: async ({ server }) => ({
    async round() {
      const { slack, team } = await startWorkspace();
      const database = await server.copy();
      const daemon = await startDaemon(slack, database.url, 'plain', { SLACK_API_URL: slack.apiUrl });
      // The first also learns who is who, which is then known.
      await live(slack, team, database, 'first');
      const before = slack.calls().length;
      const steps = await live(slack, team, database, 'second');
      const calls = slack.calls().slice(before);
      await daemon.end();
      await database.drop();
      await slack.close();
      const methods = Object.groupBy(calls, ({ method }) => method);
      return {
        [TOTAL]: calls.length,
        ...Object.fromEntries(
          Object.entries(methods).map(([method, found]) => [`${TOTAL}: \`${method}\``, found?.length ?? 0]),
        ),
        ...steps,
      };
    },
    close: () => Promise.resolve(),
  }),
};

async function live(slack: LocalSlack, team: Team, database: BenchDatabase, words: string): Promise<Figures> {
  const [help, triage] = [team.help[0]!, team.triage[0]!];
  const steps: Record<string, number> = {};
  const step = async (name: string, what: () => unknown): Promise<void> => {
    const before = slack.calls().length;
    await what();
    await settled(slack, database);
    steps[`${TOTAL}: ${name}`] = slack.calls().length - before;
  };
  let ts = '';
  await step('asked', () => {
    ts = slack.say(team.uli, help, words);
  });
  const card = slack.messages(triage).find((message) => textOf(message).includes(words));
  const reply = slack.thread(help, ts)[1];
  if (card === undefined || reply === undefined) throw new Error('there is no card or no reply');
  const onCard = { channel: triage.id, ts: card.ts };
  await step('taken', () => slack.press(team.ana, onCard, 'Take it'));
  await step('answered', () => slack.say(team.ana, help, 'on my way', { threadTs: ts }));
  await step('resolved', () => slack.press(team.ana, onCard, 'Resolve'));
  await step('closed', () => slack.press(team.uli, { channel: help.id, ts: reply.ts }, 'It works'));
  if (!/closed/i.test(textOf(slack.messages(triage).find((message) => message.ts === card.ts)!)))
    throw new Error('the request is not closed');
  return steps;
}

/** All that was told is handled, and all that is to be said is said. */
async function settled(slack: LocalSlack, { pool }: BenchDatabase): Promise<void> {
  await until(async () => {
    if (slack.unsettled() > 0) return false;
    const { rows } = await pool.query<{ n: number }>(
      'select ((select count(*) from inbox where done_at is null) + (select count(*) from outbox))::int as n',
    );
    return rows[0]?.n === 0;
  }, 'everything to be handled and said');
}

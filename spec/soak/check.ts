/** All checks of a soak, over one reading of what it left behind. */

import { createMemoryCache } from '../../src/cache/memory.ts';
import { systemClock } from '../../src/clock.ts';
import { parseTriageFile } from '../../src/config/triage-file.ts';
import type { Queue } from '../../src/domain/queue.ts';
import type { RelayParts } from '../../src/outbox/relay/parts.ts';
import { createAppTokenTest, createSlackClient } from '../../src/slack/client.ts';
import { createDirectory } from '../../src/slack/directory.ts';
import { checkAgainstSlack } from '../../src/slack/startup-checks.ts';
import type { Pool } from '../../src/store/pool.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { asText } from '../workspace/wire.ts';
import { checkCards, checkCopies } from './check-cards.ts';
import { checkPrivacy } from './check-privacy.ts';
import { checkCauses, checkInbox, checkLeftOvers, checkReminders, checkRequests } from './check-requests.ts';
import { checkAsked, checkSaid } from './check-said.ts';
import { type Evidence, type Finding, gather, UNHEARD_MS, untold } from './evidence.ts';
import { keyOf } from './model.ts';
import type { Stage } from './stage.ts';

export async function checkAll(
  stage: Stage,
  pool: Pool,
  yaml: string,
): Promise<{ readonly findings: readonly Finding[]; readonly summary: string; readonly evidence: Evidence }> {
  const parts = await partsOf(stage, pool, yaml);
  const evidence = await gather(stage, pool, parts);
  const findings = [
    ...checkRequests(evidence),
    ...checkInbox(evidence),
    ...(await checkLeftOvers(evidence)),
    ...checkCauses(evidence),
    ...checkReminders(evidence),
    ...checkSaid(evidence),
    ...checkAsked(evidence),
    ...(await checkCards(evidence, parts)),
    ...checkCopies(evidence),
    ...checkPrivacy(evidence),
    ...complaints(evidence),
  ];
  return { findings, summary: summaryOf(evidence), evidence };
}

/** What the relay has, so that a card can be rendered here as it would be there. */
async function partsOf({ slack }: Stage, pool: Pool, yaml: string): Promise<RelayParts> {
  const logger = captureLogger();
  const { apiUrl, botToken, appToken } = slack;
  const client = createSlackClient({ botToken, apiUrl, logger });
  const { installation, queues } = await checkAgainstSlack({
    client,
    testAppToken: createAppTokenTest({ appToken, apiUrl, logger }),
    file: parseTriageFile(yaml, 'triage.yaml'),
  });
  const clock = systemClock;
  const cache = createMemoryCache({ clock });
  const { teamId, teamUrl, userId } = installation;
  const [first] = queues;
  if (first === undefined) throw new Error('the soak has no queue');
  return {
    pool,
    slack: client,
    directory: createDirectory({ client, cache, clock, logger, teamId }),
    cache,
    clock,
    logger,
    queues: new Map<string, Queue>(queues.map((queue) => [queue.name, queue])),
    wakeInbox: () => {},
    defaultQueue: queues.find(({ isDefault }) => isDefault) ?? first,
    bot: { userId, teamUrl: teamUrl ?? '' },
  };
}

/**
 * What the real Slack would swallow and an app should never do. Late and crossed acknowledgements come of the faults; what
 * is said under a message stands under nothing where its deletion could not be known yet, or Slack lost it.
 */
function complaints(evidence: Evidence): readonly Finding[] {
  const { slack, model, posts } = evidence;
  const goneUntold = untold({ slack }, 'message_deleted');
  const removedAt = new Map([
    ...[...model.told.values()].map((told) => [keyOf(told), told.removedAt] as const),
    ...model.removedCards.map((card) => [keyOf(card), card.at] as const),
  ]);
  return slack.complaints().flatMap((what) => {
    const about = /\w+:\d+\.\d+/.exec(what)?.[0] ?? '';
    const goneAt = removedAt.get(about) ?? null;
    const isRace =
      goneAt !== null &&
      posts.every(
        ({ channel, body, at }) =>
          keyOf({ channel, ts: asText(body['thread_ts']) }) !== about || at < goneAt + UNHEARD_MS,
      );
    const isExcused = what.startsWith('acknowledged') || goneUntold.has(about) || isRace;
    return isExcused ? [] : [{ check: 'slack', what, about: [about] }];
  });
}

function summaryOf({ requests, posts, inbox, slack, timelines }: Evidence): string {
  const states = [...Map.groupBy(requests, ({ state }) => state)].map(
    ([state, all]) => `${all.length} ${state}`,
  );
  const lines = [...timelines.values()].flat();
  const ladder = lines.filter(({ what }) => what.startsWith('ladder:')).length;
  return [
    `${requests.length} requests (${states.join(', ')}), ${lines.length} lines, ${ladder} steps of the ladder,`,
    `${posts.length} posts, ${slack.countOf('chat.update')} edits, ${inbox.length} events stored of ${slack.deliveries().length} deliveries,`,
    `${slack.lost().length} given up by Slack, ${slack.userErrors().length} errors seen by people`,
  ].join(' ');
}

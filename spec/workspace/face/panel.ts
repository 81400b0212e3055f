/** How TrIAge is, for somebody who looks at it every second: what cannot be known within one is null. */
import { get } from 'node:http';
import { inTime } from '../../../src/health/in-time.ts';
import { countInbox, countOutbox, countTimers } from '../../../src/store/counts.ts';
import type { Pool } from '../../../src/store/pool.ts';
import type { LocalSlack } from '../local-slack.ts';
import { isJson, type Json } from '../wire.ts';
import { postKey } from './keys.ts';
import type { Stage } from './stage.ts';
import type { Panel } from './wire.ts';

const PATIENCE_MS = 800;
/** The newest so many acknowledgements make the percentile. */
const ACKS = 1000;
/** The calls that a row of the outbox ends in. */
const WRITES = new Set([
  'chat.postMessage',
  'chat.update',
  'chat.delete',
  'chat.postEphemeral',
  'response_url',
]);

type Stored = Pick<Panel, 'inbox' | 'outbox' | 'timers' | 'requests'>;

const AWAY: Stored = { inbox: null, outbox: null, timers: null, requests: null };

/** Makes the function that tells; nobody is asked a second time while they are at an earlier answer. */
export function createPanel(): (stage: Stage) => Promise<Panel> {
  // What one show's database does not answer must not keep the next show waiting.
  const asking = new WeakMap<Stage, (stage: Stage) => Promise<Stored>>();
  function stored(stage: Stage): Promise<Stored> {
    const ask = asking.get(stage) ?? inTime(readStored, PATIENCE_MS, AWAY);
    asking.set(stage, ask);
    return ask(stage);
  }
  return async (stage) => {
    const { slack } = stage;
    const [kept, ready] = await Promise.all([stored(stage), readReady(stage)]);
    return {
      ready,
      sockets: slack.socket.open().length,
      ...kept,
      deliveries: deliveriesOf(slack),
      doubled: doubledIn(slack),
    };
  };
}

async function readStored(stage: Stage): Promise<Stored> {
  const db = stage.database();
  if (db === null) return AWAY;
  try {
    const [inbox, outbox, timers, done] = await Promise.all([
      countInbox(db),
      countOutbox(db),
      countTimers(db, stage.seen().now, 0),
      countDone(db),
    ]);
    return {
      inbox: { waiting: inbox.pending, done: done.inbox },
      outbox: { waiting: outbox.pending, done: writesOf(stage.slack) },
      timers: { pending: timers.pending + timers.due + timers.late, nextAt: timers.nextAt },
      requests: done.requests,
    };
  } catch {
    return AWAY;
  }
}

async function countDone(db: Pool): Promise<{ readonly inbox: number; readonly requests: number }> {
  const { rows } = await db.query<{ inbox: number; requests: number }>({
    name: 'face-count-done',
    text: `select (select count(*)::integer from inbox where done_at is not null) as inbox,
      (select count(*)::integer from requests) as requests`,
  });
  return { inbox: rows[0]?.inbox ?? 0, requests: rows[0]?.requests ?? 0 };
}

/** Rows of the outbox are gone when they are done: counted is what Slack has done. */
function writesOf(slack: LocalSlack): number {
  return slack.calls().filter(({ method, answer }) => WRITES.has(method) && answer?.['ok'] === true).length;
}

function readReady(stage: Stage): Promise<Panel['ready']> {
  const at = stage.health();
  if (at === null) return Promise.resolve(null);
  return new Promise((resolve) => {
    const nothing = (): void => resolve(null);
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const asked = get({ ...at, path: '/ready', agent: false, signal }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', nothing);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, parts: partsOf(text) }));
    });
    asked.on('error', nothing);
  });
}

function partsOf(text: string): Readonly<Record<string, Json>> {
  try {
    const body: unknown = JSON.parse(text);
    const parts = isJson(body) ? Object.entries(body) : [];
    return Object.fromEntries(parts.filter((each): each is [string, Json] => isJson(each[1])));
  } catch {
    return {};
  }
}

function deliveriesOf(slack: LocalSlack): Panel['deliveries'] {
  const acks = slack.acks();
  const latencies = acks
    .slice(-ACKS)
    .map(({ latencyMs }) => latencyMs ?? 0)
    .sort((one, other) => one - other);
  return {
    sent: slack.deliveries().length,
    acked: acks.length,
    waiting: slack.unsettled(),
    lost: slack.lost().length,
    ackP99Ms: latencies[Math.ceil(latencies.length * 0.99) - 1] ?? null,
  };
}

/** Each post has a key of its own: one that stands twice was said twice. */
function doubledIn({ world }: LocalSlack): number {
  const keys = new Set<string>();
  let doubled = 0;
  for (const { messages } of world.channels.values()) {
    for (const { bot_id: bot, metadata } of messages) {
      const key = bot === world.botId ? postKey(metadata) : null;
      if (key === null) continue;
      if (keys.has(key)) doubled += 1;
      keys.add(key);
    }
  }
  return doubled;
}

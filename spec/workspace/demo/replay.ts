/** Replays a Slack workspace export into an every-message channel, as fast as it is acknowledged, and counts. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { type LocalSlack, startLocalSlack } from '../local-slack.ts';
import { textOf } from '../text-of.ts';
import { isJson, isJsonList, type Json } from '../wire.ts';
import { prepareDaemon } from './daemon.ts';

/** So many envelopes may be unacknowledged at once. */
const OUTSTANDING = 100;

interface ExportedMessage {
  readonly channel: string;
  readonly user: string;
  readonly ts: string;
  readonly threadTs: string | undefined;
  readonly text: string;
}

export async function replay(directory: string, print: (line: string) => void): Promise<void> {
  const { people, channels, messages } = await readExport(directory);
  const slack = await startLocalSlack();
  const ana = slack.people.add({ name: 'triage-responder', realName: 'Ana' });
  for (const [id, name] of people) slack.people.add({ id, name });
  for (const [id, name] of channels) slack.channels.add({ id, name, members: [...people.keys()] });
  const triage = slack.channels.add({ name: 'triage-replay', isPrivate: true, members: [ana] });
  const intake = [...channels.keys()]
    .map((id) => `      - { channel: ${id}, mode: every_message }`)
    .join('\n');
  const yaml = `queues:
  - name: replay
    triage_channel: ${triage.id}
    intake:
${intake}
    rotation: ["${ana.id}"]
    ladder: { urgent: [10d, 11d, 12d, 13d], high: [10d, 11d, 12d, 13d], normal: [10d, 11d, 12d, 13d], low: [10d, 11d, 12d, 13d] }
`;
  const daemon = await prepareDaemon(slack, yaml);
  try {
    daemon.start();
    await slack.waitFor(() => slack.socket.open().length > 1, 'the daemon to connect', 60_000);
    const failed = daemon.died.then((reason) => Promise.reject(new Error(reason)));
    await Promise.race([failed, run(slack, triage.id, messages, daemon.dataDir, print)]);
  } finally {
    await daemon.remove();
    await slack.close();
  }
}

async function run(
  slack: LocalSlack,
  triage: string,
  messages: readonly ExportedMessage[],
  dataDir: string,
  print: (line: string) => void,
): Promise<void> {
  const before = slack.calls().length;
  const startedAt = performance.now();
  for (const message of messages) {
    if (slack.unsettled() >= OUTSTANDING)
      await slack.waitFor(() => slack.unsettled() < OUTSTANDING, 'acknowledgements', 60_000);
    slack.say(message.user, message.channel, message.text, {
      threadTs: message.threadTs,
      ts: message.ts,
      isEscaped: true,
    });
  }
  await slack.waitFor(() => slack.unsettled() === 0, 'the last acknowledgements', 60_000);
  const acknowledgedMs = performance.now() - startedAt;
  const expected = messages.filter(({ threadTs, ts }) => threadTs === undefined || threadTs === ts).length;
  const cards = () =>
    slack
      .messages(triage)
      .filter((one) => one.user === slack.botUserId && (one.thread_ts ?? one.ts) === one.ts);
  await slack.waitFor(() => cards().length >= expected, `${expected} cards`, 300_000);
  // Where a card stands is noted just after Slack has shown it.
  await slack.waitFor(
    async () => (await countStored(dataDir)).cards >= cards().length,
    'the database to note the cards',
    60_000,
  );
  const stored = await countStored(dataDir);
  const numbers = cards().map((card) => /#(\d+)/.exec(textOf(card))?.[1]);
  const doubled = numbers.length - new Set(numbers).size;
  const latencies = slack
    .acks()
    .map(({ latencyMs }) => latencyMs ?? 0)
    .sort((a, b) => a - b);
  const rank = (share: number): string =>
    (latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0).toFixed(1);
  const calls = slack.calls().length - before;
  print(`messages            ${messages.length}`);
  print(`requests            ${stored.requests} (database)`);
  print(`cards               ${cards().length} (Slack), ${stored.cards} (database)`);
  print(`duplicates          ${doubled}`);
  print(
    `acknowledgements    p50 ${rank(0.5)} ms, p99 ${rank(0.99)} ms; all within ${(acknowledgedMs / 1000).toFixed(1)} s`,
  );
  print(`Slack calls/request ${(calls / Math.max(1, stored.requests)).toFixed(2)}`);
}

/** The database's own count, past the daemon. */
async function countStored(dataDir: string): Promise<{ requests: number; cards: number }> {
  const pid = (await readFile(join(dataDir, 'data/postgres/postmaster.pid'), 'utf8')).split('\n');
  const client = new pg.Client({
    host: pid[4] ?? '',
    port: Number(pid[3]),
    user: 'triage',
    database: 'triage',
  });
  await client.connect();
  try {
    const { rows } = await client.query<{ requests: string; cards: string }>(
      'select count(*) as requests, count(distinct card_ts) as cards from requests',
    );
    return { requests: Number(rows[0]?.requests), cards: Number(rows[0]?.cards) };
  } finally {
    await client.end();
  }
}

async function readExport(directory: string) {
  const people = new Map(
    (await readList(join(directory, 'users.json'))).map((user) => [String(user['id']), String(user['name'])]),
  );
  const channels = new Map<string, string>();
  const messages: ExportedMessage[] = [];
  for (const channel of await readList(join(directory, 'channels.json'))) {
    const [id, name] = [String(channel['id']), String(channel['name'])];
    channels.set(id, name);
    for (const day of (await readdir(join(directory, name))).sort()) {
      for (const one of await readList(join(directory, name, day))) {
        if (
          typeof one['user'] !== 'string' ||
          typeof one['text'] !== 'string' ||
          one['subtype'] !== undefined
        )
          continue;
        const threadTs = typeof one['thread_ts'] === 'string' ? one['thread_ts'] : undefined;
        messages.push({ channel: id, user: one['user'], ts: String(one['ts']), threadTs, text: one['text'] });
        if (!people.has(one['user'])) people.set(one['user'], one['user'].toLowerCase());
      }
    }
  }
  messages.sort((a, b) => Number(a.ts) - Number(b.ts));
  return { people, channels, messages };
}

async function readList(path: string): Promise<readonly Json[]> {
  const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (!isJsonList(parsed)) throw new Error(`${path} is not a list: is this an export?`);
  return parsed.filter(isJson);
}

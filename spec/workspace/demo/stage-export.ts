/** The show of an export: what people wrote in a real workspace, run through the daemon as fast as it acknowledges. */
import { type Stage, WishError } from '../face/stage.ts';
import { startLocalSlack } from '../local-slack.ts';
import { prepareDaemon } from './daemon.ts';
import { buildHouse } from './house.ts';
import { type Exported, readExport } from './read-export.ts';
import { Watchers } from './watchers.ts';

/** So many envelopes may be unacknowledged at once. */
const OUTSTANDING = 100;
const PATIENCE_MS = 300_000;

/** What came of it, in numbers. */
export interface Replayed {
  readonly messages: number;
  readonly requests: number;
  readonly cards: number;
  /** Cards of a number that another card has too. */
  readonly doubled: number;
  readonly ackP50Ms: number;
  readonly ackP99Ms: number;
  readonly seconds: number;
  readonly callsARequest: number;
}

export interface ExportStage extends Stage {
  /** Resolves when all has been run through; null when the show was ended before. */
  readonly replayed: Promise<Replayed | null>;
}

/** Nobody is chased over years that are replayed within seconds. */
const yamlOf = (triage: string, responder: string, channels: Iterable<string>): string => `queues:
  - name: replay
    triage_channel: ${triage}
    intake:
${[...channels].map((id) => `      - { channel: ${id}, mode: every_message }`).join('\n')}
    rotation: ["${responder}"]
    ladder: { urgent: [10d, 11d, 12d, 13d], high: [10d, 11d, 12d, 13d], normal: [10d, 11d, 12d, 13d], low: [10d, 11d, 12d, 13d] }
`;

/** Resolves when the workspace is there; rejects with one line when the folder is no export. */
export async function openExportStage(directory: string): Promise<ExportStage> {
  const exported = await readExport(directory);
  const { people, channels, messages } = exported;
  const slack = await startLocalSlack();
  const responder = slack.people.add({ name: 'triage-responder', realName: 'The responder' });
  for (const [id, { name, realName }] of people)
    slack.people.add({ id, name, realName, displayName: realName });
  for (const [id, name] of channels) slack.channels.add({ id, name, members: [responder, ...people.keys()] });
  const triage = slack.channels.add({ name: 'triage-replay', isPrivate: true, members: [responder] });
  const house = await buildHouse();
  const watchers = new Watchers();
  let isAt: string | null = 'starting PostgreSQL';
  let isUp = false;
  const closing = Promise.withResolvers<null>();
  let isClosing = false;

  function tell(what: string | null): void {
    isAt = what;
    watchers.tell();
  }

  const failed = Promise.withResolvers<never>();
  const daemon = await prepareDaemon(slack, {
    folder: house.folder,
    yaml: yamlOf(triage.id, responder.id, channels.keys()),
    environment: () => ({ DATABASE_URL: house.databaseUrl() }),
    ended: (how) => failed.reject(new Error(how)),
  });
  failed.promise.catch(() => {});

  async function bringUp(): Promise<Replayed | null> {
    await house.open();
    if (isClosing) return null;
    tell('starting TrIAge');
    daemon.start();
    await slack.waitFor(() => slack.socket.open().length > 0, 'the daemon to connect', 60_000);
    isUp = true;
    const replayed = await replay(exported);
    tell(null);
    return replayed;
  }

  async function replay({ messages: all }: Exported): Promise<Replayed | null> {
    const callsBefore = slack.calls().length;
    const began = performance.now();
    const count = all.length.toLocaleString('en');
    for (const [nth, { user, channel, text, threadTs, ts }] of all.entries()) {
      if (isClosing) return null;
      if (nth % 50 === 0) tell(`${nth.toLocaleString('en')} of ${count} messages`);
      if (slack.unsettled() >= OUTSTANDING)
        await slack.waitFor(() => slack.unsettled() < OUTSTANDING, 'acknowledgements', PATIENCE_MS);
      slack.say(user, channel, text, { threadTs, ts, isEscaped: true });
    }
    await slack.waitFor(() => slack.unsettled() === 0, 'the last acknowledgements', PATIENCE_MS);
    const seconds = (performance.now() - began) / 1000;
    tell('the last cards');
    const expected = all.filter(({ threadTs, ts }) => threadTs === undefined || threadTs === ts).length;
    const cards = () =>
      slack
        .messages(triage)
        .filter(({ user, ts, thread_ts: thread }) => user === slack.botUserId && (thread ?? ts) === ts);
    await slack.waitFor(() => isClosing || cards().length >= expected, `${expected} cards`, PATIENCE_MS);
    // Where a card stands is noted just after Slack has shown it.
    await slack.waitFor(
      async () => isClosing || (await stored()).cards >= expected,
      'the cards to be noted',
      PATIENCE_MS,
    );
    if (isClosing) return null;
    const { requests, numbers } = await stored();
    const latencies = slack
      .acks()
      .map(({ latencyMs }) => latencyMs ?? 0)
      .sort((one, other) => one - other);
    const rank = (share: number): number => latencies[Math.ceil(latencies.length * share) - 1] ?? 0;
    return {
      messages: messages.length,
      requests,
      cards: cards().length,
      doubled: cards().length - numbers,
      ackP50Ms: rank(0.5),
      ackP99Ms: rank(0.99),
      seconds,
      callsARequest: (slack.calls().length - callsBefore) / Math.max(1, requests),
    };
  }

  /** The database's own count, past the daemon; `numbers`: requests that have a card. */
  async function stored(): Promise<{ requests: number; cards: number; numbers: number }> {
    const found = await house.pool()?.query<{ requests: number; cards: number; numbers: number }>(
      `select count(*)::integer as requests, count(distinct card_ts)::integer as cards,
        count(*) filter (where card_ts is not null)::integer as numbers from requests`,
    );
    return found?.rows[0] ?? { requests: 0, cards: 0, numbers: 0 };
  }

  const up = Promise.race([bringUp(), failed.promise, closing.promise]);
  up.catch((error: unknown) => {
    if (!isClosing) tell(error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error));
  });

  const refused = (): Promise<never> =>
    Promise.reject(new WishError('an export is only looked at; npm run demo has the other shows'));
  return {
    slack,
    replayed: up,
    seen: () => ({
      kind: 'export',
      isUp,
      isAt,
      now: Date.now(),
      speed: 1,
      skipsTo: null,
      troubles: [],
    }),
    partOf: (id) => (id === responder.id ? 'sees the cards' : ''),
    database: () => house.pool(),
    health: () => (daemon.isRunning() ? daemon.health : null),
    time: refused,
    trouble: refused,
    watch: watchers.watch,
    async close() {
      isClosing = true;
      closing.resolve(null);
      await daemon.close();
      await slack.close();
      await house.close();
    },
  };
}

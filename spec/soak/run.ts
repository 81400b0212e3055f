/** One soak from its first to its last line: the workspace, the servers and the daemons, the story, the quiet, the checks. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisServer, redisServer } from '../redis/redis-server.ts';
import { waitFor } from '../support/wait-for.ts';
import { startLocalSlack } from '../workspace/local-slack.ts';
import { textOf } from '../workspace/text-of.ts';
import { act } from './actions.ts';
import { checkAll } from './check.ts';
import { type SoakDaemon, soakDaemon } from './daemon.ts';
import { type SoakDatabase, soakDatabase } from './database.ts';
import type { Finding } from './evidence.ts';
import { type Scene, suffer } from './faults.ts';
import { Journal } from './journal.ts';
import { Model, wordsIn } from './model.ts';
import { drawPlan, type FaultGroup, type Step } from './plan.ts';
import { isCard, type Stage } from './stage.ts';
import { ACTORS, makeSoakTeam, SOAK_YAML } from './team.ts';

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly daemons: number;
  /** Where the logs and the story are kept; null: nowhere. */
  readonly keep: string | null;
  readonly hasRedis: boolean;
  readonly without: readonly FaultGroup[];
  readonly print: (line: string) => void;
}

export interface SoakResult {
  readonly findings: readonly Finding[];
  readonly journal: Journal;
  readonly startedAt: number;
}

/** Slack's are at once, after one minute and after five; here the same in seconds, and no outage lasts longer. */
const RETRIES_MS = [0, 2000, 5000, 8000, 12_000, 15_000];
const START_MS = 60_000;
/** A catch-up may read 45 threads a minute; posts of unknown outcome wait 20 s, one after the other in their lane. */
const QUIET_MS = 900_000;
/** What is due later than this (an answer to *Post it there*) is not waited for. */
const SOON_S = 120;

export async function soak(options: SoakOptions): Promise<SoakResult> {
  const { seed, minutes, print } = options;
  const journal = new Journal();
  const blamed: Finding[] = [];
  const blame = (what: string, check = 'daemon'): void => {
    blamed.push({ check, what, about: wordsIn(what).slice() });
  };
  const slack = await startLocalSlack({ retryDelaysMs: RETRIES_MS, closeAfterMs: 2000, pingMs: 3000 });
  const team = makeSoakTeam(slack);
  const model = new Model((seed >>> 0).toString(36));
  for (const { id, members } of Object.values(team.triage))
    for (const user of members) model.joined(id, user, 0);
  const stage: Stage = { slack, team, model, journal, forms: new Set() };
  const folder = options.keep ?? (await mkdtemp(join(tmpdir(), 'triage-soak-logs-')));
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'triage.yaml'), SOAK_YAML);
  let database: SoakDatabase | undefined;
  let redis: RedisServer | null = null;
  let scene: Scene | undefined;
  try {
    database = await soakDatabase();
    redis = options.hasRedis ? await redisServer() : null;
    await redis?.start();
    const environment = {
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_API_URL: slack.apiUrl,
      SLACK_POST_INTERVAL: '0s',
      DATABASE_URL: database.url,
      TRIAGE_CONFIG: join(folder, 'triage.yaml'),
      HEALTH_PORT: '0',
      LOG_LEVEL: 'debug',
      LOG_FORMAT: 'json',
      ...(redis === null ? {} : { REDIS_URL: redis.url }),
    };
    const daemons = Array.from({ length: options.daemons }, (_, place) =>
      soakDaemon({
        name: `daemon-${place + 1}`,
        folder,
        environment,
        secrets: [slack.appToken, slack.botToken, 'hunter2'],
        mayFailToStart: () => (scene?.troubles ?? 0) > 0,
        blame,
      }),
    );
    scene = { slack, database, daemons, redis, journal, troubles: 0 };
    for (const daemon of daemons) daemon.start();
    await slack.waitFor(
      () => slack.socket.open().length >= daemons.length,
      'the daemons to connect',
      START_MS,
    );
    const startedAt = Date.now();
    const plan = drawPlan({
      seed,
      minutes,
      people: ACTORS,
      without: [...options.without, ...(redis ? [] : (['redis'] as const))],
    });
    const watch = watchReady(daemons, [slack.appToken, slack.botToken], blame);
    const counts = await play(stage, scene, plan, startedAt);
    print(
      `  ${counts.done} deeds, ${counts.nothing} that could not be done, ${counts.faults} faults; waiting for the quiet`,
    );
    await quiet(stage, scene);
    await aftermath(stage, blame);
    await quiet(stage, scene);
    await watch.stop();
    const { findings, summary, evidence } = await checkAll(stage, database.pool, SOAK_YAML);
    print(`  ${summary}`);
    if (counts.nothing > counts.done) blame(`most of what was planned could not be done`, 'soak');
    await writeFile(
      join(folder, 'journal.txt'),
      journal.entries.map(({ at, text }) => `${at - startedAt} ${text}`).join('\n'),
    );
    await writeFile(
      join(folder, 'requests.json'),
      JSON.stringify(
        evidence.requests.map((request) => ({ ...request, timeline: evidence.timelines.get(request.id) })),
        null,
        1,
      ),
    );
    return { findings: [...blamed, ...findings], journal, startedAt };
  } finally {
    await Promise.all((scene?.daemons ?? []).map((daemon) => daemon.kill()));
    await redis?.close();
    await database?.close();
    await slack.close();
    if (options.keep === null) await rm(folder, { recursive: true, force: true });
  }
}

async function play(
  stage: Stage,
  scene: Scene,
  plan: readonly Step[],
  startedAt: number,
): Promise<{ done: number; nothing: number; faults: number }> {
  const counts = { done: 0, nothing: 0, faults: 0 };
  const under: Promise<void>[] = [];
  for (const step of plan) {
    await sleep(Math.max(0, startedAt + step.atMs - Date.now()));
    if (step.kind === 'fault') {
      counts.faults += 1;
      under.push(suffer(scene, step));
    } else {
      under.push(
        (async () => {
          counts[await act(stage, step)] += 1;
        })(),
      );
    }
  }
  await Promise.all(under);
  return counts;
}

/** Until all is handled and said, and no follow-up is soon due; what is not by then, the checks find. */
async function quiet({ slack }: Stage, { database }: Scene): Promise<void> {
  const isQuiet = async (): Promise<boolean> => {
    if (slack.unsettled() > 0) return false;
    const { rows } = await database.pool.query<{ n: number }>(
      `select (select count(*) from inbox where done_at is null) + (select count(*) from outbox)
        + (select count(*) from catch_up) + (select count(*) from hearing where gap_since is not null)
        + (select count(*) from requests where late = 'unannounced')
        + (select count(*) from requests where next_due_at < now() + $1 * interval '1 s') as n`,
      [SOON_S],
    );
    return rows[0]?.n === 0;
  };
  await waitFor(isQuiet, 'the quiet', QUIET_MS).catch(() => {});
}

/** After all that, one request has its ordinary life. */
async function aftermath(
  { slack, team, model, journal }: Stage,
  blame: (what: string) => void,
): Promise<void> {
  const { uli, lea } = team.people;
  const [channel] = team.everyMessage;
  if (uli === undefined || lea === undefined || channel === undefined) return;
  slack.join(lea, team.triage.it);
  model.joined(team.triage.it.id, lea.id, Date.now());
  const word = model.newWord();
  const ts = slack.say(uli, channel, `${word} at last`);
  const told = {
    channel: channel.id,
    ts,
    by: uli.id,
    threadTs: null,
    isDm: false,
    expected: 'request',
  } as const;
  model.write(told, word, 'ask');
  journal.note('uli asks at last', [`${channel.id}:${ts}`, word]);
  const cardNow = () =>
    slack.messages(team.triage.it).find((one) => isCard(one) && textOf(one).includes(word));
  const shows = (words: string) =>
    slack.waitFor(() => textOf(cardNow() ?? { text: '' }).includes(words), words, 20_000);
  try {
    await shows('nobody yet');
    for (const [button, state] of [
      ['Take it', 'in progress'],
      ['Waiting for asker', 'waiting'],
      ['Resolve', 'resolved'],
    ] as const) {
      const card = cardNow();
      if (card === undefined) throw new Error('its card is gone');
      const id = Number(/#(\d+)/.exec(card.text)?.[1]);
      model.did(lea.id, { 'Take it': 'take', 'Waiting for asker': 'wait', Resolve: 'resolve' }[button], id);
      await slack.press(lea, { channel: team.triage.it.id, ts: card.ts }, button);
      await shows(`*Status*\n${state}`);
    }
    await slack.waitFor(
      () => textOf(cardNow() ?? { text: '' }).includes('*Status*\nclosed'),
      'its end',
      30_000,
    );
  } catch (error) {
    blame(`after all was quiet, an ordinary request did not have its life: ${String(error)}`);
  }
}

/** Asks for /ready all the while: it must tell no secret and no text, and in the end it must be well. */
function watchReady(
  daemons: readonly SoakDaemon[],
  secrets: readonly string[],
  blame: (what: string) => void,
) {
  const ending = new AbortController();
  const look = async (): Promise<boolean> => {
    const answers = await Promise.all(daemons.map((daemon) => daemon.ready()));
    for (const body of answers.flatMap((answer) => answer?.body ?? []))
      if (wordsIn(body).length > 0 || secrets.some((secret) => body.includes(secret)))
        blame(`/ready tells too much: ${body}`);
    return answers.every((answer) => answer?.status === 200);
  };
  const loop = (async () => {
    while (!ending.signal.aborted) {
      await look();
      await sleep(2000, undefined, { signal: ending.signal }).catch(() => {});
    }
  })();
  return {
    async stop(): Promise<void> {
      ending.abort();
      await loop;
      await waitFor(look, 'every daemon to be ready', 30_000).catch(() =>
        blame('/ready is not 200 after the quiet'),
      );
    },
  };
}

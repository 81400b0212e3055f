/** `npm run forget -- @user`: blanks what a person wrote, beside running daemons or without any, and says what it did. */
import { createDesk } from '../app.ts';
import { createMemoryCache } from '../cache/memory.ts';
import { systemClock } from '../clock.ts';
import type { TriageFile } from '../config/triage-spec.ts';
import type { Config } from '../config.ts';
import { StartError, TransientError } from '../errors.ts';
import { type Forgotten, forgetPerson, isNothing } from '../jobs/forget.ts';
import type { Logger } from '../logger.ts';
import { createBoss } from '../queue/boss.ts';
import type { Service } from '../service.ts';
import { createAppTokenTest, createSlackClient } from '../slack/client.ts';
import { createDirectory } from '../slack/directory.ts';
import type { SlackClient, SlackPerson } from '../slack/port.ts';
import { checkAgainstSlack } from '../slack/startup-checks.ts';
import { livingDaemons } from '../store/daemons.ts';
import { createEmbeddedServer, runningServer } from '../store/embedded/server.ts';
import { migrate } from '../store/migrate.ts';
import { awaitDatabase, createPool, type Pool } from '../store/pool.ts';

/** A daemon that lives gives a sign of it every 3 s. */
const SIGN_MS = 15_000;

export interface ForgetOptions {
  readonly config: Config;
  readonly triageFile: TriageFile;
  readonly logger: Logger;
  /** `@name`, an e-mail address or a user id, as typed. */
  readonly who: string;
}

/**
 * @returns lines for the operator
 * @throws ConfigError, StartError: one line a problem
 */
export async function forget({ config, triageFile, logger, who }: ForgetOptions): Promise<readonly string[]> {
  if (who.trim() === '')
    throw new StartError('whom? npm run forget -- @name (or a user id, or an e-mail address)');
  const several = who.trim().split(/\s+/);
  // A display name may have spaces, but not such words only.
  if (several.length > 1 && several.every(isOneAlone))
    throw new StartError(`one person at a time, not ${several.join(' and ')}: nobody is forgotten yet`);
  const client = createSlackClient({ ...config.slack, logger });
  const testAppToken = createAppTokenTest({ ...config.slack, logger });
  const checked = await checkAgainstSlack({ client, testAppToken, file: triageFile, isLenient: true }).catch(
    unlessAway(config),
  );
  const person = await findPerson(client, who.trim()).catch(unlessAway(config));
  const open: Service[] = [];
  try {
    const pool = await openDatabase(config, logger, open);
    const boss = createBoss({ pool, logger, pollingSeconds: 1 }, []);
    open.push(boss);
    await boss.start();
    const directory = createDirectory({
      client,
      cache: createMemoryCache({ clock: systemClock }),
      clock: systemClock,
      logger,
      teamId: checked.installation.teamId,
    });
    const desk = createDesk(checked, directory, boss, wakeNobody, wakeNobody);
    const [forgotten, daemons] = await forgetPerson(pool, desk, person.id, systemClock)
      .then(async (done) => [done, await livingDaemons(pool, systemClock.now() - SIGN_MS)] as const)
      .catch(unlessLost(pool));
    return report(person, forgotten, daemons);
  } finally {
    for (const service of open.toReversed()) await service.stop();
  }
}

/** Daemons look for what others left once a second. */
function wakeNobody(): void {}

/** The daemon's own server where one runs: a cluster has room for one daemon, but not only for its connections. */
async function openDatabase({ database }: Config, logger: Logger, open: Service[]): Promise<Pool> {
  let connection = database.url ?? (await runningServer(database.dataDir));
  if (connection === null) {
    const server = createEmbeddedServer({ dataDir: database.dataDir, logger });
    open.push(server);
    await server.start();
    ({ connection } = server);
  }
  const pool = createPool({ connection, applicationName: 'triage forget', logger, max: 4 });
  open.push({ name: 'pool', start: () => Promise.resolve(), stop: () => pool.end() });
  await awaitDatabase(pool);
  await migrate(pool);
  return pool;
}

const USER_ID = /^[UW][A-Z0-9]{2,}$/;

/** A name with its @, an e-mail address, a user id. */
function isOneAlone(word: string): boolean {
  return word.includes('@') || USER_ID.test(word);
}

/** Deactivated or not. A name that several people carry, or carried, is nobody's: the wrong one would be forgotten. */
async function findPerson(client: SlackClient, who: string): Promise<{ id: string; name: string }> {
  if (USER_ID.test(who)) {
    // Slack need not know them any more.
    const known = await client.person(who);
    return { id: who, name: known?.name ?? 'somebody whom Slack does not know' };
  }
  const people = (await client.people()).filter(({ isBot }) => !isBot);
  const found = people.filter((person) => isCalled(person, who));
  if (found.length > 1) {
    const ids = found.map(({ id, isDeactivated }) => (isDeactivated ? `${id} (deactivated)` : id));
    throw new StartError(`${who} may be any of ${ids.join(', ')}; name one by id`);
  }
  const [one] = found;
  if (one === undefined) throw new StartError(`Slack knows nobody by the name ${who}; a user id works too`);
  return { id: one.id, name: one.name };
}

function isCalled({ handle, displayName, email }: SlackPerson, who: string): boolean {
  const text = who.toLowerCase();
  const name = text.replace(/^@/, '');
  return [handle, displayName].some((one) => one?.toLowerCase() === name) || email?.toLowerCase() === text;
}

function report(
  { id, name }: { readonly id: string; readonly name: string },
  done: Forgotten,
  daemons: number,
): readonly string[] {
  const who = `${name} (${id})`;
  const { requests, messages, removals, answers, events, withdrawn, goOn, pendingEvents } = done;
  const isAll = isNothing(done);
  const lines = isAll
    ? [`nothing that ${who} wrote was left`]
    : [
        `what ${who} wrote is blanked:`,
        `  ${requests} requests: title, text, names of files, notes, reasons; their cards are shown anew`,
        `  ${messages} messages of conversations`,
        `  ${removals} messages of TrIAge in Slack, which are deleted: copies, and lines that showed a text`,
        `  ${answers} answers that waited to be given and are dropped`,
        `  ${events} events that named them or showed a text`,
        ...(withdrawn.length > 0 ? [`  withdrawn, since nobody had them: ${numbers(withdrawn)}`] : []),
        ...(goOn.length > 0 ? [`  open, and going on without text: ${numbers(goOn)}`] : []),
      ];
  if (pendingEvents > 0)
    lines.push(`${pendingEvents} events that name them still wait to be handled: run this again in a minute`);
  if (!isAll && daemons === 0)
    lines.push('no daemon runs over this database: Slack follows when one is started');
  return lines;
}

function numbers(ids: readonly number[]): string {
  return ids.map((id) => `#${id}`).join(' ');
}

/** Each of its steps is whole by itself. */
function unlessLost({ target }: Pool): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof TransientError)) throw error;
    throw new StartError(
      `DATABASE_URL: PostgreSQL at ${target} went away (${error.message}): what is blanked stays so, run this again`,
      { cause: error },
    );
  };
}

function unlessAway({ slack }: Config): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof TransientError)) throw error;
    throw new StartError(`Slack does not answer at ${slack.apiUrl} (${error.message})`, { cause: error });
  };
}

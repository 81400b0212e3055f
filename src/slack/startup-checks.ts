/** The configuration held against the Slack that it is for: all problems in one go. */
import { atLine, quote } from '../config/problems.ts';
import {
  type FileReference,
  type ResolvedReference,
  referencesOf,
  resolveTriageFile,
} from '../config/resolve-triage-file.ts';
import type { TriageFile } from '../config/triage-spec.ts';
import type { Queue } from '../domain/queue.ts';
import { ConfigError } from '../errors.ts';
import { isRefusal, isTokenProblem } from './errors.ts';
import { type KnownNames, learnNames } from './known-names.ts';
import type { Installation, SlackClient, TokenState } from './port.ts';
import { APP_TOKEN_SCOPE, REQUIRED_SCOPES } from './scopes.ts';

export interface SlackCheckOptions {
  readonly client: SlackClient;
  readonly testAppToken: () => Promise<TokenState>;
  readonly file: TriageFile;
  /**
   * Whoever is named only has to exist: for a command beside the daemon, which must work though somebody in a rotation has
   * been deactivated, say because of them.
   */
  readonly isLenient?: boolean;
}

export interface SlackCheck {
  readonly installation: Installation;
  readonly queues: readonly Queue[];
  /** A line each, as problems are; nothing that keeps the daemon from its work. */
  readonly warnings: readonly string[];
}

/** Without one of these, not finding somebody or something says nothing. */
const LOOKING = new Set(['channels:read', 'groups:read', 'users:read', 'users:read.email']);

/**
 * @throws ConfigError with every problem: tokens, scopes by name, channels and people that Slack does not know
 * @throws TransientError while Slack does not answer; to be tried again
 */
export async function checkAgainstSlack({
  client,
  testAppToken,
  file,
  isLenient = false,
}: SlackCheckOptions): Promise<SlackCheck> {
  const botToken: string[] = [];
  const [appToken, installation] = await Promise.all([
    appTokenProblems(testAppToken),
    authTest(client, botToken),
  ]);
  const problems = [...appToken, ...botToken];
  if (installation === null) throw new ConfigError(problems);
  problems.push(...botTokenProblems(installation));
  const references = referencesOf(file);
  const canLook = !missingScopes(installation).some((scope) => LOOKING.has(scope));
  const names = await learnNames(client, references);
  const check = isLenient ? null : (of: ResolvedReference) => problemsOf(of, names, installation);
  const queues = resolve(file, names, check, problems, canLook);
  if (problems.length > 0) throw new ConfigError(problems);
  return { installation, queues, warnings: await warningsOf(file, queues, names, client) };
}

async function appTokenProblems(testAppToken: () => Promise<TokenState>): Promise<string[]> {
  try {
    const { userId, scopes } = await testAppToken();
    if (userId !== null) return ['SLACK_APP_TOKEN: this is no app-level token (xapp-…)'];
    if (scopes.length > 0 && !scopes.includes(APP_TOKEN_SCOPE)) {
      return [`SLACK_APP_TOKEN: the scope ${APP_TOKEN_SCOPE} is missing`];
    }
    return [];
  } catch (error) {
    // Should Slack not say anything about tokens of this kind here, opening the connection will.
    if (isRefusal(error, 'not_allowed_token_type')) return [];
    if (isTokenProblem(error)) return [`SLACK_APP_TOKEN: Slack does not accept it (${error.code})`];
    throw error;
  }
}

/** Null, with the problem noted, for a token that Slack does not accept. */
async function authTest(client: SlackClient, problems: string[]): Promise<Installation | null> {
  try {
    return await client.authTest();
  } catch (error) {
    if (!isTokenProblem(error)) throw error;
    problems.push(
      error.code === 'not_allowed_token_type'
        ? 'SLACK_BOT_TOKEN: this is no bot token (xoxb-…)'
        : `SLACK_BOT_TOKEN: Slack does not accept it (${error.code})`,
    );
    return null;
  }
}

function botTokenProblems(installation: Installation): readonly string[] {
  if (installation.botId === null) return ["SLACK_BOT_TOKEN: this is a person's token, not a bot's (xoxb-…)"];
  return missingScopes(installation).map(
    (scope) =>
      `SLACK_BOT_TOKEN: the scope ${scope} is missing (${REQUIRED_SCOPES[scope] ?? ''}); add it and reinstall the app`,
  );
}

function missingScopes({ scopes }: Installation): readonly string[] {
  if (scopes.length === 0) return [];
  return Object.keys(REQUIRED_SCOPES).filter((scope) => !scopes.includes(scope));
}

/** The queues; where there are problems, they are added to the list. */
function resolve(
  file: TriageFile,
  names: KnownNames,
  check: ((reference: ResolvedReference) => readonly string[]) | null,
  problems: string[],
  canLook: boolean,
): readonly Queue[] {
  try {
    return resolveTriageFile(file, { ...names, ...(check === null ? {} : { check }) });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // Without the scopes to look, what was not found may well be there.
    if (canLook) problems.push(...error.problems);
    return [];
  }
}

function problemsOf(
  reference: ResolvedReference,
  names: KnownNames,
  installation: Installation,
): readonly string[] {
  return reference.kind === 'channel'
    ? channelProblems(reference, names)
    : personProblems(reference, names, installation);
}

function channelProblems({ use, text, id }: ResolvedReference, names: KnownNames): readonly string[] {
  const channel = names.channels.get(id);
  if (channel?.isArchived === true) return [`${use}: the channel ${quote(text)} is archived`];
  if (channel?.isMember === false) {
    return [`${use}: the bot is not in ${quote(text)}; invite it there with /invite`];
  }
  return [];
}

function personProblems(
  { use, text, id }: ResolvedReference,
  names: KnownNames,
  { teamId }: Installation,
): readonly string[] {
  const several = names.ambiguous.get(text);
  if (several !== undefined)
    return [`${use}: ${quote(text)} may be any of ${several.join(', ')}; name one by id`];
  const person = names.people.get(id);
  if (person?.isDeactivated === true) return [`${use}: ${quote(text)} is deactivated`];
  if (person?.isBot === true) return [`${use}: ${quote(text)} is a bot`];
  const isElsewhere = person !== undefined && person.teamIds.length > 0 && !person.teamIds.includes(teamId);
  if (person?.isStranger === true || isElsewhere) return [`${use}: ${quote(text)} is of another workspace`];
  return [];
}

async function warningsOf(
  file: TriageFile,
  queues: readonly Queue[],
  names: KnownNames,
  client: SlackClient,
): Promise<readonly string[]> {
  const references = referencesOf(file);
  const found = await Promise.all(
    queues.map(async (queue) => {
      const own = references.filter((reference) => reference.queue === queue.name);
      return [
        ...publicWarnings(file, queue, own, names),
        ...(await absentWarnings(file, queue, own, names, client)),
      ];
    }),
  );
  return found.flat();
}

/** Where private text comes in and everybody may read the cards. */
function publicWarnings(
  file: TriageFile,
  queue: Queue,
  own: readonly FileReference[],
  names: KnownNames,
): readonly string[] {
  const triage = names.channels.get(queue.triageChannel);
  const reference = own.find(({ use }) => use === 'triage_channel');
  if (triage === undefined || reference === undefined || (triage.isPrivate && !triage.isShared)) return [];
  const hasPrivateIntake = queue.intake.some(
    ({ channel }) => names.channels.get(channel)?.isPrivate === true,
  );
  if (!queue.isDefault && !hasPrivateIntake) return [];
  const how = triage.isShared ? 'shared with another workspace' : 'public';
  const sources = [
    ...(queue.isDefault ? ['direct messages'] : []),
    ...(hasPrivateIntake ? ['private channels'] : []),
  ];
  const text = `triage_channel: ${quote(reference.text)} is ${how}: text from ${sources.join(' and ')} will be shown to the asker first, to post it there or not`;
  return [atLine(file.fileName, reference.line, text)];
}

/** Who is to be on duty but is not in the triage channel will be passed over. */
async function absentWarnings(
  file: TriageFile,
  queue: Queue,
  own: readonly FileReference[],
  names: KnownNames,
  client: SlackClient,
): Promise<readonly string[]> {
  const members = new Set(await client.members(queue.triageChannel));
  return own.flatMap((reference) => {
    const found = reference.use === 'rotation' ? names.person(reference.text) : null;
    if (found === null || !('id' in found) || members.has(found.id)) return [];
    const text = `rotation: ${quote(reference.text)} is not in the triage channel and will be passed over`;
    return [atLine(file.fileName, reference.line, text)];
  });
}

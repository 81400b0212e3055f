/** Channels and people by the names that the configuration uses. */
import type { FileReference, Lookup } from '../config/resolve-triage-file.ts';
import { nearest } from '../domain/nearest.ts';
import { isRefusal } from './errors.ts';
import type { SlackChannel, SlackClient, SlackPerson } from './port.ts';

export interface KnownNames {
  channel(text: string): Lookup;
  person(text: string): Lookup;
  /** By id, for what has been found. */
  readonly channels: ReadonlyMap<string, SlackChannel>;
  readonly people: ReadonlyMap<string, SlackPerson>;
  /** The ids of all who carry this name, when it is several: none of them is meant for sure. */
  readonly ambiguous: ReadonlyMap<string, readonly string[]>;
}

type Asking = Pick<
  SlackClient,
  'joinedChannels' | 'visibleChannels' | 'channel' | 'people' | 'person' | 'personByEmail'
>;

/**
 * Asks Slack for all that these references may mean, with as few calls as it takes. What a missing scope keeps us
 * from asking is taken for unknown; the scope itself is reported elsewhere.
 */
export async function learnNames(client: Asking, references: readonly FileReference[]): Promise<KnownNames> {
  const textsOf = (kind: FileReference['kind']): string[] => [
    ...new Set(references.filter((reference) => reference.kind === kind).map(({ text }) => text)),
  ];
  const channels = await learnChannels(client, textsOf('channel'));
  const people = await learnPeople(client, textsOf('person'));
  const peopleById = byId(people.found);
  const channelsById = byId(channels);
  const ambiguous = new Map<string, readonly string[]>();
  const person = (text: string): Lookup => {
    const found = findPeople(text, people);
    if (found.length > 1)
      ambiguous.set(
        text,
        found.map(({ id }) => id),
      );
    return found[0] === undefined ? { nearest: nearestPerson(text, people.found) } : { id: found[0].id };
  };
  const channel = (text: string): Lookup => {
    const found = channels.find((each) => isCalled(each, text));
    if (found !== undefined) return { id: found.id };
    const guess = nearest(
      bare(text, '#'),
      channels.filter((each) => !each.isArchived).map(({ name }) => name),
    );
    return { nearest: guess === undefined ? undefined : `#${guess}` };
  };
  return { channel, person, channels: channelsById, people: peopleById, ambiguous };
}

async function learnChannels(client: Asking, texts: readonly string[]): Promise<readonly SlackChannel[]> {
  const joined = (await known(client.joinedChannels(), [])).filter((channel) => !channel.isDm);
  if (texts.every((text) => joined.some((channel) => isCalled(channel, text)))) return joined;
  const all = await known(client.visibleChannels(), []);
  const ids = new Set(joined.map(({ id }) => id));
  return [...joined, ...all.filter(({ id }) => !ids.has(id))];
}

interface KnownPeople {
  readonly found: readonly SlackPerson[];
  /** By the very text of the reference, for ids and e-mail addresses. */
  readonly direct: ReadonlyMap<string, SlackPerson>;
}

async function learnPeople(client: Asking, texts: readonly string[]): Promise<KnownPeople> {
  const direct = new Map<string, SlackPerson>();
  for (const text of texts.filter(isPersonId)) {
    const person = await known(client.person(text), null);
    if (person !== null) direct.set(text, person);
  }
  for (const text of texts.filter(isEmail)) {
    const person = await known(client.personByEmail(text), null);
    if (person !== null) direct.set(text, person);
  }
  // The list of everybody can be long; only names need it, and guesses at what was meant.
  const needsAll = texts.some((text) => !direct.has(text));
  const all = needsAll ? await known(client.people(), []) : [];
  return { found: [...direct.values(), ...all], direct };
}

/** Those whom a text means: the handle first, which is unique, then display names; who has left only if nobody else does. */
function findPeople(text: string, { found, direct }: KnownPeople): readonly SlackPerson[] {
  const person = direct.get(text);
  if (person !== undefined) return [person];
  if (isEmail(text)) return found.filter((each) => each.email?.toLowerCase() === text.toLowerCase());
  const name = bare(text, '@').toLowerCase();
  const active = found.filter((each) => !each.isDeactivated);
  for (const people of [active, found]) {
    const byHandle = people.find((each) => each.handle?.toLowerCase() === name);
    if (byHandle !== undefined) return [byHandle];
    const byName = people.filter((each) => each.displayName?.toLowerCase() === name);
    if (byName.length > 0) return byName;
  }
  return [];
}

function nearestPerson(text: string, people: readonly SlackPerson[]): string | undefined {
  const active = people.filter((each) => !each.isDeactivated && !each.isBot);
  if (isEmail(text))
    return nearest(
      text,
      active.flatMap(({ email }) => email ?? []),
    );
  const guess = nearest(
    bare(text, '@'),
    active.flatMap(({ handle, displayName }) => [handle, displayName].filter((name) => name !== null)),
  );
  return guess === undefined ? undefined : `@${guess}`;
}

function isCalled(channel: SlackChannel, text: string): boolean {
  return channel.id === text || channel.name.toLowerCase() === bare(text, '#').toLowerCase();
}

const isPersonId = (text: string): boolean => /^[UW][A-Z0-9]{2,}$/.test(text);
const isEmail = (text: string): boolean => text.indexOf('@') > 0;
const bare = (text: string, sign: string): string => (text.startsWith(sign) ? text.slice(1) : text);

function byId<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}

/** The answer, or what stands for it while a scope is missing. */
async function known<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (isRefusal(error, 'missing_scope')) return otherwise;
    throw error;
  }
}

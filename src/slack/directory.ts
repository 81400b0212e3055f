/** Who and what is in Slack: people, channels and their members, kept in the cache. */
import { IANAZone } from 'luxon';
import type { Cache } from '../cache/cache.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { clamp } from './clamp.ts';
import { isRefusal } from './errors.ts';
import type { EscapedText, SlackEvent } from './event.ts';
import { oneLine } from './inline.ts';
import { flag, id, isRecord, list, text } from './json.ts';
import { Kept } from './kept.ts';
import { mentioned, type Names } from './mrkdwn.ts';
import type { SlackChannel, SlackClient, SlackPerson } from './port.ts';

export interface Person {
  readonly id: string;
  readonly isKnown: boolean;
  /** On one line and of bearable length; still what that person typed, so quote it. */
  readonly name: string;
  /** The unique name that people type after an @. */
  readonly handle: string | null;
  /** IANA zone; UTC if Slack does not say, as for bots. */
  readonly zone: string;
  readonly isBot: boolean;
  readonly isDeactivated: boolean;
  /** Of another workspace (Slack Connect): may ask, never respond. */
  readonly isStranger: boolean;
  readonly teamId: string | null;
  readonly email: string | null;
}

export type Channel = SlackChannel;

export interface Directory {
  /** Somebody whom Slack does not know (or does not show us) is a stranger of that id, `isKnown` false. */
  person(id: string): Promise<Person>;
  /** Null if there is none, or a private one without the bot. */
  channel(id: string): Promise<Channel | null>;
  /** The same asked of Slack now: for what depends on who can read along, where an old answer will not do. */
  channelNow(id: string): Promise<Channel | null>;
  /** Everybody in it, bots and strangers too; nobody where the bot cannot look. */
  members(channel: string): Promise<ReadonlySet<string>>;
  /** The members of a triage channel that may respond: people of this workspace, not deactivated. */
  responders(channel: string): Promise<readonly Person[]>;
  isResponder(channel: string, user: string): Promise<boolean>;
  /** The names that `plain` needs for these texts; ids where Slack does not answer. */
  names(...texts: readonly EscapedText[]): Promise<Names>;
  /** Takes note of what an event says about people, channels and members. */
  forget(event: SlackEvent): Promise<void>;
}

export interface DirectoryOptions {
  readonly client: Pick<SlackClient, 'person' | 'people' | 'channel' | 'members'>;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Our workspace. */
  readonly teamId: string;
}

const PERSON_MS = 3_600_000;
const CHANNEL_MS = 600_000;
const MEMBERS_MS = 600_000;
/** What does not exist may soon. */
const NOTHING_MS = 60_000;
const LONGEST_NAME = 80;
/** Slack answers 100 look-ups of people a minute; from here on one list of all is cheaper. */
const MANY_PEOPLE = 30;
const AT_ONCE = 5;

export function createDirectory(options: DirectoryOptions): Directory {
  const { client, teamId } = options;
  const people = new Kept<Person>({
    ...options,
    prefix: `person:${teamId}`,
    freshMs: (person) => (person.isKnown ? PERSON_MS : NOTHING_MS),
    load: async (user) => toPerson(user, await client.person(user), teamId),
    parse: parsePerson,
  });
  const channels = new Kept<Channel | null>({
    ...options,
    prefix: `channel:${teamId}`,
    freshMs: (channel) => (channel === null ? NOTHING_MS : CHANNEL_MS),
    load: (channel) => client.channel(channel),
    parse: parseChannel,
  });
  const members = new Kept<readonly string[]>({
    ...options,
    prefix: `members:${teamId}`,
    freshMs: (found) => (found.length === 0 ? NOTHING_MS : MEMBERS_MS),
    load: (channel) => readMembers(client, channel),
    parse: (stored) => (Array.isArray(stored) ? list(stored).flatMap((user) => id(user) ?? []) : undefined),
  });

  return {
    person: (user) => people.get(user),
    channel: (channel) => channels.get(channel),
    channelNow: (channel) => channels.ask(channel),
    members: async (channel) => new Set(await members.get(channel)),

    async responders(channel) {
      const users = await members.get(channel);
      await fillPeople(users, people, client, teamId);
      const found = await inTurns(users, (user) => people.get(user));
      return found.filter(mayRespond);
    },

    async isResponder(channel, user) {
      if (!(await members.get(channel)).includes(user)) return false;
      return mayRespond(await people.get(user));
    },

    async names(...texts) {
      const all = texts.map((each) => mentioned(each));
      const users = [...new Set(all.flatMap((found) => found.people))];
      const places = [...new Set(all.flatMap((found) => found.channels))];
      const nameOf = new Map<string, string>();
      await inTurns(users, async (user) => {
        const person = await people.get(user).catch(() => null);
        if (person?.isKnown === true) nameOf.set(user, person.name);
      });
      await inTurns(places, async (place) => {
        const channel = await channels.get(place).catch(() => null);
        if (channel !== null) nameOf.set(place, channel.name);
      });
      const lookUp = (each: string): string | null => nameOf.get(each) ?? null;
      return { person: lookUp, channel: lookUp };
    },

    async forget(event) {
      if (event.kind === 'person_changed') await people.drop(event.user);
      if (event.kind === 'channel') {
        await channels.drop(event.channel);
        if (event.change === 'deleted' || event.change === 'unshared') await members.drop(event.channel);
      }
      if (event.kind === 'member') {
        const { channel, user, joined } = event;
        await members.change(channel, (known) => {
          const others = known.filter((each) => each !== user);
          return joined ? [...others, user] : others;
        });
        // It may have been the bot itself, whose membership is the channel's to say.
        await channels.drop(channel);
      }
    },
  };
}

function mayRespond(person: Person): boolean {
  return !person.isBot && !person.isDeactivated && !person.isStranger;
}

/** Nobody where there is no channel, or none that the bot can look into: nobody there can respond. */
async function readMembers(
  client: Pick<SlackClient, 'members'>,
  channel: string,
): Promise<readonly string[]> {
  try {
    return await client.members(channel);
  } catch (error) {
    if (isRefusal(error, 'channel_not_found', 'not_in_channel')) return [];
    throw error;
  }
}

/** Brings many unknown people in with one list instead of one question each. */
async function fillPeople(
  users: readonly string[],
  people: Kept<Person>,
  client: Pick<SlackClient, 'people'>,
  teamId: string,
): Promise<void> {
  const known = await Promise.all(users.map((user) => people.has(user)));
  const missing = new Set(users.filter((_, index) => known[index] !== true));
  if (missing.size <= MANY_PEOPLE) return;
  for (const person of await client.people()) {
    if (missing.has(person.id)) await people.put(person.id, toPerson(person.id, person, teamId));
  }
}

/** Runs over all of them, a few at a time. */
async function inTurns<A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<readonly B[]> {
  const found: B[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    found.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))));
  }
  return found;
}

function toPerson(user: string, found: SlackPerson | null, teamId: string): Person {
  if (found === null) return unknown(user);
  return {
    id: user,
    isKnown: true,
    name: clamp(oneLine(found.name), LONGEST_NAME) || user,
    handle: found.handle,
    zone: found.zone !== null && IANAZone.isValidZone(found.zone) ? found.zone : 'UTC',
    isBot: found.isBot,
    isDeactivated: found.isDeactivated,
    isStranger: found.isStranger || (found.teamIds.length > 0 && !found.teamIds.includes(teamId)),
    teamId: found.teamIds[0] ?? null,
    email: found.email,
  };
}

/** Nobody whom we cannot see may respond. */
function unknown(user: string): Person {
  return {
    id: user,
    isKnown: false,
    name: user,
    handle: null,
    zone: 'UTC',
    isBot: false,
    isDeactivated: false,
    isStranger: true,
    teamId: null,
    email: null,
  };
}

/** From the cache; undefined if that is none of ours. */
function parsePerson(stored: unknown): Person | undefined {
  if (!isRecord(stored)) return undefined;
  const found = id(stored.id);
  const name = text(stored.name);
  const zone = text(stored.zone);
  if (found === null || name === null || zone === null) return undefined;
  return {
    id: found,
    isKnown: flag(stored.isKnown),
    name,
    zone,
    handle: text(stored.handle),
    isBot: flag(stored.isBot),
    isDeactivated: flag(stored.isDeactivated),
    isStranger: flag(stored.isStranger),
    teamId: text(stored.teamId),
    email: text(stored.email),
  };
}

function parseChannel(stored: unknown): Channel | null | undefined {
  if (stored === null) return null;
  if (!isRecord(stored)) return undefined;
  const found = id(stored.id);
  if (found === null || typeof stored.name !== 'string') return undefined;
  return {
    id: found,
    name: stored.name,
    isPrivate: flag(stored.isPrivate),
    isDm: flag(stored.isDm),
    isShared: flag(stored.isShared),
    isArchived: flag(stored.isArchived),
    isMember: flag(stored.isMember),
    dmUser: text(stored.dmUser),
  };
}

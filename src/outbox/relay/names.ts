/** Names for rendering, which is pure: everybody whom a message may name is looked up before. */

import type { Request } from '../../domain/request.ts';
import { TransientError } from '../../errors.ts';
import type { Directory } from '../../slack/directory.ts';
import { escapedText, mentioned } from '../../slack/mrkdwn.ts';
import type { OutboxEffect } from '../../store/outbox.ts';

export interface ShownNames {
  person(id: string): string;
  channel(id: string): string;
}

/** Whom and what a message names, by id. */
export interface Named {
  readonly people: Set<string>;
  readonly channels: Set<string>;
}

/** A text may mention hundreds; those beyond stay "somebody". */
const MOST_NAMES = 60;
const AT_ONCE = 10;

export function nobody(): Named {
  return { people: new Set(), channels: new Set() };
}

/** Adds those whom a request's messages name. */
export function addRequest(named: Named, request: Request): void {
  const { source, lastChange, exit, resolution, hold } = request;
  addPeople(named, request.asker, request.owner, lastChange?.by, exit?.by, resolution?.by);
  if (source.channel !== null) named.channels.add(source.channel);
  addTexts(
    named,
    source.title,
    source.text,
    request.unshownText,
    lastChange?.what,
    exit?.reason,
    resolution?.note,
    hold?.reason,
  );
}

export function addPeople(named: Named, ...people: readonly (string | null | undefined)[]): void {
  for (const person of people)
    if (person !== null && person !== undefined && person !== '') named.people.add(person);
}

/** @param texts as Slack escapes them */
export function addTexts(named: Named, ...texts: readonly (string | null | undefined)[]): void {
  for (const text of texts) {
    if (text === null || text === undefined) continue;
    const { people, channels } = mentioned(escapedText(text));
    addPeople(named, ...people);
    for (const channel of channels) named.channels.add(channel);
  }
}

/** Adds those in a stored effect: ids stand there alone, mentions within texts. */
export function addEffect(named: Named, effect: OutboxEffect): void {
  addLeaves(named, effect);
}

function addLeaves(named: Named, value: unknown): void {
  if (typeof value === 'string') {
    if (/^[UW][A-Z0-9]{2,}$/.test(value)) named.people.add(value);
    else addTexts(named, value);
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) addLeaves(named, part);
  }
}

/** What stands in a message stays until its next change: while Slack does not answer, the message waits. */
function unlessAway(error: unknown): null {
  if (error instanceof TransientError) throw error;
  return null;
}

/** The name of one person, as `lookUp` gives it. */
export async function nameOf(directory: Pick<Directory, 'person'>, id: string): Promise<string> {
  const person = await directory.person(id).catch(unlessAway);
  return person?.isKnown === true ? person.name : 'somebody';
}

/**
 * Looks the names up. Whom Slack does not know, or does not tell, is "somebody"; a private channel keeps its name to
 * itself wherever a text mentions it, unless it is in `shown`.
 * @throws TransientError when Slack does not answer, and never did about one of them
 */
export async function lookUp(
  directory: Pick<Directory, 'person' | 'channel'>,
  named: Named,
  shown: ReadonlySet<string> = new Set(),
): Promise<ShownNames> {
  const people = new Map<string, string>();
  const channels = new Map<string, string>();
  await inTurns([...named.people].slice(0, MOST_NAMES), async (id) => {
    people.set(id, await nameOf(directory, id));
  });
  await inTurns([...named.channels].slice(0, MOST_NAMES), async (id) => {
    const channel = await directory.channel(id).catch(unlessAway);
    if (channel !== null && (!channel.isPrivate || shown.has(id))) channels.set(id, channel.name);
  });
  return {
    person: (id) => people.get(id) ?? 'somebody',
    channel: (id) => channels.get(id) ?? 'private-channel',
  };
}

async function inTurns(ids: readonly string[], work: (id: string) => Promise<void>): Promise<void> {
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    await Promise.all(ids.slice(start, start + AT_ONCE).map(work));
  }
}

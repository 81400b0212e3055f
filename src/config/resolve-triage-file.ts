/** From names to Slack ids. Whoever knows Slack answers through `Resolver`; this file asks nothing itself. */
import type { Escalation, Queue } from '../domain/queue.ts';
import { checkChannels } from './channel-claims.ts';
import { hint, ProblemList, quote } from './problems.ts';
import { DEFAULT_TARGETS } from './triage-defaults.ts';
import type { QueueSpec, Reference, TriageFile } from './triage-spec.ts';

/** What a reference of the file is for. */
export type ReferenceUse = 'triage_channel' | 'intake' | 'rotation' | 'lead' | 'escalation';

export interface FileReference extends Reference {
  readonly kind: 'channel' | 'person';
  readonly use: ReferenceUse;
  /** Name of the queue that it stands in. */
  readonly queue: string;
}

export interface ResolvedReference extends FileReference {
  readonly id: string;
}

/** A Slack id, or that there is none, perhaps with the nearest name that exists. */
export type Lookup = { readonly id: string } | { readonly nearest?: string | undefined };

export interface Resolver {
  channel(text: string): Lookup;
  person(text: string): Lookup;
  /** Further problems with something that exists (the bot is no member, the person is deactivated), a line each. */
  check?(reference: ResolvedReference): readonly string[];
}

/** Every name in the file, in its order: what has to be looked up before it can be resolved. */
export function referencesOf(file: TriageFile): readonly FileReference[] {
  return file.queues.flatMap(referencesOfQueue);
}

function referencesOfQueue(spec: QueueSpec): readonly FileReference[] {
  const { name: queue, triageChannel, intake, rotation, lead, escalation } = spec;
  const found: FileReference[] = [
    { ...triageChannel, kind: 'channel', use: 'triage_channel', queue },
    ...intake.map(({ channel }) => ({ ...channel, kind: 'channel', use: 'intake', queue }) as const),
    ...rotation.people.map((person) => ({ ...person, kind: 'person', use: 'rotation', queue }) as const),
  ];
  if (lead) found.push({ ...lead, kind: 'person', use: 'lead', queue });
  if (escalation) found.push({ ...escalation.to, kind: escalation.kind, use: 'escalation', queue });
  return found;
}

/**
 * The queues as the domain wants them. Throws a ConfigError with every name that Slack does not know, every
 * problem that `resolver.check` sees, and every channel or person that stands twice under two names.
 */
export function resolveTriageFile(file: TriageFile, resolver: Resolver): readonly Queue[] {
  const problems = new ProblemList(file.fileName);
  for (const reference of referencesOf(file)) {
    const found = lookUp(reference, resolver);
    if ('id' in found) {
      const more = resolver.check?.({ ...reference, id: found.id }) ?? [];
      for (const problem of more) problems.add(reference.line, problem);
    } else {
      const what = `${reference.use}: Slack knows no ${reference.kind} ${quote(reference.text)}`;
      problems.add(reference.line, what + hint(found.nearest));
    }
  }
  const channelId = (channel: Reference): string | null => idOf(resolver.channel(channel.text));
  checkChannels(file.queues, channelId, problems);
  const queues = file.queues.map((spec) => resolveQueue(spec, resolver, problems));
  problems.raise();
  return queues.filter((queue) => queue !== null);
}

/** Null when a compulsory name is unknown, which has been reported. */
function resolveQueue(spec: QueueSpec, resolver: Resolver, problems: ProblemList): Queue | null {
  const { name, isDefault, rotation, ladder, waiting, closeAfterMs, hasTakenLine } = spec;
  const channelId = (channel: Reference): string | null => idOf(resolver.channel(channel.text));
  const personId = (person: Reference): string | null => idOf(resolver.person(person.text));
  const triageChannel = channelId(spec.triageChannel);
  const people = new Set<string>();
  for (const person of rotation.people) {
    const id = personId(person);
    if (id === null) continue;
    if (people.has(id))
      problems.add(person.line, `${quote(person.text)} is twice in rotation, under two names`);
    people.add(id);
  }
  const intake = spec.intake.flatMap(({ channel, mode }) => {
    const id = channelId(channel);
    return id === null ? [] : [{ channel: id, mode }];
  });
  if (triageChannel === null) return null;
  return {
    name,
    isDefault,
    triageChannel,
    intake,
    rotation: { ...rotation, people: [...people] },
    lead: spec.lead && personId(spec.lead),
    escalation: resolveEscalation(spec, channelId, personId),
    targets: DEFAULT_TARGETS,
    ladder,
    waiting,
    closeAfterMs,
    hasTakenLine,
  };
}

type IdOf = (reference: Reference) => string | null;

function resolveEscalation(spec: QueueSpec, channelId: IdOf, personId: IdOf): Escalation | null {
  if (spec.escalation === null) return null;
  const { kind, to } = spec.escalation;
  const id = kind === 'channel' ? channelId(to) : personId(to);
  if (id === null) return null;
  return kind === 'channel' ? { kind, channel: id } : { kind, user: id };
}

const lookUp = (reference: FileReference, resolver: Resolver): Lookup =>
  reference.kind === 'channel' ? resolver.channel(reference.text) : resolver.person(reference.text);

const idOf = (found: Lookup): string | null => ('id' in found ? found.id : null);

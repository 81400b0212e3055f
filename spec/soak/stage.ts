/** What everybody who acts in a soak can see and reach. */
import type { LocalSlack } from '../workspace/local-slack.ts';
import type { MessageRef } from '../workspace/people.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Channel, Message, Person, View } from '../workspace/wire.ts';
import type { Journal } from './journal.ts';
import { keyOf, type Model, type Told, wordsIn } from './model.ts';
import type { SoakTeam } from './team.ts';

export interface Stage {
  readonly slack: LocalSlack;
  readonly team: SoakTeam;
  readonly model: Model;
  readonly journal: Journal;
  /** Forms that somebody is at, by id. */
  readonly forms: Set<string>;
}

/** What somebody did, for the story. */
export interface Deed {
  readonly text: string;
  readonly about: readonly string[];
}

export type Picks = readonly [number, number, number];
export type Act = (stage: Stage, who: Person, picks: Picks) => Promise<Deed> | Deed;

/** The latest of a channel's messages that somebody would still look at. */
const LATEST = 30;

export function isCard(message: Message): boolean {
  return message.blocks?.[0]?.['type'] === 'header' && /#\d+/.test(message.text);
}

/** The request's number on one of our messages; null when it names none. */
export function numberOn(message: Pick<Message, 'text' | 'blocks'>): number | null {
  const found = /#(\d+)/.exec(`${message.text} ${textOf(message)}`)?.[1];
  return found === undefined ? null : Number(found);
}

export function cardsIn({ slack }: Stage, channel: Channel): readonly (Message & MessageRef)[] {
  return slack
    .messages(channel)
    .filter((message) => message.user === slack.botUserId && isCard(message))
    .slice(-LATEST)
    .map((message) => ({ ...message, channel: channel.id }));
}

/** Cards that this person sees. */
export function cardsFor(stage: Stage, who: Person): readonly (Message & MessageRef)[] {
  return Object.values(stage.team.triage)
    .filter(({ members }) => members.has(who.id))
    .flatMap((channel) => cardsIn(stage, channel));
}

/** Messages of the bot that this person reads outside of the triage channels: in their DM, and in threads. */
export function linesFor({ slack, team }: Stage, who: Person): readonly (Message & MessageRef)[] {
  const places = [slack.dmOf(who), ...[...team.everyMessage, ...team.mention].map(({ id }) => id)];
  return places
    .filter((id) => slack.world.channel(id).members.has(who.id))
    .flatMap((channel) =>
      slack
        .messages(channel)
        .filter(({ user }) => user === slack.botUserId)
        .slice(-LATEST)
        .map((message) => ({ ...message, channel })),
    );
}

/** What people wrote at the top of channels and DMs that this person is in, the latest last. */
export function topMessages(
  { slack, model }: Stage,
  who: Person,
  fits: (told: Told) => boolean,
): readonly Told[] {
  return [...model.told.values()]
    .filter((told) => told.threadTs === null && told.removedAt === null && fits(told))
    .filter(({ channel }) => slack.world.channel(channel).members.has(who.id))
    .slice(-LATEST);
}

const FORM_MS = 2500;

/** The form that opens for somebody, unless they are at it already; null when none does in time. */
export async function newForm(
  { slack, forms }: Stage,
  who: Person,
  fits: (view: View) => boolean,
): Promise<View | null> {
  const find = (): View | undefined => slack.views(who).findLast((view) => !forms.has(view.id) && fits(view));
  const found = await slack.waitFor(find, 'a form', FORM_MS).catch(() => null);
  if (found !== null) forms.add(found.id);
  return found;
}

/** The numbers of all requests that have or had a card, the latest last. */
export function knownNumbers(stage: Stage): readonly number[] {
  const numbers = Object.values(stage.team.triage).flatMap((channel) =>
    cardsIn(stage, channel).flatMap((card) => numberOn(card) ?? []),
  );
  return [...new Set(numbers)].sort((a, b) => a - b);
}

export function deed(text: string, ...about: readonly (string | number | MessageRef)[]): Deed {
  const named = about.map((one) =>
    typeof one === 'number' ? `#${one}` : typeof one === 'string' ? one : keyOf(one),
  );
  return { text, about: [...named, ...wordsIn(text)] };
}

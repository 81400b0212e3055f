/** What one person sees of the show: the local Slack's memory, as a client would show it. */
import { canSee } from '../interactions.ts';
import { ephemeralsOf, viewsOf } from '../seen.ts';
import type { Channel, Ephemeral, Message, Person, View } from '../wire.ts';
import type { World } from '../world.ts';
import { askedNumber, cardNumber } from './keys.ts';
import { personIn } from './persons.ts';
import { Refusal } from './refusal.ts';
import type { Stage } from './stage.ts';
import type { ChannelSeen, MessageSeen, MessagesSeen, PersonSeen, State, ViewSeen } from './wire.ts';

/** Of a channel or thread at once. */
const PAGE = 100;

/** As the query has it; what is absent is the first person and their first channel, without a thread. */
export interface Asked {
  readonly as?: string;
  readonly channel?: string;
  readonly thread?: string;
  /** Only what is older than this ts: of the channel, and of the thread. */
  readonly before?: string;
  readonly threadBefore?: string;
}

export function stateOf(stage: Stage, asked: Asked): Omit<State, 'show' | 'skippedFrom'> {
  const { slack } = stage;
  const { world, manifest } = slack;
  const person = personIn(world, asked.as);
  const channels = channelsOf(world, person);
  const channel = world.channels.get(asked.channel ?? channels[0]?.id ?? '');
  if (channel === undefined || !canSee(world, person, channel))
    throw new Refusal(404, `${person.name} sees no such channel`);
  const home = world.homes.get(person.id);
  const seenPerson = (each: Person): PersonSeen => personSeen(stage, each);
  const seen = stage.seen();
  return {
    stage: seen,
    me: seenPerson(person),
    people: [...world.people.values()].map(seenPerson),
    channels,
    open: inChannel(world, person, channel, asked.before, seen.kind === 'export'),
    thread:
      asked.thread === undefined ? null : inThread(world, person, channel, asked.thread, asked.threadBefore),
    views: viewsOf(world, person).map(viewSeen),
    home: home === undefined ? null : viewSeen(home),
    notices: noticesOf(world, person),
    commands: [...manifest.commands].map((command) => ({ command, hint: manifest.hints.get(command) ?? '' })),
    shortcuts: [...manifest.shortcuts].map(([callbackId, kind]) => ({
      callbackId,
      name: manifest.shortcutNames.get(callbackId) ?? callbackId,
      kind,
    })),
  };
}

/** Errors that Slack has shown to a person, newest last. */
export function noticesOf(world: World, { name }: Person): readonly string[] {
  const begin = `${name}: `;
  return world.userErrors.filter((each) => each.startsWith(begin)).map((each) => each.slice(begin.length));
}

function personSeen(stage: Stage, { id, name, realName, tz, isBot }: Person): PersonSeen {
  return { id, name, realName, tz, isBot, part: isBot ? '' : stage.partOf(id) };
}

/** Those that the person is in, by name; then the other public ones; then the direct message with the bot. */
function channelsOf(world: World, person: Person): readonly ChannelSeen[] {
  // Slack shows it before its first message.
  const dm = world.dm(person.id);
  const rest = [...world.channels.values()].filter((each) => !each.isIm && canSee(world, person, each));
  const isIn = (each: Channel): boolean => each.members.has(person.id);
  return [...rest.filter(isIn).sort(byName), ...rest.filter((each) => !isIn(each)).sort(byName), dm].map(
    (each) => channelSeen(world, person, each),
  );
}

function byName(one: Channel, other: Channel): number {
  return one.name < other.name ? -1 : 1;
}

function channelSeen(world: World, person: Person, channel: Channel): ChannelSeen {
  return {
    id: channel.id,
    name: channel.isIm ? world.person(world.botUserId).realName : channel.name,
    isPrivate: channel.isPrivate,
    isIm: channel.isIm,
    isMember: channel.members.has(person.id),
    topic: channel.topic,
    members: channel.members.size,
    latestTs: channel.messages.findLast(isTopLevel)?.ts ?? null,
    addressedTs: channel.messages.slice(-PAGE).findLast((each) => isTo(person, channel, each))?.ts ?? null,
  };
}

function isTo({ id }: Person, { isIm }: Channel, { user, text, blocks = [] }: Message): boolean {
  return user !== id && (isIm || `${text} ${JSON.stringify(blocks)}`.includes(`<@${id}>`));
}

/** @param isNumbered what became a request carries its number, too, and not its card alone */
function inChannel(
  world: World,
  person: Person,
  channel: Channel,
  before: string | undefined,
  isNumbered: boolean,
): MessagesSeen {
  const whispers = whispersTo(world, person, channel, undefined);
  const repliesTo = ({ ts }: Message): readonly Message[] => (isNumbered ? world.replies(channel, ts) : []);
  const page = pageOf(world, channel.messages, whispers, before, isTopLevel, repliesTo);
  return { channel: channel.id, thread: null, ...page };
}

/** Null for a thread that is gone. */
function inThread(
  world: World,
  person: Person,
  channel: Channel,
  thread: string,
  before?: string,
): MessagesSeen | null {
  const first = channel.byTs.get(thread);
  const replies = world.replies(channel, thread);
  if (first === undefined && replies.length === 0) return null;
  const whispers = whispersTo(world, person, channel, thread);
  const all = first === undefined ? replies : [first, ...replies];
  return { channel: channel.id, thread, ...pageOf(world, all, whispers, before, () => true) };
}

function isTopLevel({ thread_ts: thread, ts, subtype }: Message): boolean {
  return thread === undefined || thread === ts || subtype === 'thread_broadcast';
}

/** The newest messages before a ts, read from the end, so that a long channel costs no more than its page. */
function pageOf(
  world: World,
  all: readonly Message[],
  whispers: readonly Ephemeral[],
  before: string | undefined,
  isShown: (message: Message) => boolean,
  repliesTo: (message: Message) => readonly Message[] = () => [],
): Pick<MessagesSeen, 'messages' | 'hasEarlier'> {
  const found: MessageSeen[] = [];
  let hasEarlier = false;
  for (let at = before === undefined ? all.length : countBefore(all, before); at > 0; at -= 1) {
    const message = all[at - 1];
    if (message === undefined || !isShown(message)) continue;
    hasEarlier = found.length === PAGE;
    if (hasEarlier) break;
    found.push(messageSeen(world, message, repliesTo(message)));
  }
  const oldest = hasEarlier ? (found.at(-1)?.ts ?? '') : '';
  const own = whispers.filter(({ ts }) => ts > oldest && (before === undefined || ts < before));
  const messages = [...found, ...own.map((each) => whisperSeen(world, each))];
  return { messages: messages.sort((one, other) => (one.ts < other.ts ? -1 : 1)), hasEarlier };
}

/** How many of a list in the order of ts are older. */
function countBefore(all: readonly Message[], ts: string): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.ts ?? '') < ts) low = middle + 1;
    else high = middle;
  }
  return low;
}

function messageSeen(world: World, message: Message, replies: readonly Message[]): MessageSeen {
  const { type: _type, ...rest } = message;
  const requestNumber = cardNumber(world, message) ?? askedNumber(world, replies);
  return { ...rest, isEphemeral: false, requestNumber };
}

function whispersTo(
  world: World,
  person: Person,
  channel: Channel,
  thread: string | undefined,
): readonly Ephemeral[] {
  return ephemeralsOf(world, person).filter(
    (each) => each.channel === channel.id && each.thread_ts === thread,
  );
}

function whisperSeen(world: World, { ts, text, blocks, thread_ts: thread }: Ephemeral): MessageSeen {
  return {
    ts,
    text,
    ...(blocks.length === 0 ? {} : { blocks }),
    ...(thread === undefined ? {} : { thread_ts: thread }),
    user: world.botUserId,
    bot_id: world.botId,
    isEphemeral: true,
    requestNumber: null,
  };
}

function viewSeen({ id, body, values }: View): ViewSeen {
  return { id, body, values };
}

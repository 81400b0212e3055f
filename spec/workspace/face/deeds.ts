/** What a person does on the page, done by the local Slack's own functions: the same that the specs use. */
import type { Pressable } from '../elements.ts';
import { canSee } from '../interactions.ts';
import type { LocalSlack } from '../local-slack.ts';
import type { MessageRef } from '../people.ts';
import type { Channel, Person } from '../wire.ts';
import { personIn } from './persons.ts';
import { Refusal } from './refusal.ts';
import type { Stage } from './stage.ts';
import { noticesOf } from './state.ts';
import type { Deed, Doing, Done } from './wire.ts';

/** Resolves once Slack shows what came of it; where the app has to answer, within Slack's three seconds. */
export async function doDeed({ slack }: Pick<Stage, 'slack'>, { as, deed }: Doing): Promise<Done> {
  const person = personIn(slack.world, as);
  try {
    return await act(slack, person, deed);
  } catch (error) {
    // What the local Slack says of somebody's mistake; anything else is ours.
    if (error instanceof Error && error.constructor === Error) throw new Refusal(422, error.message);
    throw error;
  }
}

async function act(slack: LocalSlack, person: Person, deed: Deed): Promise<Done> {
  switch (deed.do) {
    case 'say':
      return say(slack, person, deed);
    case 'slash':
      return slash(slack, person, deed);
    case 'edit':
      slack.edit(person, deed, written(deed.text));
      return {};
    case 'remove':
      slack.remove(person, deed);
      return {};
    case 'react':
      react(slack, person, deed);
      return {};
    case 'press':
      return shown(slack, await slack.press(person, deed, pressed(deed)));
    case 'choose':
      return shown(slack, await slack.choose(person, deed, pressed(deed), deed.value));
    case 'shortcut':
      return shown(slack, await slack.shortcut(person, deed.callbackId, refOf(deed)));
    case 'pressInView':
      return pressInView(slack, person, deed);
    case 'submit': {
      onTop(slack, person, deed.view);
      const { errors, ...outcome } = await slack.submit(person, deed.values, deed.view);
      return { ...shown(slack, outcome), ...(errors === undefined ? {} : { errors }) };
    }
    case 'dismiss':
      onTop(slack, person, deed.view);
      return shown(slack, (await slack.dismiss(person)) ?? {});
    case 'dismissEphemeral':
      slack.dismissEphemeral(person, deed.ts);
      return {};
    case 'join':
      slack.join(person, openTo(slack, person, deed.channel));
      return {};
    case 'leave': {
      const channel = openTo(slack, person, deed.channel);
      if (channel.isIm) throw new Refusal(422, 'nobody leaves a direct message');
      slack.leave(person, channel);
      return {};
    }
    case 'invite': {
      const channel = openTo(slack, person, deed.channel);
      if (!channel.members.has(person.id)) throw new Refusal(422, `${person.name} is not in ${channel.name}`);
      slack.join(slack.botUserId, channel, person);
      return {};
    }
  }
}

type Of<Name extends Deed['do']> = Extract<Deed, { do: Name }>;

function say(slack: LocalSlack, person: Person, { channel, text, thread, broadcast }: Of<'say'>): Done {
  const command = /^\/[\w-]+(?=\s|$)/.exec(text)?.[0];
  if (command !== undefined) throw new Refusal(422, whyNoMessage(slack, command, thread));
  const more =
    thread === undefined ? {} : { threadTs: headOf(slack, channel, thread), broadcast: broadcast === true };
  const ts = slack.say(person, channel, written(text), more);
  return { ts, ...(isUnheard(slack, { channel, ts }) ? { isUnheard: true } : {}) };
}

/** Slack takes whatever begins with a slash for a command. */
function whyNoMessage({ manifest }: LocalSlack, command: string, thread: string | undefined): string {
  if (!manifest.commands.has(command))
    return `${command} is no command here; there is ${[...manifest.commands].join(', ')}`;
  return thread === undefined
    ? `${command} is a command, not a message`
    : `${command} does not work in a thread; write it in the channel`;
}

/** Slack tells an app nothing of a channel that it is not in, and whoever wrote its name that it is not there. */
function isUnheard({ world, botUserId }: LocalSlack, ref: MessageRef): boolean {
  const { members, byTs } = world.channel(ref.channel);
  return !members.has(botUserId) && byTs.get(ref.ts)?.text.includes(`<@${botUserId}>`) === true;
}

/** A reply to a reply goes into the thread that this one is in. */
function headOf(slack: LocalSlack, channel: string, ts: string): string {
  const found = slack.world.channel(channel).byTs.get(ts);
  if (found === undefined) throw new Refusal(422, 'that message is gone');
  return found.thread_ts ?? ts;
}

function written(text: string): string {
  if (text.trim() === '') throw new Refusal(422, 'there is nothing to send');
  return text;
}

function react(slack: LocalSlack, person: Person, { name, on, ...ref }: Of<'react'>): void {
  if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(name))
    throw new Refusal(422, `there is no emoji :${name}:`);
  if (on) slack.react(person, ref, name);
  else slack.unreact(person, ref, name);
}

function pressed({ blockId, actionId, ...rest }: Of<'press'> | Of<'choose'>): (each: Pressable) => boolean {
  const option = rest.do === 'press' ? rest.option : undefined;
  return (each) =>
    each.blockId === blockId &&
    each.actionId === actionId &&
    (each.option === undefined ? option === undefined : each.value === option);
}

function refOf({ channel, ts }: Of<'shortcut'>): MessageRef | undefined {
  return channel === undefined || ts === undefined ? undefined : { channel, ts };
}

/** In the top modal or the Home tab; an overflow's option is named by its value. */
async function pressInView(
  slack: LocalSlack,
  person: Person,
  { view, actionId, value }: Of<'pressInView'>,
): Promise<Done> {
  const isHome = slack.home(person)?.id === view;
  if (!isHome) onTop(slack, person, view);
  const pick = (each: Pressable): boolean =>
    each.actionId === actionId && (each.option === undefined || each.value === value);
  return shown(slack, await slack.pressInView(person, pick, value, isHome ? 'home' : 'modal'));
}

/** Slack's client lets nobody reach what lies under the top modal, and another's not at all. */
function onTop(slack: LocalSlack, person: Person, view: string): void {
  if (slack.views(person).at(-1)?.id !== view) throw new Refusal(422, 'that form is not open any more');
}

function openTo(slack: LocalSlack, person: Person, id: string): Channel {
  const channel = slack.world.channel(id);
  if (!canSee(slack.world, person, channel)) throw new Refusal(422, `${person.name} does not see ${id}`);
  return channel;
}

async function slash(
  slack: LocalSlack,
  person: Person,
  { channel, command, text }: Of<'slash'>,
): Promise<Done> {
  const outcome = await slack.slash(person, channel, command, text);
  return shown(slack, outcome, noticesOf(slack.world, person).at(-1));
}

/** What Slack shows when nobody has answered, and what can be done about it. */
function shown(
  { socket }: LocalSlack,
  { error }: { readonly error?: string },
  words = 'We had some trouble connecting.',
): Done {
  if (error === undefined) return {};
  const advice =
    socket.open().length === 0
      ? 'TrIAge is not connected; try again when it is.'
      : 'TrIAge did not answer; look whether it was done before you try again.';
  return { error: `${words.replace(/[^.?!]$/, '$&.')} ${advice}` };
}

import type { Answer, Delivery } from './delivery.ts';
import { chosenIn, type Pressable, pressables } from './elements.ts';
import { typedCommand } from './escape.ts';
import { wireOf } from './events.ts';
import type { Parts } from './method.ts';
import { viewOf } from './methods-views.ts';
import type { MessageRef } from './people.ts';
import { say } from './response-url.ts';
import {
  type Channel,
  type Ephemeral,
  idOf,
  type Json,
  type Message,
  type Person,
  type View,
  type Where,
  type Who,
} from './wire.ts';
import type { World } from './world.ts';

/** What came of something that a person did with the app. */
export interface Outcome extends Answer {
  /** Good for three seconds and one modal. */
  readonly triggerId: string;
}

export type Pick = string | ((each: Pressable) => boolean);

/** What people do that the app must answer: commands, buttons, menus, shortcuts. */
export class Interactions {
  private readonly parts: Parts;
  private readonly world: World;
  private readonly delivery: Delivery;

  constructor(parts: Parts, delivery: Delivery) {
    this.parts = parts;
    this.world = parts.world;
    this.delivery = delivery;
  }

  async slash(who: Who, where: Where, command: string, text = ''): Promise<Outcome> {
    const { user, channel, triggerId } = this.at(who, where);
    if (!this.parts.manifest.commands.has(command)) throw new Error(`${command} is not a valid command`);
    const target = { user: user.id, channel: channel.id, messageTs: null, threadTs: null };
    const answer = await this.delivery.ask(
      'slash_commands',
      {
        token: this.world.verificationToken,
        team_id: this.world.teamId,
        team_domain: this.world.teamDomain,
        channel_id: channel.id,
        channel_name: shownName(channel),
        user_id: user.id,
        user_name: user.name,
        command,
        text: typedCommand(text, this.world).trim(),
        api_app_id: this.world.appId,
        is_enterprise_install: 'false',
        response_url: this.parts.triggers.newResponseUrl(target),
        trigger_id: triggerId,
      },
      true,
    );
    if (answer.error) this.sawError(user, `${command} failed with the error "${answer.error}"`);
    else if ('text' in answer.payload || 'blocks' in answer.payload) say(this.parts, target, answer.payload);
    return { ...answer, triggerId };
  }

  /** Presses a button or an overflow's option that the person sees, named by its action id or text. */
  press(who: Who, ref: MessageRef, pick: Pick): Promise<Outcome> {
    const { blocks } = this.message(who, ref);
    const found = pressables(blocks).find((each) => matches(each, pick));
    if (!found) {
      const offered = pressables(blocks).map((each) => `${each.text} (${each.actionId})`);
      throw new Error(`no such button: ${named(pick)}; there are: ${offered.join(', ') || 'none'}`);
    }
    const chosen = found.option
      ? { type: 'overflow', selected_option: found.option }
      : chosenIn(found.element, null);
    return this.act(who, ref, found, chosen);
  }

  /** Chooses in a menu of a message: an option by value or text, a person by id, a date as Slack writes it. */
  choose(who: Who, ref: MessageRef, pick: Pick, value: string): Promise<Outcome> {
    const { blocks } = this.message(who, ref);
    const found = pressables(blocks).find((each) => matches(each, pick));
    if (!found) throw new Error(`no such menu: ${named(pick)}`);
    return this.act(who, ref, found, chosenIn(found.element, value));
  }

  /** Takes a message that only this person sees off their screen. */
  dismissEphemeral(who: Who, ts: string): void {
    const { ephemerals } = this.world;
    const at = ephemerals.findIndex((each) => each.ts === ts && each.user === idOf(who));
    if (at < 0) throw new Error(`${this.world.person(idOf(who)).name} sees no message ${ts}`);
    ephemerals.splice(at, 1);
    this.world.changed();
  }

  async shortcut(who: Who, callbackId: string, ref?: MessageRef): Promise<Outcome> {
    const kind = this.parts.manifest.shortcuts.get(callbackId);
    if (kind !== (ref ? 'message' : 'global')) throw new Error(`the app has no such shortcut: ${callbackId}`);
    const user = this.world.person(idOf(who));
    const triggerId = this.parts.triggers.newTrigger(user.id);
    const common = {
      ...this.common(user, triggerId),
      callback_id: callbackId,
      action_ts: this.world.nextTs(),
    };
    let payload: Json = { type: 'shortcut', ...common };
    if (ref) {
      const { message, channel } = this.message(who, ref);
      if (!message) throw new Error('an ephemeral message has no shortcuts');
      const threadTs = message.thread_ts ?? null;
      const target = { user: user.id, channel: channel.id, messageTs: ref.ts, threadTs };
      payload = {
        ...common,
        type: 'message_action',
        channel: { id: channel.id, name: shownName(channel) },
        message_ts: ref.ts,
        message: wireOf(message),
        response_url: this.parts.triggers.newResponseUrl(target),
      };
    }
    return this.ask(user, payload, triggerId, false);
  }

  /** Presses or chooses something in a modal or Home tab. */
  async actInView(user: Person, view: View, found: Pressable, chosen: Json): Promise<Outcome> {
    const triggerId = this.parts.triggers.newTrigger(user.id);
    const payload = {
      ...this.common(user, triggerId),
      type: 'block_actions',
      container: { type: 'view', view_id: view.id },
      view: viewOf(this.world, view),
      actions: [this.action(found, chosen)],
    };
    return this.ask(user, payload, triggerId, false);
  }

  async ask(user: Person, payload: Json, triggerId: string, acceptsResponse: boolean): Promise<Outcome> {
    const answer = await this.delivery.ask('interactive', payload, acceptsResponse);
    if (answer.error)
      this.sawError(user, `${String(payload['type'])} failed with the error "${answer.error}"`);
    return { ...answer, triggerId };
  }

  /** What every interactive payload carries. */
  common(user: Person, triggerId: string): Json {
    return {
      token: this.world.verificationToken,
      team: { id: this.world.teamId, domain: this.world.teamDomain },
      user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
      api_app_id: this.world.appId,
      enterprise: null,
      is_enterprise_install: false,
      trigger_id: triggerId,
    };
  }

  sawError(user: Person, text: string): void {
    this.world.userErrors.push(`${user.name}: ${text}`);
    this.world.changed();
  }

  private action(found: Pressable, chosen: Json): Json {
    return { action_id: found.actionId, block_id: found.blockId, ...chosen, action_ts: this.world.nextTs() };
  }

  private async act(who: Who, ref: MessageRef, found: Pressable, chosen: Json): Promise<Outcome> {
    const { user, channel, triggerId } = this.at(who, ref.channel);
    const { message, threadTs } = this.message(who, ref);
    const target = { user: user.id, channel: channel.id, messageTs: ref.ts, threadTs };
    const isValue = found.kind !== 'button' && found.kind !== 'overflow';
    const payload = {
      ...this.common(user, triggerId),
      type: 'block_actions',
      container: {
        type: 'message',
        message_ts: ref.ts,
        channel_id: channel.id,
        is_ephemeral: message === undefined,
        ...(threadTs === null ? {} : { thread_ts: threadTs }),
      },
      channel: { id: channel.id, name: shownName(channel) },
      ...(message ? { message: wireOf(message) } : {}),
      state: { values: isValue ? { [found.blockId]: { [found.actionId]: chosen } } : {} },
      response_url: this.parts.triggers.newResponseUrl(target),
      actions: [this.action(found, chosen)],
    };
    return this.ask(user, payload, triggerId, false);
  }

  private at(who: Who, where: Where): { user: Person; channel: Channel; triggerId: string } {
    const user = this.world.person(idOf(who));
    const channel = this.world.channel(idOf(where));
    if (!canSee(this.world, user, channel)) throw new Error(`${user.name} does not see ${channel.name}`);
    return { user, channel, triggerId: this.parts.triggers.newTrigger(user.id) };
  }

  private message(who: Who, ref: MessageRef): Found {
    const channel = this.world.channel(ref.channel);
    const message = channel.byTs.get(ref.ts);
    const { name } = this.world.person(idOf(who));
    if (!canSee(this.world, this.world.person(idOf(who)), channel)) {
      throw new Error(`${name} does not see ${channel.name}`);
    }
    if (message) {
      return { channel, message, blocks: message.blocks ?? [], threadTs: message.thread_ts ?? null };
    }
    const mine = (each: Ephemeral): boolean => each.ts === ref.ts && each.user === idOf(who);
    const ephemeral = this.world.ephemerals.find(mine);
    if (!ephemeral) throw new Error(`${name} sees no message ${ref.ts} in ${channel.name}`);
    return { channel, message: undefined, blocks: ephemeral.blocks, threadTs: ephemeral.thread_ts ?? null };
  }
}

interface Found {
  readonly channel: Channel;
  /** Undefined for an ephemeral. */
  readonly message: Message | undefined;
  readonly blocks: readonly Json[];
  readonly threadTs: string | null;
}

function matches(each: Pressable, pick: Pick): boolean {
  if (typeof pick === 'function') return pick(each);
  if (each.text === pick) return true;
  return each.actionId === pick && each.option === undefined;
}

/** What somebody looked for, for the error that says it is not there. */
export function named(pick: Pick): string {
  return typeof pick === 'function' ? 'the one wanted' : pick;
}

/** Public channels are open to the whole workspace, but not to people from outside. */
export function canSee(world: World, user: Person, channel: Channel): boolean {
  if (channel.members.has(user.id)) return true;
  return !channel.isPrivate && !channel.isIm && user.teamId === world.teamId;
}

/** How Slack calls a channel in payloads: it does not tell the names of private ones. */
function shownName(channel: Channel): string {
  if (channel.isIm) return 'directmessage';
  return channel.isPrivate ? 'privategroup' : channel.name;
}

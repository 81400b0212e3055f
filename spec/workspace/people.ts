import { typed } from './escape.ts';
import type { Events } from './events.ts';
import { wireOf } from './events.ts';
import { removeMessage } from './methods-chat.ts';
import { changeReaction } from './methods-reactions.ts';
import { userOf } from './methods-users.ts';
import {
  type Channel,
  copy,
  type FileMeta,
  idOf,
  type Json,
  type Message,
  type Person,
  type Where,
  type Who,
} from './wire.ts';
import type { World } from './world.ts';

export interface NewPerson {
  readonly id?: string;
  readonly name: string;
  readonly realName?: string;
  readonly displayName?: string;
  readonly email?: string;
  readonly tz?: string;
  readonly deleted?: boolean;
  readonly isBot?: boolean;
  /** Another workspace's id: somebody from outside, here through Slack Connect. */
  readonly teamId?: string;
}

export interface NewChannel {
  readonly id?: string;
  readonly name: string;
  readonly isPrivate?: boolean;
  readonly isExtShared?: boolean;
  readonly topic?: string;
  readonly members?: readonly Who[];
  /** Is the bot in it? Yes, unless this says no. */
  readonly bot?: boolean;
}

export interface SayOptions {
  readonly threadTs?: string | undefined;
  /** "Also send to the channel". */
  readonly broadcast?: boolean;
  readonly files?: readonly (Partial<FileMeta> & { name: string })[];
  /** Posted by an integration of that name, without a user. */
  readonly asBot?: string;
  /** The text is already as Slack stores it. */
  readonly isEscaped?: boolean;
  /** For messages from the past; otherwise now. */
  readonly ts?: string;
  /** Written before the app was installed: no event tells of it. */
  readonly isUntold?: boolean;
}

export interface MessageRef {
  readonly channel: string;
  readonly ts: string;
}

/** What people of the workspace do that needs no answer from the app. */
export class People {
  private readonly world: World;
  private readonly events: Events;

  constructor(world: World, events: Events) {
    this.world = world;
    this.events = events;
  }

  addPerson(fields: NewPerson): Person {
    const realName = fields.realName ?? fields.name.charAt(0).toUpperCase() + fields.name.slice(1);
    const person: Person = {
      id: fields.id ?? this.world.nextId('U'),
      name: fields.name,
      realName,
      displayName: fields.displayName ?? fields.name,
      email: fields.email ?? `${fields.name}@example.com`,
      tz: fields.tz ?? 'Europe/Madrid',
      deleted: fields.deleted ?? false,
      isBot: fields.isBot ?? false,
      teamId: fields.teamId ?? this.world.teamId,
      dnd: null,
    };
    this.world.people.set(person.id, person);
    return person;
  }

  addChannel(fields: NewChannel): Channel {
    const members = new Set((fields.members ?? []).map(idOf));
    if (fields.bot ?? true) members.add(this.world.botUserId);
    const { bot: _bot, members: _members, ...rest } = fields;
    return this.world.addChannel({ ...rest, members });
  }

  say(who: Who, where: Where, text: string, options: SayOptions = {}): string {
    const user = this.world.person(idOf(who));
    const channel = this.world.channel(idOf(where));
    if (!channel.members.has(user.id) && options.asBot === undefined) {
      throw new Error(`${user.name} is not in ${channel.name}`);
    }
    if (channel.isArchived) throw new Error(`${channel.name} is archived`);
    const message = this.newMessage(user, channel, text, options);
    this.world.addMessage(channel, message);
    if (options.isUntold === true) return message.ts;
    this.events.message(channel, message, options.broadcast ? { root: this.root(channel, message) } : {});
    if (this.mentionsBot(message.text)) this.events.mention(channel, message);
    return message.ts;
  }

  dm(who: Who, text: string, options: SayOptions = {}): string {
    return this.say(who, this.world.dm(idOf(who)).id, text, options);
  }

  edit(who: Who, ref: MessageRef, text: string, options: { isEscaped?: boolean } = {}): void {
    const { channel, message } = this.ownMessage(who, ref);
    const previous = copy(message);
    message.text = options.isEscaped ? text : typed(text, this.world);
    message.edited = { user: idOf(who), ts: this.world.nextTs() };
    this.world.changed();
    this.changed(channel, message, previous);
    if (this.mentionsBot(message.text) && !this.mentionsBot(previous.text))
      this.events.mention(channel, message);
  }

  /** Slack adds a preview of a link: told as a change, though nobody edited anything. */
  unfurl(ref: MessageRef): void {
    const { channel, message } = this.find(ref);
    const previous = copy(message);
    message.attachments = [
      { id: 1, from_url: 'https://example.com/', title: 'A preview', text: 'of a link' },
    ];
    this.world.changed();
    this.changed(channel, message, previous);
  }

  remove(who: Who, ref: MessageRef): void {
    const { channel, message } = this.ownMessage(who, ref);
    removeMessage({ world: this.world, events: this.events }, channel, message);
  }

  /** An admin may delete anything, also what the bot wrote. */
  removeAny(ref: MessageRef): void {
    const { channel, message } = this.find(ref);
    removeMessage({ world: this.world, events: this.events }, channel, message);
  }

  react(who: Who, ref: MessageRef, name: string, isAdded = true): void {
    const { channel, message } = this.find(ref);
    const user = this.world.person(idOf(who));
    if (!channel.members.has(user.id)) throw new Error(`${user.name} is not in ${channel.name}`);
    changeReaction({ world: this.world, events: this.events }, user.id, channel, message, name, isAdded);
  }

  join(who: Who, where: Where, inviter?: Who): void {
    const user = this.world.person(idOf(who));
    const channel = this.world.channel(idOf(where));
    if (channel.members.has(user.id)) return;
    channel.members.add(user.id);
    const message = this.newMessage(user, channel, `<@${user.id}> has joined the channel`, {
      isEscaped: true,
    });
    message.subtype = 'channel_join';
    this.world.addMessage(channel, message);
    this.events.publish(
      {
        ...this.membership('member_joined_channel', user, channel),
        ...(inviter ? { inviter: idOf(inviter) } : {}),
      },
      channel,
    );
    this.events.message(channel, message);
  }

  leave(who: Who, where: Where): void {
    const user = this.world.person(idOf(who));
    const channel = this.world.channel(idOf(where));
    if (!channel.members.has(user.id)) return;
    const event = this.membership('member_left_channel', user, channel);
    // The one who leaves is told too: the event of the bot's own removal still reaches it.
    if (user.id !== this.world.botUserId) channel.members.delete(user.id);
    this.events.publish(event, channel);
    channel.members.delete(user.id);
    this.world.changed();
  }

  deactivate(who: Who): void {
    this.changePerson(who, { deleted: true });
    const user = idOf(who);
    for (const channel of this.world.channels.values()) if (!channel.isIm) channel.members.delete(user);
  }

  changePerson(
    who: Who,
    fields: Partial<Pick<Person, 'name' | 'realName' | 'displayName' | 'tz' | 'deleted' | 'dnd'>>,
  ): void {
    const person = this.world.person(idOf(who));
    Object.assign(person, fields);
    this.world.changed();
    const event_ts = this.world.nextTs();
    const cache_ts = Math.floor(Number(event_ts));
    this.events.publish({ type: 'user_change', user: userOf(this.world, person, false), cache_ts, event_ts });
  }

  archive(where: Where, isArchived = true): void {
    const channel = this.world.channel(idOf(where));
    channel.isArchived = isArchived;
    this.lifecycle(channel, isArchived ? 'archive' : 'unarchive', { channel: channel.id });
  }

  rename(where: Where, name: string): void {
    const channel = this.world.channel(idOf(where));
    channel.name = name;
    this.lifecycle(channel, 'rename', {
      channel: { id: channel.id, name, name_normalized: name, created: Math.floor(channel.createdAt / 1000) },
    });
  }

  deleteChannel(where: Where): void {
    const channel = this.world.channel(idOf(where));
    this.lifecycle(channel, 'deleted', { channel: channel.id });
    this.world.channels.delete(channel.id);
  }

  /** Slack writes a line about it into the channel, in the name of whoever did it. */
  setTopic(who: Who, where: Where, topic: string): void {
    const user = this.world.person(idOf(who));
    const channel = this.world.channel(idOf(where));
    channel.topic = topic;
    const message = this.newMessage(user, channel, `<@${user.id}> set the channel topic: ${topic}`, {
      isEscaped: true,
    });
    message.subtype = 'channel_topic';
    this.world.addMessage(channel, message);
    this.events.message(channel, message);
  }

  share(where: Where, isShared = true, withTeam = 'T0OTHER'): void {
    const channel = this.world.channel(idOf(where));
    channel.isExtShared = isShared;
    const type = isShared ? 'channel_shared' : 'channel_unshared';
    const fields = isShared
      ? { connected_team_id: withTeam }
      : { previously_connected_team_id: withTeam, is_ext_shared: false };
    this.events.publish({ type, channel: channel.id, ...fields, event_ts: this.world.nextTs() }, channel);
    this.world.changed();
  }

  find(ref: MessageRef): { channel: Channel; message: Message } {
    const channel = this.world.channel(ref.channel);
    const message = channel.byTs.get(ref.ts);
    if (!message) throw new Error(`there is no message ${ref.ts} in ${channel.name}`);
    return { channel, message };
  }

  private lifecycle(channel: Channel, what: string, fields: Json): void {
    const type = `${channel.isPrivate ? 'group' : 'channel'}_${what}`;
    this.events.publish({ type, ...fields, event_ts: this.world.nextTs() }, channel);
    this.world.changed();
  }

  private membership(type: string, user: Person, channel: Channel): Json & { type: string } {
    return {
      type,
      user: user.id,
      channel: channel.id,
      channel_type: channel.isPrivate ? 'G' : 'C',
      team: user.teamId,
      event_ts: this.world.nextTs(),
    };
  }

  private changed(channel: Channel, message: Message, previous: Message): void {
    this.events.hidden(channel, 'message_changed', {
      message: wireOf(message),
      previous_message: wireOf(previous),
    });
  }

  private ownMessage(who: Who, ref: MessageRef): { channel: Channel; message: Message } {
    const found = this.find(ref);
    if (found.message.user !== idOf(who))
      throw new Error(`${this.world.person(idOf(who)).name} did not write ${ref.ts}`);
    return found;
  }

  private mentionsBot(text: string): boolean {
    return text.includes(`<@${this.world.botUserId}>`);
  }

  private root(channel: Channel, message: Message): Json | null {
    const parent = channel.byTs.get(message.thread_ts ?? '');
    return parent ? wireOf(parent) : null;
  }

  private newMessage(user: Person, channel: Channel, text: string, options: SayOptions): Message {
    const message: Message = {
      type: 'message',
      text: options.isEscaped ? text : typed(text, this.world),
      ts: options.ts ?? this.world.nextTs(),
      team: user.teamId,
    };
    if (options.asBot === undefined) {
      message.user = user.id;
      message.client_msg_id = crypto.randomUUID();
      if (channel.isExtShared || user.teamId !== this.world.teamId) {
        message.user_team = user.teamId;
        message.source_team = user.teamId;
      }
      if (user.isBot) {
        message.bot_id = `B${user.id.slice(1)}`;
        message.app_id = `A${user.id.slice(1)}`;
      }
    } else {
      message.subtype = 'bot_message';
      message.username = options.asBot;
      message.bot_id = 'B0OTHER';
    }
    if (options.files) {
      message.subtype = 'file_share';
      message.files = options.files.map((file) => this.newFile(file));
    }
    if (options.threadTs !== undefined) {
      message.thread_ts = options.threadTs;
      const parent = channel.byTs.get(options.threadTs)?.user;
      if (parent !== undefined) message.parent_user_id = parent;
      if (options.broadcast) message.subtype = 'thread_broadcast';
    }
    return message;
  }

  private newFile(file: Partial<FileMeta> & { name: string }): FileMeta {
    return {
      id: this.world.nextId('F'),
      size: 1234,
      mimetype: 'application/octet-stream',
      filetype: file.name.split('.').at(-1) ?? 'binary',
      ...file,
    };
  }
}

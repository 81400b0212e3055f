import type { Channel, Ephemeral, Message, Person, View } from './wire.ts';

export interface WorldOptions {
  readonly clock: { now(): number };
}

/** Everything that this Slack remembers. It changes only here, in memory, and tells whoever waits that it did. */
export class World {
  readonly teamId = 'T0LOCAL';
  readonly teamDomain = 'local-team';
  readonly teamName = 'Local Team';
  readonly appId = 'A0TRIAGE';
  readonly botUserId = 'U0TRIAGE';
  readonly botId = 'B0TRIAGE';
  readonly verificationToken = 'unused-verification-token';
  readonly people = new Map<string, Person>();
  readonly channels = new Map<string, Channel>();
  readonly ephemerals: Ephemeral[] = [];
  readonly views = new Map<string, View>();
  /** The modals that a person has open, the top one last. */
  readonly viewStacks = new Map<string, string[]>();
  readonly homes = new Map<string, View>();
  /** Errors that a person saw (a command or button that nobody answered in time). */
  readonly userErrors: string[] = [];
  /** What the real Slack would swallow silently, and an app should never do. */
  readonly complaints: string[] = [];
  /** By channel, on the machine's own clock. */
  readonly lastPostAt = new Map<string, number>();
  readonly clock: { now(): number };
  private lastMicros = 0;
  private counter = 0;
  private readonly watchers = new Set<() => void>();

  constructor(options: WorldOptions) {
    this.clock = options.clock;
  }

  /** Seconds.microseconds, never the same twice, never going back. */
  nextTs(): string {
    this.lastMicros = Math.max(this.lastMicros + 1, Math.round(this.clock.now() * 1000));
    return `${Math.floor(this.lastMicros / 1e6)}.${String(this.lastMicros % 1e6).padStart(6, '0')}`;
  }

  nextId(prefix: string): string {
    this.counter += 1;
    return `${prefix}${this.counter.toString(36).toUpperCase().padStart(8, '0')}`;
  }

  person(id: string): Person {
    const person = this.people.get(id);
    if (!person) throw new Error(`there is no person ${id} in this workspace`);
    return person;
  }

  channel(id: string): Channel {
    const channel = this.channels.get(id);
    if (!channel) throw new Error(`there is no channel ${id} in this workspace`);
    return channel;
  }

  addChannel(fields: Partial<Channel> & { name: string }): Channel {
    const isIm = fields.isIm ?? false;
    const channel: Channel = {
      id: fields.id ?? this.nextId(isIm ? 'D' : 'C'),
      name: fields.name,
      isPrivate: fields.isPrivate ?? false,
      isIm,
      isExtShared: fields.isExtShared ?? false,
      isArchived: false,
      topic: fields.topic ?? '',
      createdAt: this.clock.now(),
      members: new Set(fields.members ?? []),
      imUser: fields.imUser ?? null,
      messages: [],
      byTs: new Map(),
      threads: new Map(),
    };
    this.channels.set(channel.id, channel);
    this.changed();
    return channel;
  }

  /** The direct message between the bot and a person; it exists from the first time that somebody needs it. */
  dm(userId: string): Channel {
    for (const channel of this.channels.values()) if (channel.imUser === userId) return channel;
    return this.addChannel({
      name: 'directmessage',
      isIm: true,
      isPrivate: true,
      imUser: userId,
      members: new Set([userId, this.botUserId]),
    });
  }

  addMessage(channel: Channel, message: Message): void {
    if (channel.byTs.has(message.ts)) throw new Error(`${channel.id} already has a message ${message.ts}`);
    insertByTs(channel.messages, message);
    channel.byTs.set(message.ts, message);
    if (message.thread_ts !== undefined && message.thread_ts !== message.ts) {
      const replies = channel.threads.get(message.thread_ts) ?? [];
      channel.threads.set(message.thread_ts, replies);
      insertByTs(replies, message);
      this.countReplies(channel, message.thread_ts);
    }
    this.changed();
  }

  removeMessage(channel: Channel, message: Message): void {
    channel.byTs.delete(message.ts);
    without(channel.messages, message);
    if (message.thread_ts !== undefined && message.thread_ts !== message.ts) {
      without(channel.threads.get(message.thread_ts) ?? [], message);
      this.countReplies(channel, message.thread_ts);
    }
    this.changed();
  }

  replies(channel: Channel, ts: string): readonly Message[] {
    return channel.threads.get(ts) ?? [];
  }

  changed(): void {
    for (const watcher of this.watchers) watcher();
  }

  /** Calls back at every change; answers how to stop that. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  private countReplies(channel: Channel, threadTs: string): void {
    const parent = channel.byTs.get(threadTs);
    if (!parent) return;
    const replies = this.replies(channel, threadTs);
    const last = replies.at(-1);
    if (last === undefined) {
      delete parent.thread_ts;
      delete parent.reply_count;
      delete parent.reply_users;
      delete parent.latest_reply;
      return;
    }
    parent.thread_ts = threadTs;
    parent.reply_count = replies.length;
    parent.reply_users = [...new Set(replies.map((reply) => reply.user ?? reply.bot_id ?? 'USLACKBOT'))];
    parent.latest_reply = last.ts;
  }
}

function insertByTs(list: Message[], message: Message): void {
  let at = list.length;
  while (at > 0 && (list[at - 1]?.ts ?? '') > message.ts) at -= 1;
  list.splice(at, 0, message);
}

function without(list: Message[], message: Message): void {
  const at = list.indexOf(message);
  if (at >= 0) list.splice(at, 1);
}

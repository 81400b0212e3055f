import type { Delivery } from './delivery.ts';
import type { Manifest } from './manifest.ts';
import { type Channel, copy, type Json, type Message } from './wire.ts';
import type { World } from './world.ts';

/** What the manifest must have been granted for an event; message and channel events depend on the channel. */
const SCOPES: Record<string, string> = {
  app_mention: 'app_mentions:read',
  reaction_added: 'reactions:read',
  reaction_removed: 'reactions:read',
  user_change: 'users:read',
  'message.channels': 'channels:history',
  'message.groups': 'groups:history',
  'message.im': 'im:history',
};

/** Tells the app what happened, if the manifest subscribes to it, its scope is granted and the bot is there. */
export class Events {
  private readonly world: World;
  private readonly manifest: Manifest;
  private readonly granted: ReadonlySet<string>;
  private readonly delivery: Delivery;

  constructor(world: World, manifest: Manifest, granted: ReadonlySet<string>, delivery: Delivery) {
    this.world = world;
    this.manifest = manifest;
    this.granted = granted;
    this.delivery = delivery;
  }

  /** Answers whether the app is told. */
  publish(event: Json & { type: string }, channel?: Channel): boolean {
    const name = event.type === 'message' && channel ? `message.${kindOf(channel)}` : event.type;
    if (!this.manifest.events.has(name)) return false;
    const scope = SCOPES[name] ?? lifecycleScope(name, channel);
    if (scope !== undefined && !this.granted.has(scope)) return false;
    if (channel && !channel.members.has(this.world.botUserId) && !isPublicLifecycle(name)) return false;
    this.delivery.event(this.wrap(event, channel));
    return true;
  }

  /** A message that has just been written. */
  message(channel: Channel, message: Message, more: Json = {}): void {
    const event = { ...wireOf(message), ...more, ...this.about(channel, message.ts) };
    this.publish({ ...event, type: 'message' }, channel);
  }

  /** What the app is told when a message changes or goes: both its new and its old form. */
  hidden(
    channel: Channel,
    subtype: 'message_changed' | 'message_deleted',
    fields: Json,
    ts = this.world.nextTs(),
  ): void {
    this.publish(
      { type: 'message', subtype, hidden: true, ...fields, ts, ...this.about(channel, ts) },
      channel,
    );
  }

  mention(channel: Channel, message: Message): void {
    if (channel.isIm) return;
    const event = { ...wireOf(message), channel: channel.id, event_ts: message.edited?.ts ?? message.ts };
    this.publish({ ...event, type: 'app_mention' }, channel);
  }

  /** More than 30,000 events in an hour: told every minute, as a payload that has no event inside. */
  rateLimited(): void {
    this.delivery.event({
      token: this.world.verificationToken,
      type: 'app_rate_limited',
      team_id: this.world.teamId,
      minute_rate_limited: Math.floor(this.world.clock.now() / 60_000) * 60,
      api_app_id: this.world.appId,
    });
  }

  /** The installation ends; the tokens are refused by the Web API, not here. */
  uninstalled(): void {
    this.publish({ type: 'tokens_revoked', tokens: { oauth: [], bot: [this.world.botUserId] } });
    this.publish({ type: 'app_uninstalled' });
  }

  private about(channel: Channel, eventTs: string): Json {
    return { channel: channel.id, event_ts: eventTs, channel_type: channelType(channel) };
  }

  private wrap(event: Json, channel?: Channel): Json {
    return {
      token: this.world.verificationToken,
      team_id: this.world.teamId,
      context_team_id: this.world.teamId,
      context_enterprise_id: null,
      api_app_id: this.world.appId,
      event: copy(event),
      type: 'event_callback',
      event_id: this.world.nextId('Ev'),
      event_time: Math.floor(this.world.clock.now() / 1000),
      authorizations: [
        {
          enterprise_id: null,
          team_id: this.world.teamId,
          user_id: this.world.botUserId,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      is_ext_shared_channel: channel?.isExtShared ?? false,
      event_context: `4-local-${channel?.id ?? 'team'}`,
    };
  }
}

function kindOf(channel: Channel): string {
  if (channel.isIm) return 'im';
  return channel.isPrivate ? 'groups' : 'channels';
}

export function channelType(channel: Channel): string {
  if (channel.isIm) return 'im';
  return channel.isPrivate ? 'group' : 'channel';
}

/** A message as events carry it: without what only the history adds. */
export function wireOf(message: Message): Json {
  const { reactions: _reactions, metadata: _metadata, ...rest } = message;
  return copy(rest);
}

function lifecycleScope(name: string, channel?: Channel): string | undefined {
  if (name.startsWith('group_')) return 'groups:read';
  if (name.startsWith('channel_')) return 'channels:read';
  if (name.startsWith('member_')) return channel?.isPrivate ? 'groups:read' : 'channels:read';
  return undefined;
}

function isPublicLifecycle(name: string): boolean {
  return name.startsWith('channel_') || name === 'member_left_channel';
}

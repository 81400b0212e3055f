/**
 * What Slack can tell us, as one union. `parse-event.ts` makes it from the payload of an envelope; inside there
 * are no casts, and whatever we do not know is `ignored` with a reason.
 */

/** Text as Slack escapes it: `&amp; &lt; &gt;`, and `<…>` tokens for mentions and links. Never show it unparsed. */
export type EscapedText = string & { readonly __text: 'escaped' };
/** Text as a person typed it, without any escaping (modals). */
export type RawText = string & { readonly __text: 'raw' };

export interface SlackFile {
  readonly id: string;
  readonly name: string;
  readonly bytes: number | null;
  readonly type: string;
}

/** A message as it stands in its channel, whichever way we read it. */
export interface SlackMessage {
  readonly ts: string;
  /** The thread's first message; null for a top-level message. */
  readonly threadTs: string | null;
  /** Null for a message of an app that posts without a user. */
  readonly user: string | null;
  /** Set for every message that an app wrote, ours included. */
  readonly botId: string | null;
  /** The author's workspace, if Slack says it. */
  readonly team: string | null;
  readonly text: EscapedText;
  readonly files: readonly SlackFile[];
}

/** A message as Slack shows it when it is asked, with what stands on it; no event tells that. */
export interface ShownMessage extends SlackMessage {
  readonly reactions: readonly MessageReaction[];
}

export interface MessageReaction {
  readonly user: string;
  /** Without colons and without skin tone. */
  readonly emoji: string;
}

/** A message that somebody wrote: plain, with files, or a thread reply sent to the channel too. */
export interface MessageEvent extends SlackMessage {
  readonly kind: 'message';
  readonly channel: string;
  /** True for a DM with the bot. */
  readonly isDm: boolean;
}

export interface MessageChangedEvent {
  readonly kind: 'message_changed';
  readonly channel: string;
  readonly isDm: boolean;
  readonly ts: string;
  readonly threadTs: string | null;
  readonly user: string | null;
  readonly botId: string | null;
  readonly text: EscapedText;
  readonly previousText: EscapedText | null;
  readonly files: readonly SlackFile[];
  /** When it changed: the event's own time, else the edit's, else the message's. Never earlier than `edited.ts` of the history. */
  readonly editedTs: string;
}

export interface MessageDeletedEvent {
  readonly kind: 'message_deleted';
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | null;
}

export interface ReactionEvent {
  readonly kind: 'reaction';
  readonly added: boolean;
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  /** Without colons and without skin tone. */
  readonly emoji: string;
  readonly eventTs: string;
}

export interface MemberEvent {
  readonly kind: 'member';
  readonly joined: boolean;
  readonly channel: string;
  readonly user: string;
}

export interface ChannelEvent {
  readonly kind: 'channel';
  readonly change: 'renamed' | 'archived' | 'unarchived' | 'deleted' | 'shared' | 'unshared';
  readonly channel: string;
  readonly name: string | null;
}

export interface PersonChangedEvent {
  readonly kind: 'person_changed';
  readonly user: string;
  readonly deactivated: boolean;
}

/** The installation ended (uninstalled, tokens revoked), or Slack withholds events for a minute. */
export interface AppEvent {
  readonly kind: 'app';
  readonly change: 'uninstalled' | 'tokens_revoked' | 'rate_limited';
}

export interface CommandEvent {
  readonly kind: 'command';
  readonly user: string;
  readonly channel: string;
  /** With `should_escape` people and channels are `<@U1|name>`, `<#C1|name>`; all else is escaped text too. */
  readonly text: EscapedText;
  readonly responseUrl: string;
  readonly triggerId: string;
}

export interface ButtonEvent {
  readonly kind: 'button';
  readonly actionId: string;
  /** The button's value, or the value of the chosen option of a menu, or the chosen person. */
  readonly value: string;
  readonly user: string;
  readonly channel: string | null;
  readonly messageTs: string | null;
  /** The first block's id, which a message of ours has for its key. */
  readonly messageKey: string | null;
  readonly threadTs: string | null;
  readonly viewId: string | null;
  readonly responseUrl: string | null;
  readonly triggerId: string;
  readonly actionTs: string;
}

export interface MessageShortcutEvent {
  readonly kind: 'message_shortcut';
  readonly callbackId: string;
  readonly user: string;
  readonly channel: string;
  readonly responseUrl: string | null;
  readonly triggerId: string;
  readonly message: SlackMessage;
}

export interface GlobalShortcutEvent {
  readonly kind: 'global_shortcut';
  readonly callbackId: string;
  readonly user: string;
  readonly triggerId: string;
}

/** What one input of a modal holds, by its action id. */
export type ViewValue = string | null;

export interface SubmissionEvent {
  readonly kind: 'submission';
  readonly callbackId: string;
  readonly viewId: string;
  readonly user: string;
  readonly privateMetadata: string;
  /** By action id; texts are raw, a moment is epoch seconds. */
  readonly values: Readonly<Record<string, ViewValue>>;
}

export interface IgnoredEvent {
  readonly kind: 'ignored';
  readonly reason: string;
}

export type SlackEvent =
  | MessageEvent
  | MessageChangedEvent
  | MessageDeletedEvent
  | ReactionEvent
  | MemberEvent
  | ChannelEvent
  | PersonChangedEvent
  | AppEvent
  | CommandEvent
  | ButtonEvent
  | MessageShortcutEvent
  | GlobalShortcutEvent
  | SubmissionEvent
  | IgnoredEvent;

export type EventKind = SlackEvent['kind'];

/** How the inbox files an event. */
export interface EventIdentity {
  /** Slack's id of the delivery: `event_id`, or the trigger id, or the envelope id. */
  readonly eventId: string;
  /**
   * What happened, however often and under whatever id it is told: `message:C1:1.2` (for `message` and `app_mention`
   * alike), `changed:C1:1.2:editedTs`, `deleted:C1:1.2`, `reaction+:C1:1.2:U1:emoji:eventTs`, … Null where the id is all there is.
   */
  readonly key: string | null;
  /** The message it is about, `C1:1.2` (for a thread reply its thread's first message): late events find their request by it. */
  readonly subject: string | null;
  /** Events of one lane are handled in the order of their arrival. */
  readonly lane: string;
  /** Somebody waits at a button, a modal or a command: these overtake messages. */
  readonly isInteractive: boolean;
  /** When it happened in Slack (epoch ms); null where Slack does not say. */
  readonly happenedAt: number | null;
}

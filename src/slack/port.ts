/** What we ask of Slack's Web API, and no more. Everything rejects as `errors.ts` says. */
import type { KnownBlock, ModalView } from '@slack/types';
import type { ShownMessage } from './event.ts';
import type { JsonRecord } from './json.ts';

export interface Installation {
  readonly userId: string;
  readonly botId: string | null;
  readonly teamId: string;
  readonly teamUrl: string | null;
  /** What the token was granted; empty where Slack does not say. */
  readonly scopes: readonly string[];
}

/** What Slack says of an app-level token. */
export interface TokenState {
  /** Null: it belongs to an app, as it should. */
  readonly userId: string | null;
  readonly scopes: readonly string[];
}

export interface SlackPerson {
  readonly id: string;
  /** The name that people type after an @; unique, unlike the display name. */
  readonly handle: string | null;
  /** Display name, else real name, else handle. As typed by that person: quote it. */
  readonly name: string;
  readonly displayName: string | null;
  /** IANA zone. */
  readonly zone: string | null;
  readonly email: string | null;
  readonly isBot: boolean;
  readonly isDeactivated: boolean;
  /** The home workspace, and on Enterprise Grid the others that the person is in. */
  readonly teamIds: readonly string[];
  /** Slack's own mark for somebody of another organisation. */
  readonly isStranger: boolean;
}

export interface SlackChannel {
  readonly id: string;
  /** Without #. Empty for a DM. */
  readonly name: string;
  readonly isPrivate: boolean;
  readonly isDm: boolean;
  /** With another workspace. */
  readonly isShared: boolean;
  readonly isArchived: boolean;
  /** Whether the bot is in it. */
  readonly isMember: boolean;
  /** The other side of a DM. */
  readonly dmUser: string | null;
}

export interface MessageContent {
  /** Finished mrkdwn (`messageText`): the notification, and what shows where blocks cannot. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

export interface NewPost extends MessageContent {
  readonly channel: string;
  readonly threadTs?: string | null;
  /** A thread reply that the channel sees too. */
  readonly broadcast?: boolean;
  /** By which the post is found again; goes into its metadata. Give it to `assemble` as well. Everybody in the channel can read it. */
  readonly key?: string;
}

/** Where a message is. */
export interface MessagePlace {
  readonly channel: string;
  readonly ts: string;
}

/** An answer to a command or a button, by its response_url. */
export interface ResponseBody extends Partial<MessageContent> {
  readonly threadTs?: string | null;
}

/** Waited for before each call of a long reading, which has to stay inside Slack's allowance. */
export type Turn = () => Promise<void>;

export interface SlackClient {
  authTest(): Promise<Installation>;

  /** Not idempotent: after an `UnknownOutcome` look with `findPost`. */
  post(post: NewPost): Promise<MessagePlace>;
  update(place: MessagePlace, content: MessageContent): Promise<void>;
  remove(place: MessagePlace): Promise<void>;
  /** At most once, and nobody knows whether it was seen. */
  postEphemeral(
    post: MessageContent & { channel: string; user: string; threadTs?: string | null },
  ): Promise<void>;
  /** Only to Slack's own addresses. */
  respond(responseUrl: string, body: ResponseBody): Promise<void>;

  /** @returns the view's id */
  openView(triggerId: string, view: ModalView): Promise<string>;
  updateView(viewId: string, view: ModalView): Promise<void>;

  /** @returns the id of the DM channel with this person */
  openDm(user: string): Promise<string>;
  /** Null if Slack knows nobody by this id. */
  person(id: string): Promise<SlackPerson | null>;
  /** Everybody, also who has left. */
  people(): Promise<readonly SlackPerson[]>;
  personByEmail(email: string): Promise<SlackPerson | null>;
  /** Null if there is none, or a private one without the bot. */
  channel(id: string): Promise<SlackChannel | null>;
  /** The channels and DMs that the bot is in. */
  joinedChannels(): Promise<readonly SlackChannel[]>;
  /** All public channels, and the private ones with the bot; archived ones too. */
  visibleChannels(): Promise<readonly SlackChannel[]>;
  members(channel: string): Promise<readonly string[]>;

  /** Null if there is no such message. */
  permalink(place: MessagePlace): Promise<string | null>;
  /** Where a post of ours with this key is, if it is there. `sinceTs`: shortly before the first attempt. */
  findPost(post: {
    channel: string;
    threadTs?: string | null;
    key: string;
    sinceTs: string;
  }): Promise<MessagePlace | null>;
  /** One message, a thread reply too (given its thread or not). Null if it is gone or nobody's words. */
  message(place: MessagePlace, threadTs?: string | null): Promise<ShownMessage | null>;
  /** Top-level messages as Slack has them, oldest first, since `sinceTs` and with it. */
  history(range: { channel: string; sinceTs: string; turn?: Turn }): Promise<readonly JsonRecord[]>;
  /** A thread, its first message included, oldest first; null if it is gone. */
  thread(range: { channel: string; threadTs: string; turn?: Turn }): Promise<readonly JsonRecord[] | null>;
}

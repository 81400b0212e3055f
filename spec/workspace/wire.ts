/** The shapes that the local Slack keeps and sends. Field names are Slack's own where they go over the wire. */

export type Json = Record<string, unknown>;

export interface Person {
  readonly id: string;
  /** The handle, as in `@ana`. */
  name: string;
  realName: string;
  displayName: string;
  email: string;
  /** IANA zone. */
  tz: string;
  deleted: boolean;
  readonly isBot: boolean;
  /** Another workspace's id for people who are here through Slack Connect. */
  readonly teamId: string;
  dnd: { startsAt: number; endsAt: number } | null;
}

export interface FileMeta {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly mimetype: string;
  readonly filetype: string;
}

export interface Reaction {
  readonly name: string;
  readonly users: string[];
  count: number;
}

export interface Message {
  readonly type: 'message';
  subtype?: string;
  user?: string;
  bot_id?: string;
  app_id?: string;
  bot_profile?: Json;
  username?: string;
  client_msg_id?: string;
  team?: string;
  user_team?: string;
  source_team?: string;
  text: string;
  readonly ts: string;
  thread_ts?: string;
  parent_user_id?: string;
  reply_count?: number;
  reply_users?: string[];
  latest_reply?: string;
  blocks?: Json[];
  attachments?: Json[];
  metadata?: Json;
  files?: readonly FileMeta[];
  reactions?: Reaction[];
  edited?: { user: string; ts: string };
  hidden?: boolean;
}

export interface Channel {
  readonly id: string;
  name: string;
  readonly isPrivate: boolean;
  readonly isIm: boolean;
  isExtShared: boolean;
  isArchived: boolean;
  topic: string;
  readonly createdAt: number;
  readonly members: Set<string>;
  /** Whose direct message this is; null for channels. */
  readonly imUser: string | null;
  /** In the order of their ts, replies included. */
  readonly messages: Message[];
  readonly byTs: Map<string, Message>;
  /** Replies only, by the ts of the thread's first message. */
  readonly threads: Map<string, Message[]>;
}

/** Seen by one person only, and never in the history. */
export interface Ephemeral {
  readonly user: string;
  readonly channel: string;
  readonly ts: string;
  text: string;
  blocks: Json[];
  readonly thread_ts?: string;
}

export interface View {
  readonly id: string;
  /** Who looks at it. */
  readonly user: string;
  readonly type: 'modal' | 'home';
  /** What the app sent, block ids filled in. */
  body: Json & { blocks: Json[] };
  hash: string;
  readonly rootId: string;
  readonly previousId: string | null;
  /** What the person has chosen in it so far, as `view.state.values`. */
  values: Record<string, Record<string, Json>>;
  openedAt: number;
}

export type Who = string | { readonly id: string };
export type Where = string | { readonly id: string };

export function idOf(thing: Who | Where): string {
  return typeof thing === 'string' ? thing : thing.id;
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isJsonList(value: unknown): value is Json[] {
  return Array.isArray(value) && value.every(isJson);
}

export function copy<T>(value: T): T {
  return structuredClone(value);
}

/** A text or number as text, anything else as JSON; nothing becomes `[object Object]`. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value instanceof Error ? value.message : (JSON.stringify(value) ?? '');
}

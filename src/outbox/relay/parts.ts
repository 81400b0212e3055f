/** What every part of the relay works with, and what a row of the outbox is turned into. */
import type { Cache } from '../../cache/cache.ts';
import type { Clock } from '../../clock.ts';
import type { Queue } from '../../domain/queue.ts';
import type { Posted, Request } from '../../domain/request.ts';
import type { Logger } from '../../logger.ts';
import type { SlackClient } from '../../slack/client.ts';
import type { Directory } from '../../slack/directory.ts';
import { appendOutbox, type finishOutbox, type NewOutboxRow } from '../../store/outbox.ts';
import type { Pool } from '../../store/pool.ts';
import type { Tx } from '../../store/transaction.ts';
import type { Message } from '../render/context.ts';

export interface RelayParts {
  readonly pool: Pool;
  readonly slack: SlackClient;
  readonly directory: Pick<Directory, 'person' | 'channel' | 'channelNow' | 'isResponder' | 'responders'>;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly logger: Logger;
  /** All queues by name. */
  readonly queues: ReadonlyMap<string, Queue>;
  /** Called after a commit that has earlier events handled again. */
  readonly wakeInbox: () => void;
  /** For requests whose queue is no longer configured. */
  readonly defaultQueue: Queue;
  /** `teamUrl`: `https://acme.slack.com/`. */
  readonly bot: { readonly userId: string; readonly teamUrl: string };
}

/** Where a new message goes. */
export interface Target {
  readonly channel: string;
  readonly threadTs: string | null;
  readonly broadcast: boolean;
}

/** What a row asks for now, rendered from the state as it is. */
export type Plan =
  | { readonly kind: 'nothing'; readonly why: string }
  /** Its place is in another lane, behind other rows, or where its conversation goes on: `follow` puts it there. */
  | { readonly kind: 'elsewhere'; readonly follow: Follow }
  | {
      readonly kind: 'post';
      readonly to: Target;
      readonly content: Message;
      readonly whenRefused: Refused;
      /** Slack says that what it was to stand under is not there any more. */
      readonly whenThreadGone?: Follow;
    }
  | {
      readonly kind: 'edit';
      readonly place: Posted;
      readonly content: Message;
      readonly whenGone: Follow;
      /** In a channel that takes none it is tried for a day; otherwise given up. */
      readonly isPatient?: boolean;
    }
  | { readonly kind: 'remove'; readonly place: Posted; readonly whenDone: Follow }
  /** At most once: finished before it is tried. */
  | { readonly kind: 'once'; readonly send: () => Promise<void> };

/** Runs in the transaction that finishes the row; `finished`: what came of finishing it. */
export type Follow = (tx: Tx, finished: Finished) => Promise<void>;
export type Finished = ReturnType<typeof finishOutbox>;

/** What becomes of a post whose channel takes none of ours. */
export type Refused =
  | { readonly kind: 'drop' }
  /** A channel of the configuration: it is tried until somebody lets the bot in again. */
  | { readonly kind: 'wait' }
  /** Does something else instead. */
  | { readonly kind: 'instead'; readonly follow: Follow };

export const DROP: Refused = { kind: 'drop' };
export const WAIT: Refused = { kind: 'wait' };

export const NOTHING_FOLLOWS: Follow = () => Promise.resolve();

export function nothing(why: string): Plan {
  return { kind: 'nothing', why };
}

export function queueOf(parts: Pick<RelayParts, 'queues' | 'defaultQueue'>, { queue }: Request): Queue {
  return parts.queues.get(queue) ?? parts.defaultQueue;
}

export function elsewhere({ clock }: Pick<RelayParts, 'clock'>, ...rows: readonly NewOutboxRow[]): Plan {
  return { kind: 'elsewhere', follow: (tx) => appendOutbox(tx, rows, clock.now()) };
}

/** The id of the DM with a person, remembered for a day. */
export async function dmWith({ cache, slack }: RelayParts, user: string): Promise<string> {
  const known = await cache.get(`dm:${user}`);
  if (known !== null) return known;
  const channel = await slack.openDm(user);
  await cache.set(`dm:${user}`, channel, DM_MS);
  return channel;
}

const DM_MS = 86_400_000;

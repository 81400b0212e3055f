/** What a handler is: one feature, one file, one line in the table of `index.ts`. */
import type { AnswerTo } from '../domain/effects.ts';
import type { Logger } from '../logger.ts';
import type { Desk } from '../queue/desk.ts';
import type { SlackClient } from '../slack/client.ts';
import type { Directory } from '../slack/directory.ts';
import type { Db } from '../store/pool.ts';
import type { StoredRequest } from '../store/rows.ts';
import type { Tx } from '../store/transaction.ts';

/** How an event ended, when nothing failed. */
export type Handled =
  | { readonly kind: 'handled' }
  | { readonly kind: 'ignored'; readonly reason: string }
  /** About a message that is no request (yet): handled again should it become one. */
  | { readonly kind: 'early' };

export const HANDLED: Handled = { kind: 'handled' };
export const EARLY: Handled = { kind: 'early' };

/** Nothing to do, and why: for the log, never for a person. */
export function ignored(reason: string): Handled {
  return { kind: 'ignored', reason };
}

export interface HandlerContext {
  readonly now: number;
  /** Slack's id of the event: what is said because of it takes its key from here. */
  readonly eventId: string;
  /** When it happened in Slack (epoch ms); `now` where Slack does not say. */
  readonly happenedAt: number;
  /** Slack never told of it: it was read from the history, after a gap. */
  readonly isLate: boolean;
  readonly desk: Desk;
  readonly directory: Directory;
  /** For reading and for `openView`, outside the transaction; everything else in Slack goes through the outbox. */
  readonly slack: SlackClient;
  /** For reading before the transaction; nothing read here is locked. */
  readonly db: Db;
  readonly bot: { readonly userId: string; readonly teamId: string };
  readonly logger: Logger;
  /**
   * Runs the event's one transaction, which also marks it done. A handler that returns without it changes nothing.
   * @throws EventDone when the event was handled meanwhile; nothing of `work` is kept then
   */
  commit(work: (tx: Tx) => Promise<Handled>): Promise<Handled>;
}

export type Handler<E> = (event: E, context: HandlerContext) => Promise<Handled>;

/** Who asked for something, and where the answer goes. */
export interface Asking {
  readonly user: string;
  readonly answerTo: AnswerTo;
}

/** Somebody who gives a command. */
export interface Commanding extends Asking {
  /** The request of the place, where `#n` may be left out; locked. */
  readonly here: StoredRequest | null;
  /** Where it was typed; null when nowhere in particular. */
  readonly channel: string | null;
}

/** The end of what people wrote about one request: in the tables, in what waits to be said, and in Slack. */
import { blank, type Whose } from '../domain/blank.ts';
import type { Effect } from '../domain/effects.ts';
import type { Posted, Request } from '../domain/request.ts';
import { SHOWN } from '../domain/step.ts';
import { takeQuotesOf } from '../store/quotes.ts';
import type { StoredRequest } from '../store/rows.ts';
import { blankMessagesOf, blankOutbox, heldBy } from '../store/texts.ts';
import type { Tx } from '../store/transaction.ts';
import { apply } from './apply.ts';
import type { Desk } from './desk.ts';

/** What was done, in numbers for people to read. */
export interface Blanking {
  /** Requests of which a text, a note or a reason is gone. */
  readonly requests: number;
  /** Messages of their conversations. */
  readonly messages: number;
  /** Copies of those, and lines of ours that showed a text or are on their way: to be deleted in Slack. */
  readonly removals: number;
}

export const NOTHING_BLANKED: Blanking = { requests: 0, messages: 0, removals: 0 };

export function add(one: Blanking, other: Blanking): Blanking {
  return {
    requests: one.requests + other.requests,
    messages: one.messages + other.messages,
    removals: one.removals + other.removals,
  };
}

export interface Blanked {
  readonly done: Blanking;
  /** By these names the events about it are known: its messages' ts, a form's view. */
  readonly names: readonly string[];
}

/**
 * Blanks a locked request and its conversation: everybody's texts, or one person's (`user`). Its card and the asker's reply
 * are shown anew without them, the copies and whatever else of ours shows them are deleted. Nothing left: nothing happens.
 */
export async function blankRequest(
  tx: Tx,
  desk: Desk,
  stored: StoredRequest,
  user: string | null,
  now: number,
): Promise<Blanked> {
  const { request } = stored;
  const holder = await heldBy(tx, request.id);
  const whose: Whose = user === null ? { kind: 'all' } : { kind: 'person', user, heldBy: holder };
  const next = blank(request, whose);
  const messages = await blankMessagesOf(tx, request.id, user);
  const isShown = next !== request;
  const isAskersGone = next.textGone !== request.textGone;
  // The state no longer has the reason of a hold that is over; a line of ours may.
  const underWay = isShown || user !== null ? await blankOutbox(tx, request.id, user, isAskersGone) : 0;
  const quotes = isShown || user !== null ? await takeQuotesOf(tx, request.id, user, isAskersGone) : [];
  const removed: readonly Posted[] = [...quotes, ...messages.flatMap(({ copy }) => copy ?? [])];
  const effects: readonly Effect[] = [
    ...(isShown ? SHOWN : []),
    ...removed.map(({ channel, ts }) => ({ kind: 'take_back', channel, ts }) as const),
    // Its copy may be on its way this very moment.
    ...messages
      .filter(({ copy }) => copy === null && request.conversation.isMirrored)
      .map(({ channel, ts }) => ({ kind: 'mirror', channel, ts }) as const),
  ];
  const done = {
    requests: isShown ? 1 : 0,
    messages: messages.length,
    removals: removed.length + underWay,
  };
  if (isShown || messages.length + removed.length > 0) {
    // What is said takes its key from the version.
    const decided = { ...next, version: request.version + 1 };
    const timeline = [{ at: now, actor: null, what: BLANKED_WORDS[whose.kind] }];
    await apply(tx, desk, stored, { next: decided, effects, timeline }, now);
  }
  return {
    done,
    names: [...(isShown ? namesOf(request) : []), ...[...messages, ...removed].map(({ ts }) => ts)],
  };
}

const BLANKED_WORDS = {
  all: 'its text is no longer kept',
  person: 'somebody’s text is no longer kept',
} as const;

function namesOf({ source, card, askerReply, leftCards }: Request): readonly string[] {
  return [source.ts, card?.ts, askerReply?.ts, ...leftCards.map(({ ts }) => ts)].filter(
    (ts) => ts !== undefined,
  );
}

/** Posts where asker and responders talk: they take, answer, re-open; in a mirrored conversation they are copied. */

import { append } from '../queue/apply.ts';
import { changeRequest } from '../queue/change-request.ts';
import { respondersOf } from '../queue/desk.ts';
import type { MessageEvent } from '../slack/event.ts';
import { startsWithLock } from '../slack/mrkdwn.ts';
import { timestampToMs } from '../slack/timestamp.ts';
import { insertMessage } from '../store/messages.ts';
import { readSettledRequest } from '../store/requests.ts';
import type { StoredRequest } from '../store/rows.ts';
import { appendTimeline } from '../store/timeline.ts';
import type { Tx } from '../store/transaction.ts';
import type { HandlerContext } from './handler.ts';
import { fileNames, replayEarly } from './intake.ts';

export interface Post {
  readonly message: MessageEvent & { readonly user: string };
  /** `note`: a mention that is no command. */
  readonly role: 'reply' | 'note';
  /** The mention that made the request: it answers and takes nothing. */
  readonly isCapture?: boolean;
  /** In the card's thread rather than in the asker's. */
  readonly isUnderCard: boolean;
}

/**
 * A post in a request's conversation: kept, counted for the clocks, mirrored where the conversation is. 🔒 keeps a
 * post under the card inside: it takes nothing, answers nothing, and is not copied.
 */
export async function converse(
  context: HandlerContext,
  tx: Tx,
  stored: StoredRequest,
  post: Post,
): Promise<void> {
  const { desk, now } = context;
  const { message, isUnderCard } = post;
  const { source } = stored.request;
  // A source that is a reply itself, told of after the 🎫 that captured it.
  if (source.channel === message.channel && source.ts === message.ts) return;
  // The thread of a card is the team's own, unless the conversation is mirrored there; and then 🔒 keeps a post in it.
  const isInside = isUnderCard && (!stored.request.conversation.isMirrored || startsWithLock(message.text));
  const isFirstSight = await insertMessage(tx, {
    channel: message.channel,
    ts: message.ts,
    threadTs: message.threadTs,
    requestId: stored.request.id,
    author: message.user,
    role: post.role,
    text: message.text,
    files: fileNames(message.files),
    isInside,
  });
  if (!isFirstSight) return;
  await replayEarly(context, tx, message);
  const at = Math.min(timestampToMs(message.ts), now);
  if (post.isCapture !== true)
    await changeRequest(tx, desk, stored, { kind: 'reply', at, isInside }, message.user, now);
  const { request } = stored;
  const isThird = message.user !== request.asker && !(await respondersOf(desk, request)).has(message.user);
  if (isThird) await appendTimeline(tx, request.id, [{ at: now, actor: message.user, what: 'wrote' }]);
  // Under the source of a request whose conversation is elsewhere everybody reads it anyway.
  const isMirrored = isUnderCard || message.channel === request.conversation.channel;
  if (!isInside && isMirrored)
    await mirror(context, tx, stored.request.id, message, `m.${message.channel}.${message.ts}`);
}

/** In a mirrored conversation, has the copy of a message brought in line with what is stored of it. */
export async function mirror(
  context: HandlerContext,
  tx: Tx,
  requestId: number,
  message: { readonly channel: string; readonly ts: string },
  keyBase: string,
): Promise<void> {
  const current = await readSettledRequest(tx, requestId);
  if (current === null || !current.request.conversation.isMirrored) return;
  const effect = { kind: 'mirror', channel: message.channel, ts: message.ts } as const;
  await append(tx, context.desk, current.request, [effect], keyBase, context.now);
}

/** Where a row's message goes, and what has to be there before it. */
import type { Effect } from '../../domain/effects.ts';
import type { Request } from '../../domain/request.ts';
import type { OutboxRow } from '../../store/outbox.ts';
import type { Message } from '../render/context.ts';
import { isPlaceRefused } from './failure.ts';
import { DROP, dmWith, elsewhere, type Plan, queueOf, type RelayParts, type Target, WAIT } from './parts.ts';
import { forgetCard, moveToDm, rowFor } from './record.ts';

/** A line of its own in the triage channel. */
export function postInTriage(parts: RelayParts, request: Request, content: Message): Plan {
  const to = { channel: queueOf(parts, request).triageChannel, threadTs: null, broadcast: false };
  return { kind: 'post', to, content, whenRefused: WAIT };
}

/** In the card's thread; where there is no card, in the channel. */
export function postUnderCard(
  parts: RelayParts,
  row: OutboxRow,
  request: Request,
  content: Message,
  broadcast: boolean,
): Plan {
  const { card } = request;
  if (card === null) return postInTriage(parts, request, content);
  return {
    kind: 'post',
    to: { channel: card.channel, threadTs: card.ts, broadcast },
    content,
    whenRefused: WAIT,
    whenThreadGone: forgetCard(parts, row, card),
  };
}

/**
 * In the conversation. Where the bot may not write there any more, or what it hung under is gone, it moves to the asker's
 * DM, or to a new thread there.
 */
export async function postInConversation(
  parts: RelayParts,
  row: OutboxRow,
  request: Request,
  content: Message,
): Promise<Plan> {
  const { channel, threadTs, isMirrored } = request.conversation;
  const to: Target = {
    channel: channel ?? (await dmWith(parts, request.asker)),
    threadTs,
    broadcast: false,
  };
  const whenThreadGone = moveToDm(parts, row, to);
  if (await isThreadGone(parts, request)) return { kind: 'elsewhere', follow: whenThreadGone };
  const whenRefused = isMirrored ? DROP : ({ kind: 'instead', follow: whenThreadGone } as const);
  return { kind: 'post', to, content, whenRefused, whenThreadGone };
}

/**
 * Slack keeps a message that was deleted only where something stands beneath it, and takes what is posted under one that is
 * gone without showing it to anybody. A thread that a reply of ours began is there.
 */
async function isThreadGone(
  { slack }: RelayParts,
  { source, askerReply, conversation: { channel, threadTs } }: Request,
): Promise<boolean> {
  if (!source.isDeleted || channel === null || threadTs === null || askerReply?.ts === threadTs) return false;
  const thread = await slack.thread({ channel, threadTs }).catch((error: unknown) => {
    // What may not be read may not be written to either, and that says where it goes.
    if (isPlaceRefused(error)) return [];
    throw error;
  });
  return thread === null;
}

export async function postToPerson(parts: RelayParts, user: string, content: Message): Promise<Plan> {
  const to = { channel: await dmWith(parts, user), threadTs: null, broadcast: false };
  return { kind: 'post', to, content, whenRefused: DROP };
}

/** True until our first reply in the asker's DM opens the conversation there. */
export function needsOpening({ conversation: { channel, threadTs } }: Request): boolean {
  return channel === null || threadTs === null;
}

const BEHIND = '.behind';

/**
 * Puts what has to come first into the outbox, and the row behind it. Null for a row that has been there before: what
 * had to come first could not, and waiting for it again would never end.
 */
export function behind(parts: RelayParts, row: OutboxRow, request: Request, first: Effect): Plan | null {
  if (row.key.endsWith(BEHIND)) return null;
  return elsewhere(
    parts,
    rowFor(parts, request, first, `${row.key}.first`),
    rowFor(parts, request, row.effect, `${row.key}${BEHIND}`),
  );
}

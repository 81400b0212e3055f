/** The text of a request that several DMs make: the sum of its parts, in order of time. */
import type { Change } from '../domain/change.ts';
import { priorityOfText } from '../domain/emoji.ts';
import type { FileName, Priority, Request } from '../domain/request.ts';
import { titleLine } from '../domain/texts.ts';
import { changeRequest } from '../queue/change-request.ts';
import { queueOf } from '../queue/desk.ts';
import { blankMessage, type ConversationMessage, messagesOf } from '../store/messages.ts';
import { lockRequest } from '../store/requests.ts';
import type { StoredRequest } from '../store/rows.ts';
import type { Tx } from '../store/transaction.ts';
import type { HandlerContext } from './handler.ts';
import { isPublic } from './places.ts';

type Parts = readonly ConversationMessage[];

/**
 * Rewrites a request's text from its parts.
 * @param priority what a part that is new, or was edited, sets; null when it says nothing of it
 */
export async function retextFromParts(
  context: HandlerContext,
  tx: Tx,
  stored: StoredRequest,
  by: string,
  priority: Priority | null,
): Promise<void> {
  const parts = await partsLeft(tx, stored.request.id);
  await rewrite(context, tx, stored, by, parts, { priority, takesBack: false, isAgreed: false });
}

/** A part that its author deleted leaves the text at once, also where that is shown; what is left of it stays. */
export async function deletePart(context: HandlerContext, tx: Tx, part: ConversationMessage): Promise<void> {
  const stored = await lockRequest(tx, part.requestId);
  const before = await partsLeft(tx, part.requestId);
  await blankMessage(tx, part.channel, part.ts);
  // Told again: there is nothing new to say, nor to ask.
  if (stored === null || part.isDeleted) return;
  const left = before.filter(({ channel, ts }) => channel !== part.channel || ts !== part.ts);
  // Nothing has to be asked about words that were agreed to: all of them with this part, or these alone.
  const isAgreed = isShown(before, stored.request) || isShown(left, stored.request);
  const next = { ...stored, request: withThreadOf(left, stored.request, part) };
  await rewrite(context, tx, next, part.author, left, { priority: null, takesBack: true, isAgreed });
}

async function partsLeft(tx: Tx, requestId: number): Promise<Parts> {
  return (await messagesOf(tx, requestId, 'part')).filter(({ isDeleted }) => !isDeleted);
}

function sumOf(parts: Parts): { readonly text: string; readonly files: readonly FileName[] } {
  const { rest } = priorityOfText(parts.map(({ text }) => text).join('\n'));
  return { text: rest, files: parts.flatMap(({ files }) => files) };
}

function isShown(parts: Parts, { source }: Request): boolean {
  const { text, files } = sumOf(parts);
  return text === source.text && JSON.stringify(files) === JSON.stringify(source.files);
}

/**
 * Slack keeps the first message of a thread only where something stands beneath it; what is posted under one that is gone
 * nobody sees. As long as nothing of ours is there, the conversation can begin under another part.
 */
function withThreadOf(left: Parts, request: Request, gone: ConversationMessage): Request {
  const { conversation, askerReply } = request;
  const isItsThread = conversation.channel === gone.channel && conversation.threadTs === gone.ts;
  const next = left.find(({ channel, threadTs }) => channel === gone.channel && threadTs === null);
  if (!isItsThread || askerReply !== null || next === undefined) return request;
  return { ...request, conversation: { ...conversation, threadTs: next.ts } };
}

/** Without any part left there is no source any more. */
async function rewrite(
  context: HandlerContext,
  tx: Tx,
  stored: StoredRequest,
  by: string,
  parts: Parts,
  how: { readonly priority: Priority | null; readonly takesBack: boolean; readonly isAgreed: boolean },
): Promise<void> {
  const { desk, directory, now } = context;
  const { request } = stored;
  if (parts.length === 0) {
    await changeRequest(tx, desk, stored, { kind: 'source_deleted' }, by, now);
    return;
  }
  const { priority, takesBack, isAgreed } = how;
  const { text, files } = sumOf(parts);
  const asksConsent =
    request.source.isPrivate &&
    !isAgreed &&
    (await isPublic(directory, queueOf(desk, request).triageChannel));
  const change: Change = {
    kind: 'retext',
    title: titleLine(text),
    text,
    files,
    priority,
    asksConsent,
    takesBack,
  };
  await changeRequest(tx, desk, stored, change, by, now);
}

/** An edit by its author, an app's too: of a source, of a part of one, or of a post in a conversation. Copies follow. */
import type { Parsed } from '../domain/command.ts';
import { priorityOfText } from '../domain/emoji.ts';
import type { Priority } from '../domain/request.ts';
import { titleLine } from '../domain/texts.ts';
import { changeRequest } from '../queue/change-request.ts';
import { queueOf } from '../queue/desk.ts';
import type { EscapedText, MessageChangedEvent } from '../slack/event.ts';
import { changeKey } from '../slack/identify.ts';
import { mentionsUser, startsWithLock, withoutMention } from '../slack/mrkdwn.ts';
import { isKeyBetween } from '../store/inbox.ts';
import { type ConversationMessage, editMessage, readMessage } from '../store/messages.ts';
import { isSource, lockRequest, lockRequestBySource } from '../store/requests.ts';
import type { StoredRequest } from '../store/rows.ts';
import type { Tx } from '../store/transaction.ts';
import { isCommand, parseAt } from './command-text.ts';
import { mirror } from './conversation.ts';
import { EARLY, HANDLED, type Handled, type HandlerContext, ignored } from './handler.ts';
import { fileNames } from './intake.ts';
import { handleMessage } from './message.ts';
import { retextFromParts } from './parts.ts';
import { isPublic, triageQueueOf } from './places.ts';

export async function handleMessageChanged(
  event: MessageChangedEvent,
  context: HandlerContext,
): Promise<Handled> {
  if (event.user === context.bot.userId) return ignored('a message of our own');
  // Of an app's message only the edits count, once somebody has made it a request.
  const isPersons = event.botId === null && event.user !== null;
  if (isPersons && (await asksNow(event, context)) && !(await isKnown(event, context))) {
    return handleMessage({ ...event, kind: 'message', team: null }, context);
  }
  return context.commit(async (tx) => {
    if (await isOutdated(event, tx)) return ignored('a later edit of it is known');
    const part = await readMessage(tx, event.channel, event.ts);
    if (part !== null) return editPost(event, context, tx, part);
    const source = await lockRequestBySource(tx, event.channel, event.ts);
    if (source === null) return EARLY;
    await editSource(event, context, tx, source);
    return HANDLED;
  });
}

/** True of what asks only now: a mention was added, or it was answered as a command before and is none any more. */
async function asksNow(event: MessageChangedEvent, context: HandlerContext): Promise<boolean> {
  const { bot, directory, now } = context;
  const { previousText, text, user } = event;
  if (mentionWasAdded(event, bot.userId)) return true;
  const isToUs = (typed: EscapedText): boolean => event.isDm || mentionsUser(typed, bot.userId);
  if (previousText === null || !isToUs(previousText) || user === null) return false;
  const { zone } = await directory.person(user);
  const isAnswered = (typed: EscapedText): boolean =>
    isToUs(typed) &&
    isAnsweredOnly(event, context, parseAt(typed, event, { botUser: bot.userId, now, zone }));
  return isAnswered(previousText) && !isAnswered(text);
}

/** A command, and at the top of a triage channel whatever speaks to us and is not `new TEXT`. */
function isAnsweredOnly(
  { channel, threadTs }: MessageChangedEvent,
  { desk }: HandlerContext,
  said: Parsed,
): boolean {
  const isTopOfTriage = threadTs === null && triageQueueOf(desk, channel) !== null;
  return isCommand(said) || (said.kind === 'unknown' && isTopOfTriage);
}

function mentionWasAdded(event: MessageChangedEvent, botUser: string): boolean {
  return (
    !event.isDm &&
    mentionsUser(event.text, botUser) &&
    !(event.previousText !== null && mentionsUser(event.previousText, botUser))
  );
}

async function isKnown(event: MessageChangedEvent, context: HandlerContext): Promise<boolean> {
  const { db } = context;
  const { channel, ts } = event;
  return (await readMessage(db, channel, ts)) !== null || (await isSource(db, channel, ts));
}

/** Slack may tell of two edits in the other order; the later one has the text. */
function isOutdated({ channel, ts, editedTs }: MessageChangedEvent, tx: Tx): Promise<boolean> {
  return isKeyBetween(tx, changeKey(channel, ts, editedTs), changeKey(channel, ts, LAST_TS));
}

const LAST_TS = '9999999999.999999';

async function editSource(
  event: MessageChangedEvent,
  context: HandlerContext,
  tx: Tx,
  stored: StoredRequest,
): Promise<void> {
  const { bot, desk, directory, now } = context;
  const { rest } = priorityOfText(withoutMention(event.text, bot.userId));
  const asksConsent =
    stored.request.source.isPrivate &&
    (await isPublic(directory, queueOf(desk, stored.request).triageChannel));
  await changeRequest(
    tx,
    desk,
    stored,
    {
      kind: 'retext',
      title: titleLine(rest),
      text: rest,
      files: fileNames(event.files),
      priority: newPriority(event, bot.userId),
      asksConsent,
      takesBack: false,
    },
    event.user ?? stored.request.asker,
    now,
  );
}

/** A mark that was there before says nothing new: somebody may have changed the priority since. */
function newPriority({ text, previousText }: MessageChangedEvent, botUser: string): Priority | null {
  const { priority } = priorityOfText(withoutMention(text, botUser));
  const before =
    previousText === null ? null : priorityOfText(withoutMention(previousText, botUser)).priority;
  return priority === before ? null : priority;
}

async function editPost(
  event: MessageChangedEvent,
  context: HandlerContext,
  tx: Tx,
  post: ConversationMessage,
): Promise<Handled> {
  const stored = await lockRequest(tx, post.requestId);
  if (stored === null) return ignored('its request is gone');
  // Not by the card: it may have been deleted, or left behind in another queue, since this was written under it.
  const isTeamsSide = stored.request.conversation.channel !== event.channel;
  // 🔒 added by an edit takes the copy back; taken away it publishes nothing.
  const isInside = post.isInside || (isTeamsSide && startsWithLock(event.text));
  await editMessage(tx, event.channel, event.ts, event.text, fileNames(event.files), isInside);
  if (post.role === 'part') {
    await retextFromParts(context, tx, stored, post.author, newPriority(event, context.bot.userId));
    return HANDLED;
  }
  // In a channel that the conversation has left since, nothing is copied any more.
  const { triageChannel } = queueOf(context.desk, stored.request);
  const isHere = event.channel === triageChannel || event.channel === stored.request.conversation.channel;
  // Whether there is a copy is asked when it is this one's turn: it may just be on its way.
  if (isHere || post.copy !== null)
    await mirror(context, tx, stored.request.id, event, `m.${event.channel}.${event.ts}.${event.editedTs}`);
  return HANDLED;
}

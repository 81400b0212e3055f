/** A message becomes a request, whichever way it comes in; one that is a request already stays that one. */
import { type Capture, capture } from '../domain/capture.ts';
import { priorityOfText, reactionMeaning } from '../domain/emoji.ts';
import type { Queue } from '../domain/queue.ts';
import {
  type Conversation,
  type FileName,
  isOver,
  type Priority,
  type Request,
  type SourceKind,
} from '../domain/request.ts';
import { captureWords } from '../domain/wording.ts';
import { apply } from '../queue/apply.ts';
import type { EscapedText, MessageReaction, ShownMessage, SlackFile, SlackMessage } from '../slack/event.ts';
import { withoutMention } from '../slack/mrkdwn.ts';
import { timestampToMs } from '../slack/timestamp.ts';
import { replayEarlyEvents } from '../store/inbox.ts';
import { readMessage, removeMessage } from '../store/messages.ts';
import { passOverReaction } from '../store/reactions.ts';
import { insertRequest, lockRequest, lockRequestBySource } from '../store/requests.ts';
import { afterCommit, type Tx } from '../store/transaction.ts';
import type { HandlerContext } from './handler.ts';
import { isPrivateSource, isPublic } from './places.ts';

/** A message that is to become a request. */
export interface SourceMessage {
  readonly channel: string;
  readonly isDm: boolean;
  readonly ts: string;
  readonly threadTs: string | null;
  /** Null for a bot's message: then whoever captures it asks. */
  readonly user: string | null;
  readonly text: EscapedText;
  readonly files: readonly SlackFile[];
  /** What stood on it already, where Slack was asked. */
  readonly reactions?: readonly MessageReaction[];
}

/** What somebody else captures: a bot's message is nobody's, so that whoever captures it asks. */
export function sourceOf(
  { ts, threadTs, user, botId, text, files, reactions }: SlackMessage & Partial<ShownMessage>,
  channel: string,
  isDm: boolean,
): SourceMessage {
  const author = botId === null ? user : null;
  return {
    channel,
    isDm,
    ts,
    threadTs,
    user: author,
    text,
    files,
    ...(reactions === undefined ? {} : { reactions }),
  };
}

/** What has to be known about a message's places before its transaction. */
export interface Placed {
  readonly isPrivate: boolean;
  readonly asksConsent: boolean;
  readonly conversation: Conversation;
}

/** Looks up where a message stands: may its text go to this queue, and can the bot answer there? */
export async function placeOf(
  context: HandlerContext,
  message: SourceMessage,
  queue: Queue,
): Promise<Placed> {
  const { directory } = context;
  const isPrivate = await isPrivateSource(directory, message.channel, message.isDm);
  const asksConsent = isPrivate && (await isPublic(directory, queue.triageChannel));
  const threadTs = message.threadTs ?? message.ts;
  if (message.isDm) {
    return { isPrivate, asksConsent, conversation: { channel: message.channel, threadTs, isMirrored: true } };
  }
  const channel = await directory.channel(message.channel);
  const conversation: Conversation =
    channel?.isMember === true && !channel.isArchived
      ? { channel: message.channel, threadTs, isMirrored: false }
      : // Where the bot cannot post, the asker's DM is the place to talk.
        { channel: null, threadTs: null, isMirrored: true };
  return { isPrivate, asksConsent, conversation };
}

export interface Intake {
  readonly message: SourceMessage;
  readonly kind: SourceKind;
  readonly queue: Queue;
  readonly placed: Placed;
  /** Who captured it. */
  readonly by: string;
  readonly continues: number | null;
}

/** Captures a message; `isNew` is false when it was a request already. */
export async function captureMessage(
  context: HandlerContext,
  tx: Tx,
  intake: Intake,
): Promise<{ readonly request: Request; readonly isNew: boolean }> {
  const { message, queue, placed } = intake;
  const known = await lockRequestBySource(tx, message.channel, message.ts);
  if (known !== null) return { request: known.request, isNew: false };
  const part = await readMessage(tx, message.channel, message.ts);
  if (part !== null) {
    // It belongs to a request already; where that one is over, it becomes one of its own.
    const home = await lockRequest(tx, part.requestId);
    if (home !== null && !isOver(home.request, context.now)) return { request: home.request, isNew: false };
    await removeMessage(tx, message.channel, message.ts);
  }
  const { priority, rest } = priorityOfText(withoutMention(message.text, context.bot.userId));
  const opened = await open(
    context,
    tx,
    {
      queue,
      asker: message.user ?? intake.by,
      kind: intake.kind,
      channel: message.channel,
      ts: message.ts,
      threadTs: message.threadTs ?? message.ts,
      conversation: placed.conversation,
      isPrivate: placed.isPrivate,
      asksConsent: placed.asksConsent,
      text: rest,
      files: fileNames(message.files),
      priority: priority ?? 'normal',
      openedAt: Math.min(timestampToMs(message.ts), context.now),
      continues: intake.continues,
      isLate: context.isLate,
    },
    intake.by,
  );
  if (opened === null) {
    // Another transaction was faster between our look and our insert; its row is committed now.
    const winner = await lockRequestBySource(tx, message.channel, message.ts);
    if (winner === null) throw new Error('a request vanished while its message was captured');
    return { request: winner.request, isNew: false };
  }
  if (!context.isLate && context.now - context.happenedAt < TOLD_AGAIN_MS)
    await passOver(context, tx, intake);
  await replayEarly(context, tx, message);
  return { request: opened, isNew: true };
}

/**
 * Slack tells an event that nobody acknowledged again a minute later. What makes a request and waited longer than this to be
 * handled may have waited over a gap, and what was put on its message then nobody may ever tell of.
 */
const TOLD_AGAIN_MS = 30_000;

/**
 * A 👀 or ✅ that stood on a message before it was a request is nobody's yes to it, and must not be taken for one that
 * was missed. Whatever comes in the same moment Slack tells of as well, and that is heard.
 */
async function passOver(
  { bot, happenedAt }: HandlerContext,
  tx: Tx,
  { kind, message: { channel, ts, reactions = [] } }: Intake,
): Promise<void> {
  // A shortcut does not say by Slack's clock when it was chosen.
  const until = kind === 'shortcut' ? null : happenedAt;
  for (const each of reactions) {
    const meaning = reactionMeaning(each.emoji);
    if (meaning !== null && meaning !== 'capture' && each.user !== bot.userId)
      await passOverReaction(tx, channel, ts, each, until);
  }
}

/** Stores a new request with its card, reply and alarm; null when its message (or view, or command) is one already. */
export async function open(
  context: HandlerContext,
  tx: Tx,
  from: Capture,
  by: string,
): Promise<Request | null> {
  const { request, effects } = capture(from, context.now);
  const inserted = await insertRequest(tx, request);
  if (inserted === null) return null;
  const timeline = [
    { at: context.now, actor: by, what: captureWords(from.kind, by === from.asker, from.isLate) },
  ];
  const stored = { request: inserted, nextDueAt: null, alarmId: null };
  await apply(tx, context.desk, stored, { next: inserted, effects, timeline }, context.now);
  return inserted;
}

/** Events that overtook their message, and happened after what made it known, now have something to be about. */
export async function replayEarly(
  context: HandlerContext,
  tx: Tx,
  message: Pick<SourceMessage, 'channel' | 'ts' | 'threadTs'>,
): Promise<void> {
  const subjects = new Set([message.ts, message.threadTs ?? message.ts]);
  let replayed = 0;
  for (const ts of subjects) {
    replayed += await replayEarlyEvents(tx, `${message.channel}:${ts}`, context.happenedAt, context.now);
  }
  if (replayed > 0) afterCommit(tx, () => context.desk.wakeInbox());
}

/** What is kept of a file: its name, size and type; never a link. */
export function fileNames(files: readonly SlackFile[]): readonly FileName[] {
  return files.map(({ name, bytes, type }) => ({ name, bytes, type }));
}

/** A request that was written in a form or behind a slash command: nobody else has seen its text, and it has no thread. */
export async function placeWithoutMessage(context: HandlerContext, queue: Queue): Promise<Placed> {
  return {
    isPrivate: true,
    asksConsent: await isPublic(context.directory, queue.triageChannel),
    conversation: { channel: null, threadTs: null, isMirrored: true },
  };
}

export interface WrittenText {
  readonly kind: 'modal' | 'command';
  /** The view or trigger id: the request's key. */
  readonly key: string;
  readonly asker: string;
  readonly queue: Queue;
  readonly placed: Placed;
  /** Escaped. */
  readonly text: string;
  /** Null: what the text starts with says it, or normal. */
  readonly priority: Priority | null;
}

/** Opens a request without a message; null when this form or command made one already. */
export async function captureText(
  context: HandlerContext,
  tx: Tx,
  written: WrittenText,
): Promise<Request | null> {
  const { priority, rest } = priorityOfText(written.text);
  return open(
    context,
    tx,
    {
      queue: written.queue,
      asker: written.asker,
      kind: written.kind,
      channel: null,
      ts: written.key,
      threadTs: null,
      conversation: written.placed.conversation,
      isPrivate: written.placed.isPrivate,
      asksConsent: written.placed.asksConsent,
      text: rest,
      files: [],
      // The level of a form is normal unless somebody chose another one.
      priority: (written.priority === 'normal' ? priority : null) ?? written.priority ?? priority ?? 'normal',
      openedAt: context.now,
      continues: null,
      isLate: false,
    },
    written.asker,
  );
}

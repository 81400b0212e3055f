/** `@triage …` in a channel: a command, a request, or a note to the request of its thread. */
import { type Parsed, parseCommand } from '../domain/command.ts';
import type { Queue } from '../domain/queue.ts';
import { isOver } from '../domain/request.ts';
import { queueOf } from '../queue/desk.ts';
import { mentionsUser, withoutMention } from '../slack/mrkdwn.ts';
import { lockRequestByCardThread } from '../store/cards.ts';
import { lockRequestByConversation, threadHasRequest } from '../store/requests.ts';
import type { StoredRequest } from '../store/rows.ts';
import type { Tx } from '../store/transaction.ts';
import { askingIn, notInThisVersion, tell } from './answering.ts';
import { isCommand, type Typed } from './command-text.ts';
import { converse } from './conversation.ts';
import type { PersonsMessage } from './direct-message.ts';
import { type Asking, HANDLED, type Handled, type HandlerContext } from './handler.ts';
import { captureMessage, placeOf, type SourceMessage, sourceOf } from './intake.ts';
import { queueForChannel, triageQueueOf } from './places.ts';
import { shownMessage } from './shown-message.ts';
import { runCommand } from './verbs.ts';

export async function handleMention(message: PersonsMessage, context: HandlerContext): Promise<Handled> {
  const { zone } = await context.directory.person(message.user);
  const asking = askingIn(message.user, {
    channel: message.channel,
    isDm: false,
    threadTs: message.threadTs,
  });
  const typed = withoutMention(message.text, context.bot.userId);
  const read = (place: 'mention' | 'mention_in_thread'): Parsed =>
    parseCommand(typed, { place, now: context.now, zone });
  return message.threadTs === null || message.threadTs === message.ts
    ? atTop(message, context, asking, read('mention'))
    : inThread(message, message.threadTs, context, asking, read);
}

async function atTop(
  message: PersonsMessage,
  context: HandlerContext,
  asking: Asking,
  parsed: Parsed,
): Promise<Handled> {
  const { desk } = context;
  const isTriageChannel = triageQueueOf(desk, message.channel) !== null;
  if (parsed.kind === 'unknown' && isTriageChannel) {
    return context.commit(async (tx) => {
      await tell(context, tx, asking, { kind: 'help', lead: parsed.problem ?? didYouMean(parsed.nearest) });
      return HANDLED;
    });
  }
  if (isCommand(parsed))
    return context.commit((tx) => obey(context, tx, asking, parsed, null, message.channel));
  const queue = queueForChannel(desk, message.channel);
  const placed = await placeOf(context, message, queue);
  return context.commit(async (tx) => {
    await captureMessage(context, tx, {
      message,
      kind: 'mention',
      queue,
      placed,
      by: message.user,
      continues: null,
    });
    return HANDLED;
  });
}

async function inThread(
  message: PersonsMessage,
  threadTs: string,
  context: HandlerContext,
  asking: Asking,
  read: (place: 'mention' | 'mention_in_thread') => Parsed,
): Promise<Handled> {
  const { desk, db } = context;
  const queue = queueForChannel(desk, message.channel);
  const placed = await placeOf(context, message, queue);
  const isKnown = await threadHasRequest(db, message.channel, threadTs);
  // Slack has to be asked for the thread's first message before the transaction begins.
  const root =
    isKnown || isCommand(read('mention'))
      ? null
      : await shownMessage(context, { channel: message.channel, ts: threadTs });
  return context.commit(async (tx) => {
    const underCard = await lockRequestByCardThread(tx, message.channel, threadTs);
    const stored = underCard ?? (await lockRequestByConversation(tx, message.channel, threadTs));
    if (stored === null) {
      const parsed = read('mention');
      if (isCommand(parsed)) return obey(context, tx, asking, parsed, null, message.channel);
      // Where the first message is gone, or our own line, the mention itself is what was asked.
      if (root === null || root.user === context.bot.userId)
        return capture(context, tx, message, queue, null);
      return captureRoot(context, tx, message, sourceOf(root, message.channel, false));
    }
    const parsed = read('mention_in_thread');
    if (isCommand(parsed)) return obey(context, tx, asking, parsed, stored, message.channel);
    if (underCard === null && isOver(stored.request, context.now))
      return capture(context, tx, message, queueOf(desk, stored.request), stored.request.id);
    await converse(context, tx, stored, { message, role: 'note', isUnderCard: underCard !== null });
    return HANDLED;
  });

  async function capture(
    ctx: HandlerContext,
    tx: Tx,
    source: PersonsMessage,
    to: Queue,
    continues: number | null,
  ): Promise<Handled> {
    await captureMessage(ctx, tx, {
      message: source,
      kind: 'mention',
      queue: to,
      placed,
      by: source.user,
      continues,
    });
    return HANDLED;
  }

  /** In a thread its first message is the request, and the mention a note to it, which answers and takes nothing. */
  async function captureRoot(
    ctx: HandlerContext,
    tx: Tx,
    note: PersonsMessage,
    source: SourceMessage,
  ): Promise<Handled> {
    const { request } = await captureMessage(ctx, tx, {
      message: source,
      kind: 'mention',
      queue,
      placed,
      by: note.user,
      continues: null,
    });
    const stored = await lockRequestByConversation(tx, note.channel, threadTs);
    if (stored?.request.id === request.id)
      await converse(ctx, tx, stored, { message: note, role: 'note', isUnderCard: false, isCapture: true });
    return HANDLED;
  }
}

async function obey(
  context: HandlerContext,
  tx: Tx,
  asking: Asking,
  parsed: Typed,
  here: StoredRequest | null,
  channel: string,
): Promise<Handled> {
  if (parsed.kind === 'not_yet') {
    await tell(context, tx, asking, notInThisVersion(parsed.verb));
  } else {
    await runCommand(context, tx, parsed.command, { ...asking, here, channel });
  }
  return HANDLED;
}

function didYouMean(verb: string | null): string | null {
  return verb === null ? null : `Did you mean \`${verb}\`?`;
}

/** True when a message speaks to the bot. */
export function isMention(message: PersonsMessage, context: HandlerContext): boolean {
  return mentionsUser(message.text, context.bot.userId);
}

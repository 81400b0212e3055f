/** The card: the one message of a request in its triage channel, edited in place. */
import type { ContextBlock, RichTextBlock } from '@slack/types';
import { isExit, isOpen, type Request } from '../../domain/request.ts';
import { goneWords, stateWord } from '../../domain/wording.ts';
import { context, fields, header } from '../../slack/blocks.ts';
import { link, type Mrkdwn, mrkdwn } from '../../slack/inline.ts';
import { rawText } from '../../slack/mrkdwn.ts';
import { quote } from '../../slack/rich-text.ts';
import { cardButtons } from './card-buttons.ts';
import {
  called,
  type Message,
  message,
  messageUrl,
  name,
  oneLine,
  type RenderContext,
  readable,
} from './context.ts';
import { ago, did, dueWords, emoji, filesLine, moment, number, title } from './pieces.ts';

const QUOTE_LENGTH = 300;
const REASON_LENGTH = 300;

/** Names are plain text on a card: an edit of it must never ring for anybody. */
export function renderCard(request: Request, ctx: RenderContext, key: string): Message {
  const words = title(request, ctx);
  return message(
    mrkdwn`${emoji(request.priority)} #${request.id} · ${words} (${stateWord(request.state)})`,
    [
      header(`${emoji(request.priority)} #${request.id} · ${words}`),
      context(...whence(request, ctx)),
      fields(facts(request, ctx)),
      quoted(request, ctx),
      request.state === 'unposted' ? null : filesLine(request.source.files, ctx),
      details(request, ctx),
      cardButtons(request, ctx.now),
    ],
    key,
  );
}

/** The card of a queue that a request left: where it went, and nothing of what it says. */
export function renderLeftCard(id: number, toQueue: string, key: string): Message {
  const text = mrkdwn`#${id} · moved to the queue “${called(toQueue)}”`;
  return message(text, [context(text)], key);
}

/** Asker · channel · age · link; and that it was captured late. */
function whence(request: Request, ctx: RenderContext): readonly Mrkdwn[] {
  return [...origin(request, ctx), ...(request.late === null ? [] : [mrkdwn`captured late`])];
}

function origin(request: Request, ctx: RenderContext): readonly Mrkdwn[] {
  const { source } = request;
  const who = name(request.asker, ctx);
  const when = mrkdwn`opened ${ago(request.openedAt)}`;
  if (source.channel === null) return [who, when];
  if (isDm(request)) return [who, mrkdwn`DM`, when];
  if (source.isPrivate && !ctx.triageIsPrivate) return [who, mrkdwn`a private channel`, when];
  const where = mrkdwn`#${called(ctx.names.channel(source.channel))}`;
  if (source.isDeleted) return [who, where, when];
  const url = messageUrl(ctx.teamUrl, { channel: source.channel, ts: source.ts, threadTs: source.threadTs });
  return [who, where, when, link(url, 'Open the message')];
}

/** Nobody but its two sides can open a message in a DM. */
function isDm({ source }: Request): boolean {
  return source.kind === 'dm' || source.channel?.startsWith('D') === true;
}

function facts(request: Request, ctx: RenderContext): readonly Mrkdwn[] {
  const due = dueWords(request, ctx);
  const nobody = isOpen(request.state) ? 'nobody yet' : 'nobody';
  return [
    mrkdwn`*Status*\n${stateWord(request.state)}`,
    mrkdwn`*Owner*\n${request.owner === null ? nobody : name(request.owner, ctx)}`,
    mrkdwn`*Priority*\n${emoji(request.priority)} ${request.priority}`,
    ...(due === null ? [] : [mrkdwn`*Due*\n${due}`]),
  ];
}

function quoted(request: Request, ctx: RenderContext): RichTextBlock | null {
  if (request.state === 'unposted') return null;
  if (request.source.isDeleted) return quote(rawText(goneWords(request)));
  return quote(readable(request.source.text ?? '', ctx), QUOTE_LENGTH);
}

/** What a responder would otherwise have to ask for: why it is on hold, why it ended, who did it. */
function details(request: Request, ctx: RenderContext): ContextBlock | null {
  const { hold, exit, resolution, continues, state } = request;
  const found: Mrkdwn[] = [];
  if (state === 'on_hold' && hold !== null)
    found.push(mrkdwn`On hold until ${moment(hold.untilAt)}: ${reason(hold.reason, ctx)}`);
  if (isExit(state) && exit !== null) {
    if (exit.duplicateOf !== null) found.push(mrkdwn`Duplicate of #${exit.duplicateOf}`);
    if (exit.reason !== null) found.push(mrkdwn`Reason: ${reason(exit.reason, ctx)}`);
  }
  if ((state === 'resolved' || state === 'closed') && resolution !== null && resolution.note !== null)
    found.push(mrkdwn`Note: ${reason(resolution.note, ctx)}`);
  if (continues !== null) found.push(mrkdwn`Continues ${number(continues)}`);
  found.push(...lastChange(request, ctx));
  return context(...found);
}

function reason(text: string, ctx: RenderContext): string {
  return oneLine(text, REASON_LENGTH, ctx);
}

/** Who did the last thing, unless it was the owner. */
function lastChange(request: Request, ctx: RenderContext): readonly Mrkdwn[] {
  const last = request.lastChange;
  if (last === null || (last.by !== null && last.by === request.owner)) return [];
  const when = ago(last.at);
  if (last.by === null) return [mrkdwn`${oneLine(last.what, REASON_LENGTH, ctx)} ${when}`];
  return [mrkdwn`${name(last.by, ctx)} ${did(last.what, mrkdwn`it`, ctx)} ${when}`];
}

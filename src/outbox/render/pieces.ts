/** Small pieces that several messages share: titles, times, files, buttons. */
import type { Button, ContextBlock } from '@slack/types';
import { type Action, actionId } from '../../domain/actions.ts';
import { dueNext, elapsedMs } from '../../domain/clocks.ts';
import { formatDuration } from '../../domain/duration.ts';
import { PRIORITY_EMOJI } from '../../domain/emoji.ts';
import type { ClockKind, FileName, Priority, Request } from '../../domain/request.ts';
import { changeWords, goneWords, stateWord } from '../../domain/wording.ts';
import { context } from '../../slack/blocks.ts';
import { titleOf } from '../../slack/clamp.ts';
import { button } from '../../slack/elements.ts';
import { date, link, type Mrkdwn, mrkdwn } from '../../slack/inline.ts';
import { type AnswerContext, messageUrl, oneLine, type RenderContext, readable } from './context.ts';

const TITLE_LENGTH = 120;

/** What a request is called: its title on one line; for one without text its files. Not yet inert. */
export function title(request: Request, ctx: AnswerContext): string {
  const { source } = request;
  // What its asker has not yet agreed to show is shown to nobody.
  if (request.state === 'unposted') return stateWord('unposted');
  if (source.isDeleted) return goneWords(request);
  const words = titleOf(readable(source.title ?? '', ctx), TITLE_LENGTH);
  if (isSeen(words)) return words;
  const [first, ...others] = source.files;
  if (first === undefined) return '(no text)';
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `${oneLine(first.name, TITLE_LENGTH - 20, ctx) || 'a file'}${more}`;
}

/** False for a text of blanks and invisible marks only. */
function isSeen(text: string): boolean {
  return /[^\p{White_Space}\p{C}]/u.test(text);
}

export function emoji(priority: Priority): string {
  return PRIORITY_EMOJI[priority].emoji;
}

/** `today 16:40`, in the reader's own zone. */
export function moment(at: number): Mrkdwn {
  return date(at, '{date_short_pretty} {time}', utc(at));
}

/** `5 minutes ago`; Slack keeps it true while the message stands. */
export function ago(at: number): Mrkdwn {
  return date(at, '{ago}', utc(at));
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `45 min`, for texts that are said once. */
export function age(fromAt: number, ctx: AnswerContext): string {
  return formatDuration(Math.max(0, ctx.now - fromAt));
}

const DUE_BY: Readonly<Record<ClockKind, string>> = {
  assign: 'take by',
  first_response: 'answer by',
  resolution: 'resolve by',
};
const WAS_DUE: Readonly<Record<ClockKind, string>> = {
  assign: 'an owner was due',
  first_response: 'the first answer was due',
  resolution: 'the resolution was due',
};

/** What is due next, in times that stay true while the message stands; null where nothing is or was due. */
export function dueWords(request: Request, ctx: RenderContext): Mrkdwn | null {
  if (request.state === 'resolved' || request.state === 'closed') return resolvedWords(request, ctx);
  const due = dueNext(request, ctx.queue);
  if (due === null) return null;
  if (due.dueAt === null) return mrkdwn`paused`;
  return due.dueAt < ctx.now
    ? mrkdwn`🔴 ${WAS_DUE[due.kind]} ${ago(due.dueAt)}`
    : mrkdwn`🟨 ${DUE_BY[due.kind]} ${moment(due.dueAt)}`;
}

function resolvedWords(request: Request, ctx: RenderContext): Mrkdwn {
  const tookMs = elapsedMs(request.intervals, 'resolution', ctx.now);
  const lateMs = tookMs - ctx.queue.targets.resolutionMs[request.priority];
  return lateMs > 0
    ? mrkdwn`🔴 over by ${formatDuration(lateMs)}`
    : mrkdwn`✅ met in ${formatDuration(tookMs)}`;
}

const FILES_SHOWN = 5;

/** Files by name, size and type, without links. Null without any. */
export function filesLine(
  files: readonly FileName[],
  ctx: Pick<AnswerContext, 'names'>,
): ContextBlock | null {
  if (files.length === 0) return null;
  const shown = files.slice(0, FILES_SHOWN).map((file) => mrkdwn`📎 ${fileWords(file, ctx)}`);
  const more = files.length - shown.length;
  return context(...shown, ...(more > 0 ? [mrkdwn`+${more} more`] : []));
}

function fileWords({ name, bytes, type }: FileName, ctx: Pick<AnswerContext, 'names'>): string {
  const about = [...(bytes === null ? [] : [size(bytes)]), ...(type === '' ? [] : [titleOf(type, 20)])];
  const named = oneLine(name, 100, ctx) || 'a file';
  return about.length === 0 ? named : `${named} (${about.join(', ')})`;
}

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A button about a request: its value is the number. */
export function press(text: string, action: Action, id: number, style?: 'primary' | 'danger'): Button {
  return button({
    text,
    actionId: actionId(action),
    value: String(id),
    ...(style === undefined ? {} : { style }),
  });
}

/** `Open the card`, or nothing where there is none yet. */
export function cardLink(request: Request, ctx: AnswerContext): Mrkdwn | null {
  if (request.card === null) return null;
  return link(messageUrl(ctx.teamUrl, { ...request.card, threadTs: null }), 'Open the card');
}

/** Stands for the object of a sentence until the sentence is inert; nobody can type it into a `what`. */
const OBJECT = '\uE000';

/** What somebody did to what, after their name. */
export function did(what: string, object: Mrkdwn, ctx: Pick<AnswerContext, 'names'>): Mrkdwn {
  const sentence = oneLine(changeWords(what.replaceAll(OBJECT, ''), OBJECT), 300, ctx);
  const [before = '', ...after] = sentence.split(OBJECT);
  return after.length === 0 ? mrkdwn`${before}` : mrkdwn`${before}${object}${after.join('')}`;
}

/** `#12`; a link to another request shows its number only. */
export function number(id: number): Mrkdwn {
  return mrkdwn`*#${id}*`;
}

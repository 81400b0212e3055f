/** Lines to one responder, by DM. They may read the request: that is checked when they are chosen. */
import type { Saying } from '../../domain/effects.ts';
import type { Request } from '../../domain/request.ts';
import { goneWords, stateWord } from '../../domain/wording.ts';
import { actions, context, section } from '../../slack/blocks.ts';
import { join, link, type Mrkdwn, mrkdwn } from '../../slack/inline.ts';
import { rawText } from '../../slack/mrkdwn.ts';
import { quote } from '../../slack/rich-text.ts';
import { type Message, message, messageUrl, name, oneLine, type RenderContext, readable } from './context.ts';
import { age, ago, cardLink, did, dueWords, emoji, number, press, title } from './pieces.ts';

type Of<Kind extends Saying['kind']> = Extract<Saying, { kind: Kind }>;

/** The person on duty, or the next in rotation, is asked to take a request. */
export function askDuty(saying: Of<'ask_duty'>, request: Request, ctx: RenderContext, key: string): Message {
  const { id, source } = request;
  return message(
    mrkdwn`${emoji(request.priority)} Nobody has #${id} yet. Take it?`,
    [
      section(mrkdwn`${asking(saying, request, ctx)}\n${called(request, ctx)}`),
      source.isDeleted ? quote(rawText(goneWords(request))) : quote(readable(source.text ?? '', ctx)),
      context(about(request, ctx)),
      actions(
        press('Take it', 'take', id, 'primary'),
        press('Pass', 'pass', id),
        press('Snooze', 'snooze', id),
      ),
    ],
    key,
  );
}

/** The first to be asked may stand in for somebody on duty who cannot be. */
function asking({ step, user }: Of<'ask_duty'>, request: Request, ctx: RenderContext): Mrkdwn {
  const it = number(request.id);
  if (step === 'next') return mrkdwn`Nobody has taken ${it} for ${age(request.openedAt, ctx)}. Can you?`;
  return ctx.onDuty?.user === user
    ? mrkdwn`You are on duty, and nobody has ${it} yet. Take it?`
    : mrkdwn`It is your turn: nobody has ${it} yet. Take it?`;
}

export function sayAssigned(
  { by }: Of<'assigned'>,
  request: Request,
  ctx: RenderContext,
  key: string,
): Message {
  const { id } = request;
  return message(
    mrkdwn`${name(by, ctx)} gave you #${id}.`,
    [
      section(mrkdwn`${name(by, ctx)} gave you ${number(id)}.\n${called(request, ctx)}`),
      context(about(request, ctx)),
    ],
    key,
  );
}

export function sayDoneByOther(
  saying: Of<'done_by_other'>,
  request: Request,
  ctx: RenderContext,
  key: string,
): Message {
  const { id } = request;
  const who = name(saying.by, ctx);
  const text = mrkdwn`${who} ${did(saying.what, mrkdwn`your ${number(id)}`, ctx)}.`;
  return message(
    mrkdwn`${who} ${did(saying.what, mrkdwn`your #${id}`, ctx)}.`,
    [section(join([text, ...linked(request, ctx)], ' '))],
    key,
  );
}

export function sayReopened(
  { by }: Of<'reopened'>,
  request: Request,
  ctx: RenderContext,
  key: string,
): Message {
  const { id } = request;
  const who = by === '' ? mrkdwn`Somebody` : name(by, ctx);
  return message(
    mrkdwn`${who} re-opened #${id}, which is yours.`,
    [
      section(mrkdwn`${who} re-opened ${number(id)}, which is yours.\n${called(request, ctx)}`),
      context(about(request, ctx)),
    ],
    key,
  );
}

export function sayHoldOver(
  { reason }: Of<'hold_over'>,
  request: Request,
  ctx: RenderContext,
  key: string,
): Message {
  const { id } = request;
  const why = oneLine(reason, 300, ctx);
  return message(
    mrkdwn`The hold of #${id} is over.`,
    [
      section(mrkdwn`The hold of ${number(id)} is over: it is yours to go on with.\n${called(request, ctx)}`),
      context(...(why === '' ? [] : [mrkdwn`It was on hold for: ${why}`]), about(request, ctx)),
    ],
    key,
  );
}

/** For whoever asked to be reminded; the asker is led to the conversation, everybody else to the card. */
export function sayReminder(
  { user }: Of<'reminder'>,
  request: Request,
  ctx: RenderContext,
  key: string,
): Message {
  const { id, state, asker } = request;
  const where = user === asker ? conversationLink(request, ctx) : linked(request, ctx);
  return message(
    mrkdwn`Your reminder of #${id}.`,
    [
      section(mrkdwn`⏰ You wanted to be reminded of ${number(id)} · ${title(request, ctx)}`),
      context(join([mrkdwn`${stateWord(state)}`, ...where])),
    ],
    key,
  );
}

function called(request: Request, ctx: RenderContext): Mrkdwn {
  return mrkdwn`${emoji(request.priority)} *${title(request, ctx)}*`;
}

/** Age, due, link to the card. */
function about(request: Request, ctx: RenderContext): Mrkdwn {
  const due = dueWords(request, ctx);
  return join([
    mrkdwn`opened ${ago(request.openedAt)}`,
    ...(due === null ? [] : [due]),
    ...linked(request, ctx),
  ]);
}

function linked(request: Request, ctx: RenderContext): readonly Mrkdwn[] {
  const found = cardLink(request, ctx);
  return found === null ? [] : [found];
}

function conversationLink({ conversation }: Request, ctx: RenderContext): readonly Mrkdwn[] {
  const { channel, threadTs } = conversation;
  if (channel === null || threadTs === null) return [];
  return [link(messageUrl(ctx.teamUrl, { channel, ts: threadTs, threadTs }), 'Open the conversation')];
}

/**
 * Lines to the asker, in the conversation. They are mentioned only where it is their turn, and not in their own DM,
 * where every message rings anyway. Others are named, never mentioned.
 */
import type { KnownBlock } from '@slack/types';
import { actionId, consentValue } from '../../domain/actions.ts';
import { formatDuration } from '../../domain/duration.ts';
import type { Saying } from '../../domain/effects.ts';
import { CONSENT_MS, type Request } from '../../domain/request.ts';
import { actions, context, divider, section } from '../../slack/blocks.ts';
import { button } from '../../slack/elements.ts';
import { channel, type Mrkdwn, mrkdwn, person, raw } from '../../slack/inline.ts';
import { carried } from './carried.ts';
import { type Message, message, name, oneLine, type RenderContext, readable } from './context.ts';
import { filesLine, moment, number, press } from './pieces.ts';

type Of<Kind extends Saying['kind']> = Extract<Saying, { kind: Kind }>;

/** `@ana ` where they have to act and would not notice otherwise. */
function toAsker({ asker, conversation }: Request): Mrkdwn {
  return conversation.isMirrored ? raw('') : mrkdwn`${person(asker)} `;
}

export function sayTaken({ by }: Of<'taken'>, { id }: Request, ctx: RenderContext, key: string): Message {
  const text = mrkdwn`👀 ${name(by, ctx)} has ${number(id)} now.`;
  return message(mrkdwn`${name(by, ctx)} has #${id} now.`, [section(text)], key);
}

export function sayQuestion(
  saying: Of<'question'>,
  request: Request,
  ctx: RenderContext,
  key: string,
): Message {
  const { id } = request;
  const who = saying.by === '' ? raw('The team') : name(saying.by, ctx);
  return message(
    mrkdwn`${who} needs an answer from you on #${id}.`,
    [
      section(
        mrkdwn`${toAsker(request)}${who} needs an answer from you to go on with ${number(id)}. Just write here.`,
      ),
    ],
    key,
  );
}

export function sayResolved(
  saying: Of<'resolved'>,
  request: Request,
  ctx: RenderContext,
  key: string,
): Message {
  const { id, asker } = request;
  const it = number(id);
  if (saying.by === asker)
    return message(mrkdwn`#${id} is resolved.`, [section(mrkdwn`✅ ${it} is resolved.`)], key);
  const openFor = formatDuration(ctx.queue.closeAfterMs);
  if (saying.by === null) {
    return message(
      mrkdwn`#${id} ends here: no answer came.`,
      [
        section(
          mrkdwn`${toAsker(request)}${it} ends here, since no answer came. Write here within ${openFor} and it goes on as it was.`,
        ),
        actions(press('Re-open', 'reopen', id)),
      ],
      key,
    );
  }
  const note = oneLine(noteOf(saying, request), 1500, ctx);
  return message(
    mrkdwn`${name(saying.by, ctx)} resolved #${id}.`,
    [
      section(
        mrkdwn`${toAsker(request)}${name(saying.by, ctx)} resolved ${it}${note === '' ? '.' : `: ${note}`}\nDoes it work? Without a word from you it closes in ${openFor}.`,
      ),
      actions(press('It works', 'confirm', id, 'primary'), press('Still broken', 'still_broken', id)),
    ],
    key,
  );
}

/** Of a request that was re-opened since, and perhaps resolved by another, the note is gone or not this one's. */
function noteOf({ by }: Of<'resolved'>, { resolution }: Request): string {
  return resolution?.by === by ? (resolution.note ?? '') : '';
}

export function sayEscalated({ id }: Request, ctx: RenderContext, key: string): Message {
  const who = ctx.queue.lead === null ? 'the whole team' : `the team's lead`;
  return message(
    mrkdwn`#${id} has waited too long; ${who} has been told.`,
    [section(mrkdwn`${number(id)} has waited too long for somebody to take it; ${who} has been told.`)],
    key,
  );
}

export function sayNudge({ nth }: Of<'nudge'>, request: Request, key: string): Message {
  const { id } = request;
  const still = nth > 1 ? 'still waits' : 'waits';
  return message(
    mrkdwn`#${id} ${still} for your answer.`,
    [
      section(mrkdwn`${toAsker(request)}${number(id)} ${still} for your answer. Write here and it goes on.`),
      actions(press('It is solved', 'resolve', id), press('Withdraw', 'withdraw', id)),
    ],
    key,
  );
}

export function sayNotice({ closesAt }: Of<'notice'>, request: Request, key: string): Message {
  const { id } = request;
  return message(
    mrkdwn`#${id} ends soon unless you answer.`,
    [
      section(
        mrkdwn`${toAsker(request)}${number(id)} waits for your answer and ends ${moment(closesAt)} without one. Write here, or keep it open.`,
      ),
      actions(press('Keep open', 'keep_open', id, 'primary'), press('It is solved', 'resolve', id)),
    ],
    key,
  );
}

/** For a message that was taken as belonging to an earlier request: its value says which message. */
export function makeNew(from: string, ts: string): ReturnType<typeof button> {
  return button({ text: 'Make it a new request', actionId: actionId('make_new'), value: `${from}:${ts}` });
}

/** The exact text, as the triage channel would show it, before anybody there sees it. */
export function sayConsent(
  saying: Of<'consent'>,
  request: Request,
  ctx: RenderContext,
  key: string,
): Message {
  const { id, state } = request;
  const asked = request.unshownText ?? '';
  const where = channel(saying.triageChannel);
  const isNew = state === 'unposted';
  const text = readable(asked, ctx);
  const intro = isNew
    ? mrkdwn`${number(id)} would be handled in ${where}, a channel that everybody here can read. This is the text that would stand there:`
    : mrkdwn`You edited ${number(id)}, which is handled in ${where}, a channel that everybody here can read. This is the text that would stand there now:`;
  const otherwise = isNew
    ? mrkdwn`Without your yes within ${formatDuration(CONSENT_MS)} it is withdrawn.`
    : request.source.text === null
      ? mrkdwn`Until your yes it stands there without a text.`
      : mrkdwn`Until your yes the text stays as it was.`;
  return message(
    mrkdwn`May #${id} be posted in a public channel?`,
    [
      section(intro),
      divider(),
      ...whole(carried(text)),
      filesLine(isNew ? request.source.files : request.unshownFiles, ctx),
      divider(),
      section(mrkdwn`What you or the team write about it later is public there too. ${otherwise}`),
      actions(postIt(id, asked), press('Cancel', 'cancel', id)),
    ],
    key,
  );
}

function postIt(id: number, text: string): ReturnType<typeof button> {
  return button({
    text: 'Post it there',
    actionId: actionId('post'),
    value: consentValue(id, text),
    style: 'primary',
  });
}

function whole(blocks: readonly KnownBlock[]): readonly KnownBlock[] {
  return blocks.length === 0 ? [section(mrkdwn`(no text)`)] : blocks;
}

export function sayConsentOver(
  { posted }: Of<'consent_over'>,
  { id, state }: Request,
  ctx: RenderContext,
  key: string,
): Message {
  const it = number(id);
  const text = posted
    ? mrkdwn`Posted: the team sees ${it} in ${channel(ctx.queue.triageChannel)} now.`
    : state === 'withdrawn'
      ? mrkdwn`Not posted: ${it} is withdrawn.`
      : mrkdwn`Not posted: the team still sees ${it} as it was.`;
  return message(posted ? mrkdwn`#${id} is posted.` : mrkdwn`#${id} was not posted.`, [context(text)], key);
}

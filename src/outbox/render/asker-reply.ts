/** The one reply that the asker gets under the source, edited in place: number, who has it, what comes next, when. */
import type { Button } from '@slack/types';
import { formatDuration } from '../../domain/duration.ts';
import type { Request } from '../../domain/request.ts';
import { actions, section } from '../../slack/blocks.ts';
import { join, type Mrkdwn, mrkdwn, person } from '../../slack/inline.ts';
import { canUndo } from './card-buttons.ts';
import { type Message, message, name, oneLine, type RenderContext } from './context.ts';
import { emoji, moment, number, press } from './pieces.ts';

/**
 * What others wrote for each other (hold's reason, notes, who did what) is not in it: it stands where the whole
 * channel of the source reads it.
 */
export function renderAskerReply(request: Request, ctx: RenderContext, key: string): Message {
  const words = join(sentences(request, ctx), ' ');
  return message(notification(request, ctx), [section(words), actions(...buttonsOf(request, ctx))], key);
}

function notification({ id, state, owner }: Request, ctx: RenderContext): Mrkdwn {
  if (state === 'new') return mrkdwn`Got it: #${id}. If there is more to say, write here.`;
  if (state === 'in_progress' && owner !== null) return mrkdwn`${name(owner, ctx)} has #${id}.`;
  return mrkdwn`#${id} ${SHORT[state]}.`;
}

const SHORT = {
  unposted: 'waits for your yes',
  new: 'nobody has it yet',
  in_progress: 'is being worked on',
  waiting: 'waits for your answer',
  on_hold: 'is on hold',
  resolved: 'is resolved',
  closed: 'is closed',
  duplicate: 'is a duplicate',
  not_request: 'is not a request',
  declined: 'is declined',
  withdrawn: 'is withdrawn',
} as const satisfies Record<Request['state'], string>;

function sentences(request: Request, ctx: RenderContext): readonly Mrkdwn[] {
  const { id, state, exit, hold } = request;
  const it = number(id);
  switch (state) {
    case 'unposted':
      return [mrkdwn`${it} waits until you agree to post it.`];
    case 'new':
      return [mrkdwn`Got it: ${it}${priority(request)}.`, ...whoLooks(request, ctx), addMore(request)];
    case 'in_progress':
      return [has(request, ctx), ...answerTime(request, ctx), addMore(request)];
    case 'waiting':
      return [mrkdwn`${it} waits for your answer. Write here and it goes on.`, ...endsAt(request)];
    case 'on_hold': {
      const until = hold === null ? mrkdwn`` : mrkdwn` until ${moment(hold.untilAt)}`;
      return [
        mrkdwn`${it} is on hold${until}: somebody else has to act first.`,
        mrkdwn`Nothing to do for you; write here if something changes.`,
      ];
    }
    case 'resolved':
      return resolved(request, ctx);
    case 'closed':
      return [mrkdwn`✅ ${it} is closed.`, again(request, ctx)];
    case 'duplicate':
      return [
        exit === null || exit.duplicateOf === null
          ? mrkdwn`${it} was asked before and goes on there.`
          : mrkdwn`${it} was asked before and goes on as ${number(exit.duplicateOf)}.`,
      ];
    case 'not_request':
      return [
        mrkdwn`The team read ${it} as not a request.`,
        canUndo(request, ctx.now) ? mrkdwn`If it is one, press *Undo*.` : again(request, ctx),
      ];
    case 'declined':
      return [declined(request, ctx), ...(canUndo(request, ctx.now) ? [] : [again(request, ctx)])];
    case 'withdrawn':
      return [mrkdwn`${it} is withdrawn; nothing more happens with it.`];
  }
}

/** Said once the asker has been told: before that the end is far, and may never come. */
function endsAt({ waiting }: Request): readonly Mrkdwn[] {
  if (waiting.closesAt === null || waiting.isKeptOpen) return [];
  return [mrkdwn`Without an answer it ends ${moment(waiting.closesAt)}.`];
}

function priority({ priority: level }: Request): string {
  return level === 'normal' ? '' : `, ${level} ${emoji(level)}`;
}

function has({ id, owner }: Request, ctx: RenderContext): Mrkdwn {
  return owner === null
    ? mrkdwn`${number(id)} is being worked on.`
    : mrkdwn`${name(owner, ctx)} has ${number(id)}.`;
}

/** On duty until when; and how long an answer usually takes, unless that time is over already. */
function whoLooks(request: Request, ctx: RenderContext): readonly Mrkdwn[] {
  const { onDuty } = ctx;
  const duty =
    onDuty === null || onDuty.user === request.asker
      ? mrkdwn`The team has been told.`
      : mrkdwn`${name(onDuty.user, ctx)} is on duty until ${moment(onDuty.untilMs)}.`;
  return [duty, ...answerTime(request, ctx)];
}

function answerTime(request: Request, ctx: RenderContext): readonly Mrkdwn[] {
  if (request.answeredAt !== null) return [];
  const targetMs = ctx.queue.targets.firstResponseMs[request.priority];
  return request.openedAt + targetMs < ctx.now
    ? [mrkdwn`It takes longer than it should; the team is reminded of it.`]
    : [mrkdwn`A first answer usually comes within ${formatDuration(targetMs)}.`];
}

function addMore(request: Request): Mrkdwn {
  return request.state === 'new'
    ? mrkdwn`If there is more to say, write here.`
    : mrkdwn`Write here to reach them.`;
}

function resolved(request: Request, ctx: RenderContext): readonly Mrkdwn[] {
  const { id, resolution, stateSinceAt, asker } = request;
  const closes = moment(stateSinceAt + ctx.queue.closeAfterMs);
  if (isByOthers(request)) {
    return [
      mrkdwn`✅ ${number(id)} is resolved.`,
      mrkdwn`Does it work? Without a word from you it closes ${closes}; until then writing here re-opens it.`,
    ];
  }
  return [
    resolution?.by === asker
      ? mrkdwn`✅ ${number(id)} is resolved.`
      : mrkdwn`${number(id)} ended without an answer.`,
    mrkdwn`Write here before ${closes} and it goes on as it was.`,
  ];
}

/** Whether it works is asked of those who did not say so themselves, and did not fall silent. */
function isByOthers({ resolution, asker }: Request): boolean {
  return resolution !== null && resolution.by !== null && resolution.by !== asker;
}

function declined({ id, exit }: Request, ctx: RenderContext): Mrkdwn {
  const why = oneLine(exit?.reason ?? '', 500, ctx);
  const by = exit?.by ?? null;
  const what =
    by === null ? mrkdwn`${number(id)} was declined` : mrkdwn`${name(by, ctx)} declined ${number(id)}`;
  return why === '' ? mrkdwn`${what}.` : mrkdwn`${what}: ${why}`;
}

/** How to ask again where a request is over. In a DM every message asks; elsewhere only one that mentions us. */
function again({ conversation }: Request, ctx: RenderContext): Mrkdwn {
  return conversation.isMirrored
    ? mrkdwn`If you need it again, write here and a new request continues it.`
    : mrkdwn`If you need it again, mention ${person(ctx.botUserId)} here and a new request continues it.`;
}

function buttonsOf(request: Request, ctx: RenderContext): readonly Button[] {
  const { id, state } = request;
  switch (state) {
    case 'new':
      return [press('Withdraw', 'withdraw', id), press('More…', 'all', id)];
    case 'in_progress':
    case 'waiting':
    case 'on_hold':
      return [
        press('It is solved', 'resolve', id),
        press('Withdraw', 'withdraw', id),
        press('More…', 'all', id),
      ];
    case 'resolved':
      return isByOthers(request)
        ? [press('It works', 'confirm', id, 'primary'), press('Still broken', 'still_broken', id)]
        : [press('Re-open', 'reopen', id)];
    case 'duplicate':
    case 'not_request':
    case 'declined':
    case 'withdrawn':
      return canUndo(request, ctx.now) ? [press('Undo', 'undo', id)] : [];
    case 'unposted':
    case 'closed':
      return [];
  }
}

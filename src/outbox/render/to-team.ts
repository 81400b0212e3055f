/** Lines in the card's thread and the triage channel, and beyond the queue. */
import type { Saying } from '../../domain/effects.ts';
import type { Request } from '../../domain/request.ts';
import { section } from '../../slack/blocks.ts';
import { join, type Mrkdwn, mrkdwn, person } from '../../slack/inline.ts';
import { called, type Message, message, name, type RenderContext } from './context.ts';
import { age, ago, cardLink, emoji, number } from './pieces.ts';

type Of<Kind extends Saying['kind']> = Extract<Saying, { kind: Kind }>;

/** In the card's thread and the channel: the one line that rings for the lead. */
export function sayLead({ lead }: Of<'lead'>, request: Request, ctx: RenderContext, key: string): Message {
  const { id, priority, openedAt } = request;
  const nobody = mrkdwn`nobody has taken ${number(id)} (${emoji(priority)} ${priority}), opened ${ago(openedAt)}.`;
  const text =
    lead === null
      ? mrkdwn`Still ${nobody} Who can take it?`
      : mrkdwn`${person(lead)} ${nobody} Can you find somebody?`;
  return message(
    mrkdwn`Nobody has taken #${id} for ${age(openedAt, ctx)}.`,
    [section(join([text, ...link(request, ctx)], ' '))],
    key,
  );
}

/** Beyond the queue: number, age, queue and link, never what it says. */
export function sayEscalation(
  saying: Of<'escalation'>,
  request: Request,
  ctx: RenderContext,
  key: string,
): Message {
  const { id, queue } = request;
  const text = mrkdwn`Nobody has taken ${number(id)} in the queue “${called(queue)}”, opened ${ago(saying.openedAt)}.`;
  return message(
    mrkdwn`Nobody has taken #${id} in “${called(queue)}” for ${age(saying.openedAt, ctx)}.`,
    [section(join([text, ...link(request, ctx)], ' '))],
    key,
  );
}

export function sayMirrorOpens({ id, asker }: Request, ctx: RenderContext, key: string): Message {
  const who = name(asker, ctx);
  return message(
    mrkdwn`#${id}: what you write here goes to ${who}.`,
    [
      section(
        mrkdwn`What you write here goes to ${who} by DM, with your name; what they answer comes here. A message with 🔒 at the start of a line stays here.`,
      ),
    ],
    key,
  );
}

const NUMBERS_SHOWN = 30;

/** The person is named, not mentioned: they are gone. */
export function sayOwnerLeft(
  { user, requests }: Of<'owner_left'>,
  request: Request,
  ctx: RenderContext,
  key: string,
): Message {
  const shown = requests.slice(0, NUMBERS_SHOWN).map(number);
  const more = requests.length - shown.length;
  const which = join([...shown, ...(more > 0 ? [mrkdwn`and ${more} more`] : [])], ', ');
  const need = requests.length === 1 ? 'needs a new owner' : 'need new owners';
  const text = mrkdwn`${name(user, ctx)} can no longer respond here: ${which} ${need}.`;
  const only = requests.length === 1 ? link(request, ctx) : [];
  return message(
    mrkdwn`${name(user, ctx)} can no longer respond here: ${requests.length} without owner.`,
    [section(join([text, ...only], ' '))],
    key,
  );
}

function link(request: Request, ctx: RenderContext): readonly Mrkdwn[] {
  const found = cardLink(request, ctx);
  return found === null ? [] : [found];
}

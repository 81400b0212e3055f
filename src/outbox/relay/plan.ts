/** What a row of the outbox asks for, rendered from the state as it is when it is sent. */
import { isExit, isUnseen, type Request } from '../../domain/request.ts';
import type { OutboxRow } from '../../store/outbox.ts';
import { renderAskerReply } from '../render/asker-reply.ts';
import { renderCard, renderLeftCard } from '../render/card.ts';
import { planAnswer } from './answer.ts';
import { asShownInTriage, readNow, renderContext, warnWithheld } from './context.ts';
import { planMirror } from './mirror.ts';
import { elsewhere, NOTHING_FOLLOWS, nothing, type Plan, type RelayParts } from './parts.ts';
import { forgetCard, forgetReply, rowFor } from './record.ts';
import { planSaying } from './saying.ts';
import { needsOpening, postInConversation, postInTriage } from './target.ts';

export async function planOf(parts: RelayParts, row: OutboxRow): Promise<Plan> {
  const { effect } = row;
  if (effect.kind === 'answer') return planAnswer(parts, row, effect);
  // What stands somewhere goes, whatever it was about.
  if (effect.kind === 'take_back') {
    const { channel, ts } = effect;
    return { kind: 'remove', place: { channel, ts }, whenDone: NOTHING_FOLLOWS };
  }
  const request = await readNow(parts, row);
  if (request === null) return nothing('there is no such request');
  switch (effect.kind) {
    case 'card':
      return planCard(parts, row, request);
    case 'asker_reply':
      return planReply(parts, row, request);
    case 'left_card': {
      const { channel, ts, toQueue } = effect;
      const content = renderLeftCard(request.id, toQueue, row.key);
      return { kind: 'edit', place: { channel, ts }, content, whenGone: NOTHING_FOLLOWS };
    }
    case 'mirror':
      return planMirror(parts, row, request, effect);
    case 'say':
      return planSaying(parts, row, request, effect);
  }
}

/** Blanked after its end: what somebody deleted in Slack is not posted anew, years later, to say nothing. */
function hasFaded({ textGone, state }: Request): boolean {
  return textGone !== null && (state === 'closed' || isExit(state));
}

/** What is rendered from the state has one lane at a time, or an older state could overtake a newer one. */
function inItsLane(parts: RelayParts, row: OutboxRow, request: Request): Plan | null {
  const right = rowFor(parts, request, row.effect, row.key);
  return right.lane === row.lane ? null : elsewhere(parts, right);
}

async function planCard(parts: RelayParts, row: OutboxRow, request: Request): Promise<Plan> {
  const { card } = request;
  if (card === null && isUnseen(request)) return nothing('its asker has not agreed to show it');
  if (card === null && hasFaded(request)) return nothing('it is over, and its card was deleted');
  const inOther = inItsLane(parts, row, request);
  if (inOther !== null) return inOther;
  const shown = await asShownInTriage(parts, request, card === null ? 'post' : 'edit');
  if (shown.isWithheld) warnWithheld(parts, row);
  const ctx = await renderContext(parts, shown.request, row.effect, shown.triageIsPrivate);
  const content = renderCard(shown.request, ctx, row.key);
  return card === null
    ? postInTriage(parts, request, content)
    : {
        kind: 'edit',
        place: card,
        content,
        whenGone: forgetCard(parts, row, card),
        isPatient: !hasFaded(request),
      };
}

async function planReply(parts: RelayParts, row: OutboxRow, request: Request): Promise<Plan> {
  const { askerReply: reply, source } = request;
  if (reply === null && source.isDeleted && !needsOpening(request)) return nothing('its message was deleted');
  if (reply === null && hasFaded(request)) return nothing('it is over, and its reply was deleted');
  const inOther = inItsLane(parts, row, request);
  if (inOther !== null) return inOther;
  const ctx = await renderContext(parts, request, row.effect, false);
  const content = renderAskerReply(request, ctx, row.key);
  return reply === null
    ? postInConversation(parts, row, request, content)
    : { kind: 'edit', place: reply, content, whenGone: forgetReply(parts, row, reply) };
}

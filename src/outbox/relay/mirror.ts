/** The copy of one message on the other side of a mirrored conversation. */
import type { Effect } from '../../domain/effects.ts';
import { isUnseen, type Request } from '../../domain/request.ts';
import { type ConversationMessage, readMessage, saveCopy } from '../../store/messages.ts';
import { isStillToOpen, OPENED, type OutboxRow } from '../../store/outbox.ts';
import type { Message } from '../render/context.ts';
import { renderMirror } from '../render/mirror.ts';
import { asShownInTriage, warnWithheld } from './context.ts';
import { addTexts, lookUp, nameOf, nobody } from './names.ts';
import { elsewhere, NOTHING_FOLLOWS, nothing, type Plan, type RelayParts } from './parts.ts';
import { WITHHELD_WORDS } from './privacy.ts';
import { rowFor } from './record.ts';
import { behind, needsOpening, postInConversation, postUnderCard } from './target.ts';

/** Brings the copy in line with what is stored of the message: posted, edited or taken back. */
export async function planMirror(
  parts: RelayParts,
  row: OutboxRow,
  request: Request,
  { channel, ts }: Extract<Effect, { kind: 'mirror' }>,
): Promise<Plan> {
  const message = await readMessage(parts.pool, channel, ts);
  if (message === null) return nothing('the message is in no conversation');
  const { copy } = message;
  if (message.isDeleted || message.isInside) {
    if (copy === null) return nothing('there is no copy to take back');
    return {
      kind: 'remove',
      place: copy,
      whenDone: async (tx) => void (await saveCopy(tx, channel, ts, null)),
    };
  }
  if (!request.conversation.isMirrored) return nothing('its conversation is not mirrored');
  const isAskersSide = channel === request.conversation.channel;
  if (copy === null) {
    if (isAskersSide && isUnseen(request)) return nothing('its asker has not agreed to show it');
    const first = missing(parts, row, request, isAskersSide);
    if (first !== null) return first;
    // The thread of a card opens by saying that it is read by the asker; that line is behind this row, so go behind it.
    if (isAskersSide && !row.key.endsWith(OPENED) && (await isStillToOpen(parts.pool, request.id)))
      return elsewhere(parts, rowFor(parts, request, row.effect, row.key + OPENED));
  }
  const content = await render(parts, row, request, message, isAskersSide);
  // Somebody removed our copy: it is not ours to bring back.
  if (copy !== null) return { kind: 'edit', place: copy, content, whenGone: NOTHING_FOLLOWS };
  return isAskersSide
    ? postUnderCard(parts, row, request, content, false)
    : postInConversation(parts, row, request, content);
}

/** The message that the copy hangs under, where it is not there yet. */
function missing(parts: RelayParts, row: OutboxRow, request: Request, isAskersSide: boolean): Plan | null {
  if (isAskersSide) return request.card === null ? behind(parts, row, request, { kind: 'card' }) : null;
  return needsOpening(request) ? behind(parts, row, request, { kind: 'asker_reply' }) : null;
}

async function render(
  parts: RelayParts,
  row: OutboxRow,
  request: Request,
  message: ConversationMessage,
  isAskersSide: boolean,
): Promise<Message> {
  // What is written in a DM is private, wherever the request came from.
  const isWithheld =
    isAskersSide &&
    (await asShownInTriage(parts, request, message.copy === null ? 'post' : 'edit', true)).isWithheld;
  if (isWithheld) warnWithheld(parts, row);
  const named = nobody();
  addTexts(named, message.text);
  const copied = {
    speaker: await nameOf(parts.directory, message.author),
    text: isWithheld ? WITHHELD_WORDS : message.text,
    files: isWithheld ? [] : message.files,
  };
  return renderMirror(copied, { names: await lookUp(parts.directory, named) }, row.key);
}

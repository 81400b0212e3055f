/** A thing said once about a request: where it goes, and whether it is still true. */
import type { Effect, Saying, SayingKind } from '../../domain/effects.ts';
import { isUnseen, type Request, type State } from '../../domain/request.ts';
import { textMark } from '../../domain/text-mark.ts';
import type { OutboxRow } from '../../store/outbox.ts';
import type { Message } from '../render/context.ts';
import { renderSaying } from '../render/saying.ts';
import { asShownInTriage, renderContext } from './context.ts';
import { DROP, nothing, type Plan, queueOf, type RelayParts } from './parts.ts';
import {
  behind,
  needsOpening,
  postInConversation,
  postInTriage,
  postToPerson,
  postUnderCard,
} from './target.ts';

/** Reminders of a state that is over by the time they are sent (after an outage) would be wrong. */
const ONLY_WHILE: Partial<Record<SayingKind, State>> = {
  ask_duty: 'new',
  lead: 'new',
  escalated: 'new',
  escalation: 'new',
  nudge: 'waiting',
  notice: 'waiting',
};

export async function planSaying(
  parts: RelayParts,
  row: OutboxRow,
  request: Request,
  { place, saying }: Extract<Effect, { kind: 'say' }>,
): Promise<Plan> {
  if (isMoot(saying, request)) return nothing('it is no longer so');
  const content = async (of = request): Promise<Message> =>
    renderSaying(saying, of, await renderContext(parts, of, row.effect, false), row.key);
  switch (place.kind) {
    case 'conversation':
      return inConversation(parts, row, request, saying, content);
    case 'card_thread':
    case 'triage_channel': {
      if (isUnseen(request)) return nothing('its asker has not agreed to show it');
      const inThread = place.kind === 'card_thread';
      const first = inThread && request.card === null ? behind(parts, row, request, { kind: 'card' }) : null;
      if (first !== null) return first;
      const { request: shown } = await asShownInTriage(parts, request, 'post');
      const said = await content(shown);
      return inThread
        ? postUnderCard(parts, row, request, said, place.broadcast)
        : postInTriage(parts, request, said);
    }
    case 'person':
      // They may have left the channel, or the request its queue, since they were chosen.
      if (!(await mayRead(parts, request, saying, place.user)))
        return nothing('they may not read it any more');
      return postToPerson(parts, place.user, await content());
    case 'channel': {
      const to = { channel: place.channel, threadTs: null, broadcast: false };
      return { kind: 'post', to, content: await content(), whenRefused: DROP };
    }
  }
}

async function inConversation(
  parts: RelayParts,
  row: OutboxRow,
  request: Request,
  saying: Saying,
  content: () => Promise<Message>,
): Promise<Plan> {
  // The question is for the asker's eyes: in a channel their DM is the place.
  const isForAskerAlone = saying.kind === 'consent' || saying.kind === 'consent_over';
  if (isForAskerAlone && !request.conversation.isMirrored)
    return postToPerson(parts, request.asker, await content());
  const first = needsOpening(request) ? behind(parts, row, request, { kind: 'asker_reply' }) : null;
  return first ?? postInConversation(parts, row, request, await content());
}

function isMoot(saying: Saying, request: Request): boolean {
  // Asked about, and agreed to, is the newest text only.
  if (saying.kind === 'consent')
    return request.unshownText === null || textMark(request.unshownText) !== saying.mark;
  // The next card brings a line of its own.
  if (saying.kind === 'mirror_opens') return request.card === null;
  const state = ONLY_WHILE[saying.kind];
  return state !== undefined && state !== request.state;
}

/** An escalation names number, age, queue and link only; everything else may show the title. */
async function mayRead(parts: RelayParts, request: Request, saying: Saying, user: string): Promise<boolean> {
  // What was done with a request of theirs is told without its text.
  if (saying.kind === 'escalation' || saying.kind === 'done_by_other' || user === request.asker) return true;
  if (isUnseen(request)) return false;
  return parts.directory.isResponder(queueOf(parts, request).triageChannel, user);
}

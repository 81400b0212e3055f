/** A request as one line of a list. */
import { dueNext } from '../domain/clocks.ts';
import type { Link, ListItem } from '../domain/effects.ts';
import type { Queue } from '../domain/queue.ts';
import type { Request } from '../domain/request.ts';

/** @param isResponder whether the reader may open the queue's triage channel */
export function toItem(request: Request, queue: Queue, isResponder: boolean): ListItem {
  return {
    id: request.id,
    state: request.state,
    priority: request.priority,
    owner: request.owner,
    asker: request.asker,
    openedAt: request.openedAt,
    dueAt: dueNext(request, queue)?.dueAt ?? null,
    link: linkOf(request, isResponder),
  };
}

/** The card for those who may open it is the best place to go on; for everybody else, the source. */
function linkOf({ card, source }: Request, isResponder: boolean): Link | null {
  if (card !== null && isResponder) return { channel: card.channel, ts: card.ts, threadTs: null };
  return source.channel === null || source.isDeleted
    ? null
    : { channel: source.channel, ts: source.ts, threadTs: source.threadTs };
}

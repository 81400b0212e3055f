/** What can be read: `list`, `show`, `status`. Nobody sees more than requests of their own and of their queues. */
import { isOverdue } from '../domain/clocks.ts';
import type { ListFilter } from '../domain/command.ts';
import type { Answer, ListItem } from '../domain/effects.ts';
import type { Queue } from '../domain/queue.ts';
import { isOpen, type Request } from '../domain/request.ts';
import { type Desk, queueOf, queuesOf, respondersOf } from '../queue/desk.ts';
import { toItem } from '../queue/list-item.ts';
import { askedBy, openInQueues } from '../store/requests.ts';
import { readTimeline } from '../store/timeline.ts';
import type { Tx } from '../store/transaction.ts';
import { tell } from './answering.ts';
import type { Asking, HandlerContext } from './handler.ts';

/** More lines than these do not help anybody; the rest is counted. */
const LIST_LIMIT = 20;
/** What is older is counted, up to this. */
const TIMELINE_LIMIT = 500;

/** Bare `list`: responders get the open requests of their queues, others their own. */
export async function list(
  context: HandlerContext,
  tx: Tx,
  filter: ListFilter,
  asking: Asking,
): Promise<void> {
  const { desk, now } = context;
  const own = await queuesOf(desk, asking.user);
  if (typeof filter === 'object' && !desk.queues.has(filter.queue)) {
    const names = own.map(({ name }) => `\`${name}\``).join(', ');
    const text =
      names === ''
        ? 'There is no queue of that name that you may see.'
        : `There is no queue of that name that you may see. Yours: ${names}.`;
    return tell(context, tx, asking, { kind: 'refusal', text });
  }
  const mine = (await askedBy(tx, asking.user)).filter(
    ({ state }) => isOpen(state) || state === 'resolved' || state === 'unposted',
  );
  const team =
    own.length === 0
      ? mine
      : await openInQueues(
          tx,
          own.map(({ name }) => name),
        );
  const { heading, chosen } = choose(filter, mine, team, own, now, (request) => queueOf(desk, request));
  const items = chosen.slice(0, LIST_LIMIT).map((request) => itemFor(desk, own, request));
  return tell(context, tx, asking, {
    kind: 'list',
    heading,
    items,
    more: Math.max(0, chosen.length - LIST_LIMIT),
  });
}

function choose(
  filter: ListFilter,
  mine: readonly Request[],
  team: readonly Request[],
  own: readonly Queue[],
  now: number,
  queueFor: (request: Request) => Queue,
): { heading: string; chosen: readonly Request[] } {
  if (typeof filter === 'object') {
    const isOwn = own.some(({ name }) => name === filter.queue);
    const readable = isOwn ? team : mine;
    return {
      heading: `Open in ${filter.queue}`,
      chosen: readable.filter(({ queue, state }) => queue === filter.queue && isOpen(state)),
    };
  }
  switch (filter) {
    case 'default':
      return own.length > 0
        ? { heading: 'Open in your queues', chosen: team }
        : { heading: 'Your requests', chosen: team };
    case 'mine':
      return { heading: 'Your requests', chosen: mine };
    case 'new':
      return { heading: 'New, nobody has them yet', chosen: team.filter(({ state }) => state === 'new') };
    case 'waiting':
      return { heading: 'Waiting for their asker', chosen: team.filter(({ state }) => state === 'waiting') };
    case 'overdue':
      return {
        heading: 'Overdue',
        chosen: team.filter((request) => isOverdue(request, queueFor(request), now)),
      };
  }
}

/** For somebody who responds in these queues. */
function itemFor(desk: Desk, own: readonly Queue[], request: Request): ListItem {
  return toItem(
    request,
    queueOf(desk, request),
    own.some(({ name }) => name === request.queue),
  );
}

/** One request in full. */
export async function show(context: HandlerContext, tx: Tx, request: Request, asking: Asking): Promise<void> {
  const queue = queueOf(context.desk, request);
  const links: { label: string; id: number }[] = [];
  if (request.continues !== null) links.push({ label: 'continues', id: request.continues });
  if (request.exit?.duplicateOf !== null && request.exit?.duplicateOf !== undefined) {
    links.push({ label: 'duplicate of', id: request.exit.duplicateOf });
  }
  // What its asker has not yet agreed to show is shown to nobody else, not even to a responder alone.
  const isUnshown = asking.user === request.asker && request.unshownText !== null;
  const answer: Answer = {
    kind: 'show',
    item: toItem(request, queue, (await respondersOf(context.desk, request)).has(asking.user)),
    isUnshown,
    queue: queue.name,
    timeline: await readTimeline(tx, request.id, TIMELINE_LIMIT),
    links,
  };
  return tell(context, tx, asking, answer);
}

/** How the asker's own requests stand and, for responders, each queue in one line. */
export async function status(context: HandlerContext, tx: Tx, asking: Asking): Promise<void> {
  const { desk, now } = context;
  const own = await queuesOf(desk, asking.user);
  const mine = (await askedBy(tx, asking.user)).map((request) => itemFor(desk, own, request));
  const open =
    own.length === 0
      ? []
      : await openInQueues(
          tx,
          own.map(({ name }) => name),
        );
  const queues = own.map((queue) => {
    const here = open.filter((request) => request.queue === queue.name);
    return {
      name: queue.name,
      unowned: here.filter(({ state }) => state === 'new').length,
      open: here.length,
      overdue: here.filter((request) => isOverdue(request, queue, now)).length,
    };
  });
  return tell(context, tx, asking, { kind: 'status', mine, queues });
}

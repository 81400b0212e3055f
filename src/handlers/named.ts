/** What a command or a form names besides its request: a person, another request, a queue. */
import type { Change } from '../domain/change.ts';
import type { Person } from '../domain/command.ts';
import { isReadableBy } from '../queue/desk.ts';
import { readRequest } from '../store/requests.ts';
import type { StoredRequest } from '../store/rows.ts';
import type { Tx } from '../store/transaction.ts';
import { noSuchRequest, tell } from './answering.ts';
import type { Asking, HandlerContext } from './handler.ts';
import { isPublic } from './places.ts';

/** A duplicate may only be of a request that this person may see. */
export async function duplicateOf(
  context: HandlerContext,
  tx: Tx,
  of: number,
  asking: Asking,
): Promise<Change | null> {
  const other = await readRequest(tx, of);
  if (other !== null && (await isReadableBy(context.desk, other.request, asking.user)))
    return { kind: 'duplicate', of };
  await tell(context, tx, asking, noSuchRequest(of));
  return null;
}

/** Moving private text into a public triage channel asks its asker first. */
export async function moveTo(
  context: HandlerContext,
  tx: Tx,
  name: string,
  stored: StoredRequest,
  asking: Asking,
): Promise<Change | null> {
  const { desk, directory } = context;
  const queue = desk.queues.get(name);
  if (queue === undefined) {
    const names = [...desk.queues.keys()].map((known) => `\`${known}\``).join(', ');
    await tell(context, tx, asking, {
      kind: 'refusal',
      text: `There is no queue of that name. Queues here: ${names}.`,
    });
    return null;
  }
  const asksConsent =
    stored.request.source.isPrivate &&
    stored.request.source.text !== null &&
    (await isPublic(directory, queue.triageChannel));
  return { kind: 'move', queue: name, asksConsent };
}

/** The id of a person whom a command names; null, and told how to name them, when it cannot be known. */
export async function personOf(
  context: HandlerContext,
  tx: Tx,
  person: Person,
  asking: Asking,
): Promise<string | null> {
  if ('id' in person) return person.id;
  await tell(context, tx, asking, {
    kind: 'refusal',
    text: 'I do not know that person: type @ and choose them from the list that Slack shows.',
  });
  return null;
}

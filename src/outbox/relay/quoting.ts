/** Which messages of ours show what people wrote, besides cards, replies and copies: they go when that is no longer kept. */
import type { Answer, ListItem, SayingKind } from '../../domain/effects.ts';
import type { Posted } from '../../domain/request.ts';
import { NOT_KEPT_WORDS } from '../../domain/wording.ts';
import { removalRow } from '../../queue/lane.ts';
import { appendOutbox, type OutboxRow } from '../../store/outbox.ts';
import { noteQuotes, type Quoted } from '../../store/quotes.ts';
import { areTextsGone, heldBy } from '../../store/texts.ts';
import type { Tx } from '../../store/transaction.ts';
import type { RelayParts } from './parts.ts';

/** Those that show the request's own text. */
const SHOWS_TEXT: ReadonlySet<SayingKind> = new Set([
  'consent',
  'ask_duty',
  'assigned',
  'reopened',
  'hold_over',
  'reminder',
]);

/** Notes what a message that stands in Slack now shows. One whose text went while it was on its way is deleted again. */
export async function recordQuotes(parts: RelayParts, tx: Tx, row: OutboxRow, place: Posted): Promise<void> {
  const quoted = await quotedBy(tx, row);
  if (quoted.length === 0) return;
  const now = parts.clock.now();
  const ids = quoted.flatMap(({ requestId }) => requestId ?? []);
  // An answer carries the text that it shows; anything else is rendered from the state, and of a request that goes on
  // without text much is said that shows none.
  const isRendered = row.effect.kind !== 'answer';
  if (await areTextsGone(tx, ids, isRendered)) await appendOutbox(tx, [removalRow(place)], now);
  else await noteQuotes(tx, place, quoted, now);
}

async function quotedBy(tx: Tx, { effect, requestId }: OutboxRow): Promise<readonly Quoted[]> {
  if (effect.kind === 'answer')
    return quotedInAnswer(effect.answer, effect.to.kind === 'dm' ? effect.to.user : null);
  if (effect.kind !== 'say' || requestId === null) return [];
  const { saying } = effect;
  const found: Quoted[] = SHOWS_TEXT.has(saying.kind) ? [{ requestId, user: null }] : [];
  if (saying.kind === 'resolved' && saying.by !== null) found.push({ requestId, user: saying.by });
  if (saying.kind === 'hold_over') found.push({ requestId, user: await heldBy(tx, requestId) });
  return found;
}

/** @param user to whom it is said by DM: what people alone see Slack does not keep */
function quotedInAnswer(answer: Answer, user: string | null): readonly Quoted[] {
  if (user === null) return [];
  switch (answer.kind) {
    case 'list':
      return answer.items.flatMap(quotedItem);
    case 'status':
      return answer.mine.flatMap(quotedItem);
    case 'show':
      return quotedItem(answer.item);
    case 'text':
    case 'refusal':
    case 'help':
      return [{ requestId: null, user }];
    case 'duty':
    case 'merged':
      return [];
  }
}

/** One whose text was gone already shows none. */
function quotedItem({ id, title }: ListItem): readonly Quoted[] {
  return title === NOT_KEPT_WORDS ? [] : [{ requestId: id, user: null }];
}

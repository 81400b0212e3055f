/** Which messages of ours show what people wrote, besides cards, replies and copies: they go when that is no longer kept. */
import type { AnswerEffect, SayingKind } from '../../domain/effects.ts';
import type { Posted } from '../../domain/request.ts';
import { SHOW_TEXT } from '../../domain/show-text.ts';
import { removalRow } from '../../queue/lane.ts';
import { appendOutbox, type OutboxRow } from '../../store/outbox.ts';
import { noteQuotes, type Quoted } from '../../store/quotes.ts';
import { heldBy, readTexts } from '../../store/texts.ts';
import type { Tx } from '../../store/transaction.ts';
import { shownIn } from '../render/answer.ts';
import type { Finished, RelayParts } from './parts.ts';

const SHOWS_TEXT: ReadonlySet<SayingKind> = new Set(SHOW_TEXT);

/** Notes what a message that stands in Slack now shows. One whose text went while it was on its way is deleted again. */
export async function recordQuotes(
  parts: RelayParts,
  tx: Tx,
  row: OutboxRow,
  place: Posted,
  finished: Finished,
): Promise<void> {
  const now = parts.clock.now();
  if ((await finished).isBlanked) return appendOutbox(tx, [removalRow(place)], now);
  const quoted = await quotedBy(tx, row);
  if (quoted.length === 0) return;
  // Of those whose text was gone already none is shown.
  const texts = await readTexts(tx, [...new Set(quoted.flatMap(({ requestId }) => requestId ?? []))]);
  const shown = quoted.filter(
    ({ requestId, user }) => requestId === null || user !== null || texts.get(requestId)?.isGone === false,
  );
  if (shown.length > 0) await noteQuotes(tx, place, shown, now);
}

async function quotedBy(tx: Tx, { effect, requestId, createdAt }: OutboxRow): Promise<readonly Quoted[]> {
  if (effect.kind === 'answer') return quotedInAnswer(effect);
  if (effect.kind !== 'say' || requestId === null) return [];
  const { saying } = effect;
  const found: Quoted[] = SHOWS_TEXT.has(saying.kind) ? [{ requestId, user: null }] : [];
  if (saying.kind === 'resolved' && saying.by !== null) found.push({ requestId, user: saying.by });
  // Somebody else may have put it on hold again since.
  if (saying.kind === 'hold_over') found.push({ requestId, user: await heldBy(tx, requestId, createdAt) });
  return found;
}

/** Of what is said by DM, for what people alone see Slack does not keep. */
function quotedInAnswer({ answer, to }: AnswerEffect): readonly Quoted[] {
  if (to.kind !== 'dm') return [];
  if (answer.kind === 'text' || answer.kind === 'refusal' || answer.kind === 'help')
    return [{ requestId: null, user: to.user }];
  return shownIn(answer).map((requestId) => ({ requestId, user: null }));
}

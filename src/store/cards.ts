/** SQL verbs about where a request's card stands, and where one stood that somebody deleted in Slack. */
import type { Posted } from '../domain/request.ts';
import type { Db } from './pool.ts';
import { oneRequest } from './requests.ts';
import type { StoredRequest } from './rows.ts';

/** The request whose card this is, locked. */
export function lockRequestByCard(db: Db, channel: string, ts: string): Promise<StoredRequest | null> {
  return oneRequest(
    db,
    'lock-request-by-card',
    'r.card_channel = $1 and r.card_ts = $2 for no key update of r',
    [channel, ts],
  );
}

/**
 * The request under whose card a message stands, locked; also under one that was deleted: Slack keeps its thread, and people
 * go on there.
 */
export function lockRequestByCardThread(
  db: Db,
  channel: string,
  threadTs: string,
): Promise<StoredRequest | null> {
  return oneRequest(
    db,
    'lock-request-by-card-thread',
    `r.id = coalesce((select id from requests where card_channel = $1 and card_ts = $2),
      (select request_id from lost_cards where channel = $1 and ts = $2)) for no key update of r`,
    [channel, threadTs],
  );
}

/** It has gone to another queue: what is written under cards that it lost before is none of its business any more. */
export async function forgetLostCards(db: Db, id: number): Promise<void> {
  await db.query({
    name: 'forget-lost-cards',
    text: 'delete from lost_cards where request_id = $1',
    values: [id],
  });
}

/** Notes where the card stands (null: it was deleted) without touching anything else. */
export async function saveCard(db: Db, id: number, card: Posted | null): Promise<void> {
  if (card === null) {
    await db.query({
      name: 'lose-card',
      text: `insert into lost_cards (channel, ts, request_id)
        select card_channel, card_ts, id from requests where id = $1 and card_ts is not null on conflict do nothing`,
      values: [id],
    });
  }
  await db.query({
    name: 'save-card',
    text: 'update requests set card_channel = $2, card_ts = $3 where id = $1',
    values: [id, card?.channel ?? null, card?.ts ?? null],
  });
}

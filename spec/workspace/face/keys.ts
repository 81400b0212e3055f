/** The key by which TrIAge finds again what it has written: in a post's metadata, and in every version's first block. */
import { POST_EVENT } from '../../../src/slack/reading.ts';
import { isJson, isJsonList, type Message } from '../wire.ts';
import type { World } from '../world.ts';

/** As it stands in the arguments of a post; null: none. */
export function postKey(metadata: unknown): string | null {
  if (!isJson(metadata) || metadata['event_type'] !== POST_EVENT) return null;
  const payload = metadata['event_payload'];
  return isJson(payload) && typeof payload['key'] === 'string' ? payload['key'] : null;
}

/** As it stands in the first block of an edit. Slack's own block ids look otherwise. */
export function blockKey(blocks: unknown): string | null {
  const id = isJsonList(blocks) ? blocks[0]?.['block_id'] : undefined;
  return typeof id === 'string' ? id : null;
}

/** `r12.v3.0.card` and what follows from it; the number is the request's. */
export function requestOfKey(key: string): number | null {
  const number = /^r(\d+)\.v\d+\./.exec(key)?.[1];
  return number === undefined ? null : Number(number);
}

/**
 * The number of the request whose card a message is, by its post's key, whatever it reads by now. A card that had to come
 * before something else has the other's key, but no other message of ours begins with a header.
 */
export function cardNumber(
  { botId }: World,
  message: Pick<Message, 'bot_id' | 'metadata' | 'blocks'>,
): number | null {
  const key = message.bot_id === botId ? postKey(message.metadata) : null;
  if (key === null) return null;
  const isCard = /^r\d+\.v\d+\.\d+\.card$/.test(key) || message.blocks?.[0]?.['type'] === 'header';
  return isCard ? requestOfKey(key) : null;
}

/** The number of the request that a message has become, by our reply to it; null: none. */
export function askedNumber({ botId }: World, replies: readonly Message[]): number | null {
  for (const { bot_id: bot, metadata } of replies) {
    const key = bot === botId ? postKey(metadata) : null;
    if (key !== null && /^r\d+\.v\d+\.\d+\.asker_reply$/.test(key)) return requestOfKey(key);
  }
  return null;
}

/** Requests from the outside: a message goes in, a card comes out, a button of it is pressed, the card changes. */
import type { LocalSlack } from '../workspace/local-slack.ts';
import { isJson, type Json } from '../workspace/wire.ts';
import { type BenchSlack, type Call, nowMs } from './bench-slack.ts';
import { messageEvent, pressPayload } from './envelopes.ts';
import { until } from './load.ts';
import { QUEUES, type Team } from './team.ts';

export interface Card {
  readonly channel: string;
  readonly ts: string;
  readonly blocks: readonly Json[];
}

/** Messages that ask, in each of the twenty channels in turn; each has a word of its own that its card shows. */
export function asks(workspace: LocalSlack, { help, uli }: Team): () => { json: string; word: string } {
  let count = 0;
  return () => {
    count += 1;
    const word = `ask${String(count).padStart(7, '0')}`;
    const channel = help[count % QUEUES]?.id ?? '';
    const { json } = messageEvent(workspace, { channel, user: uli.id, text: word });
    return { json, word };
  };
}

/** The word of the ask that a first message shows; null for replies, edits and whatever else. */
export function wordOf({ method, body }: Call): string | null {
  if (method !== 'chat.postMessage' || body.includes('thread_ts=')) return null;
  return /ask\d{7}/.exec(body)?.[0] ?? null;
}

/** Sends so many asks and waits for their cards. */
export async function makeCards(
  slack: BenchSlack,
  count: number,
  next: () => { json: string; word: string },
): Promise<readonly Card[]> {
  const cards: Card[] = [];
  slack.onCall = (call) => {
    if (wordOf(call) !== null) cards.push(cardOf(call));
  };
  for (let sent = 0; sent < count; sent += 1) slack.send('events_api', next().json);
  await until(() => cards.length === count, `${count} cards`);
  slack.onCall = () => {};
  return cards;
}

function cardOf({ body, ts }: Call): Card {
  const fields = new URLSearchParams(body);
  const blocks: unknown = JSON.parse(fields.get('blocks') ?? '[]');
  return {
    channel: fields.get('channel') ?? '',
    ts,
    blocks: Array.isArray(blocks) ? blocks.filter(isJson) : [],
  };
}

/** Presses *Take it* and resolves with how long it took until the card was edited (ms). */
export function pressTake(
  slack: BenchSlack,
  workspace: LocalSlack,
  user: string,
  card: Card,
): Promise<number> {
  const button = card.blocks
    .flatMap((block) => (Array.isArray(block['elements']) ? block['elements'].filter(isJson) : []))
    .find(({ text }) => isJson(text) && text['text'] === 'Take it');
  if (button === undefined) throw new Error('the card has no button "Take it"');
  const responseUrl = `http://127.0.0.1:${slack.port}/response/press`;
  const payload = pressPayload(workspace, { user, ...card, button, responseUrl });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('a press changed no card within 10 s')), 10_000);
    const begin = nowMs();
    slack.onCall = ({ method, ts, at }) => {
      if (method !== 'chat.update' || ts !== card.ts) return;
      clearTimeout(timer);
      slack.onCall = () => {};
      resolve(at - begin);
    };
    slack.send('interactive', payload);
  });
}

/** One card a request, in its queue's triage channel, that reads as the request is now; copies of a mirrored conversation. */
import { isUnseen, type Request } from '../../src/domain/request.ts';
import { asShownInTriage, renderContext } from '../../src/outbox/relay/context.ts';
import { type RelayParts } from '../../src/outbox/relay/parts.ts';
import { renderAskerReply } from '../../src/outbox/render/asker-reply.ts';
import { renderCard } from '../../src/outbox/render/card.ts';
import { textOf } from '../workspace/text-of.ts';
import { isJson, type Message } from '../workspace/wire.ts';
import { aboutRequest, type Evidence, type Finding, untold, whats } from './evidence.ts';
import { keyOf, wordsIn } from './model.ts';
import { isCard, numberOn } from './stage.ts';

export async function checkCards(evidence: Evidence, parts: RelayParts): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const request of evidence.requests) {
    const blame = (what: string): void => {
      findings.push({ check: 'cards', what, about: aboutRequest(request) });
    };
    ofChannel(evidence, request).forEach(blame);
    (await isFresh(evidence, parts, request)).forEach(blame);
    leftCards(evidence, request).forEach(blame);
  }
  return findings;
}

function messageAt({ slack }: Evidence, ref: { channel: string; ts: string } | null): Message | undefined {
  return ref === null ? undefined : slack.world.channel(ref.channel).byTs.get(ref.ts);
}

function ofChannel(evidence: Evidence, request: Request): readonly string[] {
  const { slack, queues, model } = evidence;
  const { triageChannel = '' } = queues.get(request.queue) ?? {};
  const cards = slack
    .messages(triageChannel)
    .filter(
      (one) => one.user === slack.botUserId && isCard(one) && numberOn({ text: one.text }) === request.id,
    );
  const { card } = request;
  if (cards.length > 1) return [`it has ${cards.length} cards`];
  // One that was deleted comes back with the next change.
  if (card === null) return isUnseen(request) || wasRemoved(evidence, request) ? [] : ['it has no card'];
  const [found] = cards;
  const wasDeleted = model.removedCards.some((removed) => keyOf(removed) === keyOf(card));
  if (found === undefined) return wasDeleted ? [] : ['its card is not in its channel'];
  return card.channel === triageChannel && found.ts === card.ts ? [] : ['its card is not where it is noted'];
}

function wasRemoved({ posts, model }: Evidence, { id }: Request): boolean {
  const removed = new Set(model.removedCards.map(keyOf));
  return posts.some((post) => removed.has(keyOf(post)) && numberOn({ text: post.text }) === id);
}

/** What is not said by a block's own words. */
function withoutIds(blocks: unknown): string {
  return JSON.stringify(blocks, (name, value: unknown) => (name === 'block_id' ? undefined : value));
}

function sayTime(message: Message): number {
  return Number(message.edited?.ts ?? message.ts) * 1000;
}

async function isFresh(evidence: Evidence, parts: RelayParts, request: Request): Promise<readonly string[]> {
  const wrong: string[] = [];
  const card = messageAt(evidence, request.card);
  if (card !== undefined && card.subtype !== 'tombstone') {
    // Times are written as of the moment in which the card was.
    const then = { ...parts, clock: { now: () => sayTime(card) } };
    const shown = await asShownInTriage(then, request, 'post');
    const ctx = await renderContext(then, shown.request, { kind: 'card' }, shown.triageIsPrivate);
    const fresh = renderCard(shown.request, ctx, 'key');
    if (fresh.text !== card.text || withoutIds(fresh.blocks) !== withoutIds(card.blocks))
      wrong.push(
        `its card is not as it should be now: ${JSON.stringify(card.text)} for ${JSON.stringify(fresh.text)}\n      ${withoutIds(card.blocks)}\n      ${withoutIds(fresh.blocks)}`,
      );
  }
  const reply = messageAt(evidence, request.askerReply);
  // Who is on duty may change without a change of the request.
  if (reply !== undefined && reply.subtype !== 'tombstone' && request.state !== 'new') {
    const then = { ...parts, clock: { now: () => sayTime(reply) } };
    const fresh = renderAskerReply(
      request,
      await renderContext(then, request, { kind: 'asker_reply' }, false),
      'key',
    );
    if (fresh.text !== reply.text || withoutIds(fresh.blocks) !== withoutIds(reply.blocks))
      wrong.push(
        `its asker reads ${JSON.stringify(textOf(reply))} for ${JSON.stringify(textOf({ text: fresh.text, blocks: fresh.blocks }))}`,
      );
  }
  return wrong;
}

function leftCards(evidence: Evidence, request: Request): readonly string[] {
  return request.leftCards.flatMap((left) => {
    const message = messageAt(evidence, left);
    if (message === undefined || message.subtype === 'tombstone') return [];
    const all = `${message.text}\n${textOf(message)}`;
    return wordsIn(all).length > 0 || isCard(message) ? ['a card that it left still shows what it says'] : [];
  });
}

/**
 * What is written on one side of a mirrored conversation is on the other once, as it is now; 🔒 and what is gone is not. Changes that
 * Slack lost are not looked for where a request is closed.
 */
export function checkCopies(evidence: Evidence): readonly Finding[] {
  const { messages, requests, model, slack } = evidence;
  const byId = new Map(requests.map((request) => [request.id, request]));
  const findings: Finding[] = [];
  const [changed, deleted] = [untold(evidence, 'message_changed'), untold(evidence, 'message_deleted')];
  for (const message of messages) {
    const key = keyOf(message);
    const request = byId.get(message.requestId);
    const told = model.told.get(key);
    const word = told?.words.at(-1);
    if (request === undefined || told === undefined || word === undefined || message.role === 'part')
      continue;
    if (request.state === 'closed' && (changed.has(key) || deleted.has(key))) continue;
    const blame = (what: string): void => {
      findings.push({ check: 'copies', what, about: [key, word, ...aboutRequest(request)] });
    };
    const isRemoved = told.removedAt !== null;
    if (isRemoved !== message.isDeleted) blame(`it is ${isRemoved ? '' : 'not '}deleted in Slack only`);
    const stays = whats(evidence, request.id).every((what) => !what.startsWith('moved it'));
    if (!request.conversation.isMirrored || !stays || isUnseen(request)) continue;
    const copies = [...slack.world.channels.values()].flatMap((channel) =>
      channel.messages.filter(
        (one) => one.user === slack.botUserId && told.words.some((old) => reads(one, old)),
      ),
    );
    const isKept = isRemoved || told.isInside;
    if (isKept && copies.length > 0)
      blame(`it is copied, though it is kept inside or deleted${where(evidence, copies)}`);
    if (isKept) continue;
    if (copies.length !== 1) blame(`it is copied ${copies.length} times${where(evidence, copies)}`);
    else if (copies[0] !== undefined && !reads(copies[0], word)) blame('its copy is not as it was edited');
  }
  return findings;
}

function where({ posts }: Evidence, copies: readonly Message[]): string {
  return copies
    .map((copy) => `\n      ${posts.find(({ ts }) => ts === copy.ts)?.key}: ${textOf(copy)}`)
    .join('');
}

function reads(message: Message, word: string): boolean {
  return `${message.text} ${textOf(message)}`.includes(word) && isJson(message);
}

/** Reads what rendering needs: the request as it is now, who is on duty, names, and who may read along. */
import type { AnswerEffect } from '../../domain/effects.ts';
import type { Queue } from '../../domain/queue.ts';
import type { Request } from '../../domain/request.ts';
import { type Duty, dutyAmong } from '../../domain/rotation.ts';
import { readDutyOverride } from '../../store/duty.ts';
import type { OutboxEffect, OutboxRow } from '../../store/outbox.ts';
import { readSettledRequest } from '../../store/requests.ts';
import { readTexts } from '../../store/texts.ts';
import { readTogether } from '../../store/transaction.ts';
import { shownIn, type TextsContext } from '../render/answer.ts';
import type { AnswerContext, RenderContext } from '../render/context.ts';
import { addEffect, addPeople, addRequest, addTexts, lookUp, nobody } from './names.ts';
import { queueOf, type RelayParts } from './parts.ts';
import { hasAgreed, isPrivatePlace, withoutText } from './privacy.ts';

/** The request as every committed change left it; null when there is none. */
export async function readNow(parts: RelayParts, row: OutboxRow): Promise<Request | null> {
  const { requestId } = row;
  if (requestId === null) return null;
  const stored = await readTogether(parts.pool, (tx) => readSettledRequest(tx, requestId));
  return stored?.request ?? null;
}

export async function answerContext(parts: RelayParts, effect: AnswerEffect): Promise<TextsContext> {
  const ids = shownIn(effect.answer);
  const texts = ids.length === 0 ? NO_TEXTS : await readTexts(parts.pool, ids);
  const named = nobody();
  addEffect(named, effect);
  for (const { title, text, unshownText } of texts.values()) addTexts(named, title, text, unshownText);
  return { ...basics(parts), names: await lookUp(parts.directory, named), texts };
}

const NO_TEXTS: TextsContext['texts'] = new Map();

export async function renderContext(
  parts: RelayParts,
  request: Request,
  effect: OutboxEffect,
  triageIsPrivate: boolean,
): Promise<RenderContext> {
  const { directory } = parts;
  const queue = queueOf(parts, request);
  const saysDuty =
    effect.kind === 'asker_reply' || (effect.kind === 'say' && effect.saying.kind === 'ask_duty');
  const duty = saysDuty && request.state === 'new' ? await onDuty(parts, queue) : null;
  const named = nobody();
  addRequest(named, request);
  addEffect(named, effect);
  addPeople(named, duty?.user);
  const { channel, isPrivate } = request.source;
  const shown = new Set(channel !== null && (triageIsPrivate || !isPrivate) ? [channel] : []);
  return {
    ...basics(parts),
    queue,
    onDuty: duty === null ? null : { user: duty.user, untilMs: duty.untilAt },
    triageIsPrivate,
    names: await lookUp(directory, named, shown),
  };
}

/** Somebody who has left the triage channel is on duty for nobody. */
async function onDuty({ clock, directory, pool }: RelayParts, queue: Queue): Promise<Duty | null> {
  const responders = new Set((await directory.responders(queue.triageChannel)).map(({ id }) => id));
  const override = await readDutyOverride(pool, queue.name, clock.now());
  return dutyAmong(queue.rotation, clock.now(), override, (user) => !responders.has(user));
}

function basics({ clock, bot }: RelayParts): Omit<AnswerContext, 'names'> {
  return { now: clock.now(), teamUrl: bot.teamUrl, botUserId: bot.userId };
}

export interface Shown {
  /** Without its text where that must not be read. */
  readonly request: Request;
  readonly triageIsPrivate: boolean;
  readonly isWithheld: boolean;
}

/**
 * A request as it may be shown in its triage channel. For private text Slack is asked who reads along there now; for an
 * edit, which shows nobody new what is there, a recent answer will do.
 */
export async function asShownInTriage(
  parts: RelayParts,
  request: Request,
  what: 'post' | 'edit',
  isPrivate = request.source.isPrivate,
): Promise<Shown> {
  const { directory, pool } = parts;
  const { triageChannel } = queueOf(parts, request);
  const asksNow = isPrivate && what === 'post';
  const channel = await (asksNow ? directory.channelNow(triageChannel) : directory.channel(triageChannel));
  const triageIsPrivate = isPrivatePlace(channel);
  const mayShow = triageIsPrivate || !isPrivate || (await hasAgreed(pool, request.id));
  return { request: mayShow ? request : withoutText(request), triageIsPrivate, isWithheld: !mayShow };
}

/** For the operator: a triage channel that was private is so no longer, and nobody was asked. */
export function warnWithheld({ logger }: RelayParts, { key, requestId, lane }: OutboxRow): void {
  logger.warn('a triage channel is public now, private text is withheld', { key, requestId, lane });
}

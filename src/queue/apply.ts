/**
 * Writes what the domain decided: the request, its intervals, its timeline, its alarm and its Slack writes, all in the
 * caller's transaction (promise P3).
 */
import { randomUUID } from 'node:crypto';
import type { AnswerEffect, Effect, TimelineLine } from '../domain/effects.ts';
import { nextDueAt } from '../domain/follow-ups.ts';
import type { Posted, Request } from '../domain/request.ts';
import { forgetLostCards } from '../store/cards.ts';
import { appendOutbox, type NewOutboxRow } from '../store/outbox.ts';
import { saveRequest } from '../store/requests.ts';
import type { StoredRequest } from '../store/rows.ts';
import { appendTimeline } from '../store/timeline.ts';
import { afterCommit, type Tx } from '../store/transaction.ts';
import { FOLLOW_UP_QUEUE } from './boss.ts';
import { type Desk, queueOf } from './desk.ts';
import { laneOf, removalRow } from './lane.ts';

export interface Decision {
  readonly next: Request;
  readonly effects: readonly Effect[];
  readonly timeline: readonly TimelineLine[];
}

/**
 * @param stored the request as it was read under its lock, with its alarm
 * @param leastMs so long from now an alarm that is set rings at the earliest
 */
export async function apply(
  tx: Tx,
  desk: Desk,
  stored: StoredRequest,
  decision: Decision,
  now: number,
  leastMs = 0,
): Promise<void> {
  const { next, effects, timeline } = decision;
  const queue = queueOf(desk, next);
  const dueAt = nextDueAt(next, queue);
  const isSet = dueAt === stored.nextDueAt && (dueAt === null) === (stored.alarmId === null);
  const alarmId = isSet ? stored.alarmId : dueAt === null ? null : randomUUID();
  const afterMs = dueAt === null ? null : Math.max(dueAt - now, leastMs);
  // One round trip for all: none of them needs what another one answers.
  await Promise.all([
    isSet ? undefined : setAlarm(tx, desk, stored, { id: next.id, afterMs, alarmId }),
    saveRequest(tx, next, dueAt, alarmId),
    next.queue === stored.request.queue ? undefined : forgetLostCards(tx, next.id),
    appendTimeline(tx, next.id, timeline),
    appendOutbox(tx, rowsFor(effects, next, queue.triageChannel), now),
  ]);
  if (effects.length > 0) afterCommit(tx, () => desk.wakeOutbox());
}

/** One pending alarm a request: the truth is `next_due_at`, the job only rings. */
async function setAlarm(
  tx: Tx,
  { boss }: Desk,
  { alarmId: before }: StoredRequest,
  {
    id,
    afterMs,
    alarmId,
  }: { readonly id: number; readonly afterMs: number | null; readonly alarmId: string | null },
): Promise<void> {
  await Promise.all([
    before === null ? undefined : boss.cancel(tx, FOLLOW_UP_QUEUE, before),
    afterMs === null || alarmId === null
      ? undefined
      : boss.sendIn(tx, FOLLOW_UP_QUEUE, alarmId, { requestId: id }, afterMs),
  ]);
}

/** Whether a message of ours with this key says something about a request, whichever way it went. */
export function isSaid(key: string): boolean {
  return key.split('.').includes('say');
}

/** Said things take their key from the request's version, which no other change of it shares. */
function rowsFor(effects: readonly Effect[], next: Request, triageChannel: string): readonly NewOutboxRow[] {
  let lastSaid: string | null = null;
  return effects.map((effect, place) => {
    const key = `r${next.id}.v${next.version}.${place}.${effect.kind}`;
    const afterKey = effect.kind === 'say' && effect.isAfterLast === true ? lastSaid : null;
    if (effect.kind === 'say') lastSaid = key;
    return { lane: laneOf(effect, next, triageChannel), key, requestId: next.id, effect, afterKey };
  });
}

/** Slack writes about a request that go with no change of it; `keyBase` names them for ever, as their event does. */
export async function append(
  tx: Tx,
  desk: Desk,
  request: Request,
  effects: readonly Effect[],
  keyBase: string,
  now: number,
): Promise<void> {
  const { triageChannel } = queueOf(desk, request);
  const rows = effects.map((effect, place) => ({
    lane: laneOf(effect, request, triageChannel),
    key: `${keyBase}.${place}.${effect.kind}`,
    requestId: request.id,
    effect,
  }));
  await appendOutbox(tx, rows, now);
  afterCommit(tx, () => desk.wakeOutbox());
}

/** Deletes messages of ours in Slack that are about no request: answers. */
export async function removeAnswers(
  tx: Tx,
  desk: Desk,
  places: readonly Posted[],
  now: number,
): Promise<void> {
  await appendOutbox(tx, places.map(removalRow), now);
  if (places.length > 0) afterCommit(tx, () => desk.wakeOutbox());
}

/** Tells a person something outside a request's life. `key` names it for ever, as the event that it answers does. */
export async function answer(
  tx: Tx,
  desk: Desk,
  effect: AnswerEffect,
  key: string,
  now: number,
): Promise<void> {
  await appendOutbox(tx, [{ lane: `answer:${key}`, key: `answer.${key}`, requestId: null, effect }], now);
  afterCommit(tx, () => desk.wakeOutbox());
}

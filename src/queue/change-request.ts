/** One change of one locked request, from the domain's decision to the last row. */
import type { Change } from '../domain/change.ts';
import { fireDue } from '../domain/follow-ups.ts';
import { type Outcome, transition } from '../domain/transition.ts';
import type { StoredRequest } from '../store/rows.ts';
import type { Tx } from '../store/transaction.ts';
import { apply } from './apply.ts';
import { type Desk, situationOf } from './desk.ts';

/** What waits until people have been heard is looked at again so often. */
const AGAIN_MS = 1000;

/**
 * Makes one change and writes it; a refusal writes nothing. `stored` was read under its lock in this transaction.
 * @param by a Slack user id; null is the clock
 */
export async function changeRequest(
  tx: Tx,
  desk: Desk,
  stored: StoredRequest,
  change: Change,
  by: string | null,
  now: number,
): Promise<Outcome> {
  const situation = await situationOf(
    tx,
    desk,
    stored.request,
    by,
    now,
    change.kind === 'move' ? change.queue : undefined,
  );
  const outcome = transition(stored.request, change, situation);
  if (outcome.kind === 'refused' || outcome.next === stored.request) return outcome;
  const timeline = outcome.what === 'noted' ? [] : [{ at: now, actor: by, what: outcome.what }];
  await apply(tx, desk, stored, { next: outcome.next, effects: outcome.effects, timeline }, now);
  return outcome;
}

/**
 * Does what is due on a request now, each thing once; nothing when it is no longer needed.
 * @param jobId the alarm that rang, which its worker completes; null when nothing rang and the sweep found it
 * @param isHeard whether all that people have written until now is known; what is concluded from their silence waits for that
 */
export async function followUp(
  tx: Tx,
  desk: Desk,
  stored: StoredRequest,
  jobId: string | null,
  clockNow: number,
  isHeard: boolean,
): Promise<void> {
  // An alarm was set to ring after so long: when it does, it is time, though our clock was set back meanwhile.
  const isOurs = jobId !== null && jobId === stored.alarmId;
  const now = isOurs ? Math.max(clockNow, stored.nextDueAt ?? clockNow) : clockNow;
  const situation = await situationOf(tx, desk, stored.request, null, now);
  const { next, effects, whats } = fireDue(stored.request, situation, isHeard);
  const hasAnotherAlarm = stored.alarmId !== null && stored.alarmId !== jobId;
  if (whats.length === 0 && hasAnotherAlarm) return;
  const timeline = whats.map((what) => ({ at: now, actor: null, what }));
  // The alarm that rang is spent: what is due next gets a new one.
  const spent = hasAnotherAlarm ? stored : { ...stored, alarmId: null, nextDueAt: null };
  await apply(tx, desk, spent, { next, effects, timeline }, now, isHeard ? 0 : AGAIN_MS);
}

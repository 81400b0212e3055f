/**
 * Follow-ups: everything about a request that is due at a time. `nextDueAt` is the truth that the store keeps and the
 * alarm is set by; `fireDue` re-reads the state and does what is due, each thing once, in order of time.
 */
import type { Change } from './change.ts';
import { addBusinessMs } from './clocks.ts';
import type { Effect } from './effects.ts';
import { askedToTake, fireStep, isUnfit, ladderDueAt } from './ladder.ts';
import { mayRead } from './permissions.ts';
import type { Queue } from './queue.ts';
import { CONSENT_MS, isOpen, type Reminder, type Request, type State } from './request.ts';
import type { Situation } from './situation.ts';
import { carryOut } from './transition.ts';

/** States that wait for a word of the asker, and end without one. */
const SILENT: ReadonlySet<State> = new Set(['unposted', 'waiting', 'resolved']);

const NO_ANSWER: Change = { kind: 'resolve', note: null, byReaction: false };

interface FollowUp {
  readonly dueAt: number;
  /** It is done because the asker has said nothing. */
  readonly isOfSilence?: boolean;
  /** Does it. The request that comes back never has the same follow-up due again. */
  readonly fire: (request: Request, situation: Situation) => Fired;
}

interface Fired {
  readonly next: Request;
  readonly effects: readonly Effect[];
  readonly what: string;
}

export interface Followed {
  readonly next: Request;
  readonly effects: readonly Effect[];
  /** What was done, for the timeline, in order. */
  readonly whats: readonly string[];
}

/** The instant of the next follow-up (epoch ms); null when nothing more is due on this request. */
export function nextDueAt(request: Request, queue: Queue): number | null {
  return followUps(request, queue).reduce<number | null>(
    (first, { dueAt }) => (first === null || dueAt < first ? dueAt : first),
    null,
  );
}

/**
 * Fires all that is due at `now`, the earliest first, each once; it is the clock that acts.
 * @param isHeard whether all that people have written until now is known; if not, nothing is concluded from their silence
 */
export function fireDue(request: Request, around: Situation, isHeard = true): Followed {
  const situation: Situation = { ...around, by: null };
  let next = request;
  const effects: Effect[] = [];
  const whats: string[] = [];
  for (;;) {
    const due = followUps(next, situation.queue)
      .filter(({ dueAt, isOfSilence }) => dueAt <= situation.now && (isHeard || isOfSilence !== true))
      .sort((a, b) => a.dueAt - b.dueAt)[0];
    if (due === undefined) return { next, effects, whats };
    const fired = due.fire(next, situation);
    next = fired.next;
    effects.push(...(effects.length === 0 ? fired.effects : inOrder(fired.effects)));
    whats.push(fired.what);
  }
}

/** What came due later is said later, though it goes to somebody else. */
function inOrder(effects: readonly Effect[]): readonly Effect[] {
  return effects.map((effect) => (effect.kind === 'say' ? { ...effect, isAfterLast: true } : effect));
}

function followUps(request: Request, queue: Queue): readonly FollowUp[] {
  const isOfSilence = SILENT.has(request.state);
  return [
    ...byState(request, queue).map((followUp) => ({ ...followUp, isOfSilence })),
    ...snoozesOver(request),
    ...reminders(request),
  ];
}

function byState(request: Request, queue: Queue): readonly FollowUp[] {
  switch (request.state) {
    case 'unposted':
      return [
        { dueAt: request.stateSinceAt + CONSENT_MS, fire: (r, s) => carryOut(r, { kind: 'cancel' }, s) },
      ];
    case 'new': {
      // A summary of all that was captured late is on its way, and stands in for the first step.
      if (request.late === 'unannounced') return [];
      const dueAt = ladderDueAt(request.ladder, queue, request.priority);
      return dueAt === null ? [] : [{ dueAt, fire: climb }];
    }
    case 'waiting':
      return waitingFor(request, queue);
    case 'on_hold':
      // A hold without its date ends at once rather than never.
      return [
        {
          dueAt: request.hold?.untilAt ?? request.stateSinceAt,
          fire: (r, s) => carryOut(r, { kind: 'unhold' }, s),
        },
      ];
    case 'resolved':
      return [
        {
          dueAt: addBusinessMs(request.stateSinceAt, queue.closeAfterMs),
          fire: (r, s) => carryOut(r, { kind: 'confirm' }, s),
        },
      ];
    case 'in_progress':
    case 'closed':
    case 'duplicate':
    case 'not_request':
    case 'declined':
    case 'withdrawn':
      return [];
  }
}

function climb(request: Request, situation: Situation): Fired {
  const fired = fireStep(request, situation);
  const step =
    fired.next.ladder.asked.length > request.ladder.asked.length ? fired.next.ladder.asked.at(-1) : undefined;
  const what = step === undefined ? 'ladder: nobody left to ask' : `ladder: ${step.step}`;
  return { ...fired, next: { ...fired.next, version: request.version + 1 }, what };
}

function waitingFor(request: Request, queue: Queue): readonly FollowUp[] {
  const { waiting, stateSinceAt } = request;
  if (waiting.isKeptOpen) return [];
  const due: FollowUp[] = [];
  const nudgeMs = queue.waiting.nudgeMs[waiting.nudges];
  if (nudgeMs !== undefined) due.push({ dueAt: addBusinessMs(stateSinceAt, nudgeMs), fire: nudge });
  // Urgent and unanswered requests never end by silence.
  const mayEnd =
    request.priority !== 'urgent' && request.answeredAt !== null && request.unansweredSinceAt === null;
  if (!mayEnd) return due;
  due.push(
    waiting.closesAt === null
      ? { dueAt: addBusinessMs(stateSinceAt, queue.waiting.noticeMs), fire: notice }
      : { dueAt: waiting.closesAt, fire: (r, s) => carryOut(r, NO_ANSWER, s) },
  );
  return due;
}

function nudge(request: Request): Fired {
  const nth = request.waiting.nudges + 1;
  return {
    next: { ...request, version: request.version + 1, waiting: { ...request.waiting, nudges: nth } },
    effects: [{ kind: 'say', place: { kind: 'conversation' }, saying: { kind: 'nudge', nth } }],
    what: `nudged the asker (${nth})`,
  };
}

/** However late the notice comes, the asker has the whole time between notice and end. */
function notice(request: Request, { queue, now }: Situation): Fired {
  const { noticeMs, resolveMs } = queue.waiting;
  const closesAt = Math.max(
    addBusinessMs(request.stateSinceAt, resolveMs),
    addBusinessMs(now, resolveMs - noticeMs),
  );
  return {
    next: { ...request, version: request.version + 1, waiting: { ...request.waiting, closesAt } },
    effects: [{ kind: 'say', place: { kind: 'conversation' }, saying: { kind: 'notice', closesAt } }],
    what: 'told the asker that it ends soon',
  };
}

/**
 * When a snooze ends, whoever was asked before or during it is asked again, if the request is still unowned. While it
 * is owned, what is owed waits: it is due again should the request lose its owner.
 */
function snoozesOver(request: Request): readonly FollowUp[] {
  if (request.state !== 'new') return [];
  return request.snoozes
    .filter(({ isOwed }) => isOwed)
    .map(({ user, untilAt }) => ({ dueAt: untilAt, fire: (r, s) => askAgain(r, user, s) }));
}

function askAgain(request: Request, user: string, situation: Situation): Fired {
  const step = askedToTake(request, user);
  const asks = step !== null && !isUnfit(request, user, situation);
  return {
    next: {
      ...request,
      version: request.version + 1,
      snoozes: request.snoozes.filter((snooze) => snooze.user !== user),
    },
    effects: asks
      ? [{ kind: 'say', place: { kind: 'person', user }, saying: { kind: 'ask_duty', step, user } }]
      : [],
    what: 'a snooze ended',
  };
}

/** Reminders are for their authors alone, as long as they may read the request. */
function reminders(request: Request): readonly FollowUp[] {
  if (!isOpen(request.state) && request.state !== 'resolved') return [];
  return request.reminders.map((reminder) => ({
    dueAt: reminder.dueAt,
    fire: (r, s) => remind(r, reminder, s),
  }));
}

function remind(request: Request, reminder: Reminder, { responders }: Situation): Fired {
  const { user } = reminder;
  const maySee = mayRead(request, user, responders);
  return {
    next: {
      ...request,
      version: request.version + 1,
      reminders: request.reminders.filter((other) => other !== reminder),
    },
    effects: maySee
      ? [{ kind: 'say', place: { kind: 'person', user }, saying: { kind: 'reminder', user } }]
      : [],
    what: maySee ? 'reminded' : 'a reminder fell away',
  };
}

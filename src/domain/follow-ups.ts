/**
 * Follow-ups: everything about a request that is due at a time. `nextDueAt` is the truth that the store keeps and the
 * alarm is set by; `fireDue` re-reads the state and does what is due, each thing once, in order of time.
 */
import { addBusinessMs } from './clocks.ts';
import type { Effect } from './effects.ts';
import { fireStep, ladderDueAt } from './ladder.ts';
import type { Queue } from './queue.ts';
import { CONSENT_MS, isOpen, type Request } from './request.ts';
import type { Situation } from './situation.ts';
import { transition } from './transition.ts';

interface FollowUp {
  readonly dueAt: number;
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

/** Fires all that is due at `situation.now`, the earliest first, each once. `situation.by` has to be null. */
export function fireDue(request: Request, situation: Situation): Followed {
  let next = request;
  const effects: Effect[] = [];
  const whats: string[] = [];
  for (;;) {
    const due = followUps(next, situation.queue)
      .filter(({ dueAt }) => dueAt <= situation.now)
      .sort((a, b) => a.dueAt - b.dueAt)[0];
    if (due === undefined) return { next, effects, whats };
    const fired = due.fire(next, situation);
    next = fired.next;
    effects.push(...fired.effects);
    whats.push(fired.what);
  }
}

function followUps(request: Request, queue: Queue): readonly FollowUp[] {
  return [...byState(request, queue), ...snoozesOver(request), ...reminders(request)];
}

function byState(request: Request, queue: Queue): readonly FollowUp[] {
  switch (request.state) {
    case 'unposted':
      return [{ dueAt: request.stateSinceAt + CONSENT_MS, fire: (r, s) => change(r, s, { kind: 'cancel' }) }];
    case 'new': {
      const dueAt = ladderDueAt(request.ladder, queue, request.priority);
      return dueAt === null ? [] : [{ dueAt, fire: climb }];
    }
    case 'waiting':
      return waitingFor(request, queue);
    case 'on_hold':
      return request.hold === null
        ? []
        : [{ dueAt: request.hold.untilAt, fire: (r, s) => change(r, s, { kind: 'unhold' }) }];
    case 'resolved': {
      const from = request.resolution?.at ?? request.stateSinceAt;
      return [
        { dueAt: addBusinessMs(from, queue.closeAfterMs), fire: (r, s) => change(r, s, { kind: 'confirm' }) },
      ];
    }
    case 'in_progress':
    case 'closed':
    case 'duplicate':
    case 'not_request':
    case 'declined':
    case 'withdrawn':
      return [];
  }
}

/** A change that the clock makes goes through the same table as everybody's. */
function change(
  request: Request,
  situation: Situation,
  by: { kind: 'cancel' | 'unhold' | 'confirm' } | { kind: 'resolve' },
): Fired {
  const outcome = transition(
    request,
    by.kind === 'resolve' ? { kind: 'resolve', note: null, byReaction: false } : by,
    situation,
  );
  if (outcome.kind === 'refused') throw new Error(`the clock was refused: ${outcome.refusal.kind}`);
  return outcome;
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
  if (!waiting.isNoticed) {
    due.push({ dueAt: addBusinessMs(stateSinceAt, queue.waiting.noticeMs), fire: (r, s) => notice(r, s) });
  } else {
    due.push({
      dueAt: addBusinessMs(stateSinceAt, queue.waiting.resolveMs),
      fire: (r, s) => change(r, s, { kind: 'resolve' }),
    });
  }
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

function notice(request: Request, { queue }: Situation): Fired {
  const closesAt = addBusinessMs(request.stateSinceAt, queue.waiting.resolveMs);
  return {
    next: { ...request, version: request.version + 1, waiting: { ...request.waiting, isNoticed: true } },
    effects: [{ kind: 'say', place: { kind: 'conversation' }, saying: { kind: 'notice', closesAt } }],
    what: 'told the asker that it ends soon',
  };
}

/** When a snooze ends, whoever was asked before or during it is asked again, if the request is still unowned. */
function snoozesOver(request: Request): readonly FollowUp[] {
  return request.snoozes.map((snooze) => ({
    dueAt: snooze.untilAt,
    fire: (r: Request): Fired => {
      const next = {
        ...r,
        version: r.version + 1,
        snoozes: r.snoozes.filter((other) => other.user !== snooze.user),
      };
      const asks = snooze.isOwed && r.state === 'new' && !r.ladder.passed.includes(snooze.user);
      const effects: readonly Effect[] = asks
        ? [
            {
              kind: 'say',
              place: { kind: 'person', user: snooze.user },
              saying: { kind: 'ask_duty', step: 'duty', user: snooze.user },
            },
          ]
        : [];
      return { next, effects, what: 'a snooze ended' };
    },
  }));
}

function reminders(request: Request): readonly FollowUp[] {
  if (!isOpen(request.state) && request.state !== 'resolved') return [];
  return request.reminders.map((reminder) => ({
    dueAt: reminder.dueAt,
    fire: (r: Request): Fired => ({
      next: { ...r, version: r.version + 1, reminders: r.reminders.filter((other) => other !== reminder) },
      effects: [
        {
          kind: 'say',
          place: { kind: 'person', user: reminder.user },
          saying: { kind: 'reminder', user: reminder.user },
        },
      ],
      what: 'reminded',
    }),
  }));
}

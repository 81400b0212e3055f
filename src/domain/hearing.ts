/** What people do around a request without a button: posts in the conversation, reactions taken away. */
import type { Change } from './change.ts';
import { pass } from './owning.ts';
import { isOpen, type Request } from './request.ts';
import type { Situation } from './situation.ts';
import { active, backTo, own, reopen, SHOWN, type Step, UNCHANGED } from './step.ts';

/** 👀 or ✅ taken away: counts only from the person whose reaction made the change, and only while nothing else changed. */
export function unreact(request: Request, reaction: 'take' | 'resolve', situation: Situation): Step | null {
  const { by, responders } = situation;
  if (by === null) return null;
  if (reaction === 'take') {
    if (request.owner !== by || request.takenByReactionOf !== by || !isOpen(request.state)) return null;
    return pass(request, situation);
  }
  const { resolution } = request;
  if (request.state !== 'resolved' || resolution?.reactionOf !== by) return null;
  return { next: backTo(request, resolution, responders), effects: SHOWN, what: 're-opened it' };
}

/**
 * A post in the conversation. Third parties change nothing; on their own request a responder counts as the asker.
 * What stays inside answers nothing, whoever wrote it.
 */
export function reply(
  request: Request,
  change: Extract<Change, { kind: 'reply' }>,
  situation: Situation,
): Step | null {
  const { by, responders } = situation;
  if (by === null || change.isInside) return null;
  if (by === request.asker) {
    const spoke = { ...request, unansweredSinceAt: request.unansweredSinceAt ?? change.at };
    if (request.state === 'waiting' || request.state === 'on_hold') {
      return { next: active(spoke, responders), effects: SHOWN, what: 'answered' };
    }
    if (request.state === 'resolved') return reopen(spoke, situation);
    return isOpen(request.state) ? { next: spoke, effects: [], what: UNCHANGED } : null;
  }
  if (!responders.has(by) || !(isOpen(request.state) || request.state === 'resolved')) return null;
  const answered = { ...request, answeredAt: request.answeredAt ?? change.at, unansweredSinceAt: null };
  if (request.owner === null && isOpen(request.state))
    return { next: own(answered, by, false), effects: SHOWN, what: 'answered and took it' };
  // Card and asker's reply have both said when the first answer was due.
  const isFirst = request.answeredAt === null;
  return { next: answered, effects: isFirst ? SHOWN : [], what: UNCHANGED };
}

/** What becomes of the source's text: agreed to, edited, deleted. */
import type { Change } from './change.ts';
import type { Effect } from './effects.ts';
import { reanchor } from './ladder.ts';
import { exit } from './leaving.ts';
import { isOpen, type Request } from './request.ts';
import type { Situation } from './situation.ts';
import { consentOver, inConversation, SHOWN, type Step, UNCHANGED } from './step.ts';

/** *Post it there*: a request that waited for it becomes new now; an edit of a posted one becomes its text. */
export function post(request: Request, now: number): Step {
  const text = request.unshownText;
  const source = text === null ? request.source : { ...request.source, text, title: titleLine(text) };
  const shown: Request = { ...request, source, unshownText: null };
  return request.state === 'unposted'
    ? { next: { ...shown, state: 'new', openedAt: now }, effects: SHOWN, what: 'agreed to post it' }
    : { next: shown, effects: [{ kind: 'card' }, consentOver(true)], what: 'agreed to post the edit' };
}

/** The first line of a text that has one; the whole text otherwise. */
export function titleLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '') ?? text;
}

export function retext(
  request: Request,
  change: Extract<Change, { kind: 'retext' }>,
  situation: Situation,
): Step {
  if (request.source.isDeleted) return { next: request, effects: [], what: UNCHANGED };
  if (change.asksConsent) {
    const asked: Effect = inConversation({
      kind: 'consent',
      text: change.text,
      triageChannel: situation.queue.triageChannel,
    });
    return { next: { ...request, unshownText: change.text }, effects: [asked], what: UNCHANGED };
  }
  const priority = isOpen(request.state) && change.priority !== null ? change.priority : request.priority;
  const source = { ...request.source, title: change.title, text: change.text, files: change.files };
  const next = { ...request, source, priority };
  return {
    next: { ...next, ladder: reanchor(next.ladder, situation.queue, priority, situation.now) },
    effects: SHOWN,
    what: UNCHANGED,
  };
}

/** An unowned request is withdrawn with its source; an owned one goes on without text. */
export function deleteSource(request: Request, situation: Situation): Step {
  if (request.source.isDeleted) return { next: request, effects: [], what: UNCHANGED };
  const source = { ...request.source, title: null, text: null, files: [], isDeleted: true };
  const blank: Request = { ...request, source, unshownText: null };
  if (request.state === 'unposted' || (isOpen(request.state) && request.owner === null)) {
    const left = exit(blank, 'withdrawn', situation, { reason: null, duplicateOf: null });
    return { ...left, what: 'deleted the message' };
  }
  return { next: blank, effects: SHOWN, what: 'deleted the message' };
}

/** What becomes of the source's text: agreed to, edited, deleted. */
import type { Change } from './change.ts';
import type { Effect } from './effects.ts';
import { reanchor } from './ladder.ts';
import { exit, withCardOf } from './leaving.ts';
import { isOpen, type Priority, type Request } from './request.ts';
import type { Situation } from './situation.ts';
import { consentOver, inConversation, SHOWN, type Step, UNCHANGED } from './step.ts';
import { textMark } from './text-mark.ts';

/** *Post it there*: a request that waited for it becomes new now; an edit of a posted one becomes its text. */
export function post(request: Request, { now, queue }: Situation): Step {
  const text = request.unshownText;
  const source =
    text === null || request.source.isDeleted
      ? request.source
      : {
          ...request.source,
          text,
          title: titleLine(text),
          files: request.state === 'unposted' ? request.source.files : request.unshownFiles,
        };
  const shown: Request = { ...request, source, unshownText: null, unshownFiles: [] };
  return request.state === 'unposted'
    ? {
        next: withCardOf({ ...shown, state: 'new', openedAt: now }, queue.triageChannel),
        effects: SHOWN,
        what: 'agreed to post it',
      }
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
  const isLive = isOpen(request.state) || request.state === 'unposted';
  const priority = isLive && change.priority !== null ? change.priority : request.priority;
  const raised = withPriority(request, priority, situation);
  const source = { ...request.source, title: change.title, text: change.text, files: change.files };
  if (!change.asksConsent && request.state !== 'unposted')
    return {
      next: { ...raised, source, unshownText: null, unshownFiles: [] },
      effects: SHOWN,
      what: UNCHANGED,
    };
  const asked: Effect = inConversation({
    kind: 'consent',
    mark: textMark(change.text),
    triageChannel: situation.queue.triageChannel,
  });
  // Nothing of an unposted request is shown yet: what its asker is asked about is its text already.
  const asks: Request = { ...raised, unshownText: change.text };
  if (request.state === 'unposted') return { next: { ...asks, source }, effects: [asked], what: UNCHANGED };
  const shown = change.takesBack ? { ...request.source, title: null, text: null, files: [] } : request.source;
  const isSeen = raised !== request || change.takesBack;
  return {
    next: { ...asks, source: shown, unshownFiles: change.files },
    effects: isSeen ? [...SHOWN, asked] : [asked],
    what: UNCHANGED,
  };
}

/** Steps that a higher priority makes late do not fire in a bunch; the rest of the ladder stays as it was. */
export function withPriority(request: Request, to: Priority, { queue, now }: Situation): Request {
  if (to === request.priority) return request;
  return { ...request, priority: to, ladder: reanchor(request.ladder, queue, to, now) };
}

/** An unowned request is withdrawn with its source; an owned one goes on without text. */
export function deleteSource(request: Request, situation: Situation): Step {
  if (request.source.isDeleted) return { next: request, effects: [], what: UNCHANGED };
  const source = { ...request.source, title: null, text: null, files: [], isDeleted: true };
  const blank: Request = { ...request, source, unshownText: null, unshownFiles: [] };
  if (request.state === 'unposted' || (isOpen(request.state) && request.owner === null)) {
    const left = exit(blank, 'withdrawn', situation, { reason: null, duplicateOf: null });
    return { ...left, what: 'deleted the message' };
  }
  return { next: blank, effects: SHOWN, what: 'deleted the message' };
}

import type { Saying } from '../../domain/effects.ts';
import { isOpen, type Request } from '../../domain/request.ts';

/**
 * True when saying it now would be untrue or ask for what is no longer wanted: it was decided earlier, and the
 * request has moved on while the message waited to be sent. What merely happened is said however late.
 */
export function isMoot(saying: Saying, request: Request): boolean {
  switch (saying.kind) {
    case 'ask_duty':
    case 'lead':
    case 'escalation':
    case 'escalated':
      return request.state !== 'new';
    case 'question':
    case 'nudge':
      return request.state !== 'waiting';
    case 'notice':
      return request.state !== 'waiting' || request.waiting.isKeptOpen;
    case 'taken':
      return request.owner !== saying.by;
    case 'assigned':
      return request.owner !== saying.user;
    case 'hold_over':
      return request.state === 'on_hold' || !isOpen(request.state);
    case 'reminder':
      return !isOpen(request.state) && request.state !== 'resolved';
    case 'consent':
      // A newer edit is asked about in a message of its own.
      return request.unshownText !== saying.text;
    case 'resolved':
    case 'added':
    case 'consent_over':
    case 'done_by_other':
    case 'reopened':
    case 'mirror_opens':
    case 'owner_left':
    case 'note':
      return false;
  }
}

/** What is said once about a request: to its asker, to a responder, in the card's thread or its channel. */
import type { Saying } from '../../domain/effects.ts';
import type { Request } from '../../domain/request.ts';
import { type Message, type RenderContext } from './context.ts';
import {
  sayConsent,
  sayConsentOver,
  sayEscalated,
  sayNotice,
  sayNudge,
  sayQuestion,
  sayResolved,
  sayTaken,
} from './to-asker.ts';
import {
  askDuty,
  sayAssigned,
  sayDoneByOther,
  sayHoldOver,
  sayReminder,
  sayReopened,
} from './to-responder.ts';
import { sayEscalation, sayLead, sayMirrorOpens, sayOwnerLeft } from './to-team.ts';

/**
 * @param key the first block's id, by which the post is found again
 */
export function renderSaying(saying: Saying, request: Request, ctx: RenderContext, key: string): Message {
  switch (saying.kind) {
    case 'taken':
      return sayTaken(saying, request, ctx, key);
    case 'question':
      return sayQuestion(saying, request, ctx, key);
    case 'resolved':
      return sayResolved(saying, request, ctx, key);
    case 'escalated':
      return sayEscalated(request, ctx, key);
    case 'nudge':
      return sayNudge(saying, request, key);
    case 'notice':
      return sayNotice(saying, request, key);
    case 'consent':
      return sayConsent(saying, request, ctx, key);
    case 'consent_over':
      return sayConsentOver(saying, request, ctx, key);
    case 'ask_duty':
      return askDuty(saying, request, ctx, key);
    case 'assigned':
      return sayAssigned(saying, request, ctx, key);
    case 'done_by_other':
      return sayDoneByOther(saying, request, ctx, key);
    case 'reopened':
      return sayReopened(saying, request, ctx, key);
    case 'hold_over':
      return sayHoldOver(saying, request, ctx, key);
    case 'reminder':
      return sayReminder(saying, request, ctx, key);
    case 'escalation':
      return sayEscalation(saying, request, ctx, key);
    case 'mirror_opens':
      return sayMirrorOpens(request, ctx, key);
    case 'lead':
      return sayLead(saying, request, ctx, key);
    case 'owner_left':
      return sayOwnerLeft(saying, request, ctx, key);
  }
}

/** Answers to people: refusals with their reason, results of commands. */
import type { Refusal } from '../domain/change.ts';
import type { Answer } from '../domain/effects.ts';
import { type Refused, refusalText } from '../domain/wording.ts';
import { answer } from '../queue/apply.ts';
import type { Tx } from '../store/transaction.ts';
import type { Asking, HandlerContext } from './handler.ts';

/** Tells whoever asked. One answer an event: its key is the event's id. */
export function tell(context: HandlerContext, tx: Tx, asking: Asking, what: Answer): Promise<void> {
  return answer(
    tx,
    context.desk,
    { kind: 'answer', to: asking.answerTo, answer: what },
    context.eventId,
    context.now,
  );
}

/** Tells why not. */
export function tellRefusal(
  context: HandlerContext,
  tx: Tx,
  asking: Asking,
  refusal: Refusal,
  request: Refused,
): Promise<void> {
  const text = refusalText(refusal, request, asking.user);
  return tell(context, tx, asking, { kind: 'refusal', text });
}

/** For a verb of the grammar whose time has not come. */
export function notInThisVersion(verb: string): Answer {
  return { kind: 'refusal', text: `\`${verb}\` is not in this version.` };
}

/** The same words for a request that is not there and for one that is none of theirs. */
export function noSuchRequest(id: number): Answer {
  return { kind: 'refusal', text: `There is no request #${id} that you may see.` };
}

/** Where somebody who acted in a channel (or under one of its threads) is answered, for their eyes only. */
export function askingIn(
  user: string,
  place: { readonly channel: string; readonly isDm: boolean; readonly threadTs: string | null },
): Asking {
  const { channel, isDm, threadTs } = place;
  return {
    user,
    answerTo: isDm ? { kind: 'dm', channel, user, threadTs } : { kind: 'ephemeral', channel, user, threadTs },
  };
}

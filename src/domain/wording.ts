/** The words in which people read about requests, wherever they read them. */
import type { Refusal } from './change.ts';
import { type Request, type SourceKind, STATES, type State } from './request.ts';

const STATE_WORDS: Readonly<Record<State, string>> = {
  unposted: 'not posted yet',
  new: 'new',
  in_progress: 'in progress',
  waiting: 'waiting',
  on_hold: 'on hold',
  resolved: 'resolved',
  closed: 'closed',
  duplicate: 'duplicate',
  not_request: 'not a request',
  declined: 'declined',
  withdrawn: 'withdrawn',
};

/** A state as people read it. */
export function stateWord(state: State): string {
  return STATE_WORDS[state];
}

const WAYS_IN: Readonly<Record<SourceKind, string>> = {
  dm: 'by DM',
  mention: 'by mention',
  reaction: 'by 🎫',
  shortcut: 'by shortcut',
  modal: 'by form',
  command: 'by command',
  every_message: 'in a channel',
};

/** How a request came in, as the timeline's first line has it. */
export function captureWords(kind: SourceKind, isByAsker: boolean, isLate: boolean): string {
  return `${isByAsker ? 'asked' : 'captured'} it ${WAYS_IN[kind]}${isLate ? ', captured late' : ''}`;
}

/** What the source's title and text become once its author deleted it. */
export const DELETED_WORDS = 'deleted by its author';

/** What they become when nobody deleted them: their time was over, or their author was forgotten. */
export const NOT_KEPT_WORDS = 'no longer kept';

/** What stands for a text that is gone. */
export function goneWords({ textGone }: Pick<Request, 'textGone'>): string {
  return textGone === null ? DELETED_WORDS : NOT_KEPT_WORDS;
}

/** The sentences in which `what` of a change, as the timeline has it, is not just verb and object. */
const CHANGE_WORDS: Readonly<Record<string, (object: string) => string>> = {
  'put on hold': (object) => `put ${object} on hold`,
  'took off hold': (object) => `took ${object} off hold`,
  'waits for the asker': (object) => `set ${object} to waiting`,
  'undid it': (object) => `brought ${object} back`,
  'kept open': (object) => `kept ${object} open`,
  confirmed: (object) => `confirmed that ${object} works`,
  answered: (object) => `answered on ${object}`,
  'answered and took it': (object) => `answered and took ${object}`,
  wrote: (object) => `wrote on ${object}`,
  passed: (object) => `passed on ${object}`,
  'deleted the message': (object) => `deleted the message of ${object}`,
};

/**
 * What somebody did, as it follows their name: `resolved it it` reads `resolved #12`.
 * @param what a change's `what` (see `Outcome`), escaped
 * @param object what it was done to: `it`, `#12`, `your #12`
 */
export function changeWords(what: string, object: string): string {
  const sentence = Object.hasOwn(CHANGE_WORDS, what) ? CHANGE_WORDS[what] : undefined;
  if (sentence !== undefined) return sentence(object);
  const level = /^set to (\w+)$/.exec(what)?.[1];
  if (level !== undefined) return `set ${object} to ${level}`;
  return /\bit\b/.test(what) ? what.replace(/\bit\b/, object) : `${what} (${object})`;
}

/** What the text of a refusal needs of the request. */
export type Refused = Pick<Request, 'id'> & Partial<Pick<Request, 'lastChange' | 'stateSinceAt'>>;

/** Two people at once: whoever comes second is told who brought the request where it is. */
function faster({ lastChange, stateSinceAt }: Refused, actor: string | null): string {
  const by = lastChange?.at === stateSinceAt ? (lastChange?.by ?? null) : null;
  return by === null || by === actor ? '' : `<@${by}> was faster: `;
}

/**
 * Why a change is not allowed, and what to do instead. Escaped; mentions are Slack's tokens, so show it only where
 * they ring for nobody else: to the person who tried, alone.
 * @param actor who tried
 */
export function refusalText(refusal: Refusal, request: Refused, actor: string | null = null): string {
  const it = `#${request.id}`;
  switch (refusal.kind) {
    case 'responders_only':
      return `Only the responders of ${it}'s queue can do that. Write in its conversation and they will see it.`;
    case 'asker_only':
      return `Only the person who asked ${it} can do that. A responder can resolve or decline it instead.`;
    case 'asker_or_responder_only':
      return `Only the person who asked ${it} and the responders of its queue can do that. For something of your own, make a new request.`;
    case 'owner_only':
      return `You can pass ${it} only if you have it or were asked to take it. To give it to somebody, assign it.`;
    case 'not_a_responder':
      return `<@${refusal.user}> is not in the triage channel of ${it}'s queue. Invite them there first, or choose one of its members.`;
    case 'taken_already':
      return `<@${refusal.owner}> has ${it} already. Hand it over or assign it if it should be yours.`;
    case 'yours_already':
      return `${it} is yours already. Resolve it when it is done, or hand it over.`;
    case 'already':
      return `${faster(request, actor)}${it} is ${wordFor(refusal.state)} already; there is nothing left to do for that.`;
    case 'not_open':
      return `${faster(request, actor)}${it} is ${wordFor(refusal.state)}, so that does not fit any more. ${wayBack(refusal.state)}`;
    case 'unposted':
      return `${it} waits until the person who asked it agrees to post it. Until then nothing can be done with it.`;
    case 'edited_since':
      return `The text of ${it} has changed since I asked that. The newest question shows what would be posted: answer there.`;
    case 'not_waiting':
      return `${it} does not wait for an answer, so it stays open anyway.`;
    case 'nothing_to_undo':
      return `There is nothing to undo on ${it}. If it is resolved and should go on, re-open it.`;
    case 'undo_over':
      return `${it} ended more than 24 h ago. Mention me in its thread, and a new request continues it.`;
    case 'final':
      return `${it} has ended. An end by mistake can be undone for 24 h; later a mention of me in its thread makes a new request that continues it.`;
    case 'same_queue':
      return `${it} is in that queue already. Name another one.`;
    case 'duplicate_of_itself':
      return `${it} cannot be a duplicate of itself. Give the number of the other request, for example \`duplicate ${it} of #m\`.`;
    case 'in_the_past':
      return 'That moment has passed. Give one that is still to come, for example `in 2h` or `tomorrow 9am`.';
    case 'nothing_changes':
      return `${it} is that way already; there is nothing to change.`;
  }
}

function wordFor(state: string): string {
  const known = STATES.find((other) => other === state);
  return known === undefined ? state : stateWord(known);
}

function wayBack(state: string): string {
  if (state === 'resolved') return 'Re-open it first.';
  return 'Undo that end first (for 24 h), or mention me in its thread for a new request that continues it.';
}

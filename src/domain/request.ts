/**
 * Glossary
 *
 * request       one ask, shown as `#123`; its key is the (channel, ts) of the message that asked
 * queue         where a kind of request lives: a triage channel, people, times
 * card          the one message per request in the triage channel, edited in place
 * conversation  where asker and responders talk: the source message's thread; mirrored with the card's thread
 *               when the source is a DM (or there is no message at all)
 * asker         the author of the source message; for a bot's message, who captured it
 * responder     a member of the queue's triage channel, of this workspace
 * duty          the person whose turn it is in the queue's rotation
 * follow-up     a timed check on a request; it re-reads the state when it fires
 * owner         the responder who has taken the request
 * exit          duplicate, not_request, declined, withdrawn: ends that can be undone for 24 h
 *
 * An instant is a number, epoch milliseconds, in a name that ends in `At`; a duration is a number of milliseconds,
 * in a name that ends in `Ms`.
 */

export const PRIORITIES = ['urgent', 'high', 'normal', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const STATES = [
  'unposted',
  'new',
  'in_progress',
  'waiting',
  'on_hold',
  'resolved',
  'closed',
  'duplicate',
  'not_request',
  'declined',
  'withdrawn',
] as const;
export type State = (typeof STATES)[number];

export type OpenState = 'new' | 'in_progress' | 'waiting' | 'on_hold';
export type ExitState = 'duplicate' | 'not_request' | 'declined' | 'withdrawn';

export const CLOCK_KINDS = ['assign', 'first_response', 'resolution'] as const;
export type ClockKind = (typeof CLOCK_KINDS)[number];

/** A stretch of time during which one clock ran; deadlines are derived from these, never stored. */
export interface Interval {
  readonly kind: ClockKind;
  readonly startedAt: number;
  /** Null while the clock runs. */
  readonly endedAt: number | null;
}

export type SourceKind = 'dm' | 'mention' | 'reaction' | 'shortcut' | 'modal' | 'command' | 'every_message';

export interface FileName {
  readonly name: string;
  readonly bytes: number | null;
  readonly type: string;
}

/** What was asked, and where. Texts are as Slack escapes them. */
export interface Source {
  readonly kind: SourceKind;
  /** The message's channel; for a modal or a slash command null. */
  readonly channel: string | null;
  /** The message's ts; for a modal or a slash command its view or trigger id. */
  readonly ts: string;
  /** The thread the message stands in; its own ts for a top-level message; null without a message. */
  readonly threadTs: string | null;
  /** Text from DMs and private channels goes only where PRODUCT.md's Privacy lets it. */
  readonly isPrivate: boolean;
  /** Null once it is gone: its author deleted it, or it is no longer kept. */
  readonly title: string | null;
  readonly text: string | null;
  readonly files: readonly FileName[];
  /** Its text is gone for ever: an edit does not bring it back. See also `textGone`. */
  readonly isDeleted: boolean;
}

export interface Conversation {
  /** Null until the asker's DM has been opened (a request without a message). */
  readonly channel: string | null;
  /** The thread's first message; null until our own reply in the asker's DM opens it. */
  readonly threadTs: string | null;
  /** True where the conversation is the asker's DM, mirrored with the card's thread. */
  readonly isMirrored: boolean;
}

/** A message of ours that is edited in place. */
export interface Posted {
  readonly channel: string;
  readonly ts: string;
}

export interface Hold {
  readonly untilAt: number;
  readonly reason: string;
}

/** How a request left, and what *Undo* goes back to. */
export interface Exit {
  readonly by: string | null;
  readonly at: number;
  readonly reason: string | null;
  readonly duplicateOf: number | null;
  readonly before: OpenState;
  readonly ownerBefore: string | null;
  readonly holdBefore: Hold | null;
}

export interface Resolution {
  /** Null: by silence ("no answer"). */
  readonly by: string | null;
  readonly at: number;
  readonly note: string | null;
  readonly before: OpenState;
  readonly ownerBefore: string | null;
  readonly holdBefore: Hold | null;
  /** Whose ✅ did it, if it was one: only removing that one undoes it. */
  readonly reactionOf: string | null;
}

/** How far the ladder of an unowned request has climbed. */
export interface Ladder {
  /** Steps are due at this instant plus the queue's ladder times. */
  readonly anchorAt: number;
  /** Index of the next step in LADDER_STEPS. */
  readonly nextStep: number;
  /** Who was asked, by step, over the whole life of the request: nobody is asked the same step twice. */
  readonly asked: readonly { readonly step: string; readonly user: string }[];
  /** Who passed, or gave the request back. */
  readonly passed: readonly string[];
}

/** How far the follow-ups of a waiting request have come; begins anew with each waiting. */
export interface Waiting {
  readonly nudges: number;
  /** When it ends by silence, as the notice promised; null until the notice is given. */
  readonly closesAt: number | null;
  readonly isKeptOpen: boolean;
}

export const NO_WAITING: Waiting = { nudges: 0, closesAt: null, isKeptOpen: false };

/** One person's reminders for this request are mute until then. */
export interface Snooze {
  readonly user: string;
  readonly untilAt: number;
  /** True when a follow-up for that person came due meanwhile: they are asked again when the snooze ends. */
  readonly isOwed: boolean;
}

export interface Reminder {
  readonly user: string;
  readonly dueAt: number;
}

export interface Request {
  readonly id: number;
  /** Counts the changes; said things take their key from it. */
  readonly version: number;
  readonly queue: string;
  readonly state: State;
  readonly stateSinceAt: number;
  readonly priority: Priority;
  readonly asker: string;
  readonly owner: string | null;
  /** Whose 👀 made them the owner, if it was one. */
  readonly takenByReactionOf: string | null;
  readonly source: Source;
  /** A text that the asker has not yet agreed to show in a public triage channel. */
  readonly unshownText: string | null;
  /** The files of an edit that its asker has not yet agreed to show; of an unposted request they are the source's. */
  readonly unshownFiles: readonly FileName[];
  readonly conversation: Conversation;
  readonly card: Posted | null;
  /** Cards of queues that it left; one of them is its card again should it come back, for there is never a second one. */
  readonly leftCards: readonly Posted[];
  readonly askerReply: Posted | null;
  /** The message's own time; for a text that had to be agreed to first, the time of *Post it there*. */
  readonly openedAt: number;
  /** The first human reply that the asker could see. */
  readonly answeredAt: number | null;
  /** The asker's first post in the conversation since a responder last answered. */
  readonly unansweredSinceAt: number | null;
  readonly intervals: readonly Interval[];
  readonly hold: Hold | null;
  readonly exit: Exit | null;
  readonly resolution: Resolution | null;
  readonly ladder: Ladder;
  readonly waiting: Waiting;
  readonly snoozes: readonly Snooze[];
  readonly reminders: readonly Reminder[];
  /** What the card says was done last, and by whom (null: the clock). */
  readonly lastChange: { readonly what: string; readonly by: string | null; readonly at: number } | null;
  /** The earlier request that this one continues. */
  readonly continues: number | null;
  /**
   * Set when a catch-up captured it, null when Slack told of it in time. While it is unannounced its ladder stands still:
   * the summary of all that its queue missed stands in for the duty step.
   */
  readonly late: 'unannounced' | 'announced' | null;
  /**
   * Why the text is gone (`source.isDeleted`) though its author did not delete it: its time was over, or its author was
   * forgotten; null otherwise. After `retention` nothing else that anybody wrote about it is left either.
   */
  readonly textGone: 'retention' | 'forgotten' | null;
}

/** True while somebody still owes something: new, in progress, waiting, on hold. */
export function isOpen(state: State): state is OpenState {
  return state === 'new' || state === 'in_progress' || state === 'waiting' || state === 'on_hold';
}

/** True for the ends that *Undo* takes back. */
export function isExit(state: State): state is ExitState {
  return state === 'duplicate' || state === 'not_request' || state === 'declined' || state === 'withdrawn';
}

/** How long *Undo* is offered after an exit. */
export const UNDO_MS = 24 * 60 * 60 * 1000;
/** How long *Post it there* is offered before the text is taken as withdrawn. */
export const CONSENT_MS = 24 * 60 * 60 * 1000;
/** Within this time of the asker's last, still unowned DM another one is added to it. */
export const BURST_MS = 5 * 60 * 1000;

/**
 * True for a request that nobody but its asker has seen where it is now: it waits for a yes, or ended without one. Such an
 * end has no `exit`, for it cannot be undone.
 */
export function isUnseen({ state, exit }: Pick<Request, 'state' | 'exit'>): boolean {
  return state === 'unposted' || (isExit(state) && exit === null);
}

/** True when the newest request of a thread no longer takes part: a new mention there opens another one. */
export function isOver({ state, exit }: Pick<Request, 'state' | 'exit'>, now: number): boolean {
  if (!isExit(state)) return state === 'closed';
  // One without an exit was never shown, and cannot be undone.
  return exit === null || now - exit.at > UNDO_MS;
}

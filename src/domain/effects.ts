/**
 * What a change wants done in Slack, as data. Effects are stored with the change in one transaction and carried out
 * by the outbox. Cards, the asker's reply and mirrored messages are rendered from the state when they are sent, so
 * ten changes make one edit. Sayings carry only what the state does not keep, answers what they say but for the texts
 * of requests, which are read by their numbers.
 */
import type { Priority, State } from './request.ts';

/** Where something is said. Resolved to a channel and a thread when it is sent. */
export type Place =
  | { readonly kind: 'conversation' }
  /** The card's thread; `broadcast` shows it in the channel too. */
  | { readonly kind: 'card_thread'; readonly broadcast: boolean }
  /** A line of its own in the queue's triage channel. */
  | { readonly kind: 'triage_channel' }
  | { readonly kind: 'person'; readonly user: string }
  | { readonly kind: 'channel'; readonly channel: string };

/** What is said once about a request. Texts of people are escaped as Slack gave them. */
export type Saying =
  /** To the asker, in the conversation. */
  | { readonly kind: 'taken'; readonly by: string }
  | { readonly kind: 'question'; readonly by: string }
  /** With the request's note, if it is still resolved when this is said. */
  | { readonly kind: 'resolved'; readonly by: string | null }
  | { readonly kind: 'escalated' }
  | { readonly kind: 'nudge'; readonly nth: number }
  | { readonly kind: 'notice'; readonly closesAt: number }
  /** To the asker alone: the exact text, *Post it there* · *Cancel*. `mark`: the `textMark` of the text that is asked about. */
  | { readonly kind: 'consent'; readonly mark: string; readonly triageChannel: string }
  | { readonly kind: 'consent_over'; readonly posted: boolean }
  /** To a responder, by DM. */
  | { readonly kind: 'ask_duty'; readonly step: 'duty' | 'next'; readonly user: string }
  | { readonly kind: 'assigned'; readonly by: string; readonly user: string }
  | { readonly kind: 'done_by_other'; readonly by: string; readonly what: string }
  | { readonly kind: 'reopened'; readonly by: string }
  /** The one text of a person that is carried: the state gives it up with the hold, and has the next one's by then. */
  | { readonly kind: 'hold_over'; readonly reason: string }
  | { readonly kind: 'reminder'; readonly user: string }
  | { readonly kind: 'escalation'; readonly openedAt: number }
  /** In the card's thread or the triage channel. */
  | { readonly kind: 'mirror_opens' }
  | { readonly kind: 'lead'; readonly lead: string | null }
  /** `requests`: the open ones that this person had, by number; said once for all of them. */
  | { readonly kind: 'owner_left'; readonly user: string; readonly requests: readonly number[] };

export type SayingKind = Saying['kind'];

/**
 * Where an answer to a person goes: by the url of what they did, for their eyes only, or as a line in their DM; or where
 * the button stood that they pressed: under the words of that message of ours, for everybody who reads it. Those words are in
 * the event (`eventId`), as long as it is kept.
 */
export type AnswerTo =
  | { readonly kind: 'response_url'; readonly url: string }
  | { readonly kind: 'in_place'; readonly channel: string; readonly ts: string; readonly eventId: string }
  | {
      readonly kind: 'ephemeral';
      readonly channel: string;
      readonly user: string;
      readonly threadTs: string | null;
    }
  | {
      readonly kind: 'dm';
      readonly channel: string | null;
      readonly user: string;
      readonly threadTs: string | null;
    };

/** One line of `list`; its title is read when it is shown. */
export interface ListItem {
  readonly id: number;
  readonly state: State;
  readonly priority: Priority;
  readonly owner: string | null;
  readonly asker: string;
  readonly openedAt: number;
  readonly dueAt: number | null;
  /** Link to the source or the card, if there is one to point at. */
  readonly link: Link | null;
}

/** A message to link to; the link itself is made when it is shown. */
export interface Link {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs: string | null;
}

/** One line of the timeline in `show`. */
export interface TimelineLine {
  readonly at: number;
  readonly actor: string | null;
  readonly what: string;
}

export type Answer =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refusal'; readonly text: string }
  | { readonly kind: 'help'; readonly lead: string | null }
  | {
      readonly kind: 'list';
      readonly heading: string;
      readonly items: readonly ListItem[];
      readonly more: number;
    }
  | {
      readonly kind: 'show';
      readonly item: ListItem;
      /** To its asker, who has not agreed yet to show that text to others. */
      readonly isUnshown: boolean;
      readonly queue: string;
      readonly timeline: readonly TimelineLine[];
      readonly links: readonly { readonly label: string; readonly id: number }[];
    }
  | {
      readonly kind: 'status';
      readonly mine: readonly ListItem[];
      readonly queues: readonly {
        readonly name: string;
        readonly unowned: number;
        readonly open: number;
        readonly overdue: number;
      }[];
    }
  | {
      readonly kind: 'duty';
      readonly queues: readonly {
        readonly name: string;
        readonly user: string | null;
        readonly untilAt: number | null;
      }[];
    }
  /** What a press did. `what`: as the timeline has it. */
  | { readonly kind: 'pressed'; readonly id: number; readonly by: string; readonly what: string }
  /** A text was added to an earlier request of the same asker: *Make it a new request*. */
  | { readonly kind: 'merged'; readonly id: number; readonly channel: string; readonly ts: string };

/** What a change to one request wants; `apply` adds the request's number and the key. */
export type Effect =
  | { readonly kind: 'card' }
  | { readonly kind: 'asker_reply' }
  /** `isAfterLast`: only once the thing said before it in the same change is said, though it goes elsewhere. */
  | {
      readonly kind: 'say';
      readonly place: Place;
      readonly saying: Saying;
      readonly isAfterLast?: boolean;
    }
  /** The card of the queue that a request left: it points to the new one and shows no text. */
  | { readonly kind: 'left_card'; readonly channel: string; readonly ts: string; readonly toQueue: string }
  /** Brings the copy of one conversation message in line with what is stored of it. */
  | { readonly kind: 'mirror'; readonly channel: string; readonly ts: string }
  /** Removes a copy whose original left the conversation. */
  | { readonly kind: 'take_back'; readonly channel: string; readonly ts: string };

/** What is said to a person outside a request's life: answers to commands, refusals. */
export interface AnswerEffect {
  readonly kind: 'answer';
  readonly to: AnswerTo;
  readonly answer: Answer;
}

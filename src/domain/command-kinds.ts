/** What the grammar of slash command, mention and DM gives: commands as data. */
import type { Priority } from './request.ts';

/** `#n`; null only where the place supplies it (a request's thread, under its card, the thread of a DM). */
export type RequestNumber = number | null;

/** A person as typed: Slack's token carries the id, a plain `@name` has to be looked up by the caller. */
export type Person = { readonly id: string } | { readonly name: string };

export type ListFilter =
  | 'default'
  | 'mine'
  | 'new'
  | 'waiting'
  | 'overdue'
  /** The name as typed: whether there is such a queue is for the caller to say. */
  | { readonly queue: string };

type NumberOnlyVerb =
  | 'show'
  | 'claim'
  | 'pass'
  | 'wait'
  | 'unhold'
  | 'reopen'
  | 'not_request'
  | 'withdraw'
  | 'undo';

type OfNumber<Kind> = Kind extends string ? { readonly kind: Kind; readonly n: RequestNumber } : never;

/** Texts (notes, reasons) are as typed, in the escaping that their place has. Instants (`…At`) are epoch ms. */
export type Command =
  | { readonly kind: 'help' }
  /** Null only from the slash command: open the modal. At the top of a DM and in a mention the caller takes the
   * whole message as the source, `new` included. */
  | { readonly kind: 'new'; readonly text: string | null }
  | { readonly kind: 'list'; readonly filter: ListFilter }
  | OfNumber<NumberOnlyVerb>
  | { readonly kind: 'assign'; readonly n: RequestNumber; readonly user: Person }
  | { readonly kind: 'priority'; readonly n: RequestNumber; readonly level: Priority }
  | { readonly kind: 'hold'; readonly n: RequestNumber; readonly untilAt: number; readonly reason: string }
  | { readonly kind: 'snooze'; readonly n: RequestNumber; readonly untilAt: number }
  | { readonly kind: 'remind'; readonly n: RequestNumber; readonly dueAt: number }
  | { readonly kind: 'resolve'; readonly n: RequestNumber; readonly note: string | null }
  | { readonly kind: 'duplicate'; readonly n: RequestNumber; readonly of: number }
  | { readonly kind: 'decline'; readonly n: RequestNumber; readonly reason: string }
  | { readonly kind: 'move'; readonly n: RequestNumber; readonly queue: string }
  /** Null: who is it now? */
  | { readonly kind: 'duty'; readonly override: { readonly user: Person; readonly untilAt: number } | null }
  | { readonly kind: 'status' };

export type Verb = Command['kind'];

/** Verbs of the grammar whose time has not come: refused by name. */
export type LaterVerb = 'away' | 'back' | 'stats' | 'config' | 'show clocks';

export interface NotYet {
  readonly kind: 'not_yet';
  readonly verb: LaterVerb;
}

/**
 * Where a text was typed.
 * - `slash`: after `/triage`
 * - `mention`: after `@triage`, in no request's thread
 * - `mention_in_thread`: after `@triage` in a request's thread or under its card
 * - `dm_top`: at the top of the DM with the bot
 * - `dm_thread`: in a thread of that DM, without a mention
 */
export type Place = 'slash' | 'mention' | 'mention_in_thread' | 'dm_top' | 'dm_thread';

export interface Where {
  readonly place: Place;
  readonly now: number;
  /** The person's own zone, an IANA name. */
  readonly zone: string;
}

export type Parsed =
  | { readonly kind: 'command'; readonly command: Command }
  | NotYet
  | {
      readonly kind: 'unknown';
      /** The verb that was probably meant, when the first word is none. */
      readonly nearest: string | null;
      /** What is missing or wrong, when the first word is a verb. Never quotes what was typed. */
      readonly problem: string | null;
    };

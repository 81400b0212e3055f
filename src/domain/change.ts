/** Everything that can be done to a request. Who does it is a Slack user id; `null` is the clock. */
import type { FileName, Priority } from './request.ts';

export type Change =
  /** *Post it there*, pressed under the question about the text of this mark (`textMark`). */
  | { readonly kind: 'post'; readonly mark: string }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'take'; readonly byReaction: boolean }
  | { readonly kind: 'assign'; readonly to: string }
  | { readonly kind: 'pass' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'hold'; readonly untilAt: number; readonly reason: string }
  | { readonly kind: 'unhold' }
  | { readonly kind: 'resolve'; readonly note: string | null; readonly byReaction: boolean }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'confirm' }
  | { readonly kind: 'duplicate'; readonly of: number }
  | { readonly kind: 'not_request' }
  | { readonly kind: 'decline'; readonly reason: string }
  | { readonly kind: 'withdraw' }
  | { readonly kind: 'undo' }
  | { readonly kind: 'move'; readonly queue: string; readonly asksConsent: boolean }
  | { readonly kind: 'priority'; readonly to: Priority }
  | { readonly kind: 'keep_open' }
  | { readonly kind: 'snooze'; readonly untilAt: number }
  | { readonly kind: 'remind'; readonly dueAt: number }
  /** 👀 or ✅ taken away again. */
  | { readonly kind: 'unreact'; readonly reaction: 'take' | 'resolve' }
  /** A post in the conversation. `isInside`: 🔒, the asker cannot see it. */
  | { readonly kind: 'reply'; readonly at: number; readonly isInside: boolean }
  /** The source was edited, or a later message was added to it. */
  | {
      readonly kind: 'retext';
      readonly title: string;
      readonly text: string;
      readonly files: readonly FileName[];
      readonly priority: Priority | null;
      readonly asksConsent: boolean;
      /** Words that are shown were deleted by their author: they go, though the others wait for a yes. */
      readonly takesBack: boolean;
    }
  | { readonly kind: 'source_deleted' }
  /** The owner was deactivated or left the triage channel. */
  | { readonly kind: 'owner_left' };

export type ChangeKind = Change['kind'];

/** Why a change is not allowed; told to whoever tried. */
export type Refusal =
  | { readonly kind: 'responders_only' }
  | { readonly kind: 'asker_only' }
  | { readonly kind: 'asker_or_responder_only' }
  | { readonly kind: 'owner_only' }
  | { readonly kind: 'not_a_responder'; readonly user: string }
  | { readonly kind: 'taken_already'; readonly owner: string }
  | { readonly kind: 'yours_already' }
  | { readonly kind: 'already'; readonly state: string }
  | { readonly kind: 'not_open'; readonly state: string }
  | { readonly kind: 'unposted' }
  | { readonly kind: 'edited_since' }
  | { readonly kind: 'not_waiting' }
  | { readonly kind: 'nothing_to_undo' }
  | { readonly kind: 'undo_over' }
  | { readonly kind: 'final' }
  | { readonly kind: 'same_queue' }
  | { readonly kind: 'duplicate_of_itself' }
  | { readonly kind: 'in_the_past' }
  | { readonly kind: 'nothing_changes' };

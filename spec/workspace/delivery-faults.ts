import type { EnvelopeType } from './delivery.ts';
import type { Json } from './wire.ts';

/** How Slack was seen to deliver a thing once more: unchanged, marked as a retry, or under another event id. */
export type Repetition = 'same_envelope' | 'retry' | 'new_event_id';

/** What can befall one envelope on its way. */
export type DeliveryFault =
  /** Others overtake it. */
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'again'; readonly how: Repetition; readonly afterMs: number }
  /** An event that never comes, and of which the app is never told; what a person waits for is not lost like that. */
  | { readonly kind: 'lose' };

export interface Envelope {
  readonly type: EnvelopeType;
  readonly payload: Json;
  readonly attempt: number;
}

/** Decides for each envelope; undefined: it goes as it should. */
export type DeliveryPlan = (envelope: Envelope) => DeliveryFault | undefined;

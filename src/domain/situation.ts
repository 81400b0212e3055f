/** What the domain has to know of the world around a request at the moment of a change. */
import type { Queue } from './queue.ts';
import type { DutyOverride } from './rotation.ts';

export interface Situation {
  readonly now: number;
  /** Who acts; null is the clock. */
  readonly by: string | null;
  readonly queue: Queue;
  /** Members of the queue's triage channel who may respond: people of this workspace, not deactivated. */
  readonly responders: ReadonlySet<string>;
  readonly dutyOverride: DutyOverride | null;
  /** The queue that a request moves to, and its responders; null for all other changes. */
  readonly target: { readonly queue: Queue; readonly responders: ReadonlySet<string> } | null;
}

/** Which of the things that are said show what somebody asked. */
import type { SayingKind } from './effects.ts';

/** Those that show the request's own text. */
export const SHOW_TEXT = [
  'consent',
  'ask_duty',
  'assigned',
  'reopened',
  'hold_over',
  'reminder',
] as const satisfies readonly SayingKind[];

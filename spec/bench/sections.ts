/** The one table of what is measured, in the order of the document. */
import type { Section } from './section.ts';
import { intake } from './sections/acks.ts';
import { closed } from './sections/closed.ts';
import { latency } from './sections/latency.ts';
import { memory } from './sections/memory.ts';
import { pacing } from './sections/pacing.ts';
import { press } from './sections/press.ts';
import { quietLife } from './sections/quiet-life.ts';
import { refresh } from './sections/refresh.ts';
import { requests } from './sections/requests.ts';
import { start } from './sections/start.ts';

export const SECTIONS: readonly Section[] = [
  press,
  latency,
  intake,
  requests,
  memory,
  refresh,
  pacing,
  start,
  closed,
  quietLife,
];

/** The story of a soak, drawn up front: who does what and what goes wrong, and when. The seed fixes all of it. */
import { createRandom, type Random } from './random.ts';

/** What people do; see actions.ts. Weights say how often. */
export const ACTS = {
  ask_in_channel: 8,
  dm: 8,
  dm_new: 4,
  mention: 5,
  mention_in_thread: 4,
  chatter: 6,
  ticket: 6,
  shortcut: 4,
  slash_new: 3,
  form_new: 3,
  reply: 18,
  reply_under_card: 14,
  edit: 8,
  delete: 3,
  delete_card: 1,
  press_card: 44,
  press_message: 26,
  eyes: 9,
  check: 6,
  unreact: 4,
  verb: 30,
  leave: 1,
  join: 2,
  together: 4,
} as const;
export type ActName = keyof typeof ACTS;

/** What goes wrong; see faults.ts. One of each group at a time. */
export const FAULTS = {
  socket: ['refresh', 'warning', 'drop', 'half_open', 'silent', 'link_disabled', 'too_many', 'unreachable'],
  delivery: ['delayed', 'twice', 'retried', 'other_event_id', 'shuffled'],
  web: ['limited', 'limited_without_header', 'http_500', 'html', 'reset_before', 'reset_after', 'no_answer'],
  daemon: ['kill', 'restart'],
  database: ['crash', 'read_only', 'slow', 'refused', 'cut'],
  redis: ['redis_empty', 'redis_frozen'],
} as const;
export type FaultGroup = keyof typeof FAULTS;
export type FaultName = (typeof FAULTS)[FaultGroup][number];

export interface ActStep {
  readonly kind: 'act';
  readonly number: number;
  /** Since the beginning. */
  readonly atMs: number;
  readonly who: string;
  readonly act: ActName;
  /** In [0, 1): choose among what the workspace offers at that moment. */
  readonly picks: readonly [number, number, number];
}

export interface FaultStep {
  readonly kind: 'fault';
  readonly number: number;
  readonly atMs: number;
  readonly fault: FaultName;
  readonly lastsMs: number;
  readonly pick: number;
}

export type Step = ActStep | FaultStep;

export interface PlanOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly people: readonly string[];
  /** Groups that this machine or this run leaves out. */
  readonly without?: readonly FaultGroup[];
}

/** Between two things that people do. */
const ACT_EVERY_MS = [40, 460] as const;
/** In a long soak people take their time, or there would be more live threads than Slack lets a catch-up read in minutes. */
const SHORT_MS = 10 * 60_000;
const LONG_SLOWNESS = 3;
/** Between the end of a fault and the next one of its group. */
const CALM_MS: Readonly<Record<FaultGroup, readonly [number, number]>> = {
  socket: [4000, 16_000],
  delivery: [2000, 8000],
  web: [5000, 15_000],
  daemon: [9000, 26_000],
  database: [12_000, 30_000],
  redis: [15_000, 30_000],
};
/** No outage outlasts Slack's retries (see RETRIES_MS in main.ts), or events would be lost that no promise covers. */
const LASTS_MS: Readonly<Record<FaultGroup, readonly [number, number]>> = {
  socket: [500, 6000],
  delivery: [2000, 9000],
  web: [1500, 7000],
  daemon: [0, 3000],
  database: [500, 7000],
  redis: [500, 6000],
};

export function drawPlan({ seed, minutes, people, without = [] }: PlanOptions): readonly Step[] {
  const endMs = minutes * 60_000;
  // Each kind has numbers of its own, so that leaving out a group of faults changes nothing else.
  const steps: Drawn[] = [...acts(createRandom(seed), people, endMs)];
  // Object.keys forgets the names' type.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  for (const [place, group] of (Object.keys(FAULTS) as FaultGroup[]).entries()) {
    if (!without.includes(group))
      steps.push(...faults(createRandom(seed + 1000 * (place + 1)), group, endMs));
  }
  return steps.sort((a, b) => a.atMs - b.atMs).map((step, number) => ({ ...step, number }));
}

type Drawn = Omit<ActStep, 'number'> | Omit<FaultStep, 'number'>;

function acts(random: Random, people: readonly string[], endMs: number): readonly Drawn[] {
  const drawn: Drawn[] = [];
  const slowness = endMs > SHORT_MS ? LONG_SLOWNESS : 1;
  for (let atMs = 0; atMs < endMs; atMs += slowness * random.whole(...ACT_EVERY_MS)) {
    drawn.push({
      kind: 'act',
      atMs,
      who: random.pick(people),
      act: random.weighed(ACTS),
      picks: [random.next(), random.next(), random.next()],
    });
  }
  return drawn;
}

function faults(random: Random, group: FaultGroup, endMs: number): readonly Drawn[] {
  const drawn: Drawn[] = [];
  let atMs = random.whole(...CALM_MS[group]);
  while (atMs < endMs) {
    const lastsMs = random.whole(...LASTS_MS[group]);
    const fault: FaultName = random.pick<FaultName>(FAULTS[group]);
    drawn.push({ kind: 'fault', atMs, fault, lastsMs, pick: random.next() });
    atMs += lastsMs + random.whole(...CALM_MS[group]);
  }
  return drawn;
}

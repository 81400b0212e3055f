/**
 * A queue as the domain sees it: what `config/triage.yaml` says, with every default filled in and every name
 * resolved to a Slack id. Durations are milliseconds of business time; until business hours come, business time
 * is plain time and a business day is 24 h.
 */
import type { Priority } from './request.ts';

/** One value for each priority. */
export type ByPriority<T> = Readonly<Record<Priority, T>>;

/** Steps of the ladder of an unowned request, in order, each counted from the message's time. */
export const LADDER_STEPS = ['duty', 'next', 'lead', 'escalation'] as const;
export type LadderStep = (typeof LADDER_STEPS)[number];

export interface Rotation {
  /** Slack user ids, in the order of their turns. */
  readonly people: readonly string[];
  /** How long one turn lasts. Whole days are counted by the calendar of `zone`, so that a hand-over keeps its hour. */
  readonly turnMs: number;
  /** Start of the first person's first turn (epoch ms); turns repeat from here in both directions. */
  readonly fromMs: number;
  /** IANA zone, for example `Europe/Madrid`. */
  readonly zone: string;
}

export type Escalation =
  | { readonly kind: 'person'; readonly user: string }
  | { readonly kind: 'channel'; readonly channel: string };

export interface Targets {
  readonly assignMs: ByPriority<number>;
  readonly firstResponseMs: ByPriority<number>;
  readonly resolutionMs: ByPriority<number>;
}

export interface WaitingPolicy {
  readonly nudgeMs: readonly number[];
  readonly noticeMs: number;
  readonly resolveMs: number;
}

export interface Queue {
  readonly name: string;
  readonly isDefault: boolean;
  /** Slack channel id. Its members are the responders. */
  readonly triageChannel: string;
  readonly intake: readonly { readonly channel: string; readonly mode: 'mention' | 'every_message' }[];
  readonly rotation: Rotation;
  readonly lead: string | null;
  readonly escalation: Escalation | null;
  readonly targets: Targets;
  readonly ladder: ByPriority<Readonly<Record<LadderStep, number>>>;
  readonly waiting: WaitingPolicy;
  readonly closeAfterMs: number;
  /** Whether the asker's thread gets a line when somebody takes a request; the reply above shows it anyway. */
  readonly hasTakenLine: boolean;
}

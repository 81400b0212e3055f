/** What `config/triage.yaml` says, validated and with every default filled in, before Slack has been asked. */
import type { ByPriority, LadderStep, WaitingPolicy } from '../domain/queue.ts';

/** A channel (`#name` or id) or a person (`@name`, id or e-mail) as written, and where. */
export interface Reference {
  readonly text: string;
  readonly line: number;
}

export const INTAKE_MODES = ['mention', 'every_message'] as const;
export type IntakeMode = (typeof INTAKE_MODES)[number];

export interface IntakeSpec {
  readonly channel: Reference;
  readonly mode: IntakeMode;
}

export interface RotationSpec {
  readonly people: readonly Reference[];
  readonly turnMs: number;
  /** Start of the first person's first turn (epoch ms). */
  readonly fromMs: number;
  readonly zone: string;
}

export interface EscalationSpec {
  readonly kind: 'person' | 'channel';
  readonly to: Reference;
}

export interface QueueSpec {
  readonly name: string;
  readonly line: number;
  readonly isDefault: boolean;
  readonly triageChannel: Reference;
  readonly intake: readonly IntakeSpec[];
  readonly rotation: RotationSpec;
  readonly lead: Reference | null;
  readonly escalation: EscalationSpec | null;
  readonly ladder: ByPriority<Readonly<Record<LadderStep, number>>>;
  readonly waiting: WaitingPolicy;
  readonly closeAfterMs: number;
  readonly hasTakenLine: boolean;
}

/** How long text is kept. */
export interface RetentionSpec {
  /** Events of Slack, counted from when they were done. */
  readonly inboxMs: number;
  /** The text of a request, counted from its end. */
  readonly closedTextMs: number;
}

export interface TriageFile {
  /** As named in problems. */
  readonly fileName: string;
  /** IANA zone of calendars; people's own zones come from Slack. */
  readonly timezone: string;
  readonly retention: RetentionSpec;
  readonly queues: readonly QueueSpec[];
}

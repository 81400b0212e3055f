/** How a request begins: from a message, a form or a command, posted at once or only after its asker agrees. */
import { runningClocks, settleIntervals } from './clocks.ts';
import type { Effect } from './effects.ts';
import { EMPTY_LADDER, isStepDue, startLadder } from './ladder.ts';
import type { Queue } from './queue.ts';
import {
  type Conversation,
  type FileName,
  NO_WAITING,
  type Priority,
  type Request,
  type SourceKind,
} from './request.ts';
import { SHOWN } from './step.ts';
import { textMark } from './text-mark.ts';
import { titleLine } from './texts.ts';

export interface Capture {
  readonly queue: Queue;
  readonly asker: string;
  readonly kind: SourceKind;
  /** The message's channel; null for a modal or a slash command. */
  readonly channel: string | null;
  /** The message's ts; for a modal or a slash command its view or trigger id. */
  readonly ts: string;
  /** The thread's first message, or the message's own ts; null without a message. */
  readonly threadTs: string | null;
  readonly conversation: Conversation;
  readonly isPrivate: boolean;
  /** Private text for a public triage channel: its asker is asked first. */
  readonly asksConsent: boolean;
  /** Escaped text, without a leading priority emoji. */
  readonly text: string;
  readonly files: readonly FileName[];
  readonly priority: Priority;
  /** The message's own time (epoch ms): clocks start there. */
  readonly openedAt: number;
  /** The earlier request of the thread that this one continues. */
  readonly continues: number | null;
  /** Read from the history: Slack never told of it. */
  readonly isLate: boolean;
}

export interface Captured {
  /** Without its number, which the store gives. */
  readonly request: Omit<Request, 'id'>;
  readonly effects: readonly Effect[];
}

/** A new request and what it wants done: a card and a reply, or the question whether its text may be posted. */
export function capture(from: Capture, now: number): Captured {
  const blank: Omit<Request, 'id'> = {
    version: 1,
    queue: from.queue.name,
    state: from.asksConsent ? 'unposted' : 'new',
    stateSinceAt: now,
    priority: from.priority,
    asker: from.asker,
    owner: null,
    takenByReactionOf: null,
    source: {
      kind: from.kind,
      channel: from.channel,
      ts: from.ts,
      threadTs: from.threadTs,
      isPrivate: from.isPrivate,
      title: titleLine(from.text),
      text: from.text,
      files: from.files,
      isDeleted: false,
    },
    unshownText: from.asksConsent ? from.text : null,
    unshownFiles: [],
    conversation: from.conversation,
    card: null,
    leftCards: [],
    askerReply: null,
    openedAt: from.openedAt,
    answeredAt: null,
    unansweredSinceAt: null,
    intervals: [],
    hold: null,
    exit: null,
    resolution: null,
    ladder: { ...EMPTY_LADDER, anchorAt: from.openedAt },
    waiting: NO_WAITING,
    snoozes: [],
    reminders: [],
    lastChange: null,
    continues: from.continues,
    textGone: null,
    late: from.isLate ? 'announced' : null,
  };
  if (from.asksConsent) {
    const saying = {
      kind: 'consent',
      mark: textMark(from.text),
      triageChannel: from.queue.triageChannel,
    } as const;
    return { request: blank, effects: [{ kind: 'say', place: { kind: 'conversation' }, saying }] };
  }
  const isOwedToDuty = from.isLate && isStepDue(blank, from.queue, now);
  return {
    request: {
      ...blank,
      intervals: settleIntervals([], runningClocks(blank), from.openedAt),
      ladder: startLadder(blank, from.queue, now),
      late: isOwedToDuty ? 'unannounced' : blank.late,
    },
    effects: SHOWN,
  };
}

/** Rows to domain and back, in one place. Timestamps come as epoch milliseconds (types.ts). */
import type {
  ClockKind,
  FileName,
  Interval,
  Priority,
  Request,
  SourceKind,
  State,
} from '../domain/request.ts';

export interface IntervalRow {
  readonly kind: ClockKind;
  readonly started_at: number;
  readonly ended_at: number | null;
}

/** A row of `requests` with its intervals aggregated as `intervals`. Checks of the table stand behind the unions. */
export interface RequestRow {
  readonly id: number;
  readonly version: number;
  readonly queue: string;
  readonly state: State;
  readonly state_since: number;
  readonly priority: Priority;
  readonly asker: string;
  readonly owner: string | null;
  readonly taken_by_reaction_of: string | null;
  readonly source_kind: SourceKind;
  readonly source_channel: string | null;
  readonly source_ts: string;
  readonly source_thread_ts: string | null;
  readonly source_is_private: boolean;
  readonly source_is_deleted: boolean;
  readonly title: string | null;
  readonly body: string | null;
  readonly files: readonly FileName[];
  readonly unshown_text: string | null;
  readonly unshown_files: Request['unshownFiles'];
  readonly conversation_channel: string | null;
  readonly conversation_ts: string | null;
  readonly is_mirrored: boolean;
  readonly card_channel: string | null;
  readonly card_ts: string | null;
  readonly left_cards: Request['leftCards'];
  readonly reply_channel: string | null;
  readonly reply_ts: string | null;
  readonly opened_at: number;
  readonly answered_at: number | null;
  readonly unanswered_since: number | null;
  readonly hold: Request['hold'];
  readonly exit: Request['exit'];
  readonly resolution: Request['resolution'];
  readonly ladder: Request['ladder'];
  readonly waiting: Request['waiting'];
  readonly snoozes: Request['snoozes'];
  readonly reminders: Request['reminders'];
  readonly last_change: Request['lastChange'];
  readonly continues: number | null;
  readonly late: Request['late'];
  readonly text_gone: Request['textGone'];
  readonly next_due_at: number | null;
  readonly alarm_id: string | null;
  readonly intervals: readonly IntervalRow[];
}

/** A request as it is stored: with its alarm. */
export interface StoredRequest {
  readonly request: Request;
  readonly nextDueAt: number | null;
  readonly alarmId: string | null;
}

export function toStored(row: RequestRow): StoredRequest {
  return { request: toRequest(row), nextDueAt: row.next_due_at, alarmId: row.alarm_id };
}

function toRequest(row: RequestRow): Request {
  return {
    id: row.id,
    version: row.version,
    queue: row.queue,
    state: row.state,
    stateSinceAt: row.state_since,
    priority: row.priority,
    asker: row.asker,
    owner: row.owner,
    takenByReactionOf: row.taken_by_reaction_of,
    source: {
      kind: row.source_kind,
      channel: row.source_channel,
      ts: row.source_ts,
      threadTs: row.source_thread_ts,
      isPrivate: row.source_is_private,
      title: row.title,
      text: row.body,
      files: row.files,
      isDeleted: row.source_is_deleted,
    },
    unshownText: row.unshown_text,
    unshownFiles: row.unshown_files,
    conversation: {
      channel: row.conversation_channel,
      threadTs: row.conversation_ts,
      isMirrored: row.is_mirrored,
    },
    card: posted(row.card_channel, row.card_ts),
    leftCards: row.left_cards,
    askerReply: posted(row.reply_channel, row.reply_ts),
    openedAt: row.opened_at,
    answeredAt: row.answered_at,
    unansweredSinceAt: row.unanswered_since,
    intervals: row.intervals.map(toInterval),
    hold: row.hold,
    exit: row.exit,
    resolution: row.resolution,
    ladder: row.ladder,
    waiting: row.waiting,
    snoozes: row.snoozes,
    reminders: row.reminders,
    lastChange: row.last_change,
    continues: row.continues,
    late: row.late,
    textGone: row.text_gone,
  };
}

function toInterval(row: IntervalRow): Interval {
  return { kind: row.kind, startedAt: row.started_at, endedAt: row.ended_at };
}

function posted(channel: string | null, ts: string | null): Request['card'] {
  return channel === null || ts === null ? null : { channel, ts };
}

/** An instant as a parameter; null stays null. */
export function at(instant: number | null): Date | null {
  return instant === null ? null : new Date(instant);
}

/** The changing columns of a request, in the order that `saveRequest` and `insertRequest` bind them. */
export function toColumns(request: Request): Readonly<Record<string, unknown>> {
  const { source, conversation, card, askerReply } = request;
  return {
    version: request.version,
    queue: request.queue,
    state: request.state,
    state_since: at(request.stateSinceAt),
    priority: request.priority,
    asker: request.asker,
    owner: request.owner,
    taken_by_reaction_of: request.takenByReactionOf,
    source_kind: source.kind,
    source_channel: source.channel,
    source_ts: source.ts,
    source_thread_ts: source.threadTs,
    source_is_private: source.isPrivate,
    source_is_deleted: source.isDeleted,
    title: source.title,
    body: source.text,
    files: JSON.stringify(source.files),
    unshown_text: request.unshownText,
    unshown_files: JSON.stringify(request.unshownFiles),
    conversation_channel: conversation.channel,
    conversation_ts: conversation.threadTs,
    is_mirrored: conversation.isMirrored,
    card_channel: card?.channel ?? null,
    card_ts: card?.ts ?? null,
    left_cards: JSON.stringify(request.leftCards),
    reply_channel: askerReply?.channel ?? null,
    reply_ts: askerReply?.ts ?? null,
    opened_at: at(request.openedAt),
    answered_at: at(request.answeredAt),
    unanswered_since: at(request.unansweredSinceAt),
    hold: json(request.hold),
    exit: json(request.exit),
    resolution: json(request.resolution),
    ladder: JSON.stringify(request.ladder),
    waiting: JSON.stringify(request.waiting),
    snoozes: JSON.stringify(request.snoozes),
    reminders: JSON.stringify(request.reminders),
    last_change: json(request.lastChange),
    continues: request.continues,
    late: request.late,
    text_gone: request.textGone,
  };
}

function json(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

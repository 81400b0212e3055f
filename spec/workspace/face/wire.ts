/** What the page and the server behind it tell each other: JSON over HTTP on the loopback. */
import type { Ephemeral, Json, Message } from '../wire.ts';

/** Which show is on: a clock that can be moved, a daemon that can be hurt, or an export to be read. */
export type StageKind = 'time' | 'faults' | 'export';

export interface StageSeen {
  readonly kind: StageKind;
  /** Whether the daemon has said hello to Slack; false while it starts. */
  readonly isUp: boolean;
  /** What it is at, in a few words, while something takes its time ("starting the daemon", "Wednesday 09:00 …"); null: nothing. */
  readonly isAt: string | null;
  /** The show's own time (epoch ms), and by how much faster than ours it runs. */
  readonly now: number;
  readonly speed: number;
  /** Where a skip under way will end (epoch ms); null: none. */
  readonly skipsTo: number | null;
  /** The faults that are switched on. */
  readonly troubles: readonly TroubleKind[];
}

export interface PersonSeen {
  readonly id: string;
  /** The handle, without its @. */
  readonly name: string;
  readonly realName: string;
  /** IANA. */
  readonly tz: string;
  readonly isBot: boolean;
  /** A word or two on who this is in the show ("on duty", "asks"); empty in exports. */
  readonly part: string;
}

export interface ChannelSeen {
  readonly id: string;
  /** Without its #; of a DM the name of the other. */
  readonly name: string;
  readonly isPrivate: boolean;
  readonly isIm: boolean;
  readonly isMember: boolean;
  readonly topic: string;
  readonly members: number;
  /** Of the newest message that stands in the channel itself, not in a thread alone; null: none. */
  readonly latestTs: string | null;
  /** Of the newest that others wrote to this person: in a direct message, or by name; also in a thread. Null: none of late. */
  readonly addressedTs: string | null;
}

/** A message as Slack keeps it, or one that only this person sees. */
export interface MessageSeen extends Omit<Message, 'type'> {
  readonly isEphemeral: boolean;
  /** The number of the request whose card this is; in an export also of the request that it has become. */
  readonly requestNumber: number | null;
}

export type EphemeralSeen = Ephemeral;

export interface MessagesSeen {
  readonly channel: string;
  /** The thread's first message's ts; null: the channel itself. */
  readonly thread: string | null;
  /** Oldest first; in a channel without replies, except those that were sent to it too. */
  readonly messages: readonly MessageSeen[];
  /** Whether there are older ones; ask with `before`. */
  readonly hasEarlier: boolean;
}

export interface ViewSeen {
  readonly id: string;
  readonly body: Json & { readonly blocks: readonly Json[] };
  /** What was chosen in it so far, as in Slack's `view.state.values`. */
  readonly values: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

export interface ShortcutSeen {
  readonly callbackId: string;
  readonly name: string;
  /** On a message, or from anywhere. */
  readonly kind: 'message' | 'global';
}

/**
 * `GET /state?as=U&channel=C&thread=TS&before=TS&threadBefore=TS`: what one person sees; `before` pages the channel,
 * `threadBefore` the thread. 404 with `Refused` for unknown ids; `thread` is null for a thread that is gone.
 */
export interface State {
  /** One more for each show, also for the same one that begins anew; a demo that is started again goes on with higher numbers. */
  readonly show: number;
  /** When the last skip of this show began (epoch ms, the show's time); null: none did. */
  readonly skippedFrom: number | null;
  readonly stage: StageSeen;
  readonly me: PersonSeen;
  readonly people: readonly PersonSeen[];
  /** All that the person may see: those they are in first, by name; then DMs, the bot's first. */
  readonly channels: readonly ChannelSeen[];
  readonly open: MessagesSeen;
  readonly thread: MessagesSeen | null;
  /** The modals that the person has open, the top one last. */
  readonly views: readonly ViewSeen[];
  /** The Home tab; null: the app has none. */
  readonly home: ViewSeen | null;
  /** Errors that Slack has shown to this person, newest last. */
  readonly notices: readonly string[];
  readonly commands: readonly { readonly command: string; readonly hint: string }[];
  readonly shortcuts: readonly ShortcutSeen[];
}

/** `POST /do`: what a person does. Answers `Done`. */
export type Deed =
  | {
      readonly do: 'say';
      readonly channel: string;
      readonly text: string;
      readonly thread?: string;
      readonly broadcast?: boolean;
    }
  | { readonly do: 'slash'; readonly channel: string; readonly command: string; readonly text: string }
  | { readonly do: 'edit'; readonly channel: string; readonly ts: string; readonly text: string }
  | { readonly do: 'remove'; readonly channel: string; readonly ts: string }
  | {
      readonly do: 'react';
      readonly channel: string;
      readonly ts: string;
      readonly name: string;
      readonly on: boolean;
    }
  /** A button, or an entry of an overflow menu by its option's value. */
  | {
      readonly do: 'press';
      readonly channel: string;
      readonly ts: string;
      readonly blockId: string;
      readonly actionId: string;
      readonly option?: string;
    }
  /** A menu or picker of a message. */
  | {
      readonly do: 'choose';
      readonly channel: string;
      readonly ts: string;
      readonly blockId: string;
      readonly actionId: string;
      readonly value: string;
    }
  | { readonly do: 'shortcut'; readonly callbackId: string; readonly channel?: string; readonly ts?: string }
  | {
      readonly do: 'pressInView';
      readonly view: string;
      readonly actionId: string;
      readonly value: string | null;
    }
  | {
      readonly do: 'submit';
      readonly view: string;
      readonly values: Readonly<Record<string, string | readonly string[] | null>>;
    }
  | { readonly do: 'dismiss'; readonly view: string }
  | { readonly do: 'dismissEphemeral'; readonly ts: string }
  | { readonly do: 'join'; readonly channel: string }
  | { readonly do: 'leave'; readonly channel: string }
  /** Brings the app into a channel that one is in. */
  | { readonly do: 'invite'; readonly channel: string };

export interface Doing {
  readonly as: string;
  readonly deed: Deed;
}

export interface Done {
  /** Of what was said. */
  readonly ts?: string;
  /** What was said mentions the app, which is not in the channel and hears nothing of it. */
  readonly isUnheard?: boolean;
  /** What the modal says under its inputs, by block id. */
  readonly errors?: Readonly<Record<string, string>>;
  /** What Slack shows because nobody answered. */
  readonly error?: string;
}

/** Any answer that is not 2xx: one line for the person. */
export interface Refused {
  readonly refused: string;
}

/** `POST /time`. 409 in another show than `time`. */
export type TimeWish =
  | { readonly speed: number }
  | { readonly skipTo: number }
  | { readonly skip: SkipKind }
  | { readonly stop: true };
/** `next`: to the next thing that is due. */
export type SkipKind = 'next' | '10m' | '1h' | 'tomorrow9' | 'monday9';

/** `POST /trouble`. 409 in another show than `faults`. */
export type TroubleKind = 'slowSlack' | 'postgresStopped' | 'daemonStopped' | 'slackUnreachable';
export type TroubleWish =
  | { readonly once: 'dropSocket' | 'refreshSocket' | 'killDaemon' }
  | { readonly lasting: TroubleKind; readonly on: boolean };

/** `POST /stage`: another show, or the same, from its beginning. */
export interface StageWish {
  readonly kind: 'time' | 'faults';
}

/** `GET /panel`: how TrIAge is; what cannot be known just now is null. */
export interface Panel {
  readonly ready: { readonly status: number; readonly parts: Readonly<Record<string, Json>> } | null;
  readonly sockets: number;
  readonly inbox: { readonly waiting: number; readonly done: number } | null;
  readonly outbox: { readonly waiting: number; readonly done: number } | null;
  readonly timers: { readonly pending: number; readonly nextAt: number | null } | null;
  /** Deliveries: sent, acknowledged, repeated, given up by Slack; and the acknowledgements' 99th percentile (ms). */
  readonly deliveries: {
    readonly sent: number;
    readonly acked: number;
    readonly waiting: number;
    readonly lost: number;
    readonly ackP99Ms: number | null;
  };
  readonly requests: number | null;
  /** Messages of TrIAge's that stand twice in Slack: always 0. */
  readonly doubled: number;
}

/** `GET /explain?number=N`: why a request is as it is. 404 for an unknown number. */
export interface Explained {
  readonly number: number;
  readonly title: string | null;
  readonly state: string;
  readonly queue: string;
  readonly owner: string | null;
  readonly asker: string;
  readonly priority: string;
  /** In the order of their time. */
  readonly lines: readonly ExplainedLine[];
}

export interface ExplainedLine {
  /** Epoch ms; the show's time. */
  readonly at: number;
  /** What Slack told us; what was decided; an alarm (rung, pending or cancelled); what was said or edited in Slack. */
  readonly kind: 'event' | 'decision' | 'timer' | 'write';
  readonly what: string;
  /** A person's id where somebody did it. */
  readonly by: string | null;
  /** The event's id, the job's id, or the key of what was written. */
  readonly key: string | null;
  /** Still to come. */
  readonly isPending: boolean;
}

/** `GET /events`: server-sent events; each says that something has changed, at most ten a second. */
export interface Changed {
  readonly version: number;
}

/** What the server needs of the show behind the page: the local Slack, the daemon over it, and what can be done to both. */
import type { Pool } from '../../../src/store/pool.ts';
import type { LocalSlack } from '../local-slack.ts';
import type { StageSeen, TimeWish, TroubleWish } from './wire.ts';

export interface Stage {
  readonly slack: LocalSlack;
  seen(): StageSeen;
  /** A word or two on who a person is in the show; empty when there is nothing to say. */
  partOf(personId: string): string;
  /** To look into the show's database; null while there is none to be reached. */
  database(): Pool | null;
  /** Where the daemon's health listens; null while it does not. */
  health(): { readonly host: string; readonly port: number } | null;
  /** Moves time. Resolves when the wish has begun to be followed; rejects with a `WishError` that says why not. */
  time(wish: TimeWish): Promise<void>;
  /** Makes or ends trouble. Rejects with a `WishError` that says why not. */
  trouble(wish: TroubleWish): Promise<void>;
  /** Calls back when what `seen` tells has changed; answers how to stop that. The local Slack tells of its own changes. */
  watch(watcher: () => void): () => void;
  /** Ends all of it and removes what it made. */
  close(): Promise<void>;
}

/** A wish that this show cannot follow; the message is one line for the person. */
export class WishError extends Error {}

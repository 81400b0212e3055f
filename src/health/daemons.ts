/**
 * The daemons over one database, each of which says every few seconds that it lives and how many sockets it holds: what
 * Slack counts beyond all of these is somebody else's.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { oneAtATime, type Service, within } from '../service.ts';
import { forgetDaemon, noteDaemon, type OtherDaemon, pruneDaemons } from '../store/daemons.ts';
import type { Pool } from '../store/pool.ts';

export interface DaemonsOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How many sockets this daemon holds now. */
  readonly sockets: () => number;
  /** Another daemon is gone. */
  readonly gone: () => void;
  /** How often it says that it lives, and looks at the others (ms); 3,000 if absent. */
  readonly signMs?: number;
}

export interface Others {
  /** How many other daemons live. */
  readonly daemons: number;
  /** How many sockets they hold. */
  readonly sockets: number;
}

export interface Daemons extends Service {
  /** The number of our sockets has changed. */
  changed(): void;
  /** As they were when last looked at: a few seconds ago, or before the database went away. */
  others(): Others;
}

/** Five signs of life that stay away are a death. */
const SIGN_MS = 3000;
const DEAD_AFTER_MS = 15_000;
const FORGOTTEN_AFTER_MS = 24 * 60 * 60 * 1000;
const STOP_MS = 1000;

/** `start` resolves when the others are known. */
export function createDaemons(options: DaemonsOptions): Daemons {
  const { pool, clock, logger, sockets, gone, signMs = SIGN_MS } = options;
  const inTurn = oneAtATime();
  let id = '';
  let timer: NodeJS.Timeout | undefined;
  let saying: Promise<void> | undefined;
  let isChanged = false;
  let known: readonly OtherDaemon[] = [];

  function say(): void {
    if (timer === undefined) return;
    isChanged = true;
    saying ??= (async () => {
      while (isChanged) {
        isChanged = false;
        await sayOnce();
      }
      saying = undefined;
    })();
  }

  async function sayOnce(): Promise<void> {
    try {
      const others = await noteDaemon(pool, id, sockets(), clock.now(), DEAD_AFTER_MS);
      const now = new Set(others.map((one) => one.id));
      const before = known;
      known = others;
      if (before.some((one) => !now.has(one.id))) gone();
    } catch (error) {
      // Of the database's absence others tell.
      logger.debug('the other daemons cannot be looked at', { error });
    }
  }

  return {
    name: 'daemons',
    changed: say,
    others: () => ({
      daemons: known.length,
      sockets: known.reduce((sum, one) => sum + one.sockets, 0),
    }),
    start: () =>
      inTurn(async () => {
        if (timer !== undefined) return;
        id = randomUUID();
        known = [];
        await pruneDaemons(pool, clock.now() - FORGOTTEN_AFTER_MS).catch(() => {});
        timer = setInterval(say, signMs);
        say();
        await saying;
      }),
    stop: () =>
      inTurn(async () => {
        if (timer === undefined) return;
        clearInterval(timer);
        timer = undefined;
        // A row that stays behind is taken for a death in a few seconds.
        const forgotten = Promise.resolve(saying).then(() => forgetDaemon(pool, id));
        await within(
          STOP_MS,
          forgotten.catch(() => {}),
        );
      }),
  };
}

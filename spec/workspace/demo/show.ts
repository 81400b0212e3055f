/** A show with its page before it, and the change from one show to another. */
import { startFace } from '../face/server.ts';
import { type Stage, WishError } from '../face/stage.ts';
import { openFaultsStage } from './stage-faults.ts';
import { openTimeStage } from './stage-time.ts';

export const SHOWS = { time: openTimeStage, faults: openFaultsStage };

export interface Show {
  readonly url: string;
  /** The one that is on now. */
  stage(): Stage;
  close(): Promise<void>;
}

/** Resolves when the page can be looked at. Rejects when it cannot, with nothing left of the show. */
export async function openShow(opening: () => Promise<Stage>, port?: number): Promise<Show> {
  let stage = await opening();
  let changing: Promise<void> = Promise.resolve();
  let isEnding = false;

  async function change(kind: keyof typeof SHOWS): Promise<void> {
    const before = stage;
    stage = await SHOWS[kind]();
    await before.close();
  }

  try {
    const face = await startFace({
      stage: () => stage,
      restage: (kind) =>
        isEnding ? Promise.reject(new WishError('the demo is ending')) : (changing = change(kind)),
      ...(port === undefined ? {} : { port }),
    });
    return {
      url: face.url,
      stage: () => stage,
      async close() {
        isEnding = true;
        await face.close();
        // A show that is being opened is the one to be closed.
        await changing.catch(() => {});
        await stage.close();
      },
    };
  } catch (error) {
    await stage.close();
    throw error;
  }
}

/** A show with its page before it, and the change from one show to another. */
import { startFace } from '../face/server.ts';
import type { Stage } from '../face/stage.ts';
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
  try {
    const face = await startFace({
      stage: () => stage,
      restage: async (kind) => {
        const before = stage;
        stage = await SHOWS[kind]();
        await before.close();
      },
      ...(port === undefined ? {} : { port }),
    });
    return {
      url: face.url,
      stage: () => stage,
      async close() {
        await face.close();
        await stage.close();
      },
    };
  } catch (error) {
    await stage.close();
    throw error;
  }
}

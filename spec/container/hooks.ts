import type { Context } from 'mocha';
import { buildImage, haveBaseImages, IMAGE, startEngine } from './engine.ts';
import { clearFolders, clearLeftovers, endDescendants } from './leftovers.ts';
import { closeSharedStack } from './shared-stack.ts';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

let stopEngine = async (): Promise<void> => {};

/** Loaded by mocha before the container specs: an engine, the base images, this commit's image. */
export async function mochaGlobalSetup(): Promise<void> {
  for (const [signal, code] of Object.entries(SIGNALS)) process.once(signal, () => void breakOff(code));
  try {
    stopEngine = await startEngine();
    await clearLeftovers();
    await haveBaseImages();
    await buildImage(IMAGE, 'legacy', { VERSION: '0.0.0-spec', REVISION: 'spec' });
  } catch (error) {
    // Mocha would print a stack over it.
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    await stopEngine();
    process.exit(1);
  }
}

export const mochaHooks = {
  /** What a failed spec has left of the shared stack is nothing for the next one. */
  async afterEach(this: Context): Promise<void> {
    this.timeout(60_000);
    if (this.currentTest?.isFailed() === true) await closeSharedStack();
  },
};

export async function mochaGlobalTeardown(): Promise<void> {
  await closeSharedStack();
  await stopEngine();
}

/** The run is interrupted: what it has made goes, and what it has started ends, before it does. */
async function breakOff(code: number): Promise<void> {
  endDescendants();
  await clearLeftovers(process.pid).catch(() => {});
  await stopEngine().catch(() => {});
  // What goes on until the process ends may have begun something anew.
  clearFolders(process.pid);
  process.exit(code);
}

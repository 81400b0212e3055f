import { stopSharedServer } from './database.ts';

/**
 * Loaded by mocha before the specs. Nothing starts here: the shared database is started by the first suite that asks for
 * it. An unhandled rejection fails the spec that runs, which is mocha's own doing, and a handle left open keeps the run
 * from ending, since mocha is not told to force its exit: both are meant.
 */
export async function mochaGlobalTeardown(): Promise<void> {
  await stopSharedServer();
}

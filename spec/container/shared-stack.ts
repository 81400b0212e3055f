/**
 * One stack for all specs that leave it as they found it: each has words of its own and looks for nothing but them. Started
 * by Compose 1.29. After a spec that fails there is a new one.
 */
import { openStack, type Stack } from './stack.ts';

/** Of urgent requests; long enough for a start in the middle of it. */
const LADDER = '    ladder: { urgent: [1s, 4s, 6s, 8s] }\n';

let shared: Promise<Stack> | undefined;

/** Starts it where it does not run; to be asked for again before each spec. */
export function sharedStack(): Promise<Stack> {
  shared ??= start();
  return shared;
}

async function start(): Promise<Stack> {
  const stack = await openStack({ compose: 1, times: LADDER });
  try {
    await stack.up();
    return stack;
  } catch (error) {
    await stack.close();
    throw error;
  }
}

export async function closeSharedStack(): Promise<void> {
  const closing = shared;
  shared = undefined;
  await (await closing?.catch(() => undefined))?.close();
}

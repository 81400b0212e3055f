/**
 * The contract of every long-lived thing. `start` resolves when it is ready to do its job, `stop` when nothing
 * of it runs any more. Both may be called twice, and in any order; `stop` during `start` ends the start.
 * `spec/support/stress-service.ts` holds every implementation to this.
 */
export interface Service {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Makes a function that runs steps one after the other: for starts and stops that must not overlap. */
export function oneAtATime(): (step: () => Promise<void>) => Promise<void> {
  let turn: Promise<void> = Promise.resolve();
  return (step) => {
    const done = turn.then(step);
    turn = done.catch(() => {});
    return done;
  };
}

/** Waits for `work`, but no longer than this: for a stop that must end inside the grace period. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

/** How often the properties of this folder run, and how a run is repeated. */
import fc from 'fast-check';

/** `FUZZ_SEED=… npm test` repeats what a failure printed. */
const seed = process.env['FUZZ_SEED'];

/** For `fc.assert`; it prints the seed of a failure, which differs from run to run. */
export function runs(numRuns: number): { numRuns: number; seed?: number } {
  return seed === undefined ? { numRuns } : { numRuns, seed: Number(seed) };
}

/**
 * Runs `work` with batches of made-up things against something that lives on between them: what fails is told by its
 * seed and its cause alone, since a batch is too long to print and cannot be made smaller.
 */
export async function inBatches<T>(
  things: fc.Arbitrary<T>,
  size: number,
  numRuns: number,
  work: (batch: readonly T[]) => Promise<void>,
): Promise<void> {
  const batches = fc.array(things, { minLength: size, maxLength: size });
  const outcome = await fc.check(fc.asyncProperty(batches, work), { ...runs(numRuns), endOnFailure: true });
  if (outcome.failed)
    throw new Error(`FUZZ_SEED=${outcome.seed}, batch ${outcome.numRuns}: ${String(outcome.errorInstance)}`, {
      cause: outcome.errorInstance,
    });
}

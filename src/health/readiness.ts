import type { Logger } from '../logger.ts';

/** One part that the job needs; beside `ok` whatever small thing helps an operator: a state, a count, a version. */
export interface PartReport {
  readonly ok: boolean;
  readonly [detail: string]: string | number | boolean | null;
}

/** The parts by name, as `slack`, `postgres` and `schema`. It is shown to whoever asks: no secrets, no error texts. */
export type ReadyReport = Readonly<Record<string, PartReport>>;

export interface Readiness {
  readonly ready: boolean;
  readonly parts: ReadyReport;
}

/**
 * Makes the function that says whether all parts are well. It never rejects and never takes longer than `limitMs`;
 * checks that hang are not started a second time beside themselves.
 */
export function createReadiness(
  checks: () => Promise<ReadyReport> | ReadyReport,
  limitMs: number,
  logger: Logger,
): () => Promise<Readiness> {
  let running: Promise<ReadyReport> | undefined;
  let failing = false;

  function run(): Promise<ReadyReport> {
    running ??= Promise.resolve()
      .then(checks)
      .finally(() => {
        running = undefined;
      });
    return running;
  }

  function unknown(problem: string, error?: unknown): Readiness {
    if (!failing) logger.warn('The readiness checks failed', { problem, error });
    failing = true;
    return { ready: false, parts: { checks: { ok: false, problem } } };
  }

  return async () => {
    const { promise: timeout, resolve: giveUp } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => giveUp(undefined), limitMs);
    try {
      const parts = await Promise.race([run(), timeout]);
      if (parts === undefined) return unknown(`no answer within ${limitMs} ms`);
      failing = false;
      const all = Object.values(parts);
      return { ready: all.length > 0 && all.every((part) => part.ok), parts };
    } catch (error) {
      return unknown('failed', error);
    } finally {
      clearTimeout(timer);
    }
  };
}

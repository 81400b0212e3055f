/**
 * Few classes, by what the caller should do. What people may not do is a value (`Refusal`), never an error;
 * only a ConfigError's problems and a StartError's text are ever printed to an operator.
 */

/** Retry it: something outside is ill (Slack, Postgres, Redis); the same work may succeed later. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
  /** How long the other side asked us to wait, if it said so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, options?: ErrorOptions & { retryAfterSeconds?: number }) {
    super(message, options);
    this.retryAfterSeconds = options?.retryAfterSeconds;
  }
}

/** Tell the operator and exit with 78: one line a problem, each naming the variable or the YAML line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(problems.join('\n'), options);
    this.problems = problems;
  }
}

/** Tell the operator in one line and exit with 1: the process cannot start here, though nothing is misconfigured. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

import type { Failure } from './failure.ts';

/** Waiting times between openings, in milliseconds. */
export interface Backoff {
  readonly firstMs: number;
  /** Cap for whatever may be over any moment: network, timeouts, Slack's own errors. */
  readonly maxMs: number;
  /** First wait and cap for what only people or time can end: a switched-off Socket Mode, too many connections. */
  readonly slowFirstMs: number;
  readonly slowMaxMs: number;
  /** After a refused token. */
  readonly refusedMs: number;
  /** A failure this long after the one before begins a new series. */
  readonly forgetMs: number;
}

/** apps.connections.open is Tier 1: a storm of retries would only earn 429s. */
export const DEFAULT_BACKOFF: Backoff = {
  firstMs: 1_000,
  maxMs: 30_000,
  slowFirstMs: 10_000,
  slowMaxMs: 60_000,
  refusedMs: 60_000,
  forgetMs: 120_000,
};

/**
 * How long to wait before the next opening, in milliseconds.
 * @param series which failure in a row this is, from 1
 * @param random in [0, 1); daemons that failed together must not return together
 */
export function delayAfter(failure: Failure, series: number, random: number, backoff: Backoff): number {
  const { firstMs, maxMs, slowFirstMs, slowMaxMs, refusedMs } = backoff;
  switch (failure.reason) {
    case 'rate_limited':
      // Never before the moment that Slack named.
      return (failure.retryAfterMs ?? 0) + firstMs * random;
    case 'invalid_auth':
      return refusedMs * (0.75 + random / 2);
    case 'too_many_websockets':
    case 'link_disabled':
      // At least the first wait, up to half as long again.
      return Math.min(slowMaxMs, slowFirstMs * 2 ** (series - 1)) * (1 + random / 2);
    case 'lost':
      // The first loss after a good while is repaired at once.
      return series === 1 ? 0 : exponential(series - 1);
    case 'unreachable':
    case 'timeout':
    case 'closed':
      return exponential(series);
  }

  function exponential(step: number): number {
    return Math.min(maxMs, firstMs * 2 ** (step - 1)) * (0.5 + random / 2);
  }
}

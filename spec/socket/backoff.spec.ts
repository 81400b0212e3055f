import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { DEFAULT_BACKOFF, delayAfter } from '../../src/socket/backoff.ts';
import { type FailureReason, failed } from '../../src/socket/failure.ts';

const delay = (reason: FailureReason, series: number, random = 0.5, retryAfterMs?: number) =>
  delayAfter(failed(reason, reason, retryAfterMs), series, random, DEFAULT_BACKOFF);

const series = fc.integer({ min: 1, max: 2000 });
const random = fc.double({ min: 0, max: 0.999, noNaN: true });

describe('socket/backoff', () => {
  it('waits longer with each failure in a row, and never more than 30 s for what may be over any moment', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((step) => delay('unreachable', step, 1))).to.deep.equal([
      1000, 2000, 4000, 8000, 16_000, 30_000, 30_000,
    ]);
    fc.assert(
      fc.property(series, random, (step, chance) => {
        expect(delay('timeout', step, chance)).to.be.within(500, 30_000);
      }),
    );
  });

  it('repairs the first loss at once, and waits between the losses of a series', () => {
    expect(delay('lost', 1)).to.equal(0);
    expect(delay('lost', 2)).to.be.within(500, 1000);
    expect(delay('lost', 50)).to.be.within(15_000, 30_000);
  });

  it('is patient where only people or time help: at least 10 s, later a minute and more', () => {
    fc.assert(
      fc.property(series, random, (step, chance) => {
        expect(delay('too_many_websockets', step, chance)).to.be.within(10_000, 90_000);
        expect(delay('invalid_auth', step, chance)).to.be.within(45_000, 75_000);
      }),
    );
    expect(delay('link_disabled', 20, 0)).to.equal(60_000);
  });

  it('never comes back before the moment that Slack named', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_600_000 }), random, (retryAfterMs, chance) => {
        expect(delay('rate_limited', 1, chance, retryAfterMs)).to.be.within(
          retryAfterMs,
          retryAfterMs + 1000,
        );
      }),
    );
  });
});

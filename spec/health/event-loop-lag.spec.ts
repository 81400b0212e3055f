import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createEventLoopLag } from '../../src/health/event-loop-lag.ts';
import { stressService } from '../support/stress-service.ts';
import { waitFor } from '../support/wait-for.ts';

describe('health/event-loop-lag', () => {
  it('tells how late a timer was, and nothing while the loop turns', async () => {
    const lags: number[] = [];
    const lag = createEventLoopLag((seconds) => lags.push(seconds));
    await lag.start();
    await waitFor(() => lags.length >= 2, 'two looks');
    expect(Math.max(...lags)).to.be.within(0, 0.7);
    const until = performance.now() + 1000;
    while (performance.now() < until);
    await waitFor(() => lags.some((seconds) => seconds > 0.8 && seconds < 5), 'the lag');
    await lag.stop();
  });

  it('keeps the contract of a service', async () => {
    let looks = 0;
    await stressService(() => createEventLoopLag(() => (looks += 1)), {
      whenStarted: () => {
        const seen = looks;
        return waitFor(() => looks > seen, 'a look');
      },
    });
  });
});

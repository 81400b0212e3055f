import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createBudget } from '../../src/catch-up/budget.ts';
import { waitFor } from '../support/wait-for.ts';

describe('the budget of a reading', () => {
  it('lets as many calls begin as a minute holds, and no more', async () => {
    const abort = new AbortController();
    const turn = createBudget(3, abort.signal);
    let begun = 0;
    const calls = Array.from({ length: 5 }, () =>
      turn().then(
        () => (begun += 1),
        () => {},
      ),
    );
    await waitFor(() => begun === 3, 'three calls to begin');
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).to.equal(3);
    abort.abort();
    await Promise.all(calls);
    expect(begun).to.equal(3);
  });

  it('ends a wait when the reading is to stop', async () => {
    const abort = new AbortController();
    const turn = createBudget(1, abort.signal);
    await turn();
    const waiting = turn().then(
      () => 'went on',
      () => 'ended',
    );
    abort.abort();
    expect(await waiting).to.equal('ended');
  });
});

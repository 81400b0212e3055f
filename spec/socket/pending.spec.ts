import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createPending } from '../../src/socket/pending.ts';

describe('socket/pending', () => {
  it('waits for nobody when all are acknowledged', async () => {
    const pending = createPending(60_000);
    pending.add()();
    await pending.settled(60_000);
  });

  it('waits until the last is acknowledged, and takes a second acknowledgement as none', async () => {
    const pending = createPending(60_000);
    const [first, second] = [pending.add(), pending.add()];
    let settled = false;
    const waiting = (async () => {
      await pending.settled(60_000);
      settled = true;
    })();
    first();
    first();
    await new Promise((turn) => setImmediate(turn));
    expect(settled).to.equal(false);
    second();
    await waiting;
  });

  it('waits no longer than it is told', async () => {
    const pending = createPending(60_000);
    pending.add();
    await pending.settled(1);
  });

  it('has given up what Slack delivers again by now', async () => {
    const pending = createPending(0);
    const late = pending.add();
    await pending.settled(60_000);
    late();
  });
});

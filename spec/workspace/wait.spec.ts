import { expect } from 'chai';
import { describe, it } from 'mocha';
import { waitFor } from './wait.ts';
import { World } from './world.ts';

function noCard(): boolean {
  throw new Error('no card');
}

describe('waiting in the local Slack', () => {
  const world = new World({ clock: { now: () => 0 } });

  it('ends at the change that makes the condition true, with what it answered', async () => {
    let value = 0;
    const waiting = waitFor(
      world,
      () => value > 1 && `value ${value}`,
      'two changes',
      5000,
      () => '',
    );
    setImmediate(() => {
      for (let count = 0; count < 2; count += 1) {
        value += 1;
        world.changed();
      }
    });
    expect(await waiting).to.equal('value 2');
  });

  it('takes an error of the condition for "not yet", and names the last one when time is up', async () => {
    const failed: unknown = await waitFor(world, noCard, 'a card', 20, () => 'last calls: none').catch(
      (error: unknown) => error,
    );
    expect(failed)
      .to.have.property('message')
      .that.matches(/waited 20 ms for: a card\n.*no card\nlast calls: none/);
  });

  it('asks once for many changes of one turn', async () => {
    let asked = 0;
    let isOver = false;
    const condition = (): boolean => {
      asked += 1;
      return isOver;
    };
    const waiting = waitFor(world, condition, 'the end', 5000, () => '');
    await new Promise((resolve) => setImmediate(resolve));
    for (let count = 0; count < 1000; count += 1) world.changed();
    isOver = true;
    await waiting;
    expect(asked).to.be.lessThan(4);
  });
});

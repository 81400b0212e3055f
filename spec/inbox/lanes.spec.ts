import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createLanes } from '../../src/inbox/lanes.ts';

describe('lanes', () => {
  function work(log: string[], name: string, until: Promise<void> = Promise.resolve()) {
    return async () => {
      log.push(`${name} begins`);
      await until;
      log.push(`${name} ends`);
    };
  }

  it('keep the order of a lane, and let others go on meanwhile', async () => {
    const log: string[] = [];
    const gate = Promise.withResolvers<void>();
    const lanes = createLanes(2);

    lanes.add('a', false, work(log, 'a1', gate.promise));
    lanes.add('a', false, work(log, 'a2'));
    lanes.add('b', false, work(log, 'b1'));
    await new Promise(setImmediate);
    expect(log).to.deep.equal(['a1 begins', 'b1 begins', 'b1 ends']);
    gate.resolve();
    await new Promise(setImmediate);

    expect(log.slice(3)).to.deep.equal(['a1 ends', 'a2 begins', 'a2 ends']);
    expect(lanes.size()).to.equal(0);
  });

  it('let somebody at a button overtake what waits', async () => {
    const log: string[] = [];
    const gate = Promise.withResolvers<void>();
    const lanes = createLanes(1);

    lanes.add('a', false, work(log, 'a', gate.promise));
    lanes.add('b', false, work(log, 'b'));
    lanes.add('button', true, work(log, 'button'));
    gate.resolve();
    await new Promise(setImmediate);

    expect(log.filter((line) => line.endsWith('begins'))).to.deep.equal([
      'a begins',
      'button begins',
      'b begins',
    ]);
  });

  it('let people overtake in the order in which they came, and bring their lane along, its earlier work first', async () => {
    const log: string[] = [];
    const gate = Promise.withResolvers<void>();
    const lanes = createLanes(1);
    lanes.add('a', false, work(log, 'a', gate.promise));
    lanes.add('b', false, work(log, 'b'));
    lanes.add('card', false, work(log, 'thread'));

    lanes.add('button', true, work(log, 'button'));
    lanes.add('card', true, work(log, 'press'));
    lanes.add('card', false, work(log, 'after'));
    gate.resolve();
    await new Promise(setImmediate);

    expect(log.filter((line) => line.endsWith('begins')).map((line) => line.split(' ')[0])).to.deep.equal([
      'a',
      'button',
      'thread',
      'press',
      'b',
      'after',
    ]);
  });

  it('have places of their own for people when all others are taken', async () => {
    const log: string[] = [];
    const gate = Promise.withResolvers<void>();
    const lanes = createLanes(1, 1);
    lanes.add('a', false, work(log, 'a', gate.promise));
    lanes.add('b', false, work(log, 'b'));

    lanes.add('button', true, work(log, 'button', gate.promise));
    lanes.add('other', true, work(log, 'other'));
    await new Promise(setImmediate);
    expect(log).to.deep.equal(['a begins', 'button begins']);
    gate.resolve();
    await new Promise(setImmediate);

    expect(log.filter((line) => line.endsWith('begins')).slice(2)).to.deep.equal([
      'other begins',
      'b begins',
    ]);
  });

  it('drop what has not begun when they stop, and wait for what has', async () => {
    const log: string[] = [];
    const gate = Promise.withResolvers<void>();
    const lanes = createLanes(1);
    lanes.add('a', false, work(log, 'a1', gate.promise));
    lanes.add('a', false, work(log, 'a2'));
    lanes.add('b', false, work(log, 'b1'));

    const stopped = lanes.stop();
    gate.resolve();
    await stopped;
    await new Promise(setImmediate);

    expect(log).to.deep.equal(['a1 begins', 'a1 ends']);
    expect(lanes.size()).to.equal(0);
  });
});

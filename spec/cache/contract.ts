import { expect } from 'chai';
import { it } from 'mocha';
import type { Cache } from '../../src/cache/cache.ts';
import { waitFor } from '../support/wait-for.ts';

const HOUR_MS = 3_600_000;

/**
 * What every implementation of the cache does. `make` gives one that is started; keys are made unique here, so that it may
 * be the same each time.
 */
export function itIsACache(make: () => Cache): void {
  let made = 0;
  const fresh = (name: string) => `${name}:${process.pid}:${(made += 1)}`;

  it('gives back what was set, and null for what was not', async () => {
    const cache = make();
    const [key, other] = [fresh('a'), fresh('b')];
    expect(await cache.get(key)).to.equal(null);
    await cache.set(key, 'wert ü 🔒', HOUR_MS);
    await cache.set(other, '', HOUR_MS);
    expect(await cache.get(key)).to.equal('wert ü 🔒');
    expect(await cache.get(other)).to.equal('');
  });

  it('overwrites and deletes', async () => {
    const cache = make();
    const key = fresh('a');
    await cache.set(key, 'one', HOUR_MS);
    await cache.set(key, 'two', HOUR_MS);
    expect(await cache.get(key)).to.equal('two');
    await cache.delete(key);
    await cache.delete(key);
    expect(await cache.get(key)).to.equal(null);
  });

  it('forgets a value when its time is up', async () => {
    const cache = make();
    const key = fresh('a');
    await cache.set(key, 'brief', 20);
    await waitFor(async () => (await cache.get(key)) === null, 'the value to expire');
  });

  it('adds a key once, for many who try at the same moment, until it expires or is deleted', async () => {
    const cache = make();
    const key = fresh('a');
    const added = await Promise.all(Array.from({ length: 10 }, () => cache.addIfAbsent(key, HOUR_MS)));
    expect(added.filter(Boolean)).to.have.length(1);
    await cache.delete(key);
    expect(await cache.addIfAbsent(key, 20)).to.be.true;
    await waitFor(() => cache.addIfAbsent(key, HOUR_MS), 'the key to expire');
    expect(await cache.addIfAbsent(key, HOUR_MS)).to.be.false;
  });

  it('books the slots of a lane one after the other, none twice, for many who ask at the same moment', async () => {
    const cache = make();
    const [lane, other] = [fresh('C1'), fresh('C2')];
    const now = Date.now();
    const waits = await Promise.all(Array.from({ length: 5 }, () => cache.reserve(lane, 1000, now)));
    expect(waits.sort((a, b) => a - b)).to.deep.equal([0, 1000, 2000, 3000, 4000]);
    expect(await cache.reserve(other, 1000, now)).to.equal(0);
  });

  it('counts time that has passed, and owes nothing for a lane that was idle', async () => {
    const cache = make();
    const lane = fresh('C1');
    const now = Date.now();
    expect(await cache.reserve(lane, 1000, now)).to.equal(0);
    expect(await cache.reserve(lane, 1000, now + 400)).to.equal(600);
    expect(await cache.reserve(lane, 500, now + 5000)).to.equal(0);
    expect(await cache.reserve(lane, 500, now + 5000)).to.equal(500);
    expect(await cache.reserve(lane, 0, now + 5000)).to.equal(1000);
  });

  it('waits no hour for a slot that was booked before the clock was set back by one', async () => {
    const cache = make();
    const lane = fresh('C1');
    const now = Date.now();
    expect(await cache.reserve(lane, 1000, now + HOUR_MS)).to.equal(0);
    expect(await cache.reserve(lane, 1000, now)).to.equal(0);
    expect(await cache.reserve(lane, 1000, now)).to.equal(1000);
  });
}

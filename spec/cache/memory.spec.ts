import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createMemoryCache } from '../../src/cache/memory.ts';
import { systemClock } from '../../src/clock.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { itIsACache } from './contract.ts';

describe('cache/memory', () => {
  itIsACache(() => createMemoryCache({ clock: systemClock }));

  it('expires values by its clock, to the millisecond', async () => {
    const clock = fakeClock();
    const cache = createMemoryCache({ clock });
    await cache.set('a', '1', 1000);
    clock.advance(999);
    expect(await cache.get('a')).to.equal('1');
    clock.advance(1);
    expect(await cache.get('a')).to.equal(null);
  });

  it('holds no more than it may, and drops what was used least recently', async () => {
    const cache = createMemoryCache({ clock: fakeClock(), maxEntries: 3 });
    for (const key of ['a', 'b', 'c']) await cache.set(key, key, 1000);
    await cache.get('a');
    await cache.set('b', 'b', 1000);
    await cache.set('d', 'd', 1000);
    const left = await Promise.all(['a', 'b', 'c', 'd'].map((key) => cache.get(key)));
    expect(left).to.deep.equal(['a', 'b', null, 'd']);
  });

  it('holds no more lanes than it may', async () => {
    const cache = createMemoryCache({ clock: fakeClock(), maxEntries: 2 });
    for (const lane of ['a', 'b', 'a', 'c']) await cache.reserve(lane, 1000, 0);
    expect(await cache.reserve('a', 1000, 0)).to.equal(2000);
    expect(await cache.reserve('b', 1000, 0)).to.equal(0);
  });

  it('forgets everything when cleared', async () => {
    const cache = createMemoryCache({ clock: fakeClock() });
    await cache.set('a', '1', 1000);
    await cache.reserve('a', 1000, 0);
    cache.clear();
    expect(await cache.get('a')).to.equal(null);
    expect(await cache.reserve('a', 1000, 0)).to.equal(0);
  });
});

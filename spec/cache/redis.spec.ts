import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createRedisCache } from '../../src/cache/redis.ts';
import { systemClock } from '../../src/clock.ts';
import { ConfigError } from '../../src/errors.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { stressService } from '../support/stress-service.ts';
import { itIsACache } from './contract.ts';

describe('cache/redis without a Redis', () => {
  itIsACache(() => make().cache);

  it('starts all the same, says once that it works from memory, and never the password', async () => {
    const { cache, logger } = make();
    await cache.start();
    expect(cache.isConnected()).to.be.false;
    await cache.set('a', '1', 1000);
    expect(await cache.get('a')).to.equal('1');
    await cache.stop();
    expect(logger.lines.map(({ message }) => message)).to.deep.equal([
      'Redis is out of reach, working from memory',
    ]);
    expect(String(logger.lines[0]!.meta['error'])).to.include('ECONNREFUSED').and.not.include('hunter2');
  });

  for (const url of ['', 'cache:6379', 'http://:hunter2@cache', 'redis://:hunter2@cache:port'])
    it(`refuses ${url.replace('hunter2', '…') || 'the empty text'} as REDIS_URL without quoting it`, () => {
      expect(() => make(url))
        .to.throw(ConfigError, /^REDIS_URL is not a Redis URL/)
        .with.property('message')
        .that.does.not.include('hunter2');
    });

  it('is a service', async () => {
    await stressService(() => make().cache, { rounds: 50 });
  });
});

// Port 1 refuses.
function make(url = 'redis://:hunter2@127.0.0.1:1/0') {
  const logger = captureLogger();
  return { logger, cache: createRedisCache({ url, logger, clock: systemClock }) };
}

import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect } from 'chai';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { createClient } from 'redis';
import { createRedisCache, type RedisCache } from '../../src/cache/redis.ts';
import { systemClock } from '../../src/clock.ts';
import { itIsACache } from '../cache/contract.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { stressService } from '../support/stress-service.ts';
import { waitFor } from '../support/wait-for.ts';
import { type RedisServer, redisServer } from './redis-server.ts';

const HOUR_MS = 3_600_000;

describe('cache/redis', () => {
  let server: RedisServer;
  let logger: ReturnType<typeof captureLogger>;
  let cache: RedisCache;
  before(async () => {
    server = await redisServer();
    await server.start();
  });
  after(() => server.close());
  beforeEach(async () => {
    cache = make();
    await cache.start();
  });
  afterEach(() => cache.stop());

  function make() {
    logger = captureLogger();
    return createRedisCache({ url: server.url, logger, clock: systemClock });
  }
  const messages = () => logger.lines.map(({ level, message }) => `${level} ${message}`);
  const AWAY = 'warn Redis is out of reach, working from memory';
  const BACK = 'info Redis is back';

  /** Every operation once; each of them resolves, whatever Redis does. */
  const useAll = async (key: string) =>
    Promise.all([
      cache.get(key),
      cache.set(key, '1', HOUR_MS),
      cache.delete(key),
      cache.addIfAbsent(`${key}:once`, HOUR_MS),
      cache.reserve(key, 1000, Date.now()),
    ]);

  describe('while Redis is there', () => {
    itIsACache(() => cache);

    it('keeps everything under its own prefix, with an end', async () => {
      await useAll('mine');
      await cache.set('mine', '1', HOUR_MS);
      const direct = await createClient({ url: server.url }).connect();
      const keys = await direct.keys('*');
      expect(keys).to.include.members(['triage:mine', 'triage:mine:once', 'triage:lane:mine']);
      for (const key of keys) {
        expect(key).to.match(/^triage:/);
        expect(await direct.pTTL(key)).to.be.greaterThan(0);
      }
      direct.destroy();
    });

    it('shares values and lanes between daemons', async () => {
      const other = make();
      await other.start();
      await cache.set('shared', 'yes', HOUR_MS);
      expect(await other.get('shared')).to.equal('yes');
      const now = Date.now();
      const waits = await Promise.all(
        [cache, other, cache, other].map((each) => each.reserve('shared', 1000, now)),
      );
      expect(waits.sort((a, b) => a - b)).to.deep.equal([0, 1000, 2000, 3000]);
      await other.stop();
    });

    it('says nothing and works from Redis', () => {
      expect(cache.isConnected()).to.be.true;
      expect(messages()).to.deep.equal([]);
    });
  });

  describe('when Redis goes and comes', () => {
    it('works from memory when Redis is killed, and again from Redis, empty, when it is back', async () => {
      await cache.set('before', 'x', HOUR_MS);
      await server.kill();
      await useAll('during');
      await cache.set('during', 'y', HOUR_MS);
      expect(await cache.get('during')).to.equal('y');
      expect(await cache.addIfAbsent('once', HOUR_MS)).to.be.true;
      expect(await cache.addIfAbsent('once', HOUR_MS)).to.be.false;
      expect(cache.isConnected()).to.be.false;

      await server.start();
      await waitFor(() => cache.isConnected(), 'the cache to come back');
      expect(await cache.get('before')).to.equal(null);
      await cache.set('after', 'z', HOUR_MS);
      expect(await cache.get('after')).to.equal('z');
      expect(messages()).to.deep.equal([AWAY, BACK]);
    });

    it('starts without Redis, and finds it later', async () => {
      await cache.stop();
      await server.kill();
      cache = make();
      await cache.start();
      await useAll('alone');
      expect(messages()).to.deep.equal([AWAY]);
      await server.start();
      await waitFor(() => cache.isConnected(), 'the cache to find Redis');
      expect(messages()).to.deep.equal([AWAY, BACK]);
    });

    it('works before it is started and after it is stopped', async () => {
      await cache.stop();
      await cache.set('stopped', 'x', HOUR_MS);
      expect(await cache.get('stopped')).to.equal('x');
      await useAll('stopped');
    });
  });

  describe('when Redis is slow', () => {
    afterEach(() => server.thaw());

    it('waits a quarter of a second once, then not at all, and says so once', async () => {
      server.freeze();
      let began = performance.now();
      await useAll('slow');
      expect(performance.now() - began).to.be.within(240, 600);
      began = performance.now();
      for (let n = 0; n < 100; n += 1) await useAll('slow');
      expect(performance.now() - began).to.be.lessThan(200);
      expect(messages()).to.deep.equal([AWAY]);
    });

    it('never answers as things were before they changed meanwhile', async () => {
      await cache.set('kept', 'same', HOUR_MS);
      await cache.set('changed', 'old', HOUR_MS);
      await cache.set('deleted', 'old', HOUR_MS);
      server.freeze();
      await cache.set('changed', 'new', HOUR_MS);
      await cache.delete('deleted');
      expect(await cache.get('changed')).to.equal('new');
      server.thaw();
      await waitFor(async () => (await cache.get('kept')) === 'same', 'the answers to come from Redis again');
      expect(await cache.get('changed')).to.equal(null);
      expect(await cache.get('deleted')).to.equal(null);
      expect(messages()).to.deep.equal([AWAY, BACK]);
    });

    it('gives up a connection that does not answer for seconds, and makes a new one', async () => {
      await cache.stop();
      let connections = 0;
      const { port } = new URL(server.url);
      const way = createServer((socket) => {
        connections += 1;
        const onward = connect(Number(port), '127.0.0.1');
        socket.on('error', () => onward.destroy()).on('close', () => onward.destroy());
        socket.pipe(onward).pipe(socket);
      }).listen(0, '127.0.0.1');
      await once(way, 'listening');
      const address = way.address();
      const url = new URL(server.url);
      url.port = String(typeof address === 'object' ? address?.port : '');
      try {
        cache = createRedisCache({ url: url.href, logger, clock: systemClock });
        await cache.start();
        expect(connections).to.equal(1);
        server.freeze();
        await waitFor(async () => (await cache.get('x')) ?? connections > 1, 'a second connection');
        server.thaw();
        await waitFor(() => cache.isConnected(), 'Redis to be back');
      } finally {
        way.close();
        server.thaw();
        await cache.stop();
      }
    });

    it('stops at once', async () => {
      server.freeze();
      const began = performance.now();
      await cache.stop();
      expect(performance.now() - began).to.be.lessThan(500);
    });
  });

  it('takes a wrong password for an absence, and never logs it', async () => {
    await cache.stop();
    logger = captureLogger();
    cache = createRedisCache({ url: server.url.replace('hunter2', 'swordfish'), logger, clock: systemClock });
    await cache.start();
    await useAll('wrong');
    expect(messages()).to.deep.equal([AWAY]);
    const written = logger.lines.map(({ meta }) => String(Object.values(meta).map(String))).join();
    expect(written).to.include('WRONGPASS').and.not.include('swordfish');
  });

  it('is a service', async () => {
    await stressService(make, { rounds: 30 });
  });

  it('is a service where there is no Redis', async () => {
    await cache.stop();
    await server.kill();
    await stressService(make, { rounds: 30 });
    await server.start();
  });
});

import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { StartError } from '../../src/errors.ts';
import type { ReadyReport } from '../../src/health/readiness.ts';
import { createHealthServer, type HealthServer, type HealthServerOptions } from '../../src/health/server.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { stressService } from '../support/stress-service.ts';
import { waitFor } from '../support/wait-for.ts';

describe('health/server', () => {
  const well: ReadyReport = { slack: { ok: true, sockets: 2 }, postgres: { ok: true }, schema: { ok: true } };
  let health: HealthServer;
  let metrics: HealthServerOptions['metrics'];
  let checks: () => Promise<ReadyReport> | ReadyReport;

  beforeEach(async () => {
    checks = () => well;
    metrics = async (readiness) => `ready ${(await readiness).ready}\n`;
    health = make();
    await health.start();
  });

  afterEach(() => health.stop());

  const make = (port = 0, host = '127.0.0.1') =>
    createHealthServer({
      host,
      port,
      checks: () => checks(),
      metrics: (readiness) => metrics(readiness),
      logger: captureLogger(),
      checkTimeoutMs: 100,
    });

  const url = (path: string) => `http://127.0.0.1:${health.address()?.port}${path}`;
  const get = (path: string, init?: RequestInit) => fetch(url(path), init);

  it('answers /health with 200 whatever the checks say', async () => {
    checks = () => Promise.reject(new Error('down'));
    const answer = await get('/health');
    expect(answer.status).to.equal(200);
    expect(await answer.json()).to.deep.equal({ status: 'ok' });
  });

  it('answers /ready with 200 and the parts when all are well', async () => {
    const answer = await get('/ready');
    expect(answer.status).to.equal(200);
    expect(await answer.json()).to.deep.equal({ status: 'ready', ...well });
  });

  it('answers /ready with 503 and the parts when one is not', async () => {
    checks = () => ({ ...well, slack: { ok: false, state: 'invalid_auth' } });
    const answer = await get('/ready');
    expect(answer.status).to.equal(503);
    expect(await answer.json()).to.deep.equal({
      ...well,
      status: 'not ready',
      slack: { ok: false, state: 'invalid_auth' },
    });
  });

  it('answers 503 and not the error when the checks fail', async () => {
    checks = () => {
      throw new Error('password=hunter2');
    };
    const answer = await get('/ready');
    expect(answer.status).to.equal(503);
    expect(await answer.text())
      .to.include('failed')
      .and.not.include('hunter2');
  });

  it('answers 503 when the checks take too long', async () => {
    checks = () => new Promise(() => {});
    const answer = await get('/ready');
    expect(answer.status).to.equal(503);
    expect(await answer.text()).to.include('no answer within 100 ms');
  });

  it('answers HEAD as GET without a body', async () => {
    checks = () => ({ ...well, postgres: { ok: false } });
    for (const [path, status] of [
      ['/health', 200],
      ['/ready', 503],
    ] as const) {
      const answer = await get(path, { method: 'HEAD' });
      expect(answer.status).to.equal(status);
      expect(await answer.text()).to.equal('');
    }
  });

  it('takes a query for no other path', async () => {
    expect((await get('/health?probe=1')).status).to.equal(200);
  });

  it('answers 404 everywhere else, whatever the method', async () => {
    for (const path of ['/', '/metrics/', '/healthz', '/health/', '//health', '/ready/x', '/%68ealth']) {
      expect((await get(path)).status, path).to.equal(404);
    }
    expect((await get('/', { method: 'POST', body: 'x' })).status).to.equal(404);
  });

  it('answers another method on these paths with 405 and what is allowed', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      for (const path of ['/health', '/ready']) {
        const answer = await get(path, { method });
        expect(answer.status, method).to.equal(405);
        expect(answer.headers.get('allow')).to.equal('GET, HEAD');
      }
    }
  });

  it('answers /metrics with 200, well or not, in the format of Prometheus', async () => {
    for (const [postgres, text] of [
      [{ ok: true }, 'ready true\n'],
      [{ ok: false }, 'ready false\n'],
    ] as const) {
      checks = () => ({ ...well, postgres });
      const answer = await get('/metrics');
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('content-type')).to.equal('text/plain; version=0.0.4; charset=utf-8');
      expect(answer.headers.get('cache-control')).to.equal('no-store');
      expect(await answer.text()).to.equal(text);
    }
  });

  it('gives metrics to nothing but GET, and makes none for another method', async () => {
    let made = 0;
    metrics = () => {
      made += 1;
      return Promise.resolve('');
    };
    for (const method of ['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const answer = await get('/metrics', { method });
      expect(answer.status, method).to.equal(405);
      expect(answer.headers.get('allow')).to.equal('GET');
    }
    expect(made).to.equal(0);
  });

  it('lets nobody keep an answer', async () => {
    for (const path of ['/health', '/ready', '/']) {
      const { headers } = await get(path);
      expect(headers.get('cache-control')).to.equal('no-store');
      expect(headers.get('content-type')).to.equal('application/json; charset=utf-8');
    }
  });

  it('refuses headers without end', async () => {
    expect((await get('/health', { headers: { filler: 'x'.repeat(20_000) } })).status).to.equal(431);
  });

  /** The one line with which a start ends that cannot be. */
  async function problemOf(service: HealthServer): Promise<string> {
    try {
      await service.start();
    } catch (error) {
      if (error instanceof StartError) return error.message;
      throw error;
    }
    throw new Error('it has started');
  }

  it('says in one line that its port is taken, naming HEALTH_PORT', async () => {
    const port = health.address()?.port ?? 0;
    expect(await problemOf(make(port))).to.equal(
      `HEALTH_PORT: port ${port} on 127.0.0.1 is taken by another process`,
    );
  });

  it('names HEALTH_HOST when there is no such address', async () => {
    expect(await problemOf(make(0, '192.0.2.1'))).to.match(
      /^HEALTH_HOST: cannot listen on 192\.0\.2\.1, port 0 \(EADDRNOTAVAIL\)$/,
    );
  });

  it('can be started again after a port was taken', async () => {
    const port = health.address()?.port ?? 0;
    const second = make(port);
    await second.start().catch(() => {});
    await health.stop();
    await second.start();
    expect(second.address()?.port).to.equal(port);
    await second.stop();
  });

  it('stops though a client holds a connection with half a request', async () => {
    const client = connect(health.address()?.port ?? 0, '127.0.0.1');
    await once(client, 'connect');
    client.write('GET /health HTTP/1.1\r\n');
    client.on('error', () => {});
    // The server has seen the half request when it answers a whole one that came later.
    await get('/health');
    const closed = once(client, 'close');
    await health.stop();
    await closed;
    expect(health.address()).to.equal(undefined);
  });

  it('lets an answer under way be finished at stop', async () => {
    let release: ((report: ReadyReport) => void) | undefined;
    checks = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    const answer = get('/ready');
    await waitFor(() => release, 'the check to begin');
    const stopped = health.stop();
    release?.(well);
    expect((await answer).status).to.equal(200);
    await stopped;
  });

  it('keeps the contract of a service', async () => {
    await health.stop();
    await stressService(() => (health = make()), {
      whenStarted: async () => {
        expect((await get('/health', { headers: { connection: 'close' } })).status).to.equal(200);
      },
    });
  });
});

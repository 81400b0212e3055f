import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createReadiness, type ReadyReport } from '../../src/health/readiness.ts';
import { captureLogger } from '../support/capture-logger.ts';

describe('health/readiness', () => {
  it('is not ready with no parts at all', async () => {
    expect(await createReadiness(() => ({}), 1000, captureLogger())()).to.deep.equal({
      ready: false,
      parts: {},
    });
  });

  it('does not begin checks that hang a second time', async () => {
    let begun = 0;
    const checks = () => {
      begun += 1;
      return new Promise<ReadyReport>(() => {});
    };
    const isReady = createReadiness(checks, 5, captureLogger());
    await Promise.all([isReady(), isReady()]);
    await isReady();
    expect(begun).to.equal(1);
  });

  it('asks anew when the earlier checks are done', async () => {
    let begun = 0;
    const isReady = createReadiness(() => ({ postgres: { ok: ++begun > 1 } }), 1000, captureLogger());
    expect((await isReady()).ready).to.equal(false);
    expect((await isReady()).ready).to.equal(true);
  });

  it('logs failing checks once an episode', async () => {
    const logger = captureLogger();
    let down = true;
    const checks = () => {
      if (down) throw new Error('down');
      return { postgres: { ok: true } };
    };
    const isReady = createReadiness(checks, 1000, logger);
    await isReady();
    await isReady();
    expect(logger.lines).to.have.length(1);
    down = false;
    await isReady();
    down = true;
    await isReady();
    expect(logger.lines).to.have.length(2);
  });
});

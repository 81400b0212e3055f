import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createWatchdog } from '../src/watchdog.ts';
import { stressService } from './support/stress-service.ts';

const WATCHDOG = new URL('../src/watchdog.ts', import.meta.url).href;

/** A process of its own, which starts a watchdog of 300 ms and then runs `body`. */
function run(body: string): ChildProcess & { readonly stderr: NodeJS.ReadableStream } {
  const program = `
    import { createWatchdog } from ${JSON.stringify(WATCHDOG)};
    const watchdog = createWatchdog({ limitMs: 300, line: 'the event loop is stuck' });
    await watchdog.start();
    ${body}
  `;
  return spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function outcome(child: ReturnType<typeof run>) {
  const [stderr, [code, signal]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  return { code, signal, stderr };
}

describe('watchdog', () => {
  const stuck = { code: 1, signal: null, stderr: 'the event loop is stuck\n' };

  it('ends a process that is stuck in JavaScript with 1, and says so', async () => {
    expect(await outcome(run('for (;;);'))).to.deep.equal(stuck);
  });

  it('ends a process that is stuck outside of JavaScript with 1, too', async () => {
    const body = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);';
    expect(await outcome(run(body))).to.deep.equal(stuck);
  });

  it('ends a process that was busy with promises only', async () => {
    expect(await outcome(run('for (;;) await null;'))).to.deep.equal(stuck);
  });

  it('leaves a process alone whose event loop turns, though slowly', async () => {
    const body = `
      for (let turn = 0; turn < 8; turn++) {
        const until = performance.now() + 100;
        while (performance.now() < until);
        await new Promise((resolve) => setTimeout(resolve));
      }
    `;
    expect(await outcome(run(body))).to.deep.equal({ code: 0, signal: null, stderr: '' });
  });

  it('keeps no process alive', async () => {
    expect(await outcome(run(''))).to.deep.equal({ code: 0, signal: null, stderr: '' });
  });

  it('takes a process that was stopped and continued, or a suspended machine, for alive', async () => {
    const child = run(`process.stdout.write('up'); setTimeout(() => {}, 700);`);
    await once(child.stdout!, 'data');
    child.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 900));
    child.kill('SIGCONT');
    expect(await outcome(child)).to.deep.equal({ code: 0, signal: null, stderr: '' });
  });

  it('does nothing any more once it is stopped', async () => {
    const body = `
      await watchdog.stop();
      const until = performance.now() + 600;
      while (performance.now() < until);
    `;
    expect(await outcome(run(body))).to.deep.equal({ code: 0, signal: null, stderr: '' });
  });

  it('keeps the contract of a service', async () => {
    await stressService(() => createWatchdog({ limitMs: 30_000, line: 'stuck' }));
  });
});

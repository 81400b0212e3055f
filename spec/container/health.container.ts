import { expect } from 'chai';
import { after, before, beforeEach, describe, it } from 'mocha';
import { waitFor } from '../support/wait-for.ts';
import { docker, dockerOutcome } from './engine.ts';
import { openStack, type Stack } from './stack.ts';

/** Runs a script in the bot's main thread by way of Node's inspector, which SIGUSR1 opens on the container's own loopback. */
const IN_MAIN_THREAD = `
const [{ webSocketDebuggerUrl }] = await (await fetch('http://127.0.0.1:9229/json')).json();
const socket = new WebSocket(webSocketDebuggerUrl);
await new Promise((resolve) => { socket.onopen = resolve; });
socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: process.argv[1] } }));
setTimeout(() => process.exit(), 500);
`;

/** Not at once: a debugger that is connected would keep the process from ending. */
const STUCK = "setTimeout(() => { process.getBuiltinModule('node:inspector').close(); for (;;); }, 1000)";

describe('the health of the bot in the stack', function () {
  this.timeout(120_000);
  let stack: Stack;

  before(async () => {
    stack = await openStack();
    await stack.up();
  });
  beforeEach(() => stack.untilHealth('bot', 'healthy'));
  after(() => stack?.close());

  const restarts = async (): Promise<number> => Number(await stack.inspect('bot', '{{.RestartCount}}'));

  it('is green while PostgreSQL is away, which /ready tells; and it comes back without a restart', async () => {
    await stack.compose('stop', 'postgres');
    await waitFor(async () => (await stack.ready()).status === 503, '/ready to say 503');
    const { parts } = await stack.ready();
    expect(parts['postgres']).to.include({ ok: false, state: 'away' });
    await stillHealthy();
    await stack.compose('start', 'postgres');
    await stack.untilReady();
    expect(await restarts()).to.equal(0);
  });

  it('is green while Redis is away, and so is /ready: slower, never wrong', async () => {
    await stack.compose('stop', 'redis');
    stack.ask('The newt is pale.');
    await stack.cardOf('The newt is pale.');
    expect((await stack.ready()).status).to.equal(200);
    await stillHealthy();
    await stack.compose('start', 'redis');
    await waitFor(
      async () =>
        (await dockerOutcome(['logs', await stack.container('bot')])).stdout.includes('Redis is back'),
      'Redis to be back',
      30_000,
    );
    expect(await restarts()).to.equal(0);
  });

  it('turns red when the process hangs, and green when it goes on', async () => {
    const pid = await stack.pid('bot');
    process.kill(pid, 'SIGSTOP');
    try {
      await stack.untilHealth('bot', 'unhealthy');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await stack.untilHealth('bot', 'healthy');
    expect(await restarts()).to.equal(0);
  });

  it('ends a process whose event loop is stuck, by its watchdog, and the restart policy brings it back', async () => {
    const id = await stack.container('bot');
    // Not by `docker kill`, which counts as the operator's wish whatever the signal: nothing would restart.
    process.kill(await stack.pid('bot'), 'SIGUSR1');
    await waitFor(
      async () => (await dockerOutcome(['logs', id])).stderr.includes('Debugger listening'),
      'the inspector to listen',
    );
    const began = performance.now();
    await docker(...['exec', id, 'node', '--input-type=module', '-e', IN_MAIN_THREAD, '--', STUCK]);
    await waitFor(async () => (await restarts()) === 1, 'the restart', 60_000);
    console.log(`      restarted after ${Math.round((performance.now() - began) / 1000)} s`);
    expect((await dockerOutcome(['logs', id])).stderr).to.include('the event loop has not turned for 30 s');
    await stack.untilReady();
    stack.ask('The skink is back.');
    await stack.cardOf('The skink is back.');
  });

  /** As many probes more as it takes for a verdict. */
  async function stillHealthy(): Promise<void> {
    const probes = async (): Promise<readonly { End: string; ExitCode: number }[]> =>
      JSON.parse(await stack.inspect('bot', '{{json .State.Health.Log}}')) as {
        End: string;
        ExitCode: number;
      }[];
    const [last] = (await probes()).slice(-1);
    const later = await waitFor(async () => {
      const since = (await probes()).filter(({ End }) => End > (last?.End ?? ''));
      return since.length >= 3 ? since : null;
    }, 'three more probes');
    expect(later.map(({ ExitCode }) => ExitCode)).to.deep.equal(later.map(() => 0));
    expect(await stack.inspect('bot', '{{.State.Health.Status}}')).to.equal('healthy');
  }
});

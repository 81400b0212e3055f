import { expect } from 'chai';
import { after, before, beforeEach, describe, it } from 'mocha';
import { docker, dockerOutcome, waitForDocker } from './engine.ts';
import { sharedStack } from './shared-stack.ts';
import { type Stack, startStack } from './stack.ts';

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

const restarts = async (stack: Stack): Promise<number> =>
  Number(await stack.inspect('bot', '{{.RestartCount}}'));

/** What was seen of a bot that is in a bad way. */
interface Illness {
  /** Docker calls it unhealthy while its process hangs, and healthy after that. */
  hangs(): Promise<void>;
  /** From when its event loop is stuck to when it has been restarted (ms). */
  sticks(): Promise<number>;
  end(): Promise<void>;
}

/** Begins, on a stack of its own, what is mostly waiting, so that other specs run meanwhile. */
function fallIll(): Illness {
  const starting = startStack();
  const hanging = starting.then(hang);
  const sticking = Promise.all([starting, hanging]).then(([stack]) => getStuck(stack));
  // Whoever asks is told.
  for (const each of [starting, hanging, sticking]) each.catch(() => {});
  return {
    hangs: () => hanging,
    sticks: () => sticking,
    async end() {
      await sticking.catch(() => {});
      await (await starting.catch(() => undefined))?.close();
    },
  };
}

async function hang(stack: Stack): Promise<void> {
  const pid = await stack.pid('bot');
  process.kill(pid, 'SIGSTOP');
  try {
    await stack.untilHealth('bot', 'unhealthy');
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await stack.untilHealth('bot', 'healthy');
  expect(await restarts(stack)).to.equal(0);
}

async function getStuck(stack: Stack): Promise<number> {
  const id = await stack.container('bot');
  // Not by `docker kill`, which counts as the operator's wish whatever the signal: nothing would restart.
  process.kill(await stack.pid('bot'), 'SIGUSR1');
  await waitForDocker(
    async () => (await dockerOutcome(['logs', id])).stderr.includes('Debugger listening'),
    'the inspector to listen',
  );
  // The rest of the machine is for the specs that run meanwhile.
  await docker('update', '--cpus', '0.1', id);
  const began = performance.now();
  await docker(...['exec', id, 'node', '--input-type=module', '-e', IN_MAIN_THREAD, '--', STUCK]);
  await waitForDocker(async () => (await restarts(stack)) === 1, 'the restart', 60_000);
  const tookMs = performance.now() - began;
  await docker('update', '--cpus', '1', id);
  expect((await dockerOutcome(['logs', id])).stderr).to.include('the event loop has not turned for 30 s');
  await stack.untilReady();
  stack.ask('The skink is back.');
  await stack.cardOf('The skink is back.');
  return tookMs;
}

let illness: Illness;
// Before the specs of all files.
before(() => {
  illness = fallIll();
});
after(() => illness.end());

describe('the health of the bot in the stack', function () {
  this.timeout(120_000);
  let stack: Stack;

  beforeEach(async () => {
    stack = await sharedStack();
    await stack.untilHealth('bot', 'healthy');
  });

  it('is green while PostgreSQL is away, which /ready tells; and it comes back without a restart', async () => {
    const restartsBefore = await restarts(stack);
    await stack.stop('postgres');
    await waitForDocker(async () => (await stack.ready()).status === 503, '/ready to say 503');
    const { parts } = await stack.ready();
    expect(parts['postgres']).to.include({ ok: false, state: 'away' });
    await stillHealthy();
    await stack.start('postgres');
    await stack.untilReady();
    expect(await restarts(stack)).to.equal(restartsBefore);
  });

  it('is green while Redis is away, and so is /ready: slower, never wrong', async () => {
    const restartsBefore = await restarts(stack);
    const since = new Date().toISOString();
    await stack.stop('redis');
    stack.ask('The newt is pale.');
    await stack.cardOf('The newt is pale.');
    expect((await stack.ready()).status).to.equal(200);
    await stillHealthy();
    await stack.start('redis');
    const log = async () => dockerOutcome(['logs', '--since', since, await stack.container('bot')]);
    await waitForDocker(
      async () => (await log()).stdout.includes('Redis is back'),
      'Redis to be back',
      30_000,
    );
    expect(await restarts(stack)).to.equal(restartsBefore);
  });

  it('turns red when the process hangs, and green when it goes on', () => illness.hangs());

  it('ends a process whose event loop is stuck, by its watchdog, and the restart policy brings it back', async () => {
    console.log(`      restarted after ${Math.round((await illness.sticks()) / 1000)} s`);
  });

  /** As many probes more as it takes for a verdict. */
  async function stillHealthy(): Promise<void> {
    const probes = async (): Promise<readonly { End: string; ExitCode: number }[]> =>
      JSON.parse(await stack.inspect('bot', '{{json .State.Health.Log}}')) as {
        End: string;
        ExitCode: number;
      }[];
    const [last] = (await probes()).slice(-1);
    const later = await waitForDocker(async () => {
      const since = (await probes()).filter(({ End }) => End > (last?.End ?? ''));
      return since.length >= 3 ? since : null;
    }, 'three more probes');
    expect(later.map(({ ExitCode }) => ExitCode)).to.deep.equal(later.map(() => 0));
    expect(await stack.inspect('bot', '{{.State.Health.Status}}')).to.equal('healthy');
  }
});

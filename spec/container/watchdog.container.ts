import { expect } from 'chai';
import { describeBeside } from './beside.ts';
import { docker, dockerOutcome, waitForDocker } from './engine.ts';
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

const restarts = async (stack: Stack): Promise<number> =>
  Number(await stack.inspect('bot', '{{.RestartCount}}'));

async function loseDatabase(stack: Stack): Promise<void> {
  await stack.up();
  await stack.untilHealth('bot', 'healthy');
  const before = await restarts(stack);
  await stack.stop('postgres');
  await waitForDocker(async () => (await stack.ready()).status === 503, '/ready to say 503');
  const { parts } = await stack.ready();
  expect(parts['postgres']).to.include({ ok: false, state: 'away' });
  await stillHealthy(stack);
  await stack.start('postgres');
  await stack.untilReady();
  expect(await restarts(stack)).to.equal(before);
}

async function loseRedis(stack: Stack): Promise<void> {
  const before = await restarts(stack);
  const since = new Date().toISOString();
  await stack.stop('redis');
  stack.ask('The newt is pale.');
  await stack.cardOf('The newt is pale.');
  expect((await stack.ready()).status).to.equal(200);
  await stillHealthy(stack);
  await stack.start('redis');
  const log = async () => dockerOutcome(['logs', '--since', since, await stack.container('bot')]);
  await waitForDocker(async () => (await log()).stdout.includes('Redis is back'), 'Redis to be back', 30_000);
  expect(await restarts(stack)).to.equal(before);
}

/** As many probes more as it takes for a verdict. */
async function stillHealthy(stack: Stack): Promise<void> {
  const probes = async (): Promise<readonly { End: string; ExitCode: number }[]> =>
    JSON.parse(await stack.inspect('bot', '{{json .State.Health.Log}}')) as {
      End: string;
      ExitCode: number;
    }[];
  const [last] = (await probes()).slice(-1);
  const later = await waitForDocker(
    async () => {
      const since = (await probes()).filter(({ End }) => End > (last?.End ?? ''));
      return since.length >= 3 ? since : null;
    },
    'three more probes',
    60_000,
  );
  expect(later.map(({ ExitCode }) => ExitCode)).to.deep.equal(later.map(() => 0));
  expect(await stack.inspect('bot', '{{.State.Health.Status}}')).to.equal('healthy');
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

async function getStuck(stack: Stack): Promise<void> {
  const id = await stack.container('bot');
  // Not by `docker kill`, which counts as the operator's wish whatever the signal: nothing would restart.
  process.kill(await stack.pid('bot'), 'SIGUSR1');
  await waitForDocker(
    async () => (await dockerOutcome(['logs', id])).stderr.includes('Debugger listening'),
    'the inspector to listen',
  );
  const began = performance.now();
  await docker(...['exec', id, 'node', '--input-type=module', '-e', IN_MAIN_THREAD, '--', STUCK]);
  // The rest of the machine is for the specs that run meanwhile.
  await docker('update', '--cpus', '0.1', id);
  await waitForDocker(async () => (await restarts(stack)) === 1, 'the restart', 60_000);
  console.log(`      restarted after ${Math.round((performance.now() - began) / 1000)} s`);
  await docker('update', '--cpus', '1', id);
  expect((await dockerOutcome(['logs', id])).stderr).to.include('the event loop has not turned for 30 s');
  await stack.untilReady();
  stack.ask('The skink is back.');
  await stack.cardOf('The skink is back.');
}

describeBeside('the health of the bot in the stack', {
  open: () => openStack({ probeSeconds: 1 }),
  close: (stack) => stack.close(),
  specs: {
    'is green while PostgreSQL is away, which /ready tells; and it comes back without a restart':
      loseDatabase,
    'is green while Redis is away, and so is /ready: slower, never wrong': loseRedis,
    'turns red when its process hangs, and green when it goes on': hang,
    'is ended by its watchdog when its event loop is stuck, and brought back by the restart policy': getStuck,
  },
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { waitFor } from '../support/wait-for.ts';
import { docker, IMAGE, ROOT } from './engine.ts';
import { sharedStack } from './shared-stack.ts';
import type { Stack } from './stack.ts';

const UNBUNDLED = 'triage-spec:unbundled';
/** As many as it takes to be sure on a machine that does other things meanwhile. */
const MOST_ROUNDS = 5;
const LEAST_ROUNDS = 2;
/** What one machine measures of the same thing twice. */
const NOISE = 1.1;

interface Start {
  /** From the start of the container to the first 200 of `/ready` (ms). */
  readonly readyMs: number;
  /** Resident memory a while later (bytes). */
  readonly memory: number;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** What the rest of the machine does makes a start slower and never faster. */
const best = (of: 'readyMs' | 'memory', starts: readonly Start[]): number =>
  Math.min(...starts.map((start) => start[of]));

describe('the bundle beside npm ci --omit=dev on the same base', function () {
  this.timeout(240_000);
  let stack: Stack;
  const bots = new Map<string, string>();

  before(async () => {
    const file = join(ROOT, 'config/container/unbundled.Dockerfile');
    await docker('build', '--tag', UNBUNDLED, '--file', file, '--target', 'unbundled', ROOT);
    stack = await sharedStack();
    await stack.stop('bot');
    for (const image of [IMAGE, UNBUNDLED]) {
      const id = await stack.another(image);
      bots.set(image, id);
      await docker('kill', id);
    }
  });
  after(async () => {
    await docker('rm', '--force', ...bots.values());
    const running = await sharedStack();
    await running.start('bot');
    await running.untilReady();
  });

  /** Starts the bot of an image, looks at it, and stops it. */
  async function start(image: string): Promise<Start> {
    const id = bots.get(image) ?? '';
    const began = performance.now();
    await docker('start', id);
    const [address] = (await docker('port', id, '3000')).split('\n');
    const isReady = async () => (await fetch(`http://${address}/ready`)).status === 200;
    await waitFor(isReady, 'the bot to be ready', 30_000);
    const readyMs = performance.now() - began;
    const pid = await docker('inspect', '--format', '{{.State.Pid}}', id);
    const residents: number[] = [];
    await waitFor(() => residents.push(resident(pid)) >= 100, 'half a second of idling');
    await docker('kill', id);
    return { readyMs, memory: median(residents) };
  }

  const resident = (pid: string): number =>
    Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

  it('starts no slower and idles no larger', async () => {
    const ours: Start[] = [];
    const theirs: Start[] = [];
    let startRatio = Number.NaN;
    let memoryRatio = Number.NaN;
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      ours.push(await start(IMAGE));
      theirs.push(await start(UNBUNDLED));
      startRatio = best('readyMs', ours) / best('readyMs', theirs);
      memoryRatio = best('memory', ours) / best('memory', theirs);
      if (round >= LEAST_ROUNDS && Math.max(startRatio, memoryRatio) <= NOISE) break;
    }
    console.log(
      `      ready in ${best('readyMs', ours).toFixed(0)} ms × ${startRatio.toFixed(2)}, ${(best('memory', ours) / 1e6).toFixed(0)} MB × ${memoryRatio.toFixed(2)} (best of ${ours.length} rounds)`,
    );
    expect(startRatio).to.be.within(0.1, NOISE);
    expect(memoryRatio).to.be.within(0.1, NOISE);
  });
});

import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import { findBot, smoke } from '../../config/container/smoke.ts';
import { docker, dockerOutcome, NODE_DEV_IMAGE } from './engine.ts';
import { newName } from './leftovers.ts';
import { sharedStack } from './shared-stack.ts';
import { throughSlack } from './smoke.ts';
import type { Stack } from './stack.ts';

describe('npm run smoke', function () {
  this.timeout(120_000);
  let stack: Stack;

  beforeEach(async () => {
    stack = await sharedStack();
    await stack.untilHealth('bot', 'healthy');
  });

  it('finds the stack well, in a few seconds, with a request through the local Slack and back', async () => {
    const began = performance.now();
    const findings = [...(await smoke(await findBot(stack.project))), await throughSlack(stack)];
    console.log(`      took ${((performance.now() - began) / 1000).toFixed(1)} s`);
    expect(findings.filter(({ problem }) => problem !== null)).to.deep.equal([]);
    expect(performance.now() - began).to.be.lessThan(15_000);
  });

  it('finds fault with everything about a container that is not locked down', async () => {
    const soft = await docker(
      ...[
        'run',
        '-d',
        '--name',
        newName(),
        '--user',
        '0',
        '--security-opt',
        'seccomp=unconfined',
        '-e',
        'SLACK_APP_TOKEN=xapp-1',
      ],
      ...[NODE_DEV_IMAGE, 'node', '-e', 'setInterval(() => {}, 1000)'],
    );
    try {
      const findings = await smoke(soft);
      expect(findings.filter(({ problem }) => problem === null)).to.deep.equal([]);
    } finally {
      await dockerOutcome(['rm', '-f', soft]);
    }
  });
});

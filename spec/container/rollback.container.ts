import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, before, beforeEach, describe, it } from 'mocha';
import { buildImage, docker, dockerOutcome, ROOT } from './engine.ts';
import { sharedStack } from './shared-stack.ts';
import { SERVICES, type Stack } from './stack.ts';

const PUBLIC_BOT = 'triage-spec:public';

/** The block of compose.env.example that an operator takes over to go back to public images. */
function publicImages(): Readonly<Record<string, string>> {
  const example = readFileSync(join(ROOT, 'config/container/compose.env.example'), 'utf8');
  const block = /# The same with public images.*\n((?:# [A-Z_]+=.*\n)+)/.exec(example)?.[1] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/^# ([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
}

describe('going back to public images, and forward again', function () {
  this.timeout(240_000);
  const images = publicImages();
  let stack: Stack;
  const asked: string[] = [];

  before(async () => {
    await buildImage(PUBLIC_BOT, 'legacy', {
      NODE_IMAGE: images['NODE_IMAGE']!,
      NODE_DEV_IMAGE: images['NODE_DEV_IMAGE']!,
    });
  });
  beforeEach(async () => {
    stack = await sharedStack();
  });
  after(async () => {
    await dockerOutcome(['image', 'rm', PUBLIC_BOT]);
  });

  async function work(): Promise<void> {
    const words = `The tapir${asked.length + 1} sings.`;
    asked.push(words);
    stack.ask(words);
    await stack.cardOf(words);
    await stack.settled();
    for (const each of asked) expect(stack.cards(each), each).to.have.length(1);
    const kept = await stack.psql("select count(*) from requests where body like '%The tapir%'");
    expect(Number(kept)).to.equal(asked.length);
    expect(stack.saidTwice()).to.deep.equal([]);
  }

  const running = (): Promise<readonly string[]> =>
    Promise.all(SERVICES.map((service) => stack.inspect(service, '{{.Config.Image}}')));
  const volumes = (): Promise<readonly string[]> =>
    Promise.all(
      SERVICES.map((service) =>
        stack.inspect(service, '{{range .Mounts}}{{if eq .Type "volume"}}{{.Name}} {{end}}{{end}}'),
      ),
    );

  it('is done by variables alone, over the same volumes, and loses nothing either way', async () => {
    stack.setCompose(2);
    await work();
    const first = { images: await running(), volumes: await volumes() };
    expect(first.images.slice(1)).to.deep.equal(['dhi.io/postgres:15-alpine', 'dhi.io/redis:8-alpine']);

    stack.setVariables({ ...images, BOT_IMAGE: PUBLIC_BOT });
    await stack.up();
    expect(await running()).to.deep.equal([PUBLIC_BOT, 'postgres:15-alpine', 'redis:8-alpine']);
    expect(await volumes()).to.deep.equal(first.volumes);
    await work();

    stack.setVariables({});
    await stack.up();
    expect(await running()).to.deep.equal(first.images);
    expect(await volumes()).to.deep.equal(first.volumes);
    await work();
    for (const service of SERVICES) await stack.untilHealth(service, 'healthy');
  });

  it('names public images, each of the same major as the hardened one', () => {
    expect(images).to.deep.equal({
      NODE_DEV_IMAGE: 'node:24-alpine',
      NODE_IMAGE: 'node:24-alpine',
      POSTGRES_IMAGE: 'postgres:15-alpine',
      REDIS_IMAGE: 'redis:8-alpine',
    });
  });

  it('has public images that are others than the hardened ones, so that something was changed at all', async () => {
    const id = (image: string) => docker('image', 'inspect', '--format', '{{.Id}}', image);
    expect(await id('node:24-alpine')).to.not.equal(await id('dhi.io/node:24-alpine3.22'));
  });
});

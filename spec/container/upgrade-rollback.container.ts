import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { outcomeOf, run } from '../../config/container/run.ts';
import { describeBeside } from './beside.ts';
import { buildImage, docker, dockerOutcome, IMAGE, ROOT, waitForDocker } from './engine.ts';
import { newFolder } from './leftovers.ts';
import { openStack, SERVICES, type Stack } from './stack.ts';

/** The last commit before the newest migration came (0004, "what hangs under a message that is gone"). */
const EARLIER = 'b2c194cac00ff9f0982475d81ce48eee358ecc0f';
const EARLIER_IMAGE = 'triage-spec:earlier';

const MIGRATIONS = 'src/store/migrations';
const newest = readdirSync(join(ROOT, MIGRATIONS)).filter((name) => name.endsWith('.sql')).length;

/** An earlier commit's code, built by this commit's Dockerfile with this commit's dependencies. */
async function buildEarlier(): Promise<void> {
  const known = await outcomeOf('git', ['cat-file', '-e', `${EARLIER}^{commit}`], { cwd: ROOT });
  if (known.code !== 0)
    throw new Error(`this clone's history does not go back to ${EARLIER}: git fetch --unshallow brings it`);
  const folder = await newFolder();
  try {
    const archive = join(folder, 'src.tar');
    await run('git', ['archive', '--output', archive, EARLIER, 'src', 'LICENSE'], { cwd: ROOT });
    await run('tar', ['-xf', archive, '-C', folder]);
    for (const name of [
      'Dockerfile',
      '.dockerignore',
      'package.json',
      'package-lock.json',
      'config/container',
    ])
      cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    await buildImage(EARLIER_IMAGE, 'legacy', { VERSION: 'earlier', REVISION: EARLIER }, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const PUBLIC_BOT = 'triage-spec:public';

/** The block of compose.env.example that an operator takes over to go back to public images. */
function publicImages(): Readonly<Record<string, string>> {
  const example = readFileSync(join(ROOT, 'config/container/compose.env.example'), 'utf8');
  const block = /# The same with public images.*\n((?:# [A-Z_]+=.*\n)+)/.exec(example)?.[1] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/^# ([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
}

const images = publicImages();

const running = (stack: Stack): Promise<readonly string[]> =>
  Promise.all(SERVICES.map((service) => stack.inspect(service, '{{.Config.Image}}')));

const volumes = (stack: Stack): Promise<readonly string[]> =>
  Promise.all(
    SERVICES.map((service) =>
      stack.inspect(service, '{{range .Mounts}}{{if eq .Type "volume"}}{{.Name}} {{end}}{{end}}'),
    ),
  );

const schema = async (stack: Stack): Promise<number> =>
  Number(await stack.psql('select max(version) from schema_migrations'));

function startsBefore(): void {
  const listed = execFileSync('git', ['ls-tree', '--name-only', EARLIER, `${MIGRATIONS}/`], { cwd: ROOT });
  expect(listed.toString().trim().split('\n')).to.have.length(newest - 1);
}

async function upgrade(stack: Stack): Promise<void> {
  stack.setVariables({ BOT_IMAGE: EARLIER_IMAGE });
  await stack.up();
  expect(await schema(stack)).to.equal(newest - 1);
  stack.ask('The stoat is old.');
  const { ts } = await stack.cardOf('The stoat is old.');
  await stack.settled();

  stack.setVariables({});
  await stack.up();
  expect(await schema(stack)).to.equal(newest);
  await stack.slack.press(stack.team.ana, { channel: stack.team.triage.id, ts }, 'Take it');
  await waitForDocker(
    async () => (await stack.psql('select owner from requests')) === stack.team.ana.id,
    'the request to be taken',
  );
  stack.ask('The stoat is new.');
  await stack.cardOf('The stoat is new.');
  await stack.settled();
  expect(stack.cards('The stoat is old.')).to.have.length(1);
  expect(stack.saidTwice()).to.deep.equal([]);
}

async function refuseOlder(stack: Stack): Promise<void> {
  stack.setVariables({ BOT_IMAGE: EARLIER_IMAGE });
  await stack.compose('up', '-d', '--no-build');
  const id = await stack.container('bot');
  const line = `DATABASE_URL: the database has schema version ${newest}, this TrIAge knows ${newest - 1}: run the newer one`;
  const log = await waitForDocker(
    async () => {
      const { stderr } = await dockerOutcome(['logs', id]);
      return stderr.includes(line) ? stderr : null;
    },
    'the line',
    60_000,
  );
  expect(new Set(log.trim().split('\n'))).to.deep.equal(new Set([line]));
  expect(await docker('inspect', '--format', '{{.State.ExitCode}}', id)).to.be.oneOf(['78', '0']);
}

async function haveOthers(): Promise<void> {
  expect(images).to.deep.equal({
    NODE_DEV_IMAGE: 'node:24-alpine',
    NODE_IMAGE: 'node:24-alpine',
    POSTGRES_IMAGE: 'postgres:15-alpine',
    REDIS_IMAGE: 'redis:8-alpine',
  });
  // Or nothing would have been changed at all.
  const id = (image: string) => docker('image', 'inspect', '--format', '{{.Id}}', image);
  expect(await id('node:24-alpine')).to.not.equal(await id('dhi.io/node:24-alpine3.22'));
}

async function goBackAndForward(stack: Stack): Promise<void> {
  const asked = ['The stoat is old.', 'The stoat is new.'];
  /** One request more; all of them are there, and once. */
  async function work(words: string): Promise<void> {
    asked.push(words);
    stack.ask(words);
    await stack.cardOf(words);
    await stack.settled();
    for (const each of asked) expect(stack.cards(each), each).to.have.length(1);
    expect(await stack.psql('select count(*) from requests')).to.equal(String(asked.length));
    expect(stack.saidTwice()).to.deep.equal([]);
  }
  const before = await volumes(stack);

  await stack.compose('down');
  stack.setVariables({ ...images, BOT_IMAGE: PUBLIC_BOT });
  stack.setCompose(1);
  await stack.up();
  expect(await running(stack)).to.deep.equal([PUBLIC_BOT, 'postgres:15-alpine', 'redis:8-alpine']);
  expect(await volumes(stack)).to.deep.equal(before);
  await work('The stoat is public.');

  await stack.compose('down');
  stack.setVariables({});
  stack.setCompose(2);
  await stack.up();
  expect(await running(stack)).to.deep.equal([IMAGE, 'dhi.io/postgres:15-alpine', 'dhi.io/redis:8-alpine']);
  expect(await volumes(stack)).to.deep.equal(before);
  await work('The stoat is hardened.');
}

describeBeside('the same volumes under other versions and other images', {
  open: async () => {
    await buildEarlier();
    await buildImage(PUBLIC_BOT, 'legacy', {
      NODE_IMAGE: images['NODE_IMAGE']!,
      NODE_DEV_IMAGE: images['NODE_DEV_IMAGE']!,
    });
    return openStack();
  },
  close: async (stack) => {
    await stack.close();
    await dockerOutcome(['image', 'rm', EARLIER_IMAGE, PUBLIC_BOT]);
  },
  specs: {
    'start from the last commit before the newest migration': startsBefore,
    'keep the data in an upgrade, which migrates it and goes on with what was open': upgrade,
    'are refused by the earlier version afterwards, with 78 and one line': refuseOlder,
    'have public images to go back to, each of the same major as the hardened one and another than it':
      haveOthers,
    'lose nothing on the way back and forward: by variables alone, down by one version of Compose and up by the other':
      goBackAndForward,
  },
});

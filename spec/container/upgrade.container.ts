import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { outcomeOf, run } from '../../config/container/run.ts';
import { describeBeside } from './beside.ts';
import { buildImage, docker, dockerOutcome, ROOT, waitForDocker } from './engine.ts';
import { newFolder } from './leftovers.ts';
import { openStack, type Stack } from './stack.ts';

/** The last commit before the newest migration came (0003, "outbox: name texts instead of carrying them"). */
const EARLIER = 'c00b528d90380fa1779fc0761b85fbc744457c2b';
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

async function goBack(stack: Stack): Promise<void> {
  stack.setVariables({ BOT_IMAGE: EARLIER_IMAGE });
  await stack.compose('up', '-d', '--no-build');
  const id = await stack.container('bot');
  const line = `DATABASE_URL: the database has schema version ${newest}, this TrIAge knows ${newest - 1}: run the newer one`;
  const log = await waitForDocker(async () => {
    const { stderr } = await dockerOutcome(['logs', id]);
    return stderr.includes(line) ? stderr : null;
  }, 'the line');
  expect(new Set(log.trim().split('\n'))).to.deep.equal(new Set([line]));
  expect(await docker('inspect', '--format', '{{.State.ExitCode}}', id)).to.be.oneOf(['78', '0']);
  stack.setVariables({});
  await stack.up();
  expect(Number(await stack.psql('select count(*) from requests'))).to.equal(2);
}

describeBeside('an upgrade from an earlier version', {
  open: async () => {
    await buildEarlier();
    return openStack();
  },
  close: async (stack) => {
    await stack.close();
    await dockerOutcome(['image', 'rm', EARLIER_IMAGE]);
  },
  specs: {
    'starts from the last commit before the newest migration': startsBefore,
    'keeps the data, migrates it, and goes on with what was open': upgrade,
    'is refused the way back, with 78 and one line, and goes on with the newer version': goBack,
  },
});

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { run } from '../../config/container/run.ts';
import { buildImage, docker, dockerOutcome, IMAGE, NODE_DEV_IMAGE, NODE_IMAGE } from './engine.ts';
import { appDigests, type ImageFile, imageFiles } from './image-files.ts';
import { newFolder } from './leftovers.ts';

const MB = 1_000_000;
const MOST_ADDED = 6 * MB;
const BUILDKIT_IMAGE = 'triage-spec:buildkit';
const CARELESS_IMAGE = 'triage-spec:careless';

/** What has no business in an image that runs. */
const UNWANTED: Readonly<Record<string, RegExp>> = {
  shell: /(^|\/)(sh|ash|bash|dash|zsh|ksh|busybox|toybox)$/,
  'package manager': /(^|\/)(apk|apt|apt-get|dpkg|npm|npx|yarn|yarnpkg|pnpm|corepack)$/,
  'node_modules, so a dependency that only builds': /(^|\/)node_modules\//,
  'source or source map': /^app\/.*\.(map|ts)$/,
  secret: /(^|\/)(\.env(\..*)?|\.npmrc|\.git|secrets)(\/|$)/,
};

function unwanted(files: readonly ImageFile[]): readonly string[] {
  return Object.entries(UNWANTED).flatMap(([what, pattern]) =>
    files.filter(({ path }) => pattern.test(path)).map(({ path }) => `${what}: ${path}`),
  );
}

interface ImageConfig {
  readonly User: string;
  readonly Cmd: readonly string[];
  readonly Entrypoint: readonly string[] | null;
  readonly Env: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly StopSignal: string;
  readonly Healthcheck: { readonly Test: readonly string[]; readonly Interval: number };
}

const configOf = async (image: string): Promise<ImageConfig> =>
  JSON.parse(await docker('image', 'inspect', '--format', '{{json .Config}}', image)) as ImageConfig;
const sizeOf = async (image: string): Promise<number> =>
  Number(await docker('image', 'inspect', '--format', '{{.Size}}', image));

/** An image of empty files that have no business in one. */
async function careless(): Promise<string> {
  const folder = await newFolder();
  for (const path of [
    'bin/sh',
    'sbin/apk',
    'app/node_modules/mocha/x.js',
    'app/bundle/triage.mjs.map',
    'app/.env',
  ]) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), '');
  }
  await run('tar', ['-cf', 'files.tar', 'bin', 'sbin', 'app'], { cwd: folder });
  await docker('import', '--change', 'CMD ["x"]', join(folder, 'files.tar'), CARELESS_IMAGE);
  await rm(folder, { recursive: true });
  return CARELESS_IMAGE;
}

describe('the image', function () {
  this.timeout(120_000);
  let files: readonly ImageFile[];
  let config: ImageConfig;

  before(async () => {
    files = await imageFiles(IMAGE);
    config = await configOf(IMAGE);
  });
  after(() => dockerOutcome(['image', 'rm', BUILDKIT_IMAGE, CARELESS_IMAGE]));

  it('holds no shell, no package manager, no dependency that only builds, no source map and no secret', async () => {
    expect(unwanted(files)).to.deep.equal([]);
    // The same look finds one of each in an image that has them.
    const found = unwanted(await imageFiles(await careless())).join('\n');
    for (const what of Object.keys(UNWANTED)) expect(found).to.include(`${what}: `);
  });

  it('holds the daemon, the probe, all migrations and the licences, and nothing else of ours', () => {
    const ours = files.filter(({ path, isFile }) => path.startsWith('app/') && isFile);
    expect(ours.map(({ path }) => path.replace(/\d{4}-.*\.sql$/, '*.sql'))).to.have.members([
      'app/bundle/LICENCES.txt',
      ...ours.filter(({ path }) => path.endsWith('.sql')).map(() => 'app/bundle/migrations/*.sql'),
      'app/bundle/probe.mjs',
      'app/bundle/triage.mjs',
    ]);
    expect(ours.filter(({ path }) => path.endsWith('.sql'))).to.not.have.length(0);
    expect(ours.filter(({ owner, mode }) => owner !== '0/0' || /^-.{4}w|^-.{7}w/.test(mode))).to.deep.equal(
      [],
    );
  });

  it('adds 6 MB at most to its base', async () => {
    const added = (await sizeOf(IMAGE)) - (await sizeOf(NODE_IMAGE));
    console.log(`      adds ${(added / MB).toFixed(2)} MB to ${NODE_IMAGE}`);
    expect(added).to.be.within(1, MOST_ADDED);
    // What the ordinary build adds would not pass.
    expect((await sizeOf(NODE_DEV_IMAGE)) - (await sizeOf(NODE_IMAGE))).to.be.greaterThan(MOST_ADDED);
  });

  it('runs as a user that is a number and not root, without a shell around it', () => {
    expect(config.User).to.match(/^[1-9]\d*:[1-9]\d*$/);
    expect(config.Cmd).to.deep.equal(['node', 'bundle/triage.mjs']);
    expect(config.Entrypoint).to.equal(null);
    expect(config.Healthcheck.Test).to.deep.equal(['CMD', 'node', 'bundle/probe.mjs']);
    expect(config.StopSignal).to.equal('SIGTERM');
  });

  it('says what it is by the labels of OCI', () => {
    expect(config.Labels).to.include({
      'org.opencontainers.image.title': 'TrIAge',
      'org.opencontainers.image.licenses': 'MIT',
      'org.opencontainers.image.version': '0.0.0-spec',
      'org.opencontainers.image.revision': 'spec',
    });
  });

  it('has no token in its environment, its history or its layers', async () => {
    const history = await docker('history', '--no-trunc', '--format', '{{.CreatedBy}}', IMAGE);
    expect(`${config.Env.join('\n')}\n${history}`).to.not.match(/xox[bp]-|xapp-|PASSWORD|TOKEN=/);
  });

  it('builds with BuildKit as with the old builder, to the same bytes', async () => {
    await buildImage(BUILDKIT_IMAGE, 'buildkit');
    const bytes = await appDigests(IMAGE);
    expect(bytes).to.include.keys('app/bundle/triage.mjs', 'app/bundle/probe.mjs');
    expect(await appDigests(BUILDKIT_IMAGE)).to.deep.equal(bytes);
  });

  it('ends with 78 and a line for each thing that it is not told', async () => {
    const { code, stderr } = await dockerOutcome(['run', '--rm', '--read-only', IMAGE]);
    expect(code).to.equal(78);
    expect(stderr)
      .to.match(/^SLACK_APP_TOKEN: not set/m)
      .and.match(/^SLACK_BOT_TOKEN: not set/m);
  });
});

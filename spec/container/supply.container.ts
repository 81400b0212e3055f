import { rm } from 'node:fs/promises';
import { expect } from 'chai';
import { outcomeOf, run } from '../../config/container/run.ts';
import { describeBeside } from './beside.ts';
import { docker, dockerOutcome, IMAGE, NODE_IMAGE, ROOT, withClient } from './engine.ts';
import { newFolder } from './leftovers.ts';
import { PASSWORD, startRegistry, USER } from './registry.ts';

const TAG = 'triage-spec:built';

interface Place {
  readonly registry: Awaited<ReturnType<typeof startRegistry>>;
  /** Docker's settings, and so its logins. */
  readonly login: string;
  /** The base image, where it cannot be had without a login. */
  readonly guarded: string;
}

const image = ({ login }: Place, base: string) =>
  outcomeOf(process.execPath, ['config/container/image.ts', '--tag', TAG], {
    cwd: ROOT,
    env: { ...withClient(), NODE_IMAGE: base, DOCKER_CONFIG: login },
  });

async function missLogin(place: Place): Promise<void> {
  const { registry, guarded } = place;
  const { code, stdout, stderr } = await image(place, guarded);
  expect(code).to.equal(1);
  expect(stdout).to.equal('');
  const [first, ...ways] = stderr.trim().split('\n');
  expect(first).to.include(`${guarded} is not on this machine and cannot be pulled`);
  expect(ways.join('\n'))
    .to.include(`docker login ${registry.name}`)
    .and.include('npm run image -- --public');
  expect((await dockerOutcome(['image', 'inspect', TAG])).code).to.not.equal(0);
}

async function buildPinned(place: Place): Promise<void> {
  const { registry, login, guarded } = place;
  await run('docker', ['login', '--username', USER, '--password-stdin', registry.name], {
    input: PASSWORD,
    env: { DOCKER_CONFIG: login },
  });
  await docker('tag', NODE_IMAGE, guarded);
  await run('docker', ['push', '--quiet', guarded], { env: { DOCKER_CONFIG: login } });
  const pinned = await docker('image', 'inspect', '--format', '{{index .RepoDigests 0}}', guarded);
  expect(pinned).to.match(/@sha256:[0-9a-f]{64}$/);

  const { code, stdout, stderr } = await image(place, pinned);
  expect(stderr + stdout).to.include('/app/bundle/triage.mjs');
  expect(code).to.equal(0);
  expect(stdout)
    .to.match(/of which \d\.\d\d MB are ours/)
    .and.match(/^pg [\d.]+ MIT$/m);
  expect(stdout).to.match(/"org\.opencontainers\.image\.revision":"[0-9a-f]{40}(-dirty)?"/);

  const wrong = await image(place, pinned.replace(/[0-9a-f]{8}$/, '00000000'));
  expect(wrong.code).to.equal(1);
  expect(wrong.stderr).to.include('cannot be pulled');
}

async function listPackages(): Promise<void> {
  const sbom = JSON.parse(await run('node', ['config/container/sbom.ts'], { cwd: ROOT })) as {
    bomFormat: string;
    components: { purl: string }[];
  };
  expect(sbom.bomFormat).to.equal('CycloneDX');
  const known = new Set(sbom.components.map(({ purl }) => decodeURIComponent(purl)));
  const licences = await docker(
    ...[
      'run',
      '--rm',
      IMAGE,
      'node',
      '-p',
      "fs.readFileSync('bundle/LICENCES.txt', 'utf8').split('\\n\\n')[0]",
    ],
  );
  const [own, ...packages] = licences.split('\n');
  expect(own).to.match(/^triage .* MIT$/);
  expect(packages).to.have.length.above(20);
  const missing = packages.filter((line) => {
    const [name, version] = line.split(' ');
    return !known.has(`pkg:npm/${name}@${version}`);
  });
  expect(missing).to.deep.equal([]);
  expect([...known].filter((purl) => /npm\/(esbuild|mocha|typescript)@/.test(purl))).to.deep.equal([]);
}

describeBeside<Place>('npm run image', {
  async open() {
    const registry = await startRegistry();
    return { registry, login: await newFolder(), guarded: `${registry.name}/node:24-alpine3.22` };
  },
  async close({ registry, login, guarded }) {
    await dockerOutcome(['image', 'rm', guarded, TAG]);
    await registry.close();
    await rm(login, { recursive: true });
  },
  specs: {
    'says before it builds that a login is missing, with the two ways out': missLogin,
    'builds after the login, on a base that is pinned by its digest, and lists what is inside': buildPinned,
    'lists in the SBOM every package that is in the image, and none that only builds': listPackages,
  },
});

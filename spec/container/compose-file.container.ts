import { readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { parse } from 'yaml';
import { outcomeOf } from '../../config/container/run.ts';
import { ROOT } from './engine.ts';
import { newFolder } from './leftovers.ts';
import { type ComposeVersion, composeCommand, SERVICES } from './stack.ts';

interface ServiceFile {
  readonly image: string;
  readonly user: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly restart: string;
  readonly stop_grace_period: string;
  readonly logging: { readonly options: Readonly<Record<string, string>> };
  readonly ports?: readonly string[];
  readonly mem_limit: string;
  readonly cpus: string;
  readonly pids_limit: number;
  readonly healthcheck: { readonly test: readonly string[] };
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
}

interface ComposeFile {
  readonly services: Readonly<Record<string, ServiceFile>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, null>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
const example = readFileSync(join(ROOT, 'config/container/compose.env.example'), 'utf8');
const file = parse(text, { merge: true }) as ComposeFile;

/** What is wrong with how a service is locked down. */
function softSpots(name: string, service: ServiceFile): readonly string[] {
  const holds: Readonly<Record<string, boolean>> = {
    'a numeric user': /^[1-9]\d*:[1-9]\d*$/.test(service.user),
    'a read-only root': service.read_only,
    'no capability': service.cap_drop.join() === 'ALL',
    'no new privileges': service.security_opt.includes('no-new-privileges:true'),
    'restarts unless stopped': service.restart === 'unless-stopped',
    'log rotation': 'max-size' in service.logging.options && 'max-file' in service.logging.options,
    'limits by variable':
      /^\$\{[A-Z]+_MEMORY:-\d+m\}$/.test(service.mem_limit) && /^\$\{[A-Z]+_CPUS:-/.test(service.cpus),
    'a limit of processes': service.pids_limit > 0,
    'a health check without a shell': service.healthcheck.test[0] === 'CMD',
    'its image by variable': /^\$\{[A-Z]+_IMAGE:-[^}]+\}$/.test(service.image),
  };
  return Object.entries(holds)
    .filter(([, isSo]) => !isSo)
    .map(([what]) => `${name}: ${what}`);
}

describe('docker-compose.yml', () => {
  for (const version of [1, 2] satisfies ComposeVersion[]) {
    it(`is taken by Compose ${version === 1 ? '1.29' : '2'}`, async () => {
      const [program = '', ...first] = composeCommand(version);
      const said = await outcomeOf(program, [...first, 'version', '--short']).catch(() => null);
      if (said === null || said.code !== 0)
        throw new Error(`Compose ${version} is not here: sh spec/container/install.sh brings it`);
      expect(said.stdout).to.match(version === 1 ? /^1\.29\./ : /^v?2\./);

      const folder = await newFolder();
      await writeFile(join(folder, 'wrong.yml'), `${text}\nwrong: {}\n`);
      const taken = await outcomeOf(program, [...first, 'config', '-q'], { cwd: ROOT });
      expect(taken.code, taken.stderr).to.equal(0);
      const refused = await outcomeOf(program, [...first, '-f', join(folder, 'wrong.yml'), 'config', '-q']);
      await rm(folder, { recursive: true });
      expect(refused.code).to.not.equal(0);
    });
  }

  it('locks down all three in the same way, and limits each', () => {
    expect(Object.keys(file.services)).to.have.members([...SERVICES]);
    expect(
      Object.entries(file.services).flatMap(([name, service]) => softSpots(name, service)),
    ).to.deep.equal([]);
    const bot = file.services['bot']!;
    expect(
      softSpots('bot', {
        ...bot,
        user: 'node',
        read_only: false,
        cap_drop: [],
        security_opt: [],
        restart: 'no',
      }),
    ).to.have.length(5);
  });

  it('gives the bot longer to stop than it takes at most', () => {
    const bot = file.services['bot']!;
    expect(Number.parseInt(bot.stop_grace_period, 10)).to.be.greaterThan(
      Number(bot.environment?.['SHUTDOWN_GRACE_SECONDS']),
    );
  });

  it('publishes one port, the health listener, on the loopback alone', () => {
    const published = Object.values(file.services).flatMap(({ ports = [] }) => ports);
    // oxlint-disable-next-line no-template-curly-in-string
    expect(published).to.deep.equal(['127.0.0.1:${BOT_PORT:-3000}:3000']);
    expect(file.networks['backend']).to.deep.equal({ internal: true });
    expect(Object.keys(file.volumes)).to.have.members(['postgres-data', 'redis-data']);
  });

  it('says itself where PostgreSQL’s data lie, in its volume: images disagree on it', () => {
    const { environment, volumes } = file.services['postgres']!;
    expect(volumes).to.deep.equal(['postgres-data:/var/lib/postgresql']);
    expect(environment?.['PGDATA']).to.equal('/var/lib/postgresql/15/data');
  });

  it('holds no secret: each is a file that a variable ending in _FILE names', () => {
    const named = Object.values(file.services).flatMap(({ environment = {} }) => Object.entries(environment));
    const suspicious = named.filter(
      ([name, value]) =>
        /TOKEN|PASSWORD|_URL|SECRET/.test(name) &&
        !(name.endsWith('_FILE') && value.startsWith('/run/secrets/')),
    );
    expect(suspicious).to.deep.equal([]);
    expect(named.filter(([name]) => name.endsWith('_FILE'))).to.have.length(5);
    expect(text).to.not.match(/xox[bp]-|xapp-|:\/\/\w+:\w+@/);
  });

  it('takes images, ports, limits and folders from .env and nothing else; compose.env.example tells the defaults', () => {
    const inFile = new Map(
      [...text.matchAll(/\$\{([A-Z_]+):-([^}]*)\}/g)].map(([, name = '', value]) => [name, value]),
    );
    // The first line of a variable is its default, a later one an alternative.
    const inExample = new Map(
      [...example.matchAll(/^# ([A-Z_]+)=(.*)$/gm)].toReversed().map(([, name = '', value]) => [name, value]),
    );
    expect(Object.fromEntries(inExample)).to.deep.equal(Object.fromEntries(inFile));
    expect([...inFile.keys()].filter((name) => !/_(IMAGE|PORT|MEMORY|CPUS|DIR)$/.test(name))).to.deep.equal(
      [],
    );
  });
});

import { expect } from 'chai';
import { before, beforeEach, describe, it } from 'mocha';
import { docker, dockerOutcome, IMAGE, waitForDocker } from './engine.ts';
import { newName } from './leftovers.ts';
import { sharedStack } from './shared-stack.ts';
import { SERVICES, type Service, type Stack } from './stack.ts';

interface HostConfig {
  readonly ReadonlyRootfs: boolean;
  readonly CapDrop: readonly string[];
  readonly SecurityOpt: readonly string[];
  readonly RestartPolicy: { readonly Name: string };
  readonly Memory: number;
  readonly NanoCpus: number;
  readonly PidsLimit: number;
  readonly LogConfig: { readonly Config: Readonly<Record<string, string>> };
  readonly PortBindings: Readonly<Record<string, readonly { readonly HostIp: string }[]>>;
}

/** The same three lines of /proc for each of them, read by whoever can read there. */
const STATUS = /^(?:Uid|CapEff|CapBnd|NoNewPrivs):.*$/gm;

/** What the kernel tells of a container's first process, to one with the same user beside it. */
interface Process {
  readonly status: string;
  readonly environ: string;
  readonly mounts: string;
}

/** Tries to write, and to run what it has written; tells by name what came of it. */
const WRITE = `
const outcome = (attempt) => { try { attempt(); return 'written' } catch (error) { return error.code } };
const found = { tmp: fs.readdirSync('/tmp').length };
for (const path of ['/app/bundle/triage.mjs', '/app/x', '/etc/x', '/config/x', '/run/secrets/x', '/tmp/x'])
  found[path] = outcome(() => fs.writeFileSync(path, ''));
found['the program of Node to /tmp'] = outcome(() => fs.copyFileSync(process.execPath, '/tmp/x'));
fs.writeFileSync('/tmp/y', '#!/x', { mode: 0o755 });
found['a program in /tmp'] = outcome(() => child_process.execFileSync('/tmp/y'));
for (const name of fs.readdirSync('/tmp')) fs.rmSync('/tmp/' + name);
console.log(JSON.stringify(found));
`;

// It comes up while the image is looked at.
before(() => {
  sharedStack().catch(() => {});
});

describe('the stack, as Compose 1.29 starts it', function () {
  this.timeout(120_000);
  let stack: Stack;

  beforeEach(async () => {
    stack = await sharedStack();
  });

  const hostConfig = async (service: Service): Promise<HostConfig> =>
    JSON.parse(await stack.inspect(service, '{{json .HostConfig}}')) as HostConfig;

  const looked = new Map<string, Promise<Process>>();
  async function process1(service: Service): Promise<Process> {
    const id = await stack.container(service);
    const found = looked.get(id) ?? look(service, id);
    looked.set(id, found);
    return found;
  }

  async function look(service: Service, id: string): Promise<Process> {
    const user = await stack.inspect(service, '{{.Config.User}}');
    const read =
      "JSON.stringify(['status', 'environ', 'mounts'].map((name) => fs.readFileSync(`/proc/1/${name}`, 'utf8')))";
    const said = await docker(
      ...['run', '--rm', '--user', user, '--pid', `container:${id}`],
      ...['--entrypoint', 'node', IMAGE, '-p', read],
    );
    const [status = '', environ = '', mounts = ''] = JSON.parse(said) as string[];
    return { status, environ, mounts };
  }

  it('is of Compose 1.29', async () => {
    for (const service of SERVICES)
      expect(await stack.inspect(service, '{{index .Config.Labels "com.docker.compose.version"}}')).to.match(
        /^1\.29\./,
      );
  });

  it('stops the bot in good order within its grace', async () => {
    const id = await stack.container('bot');
    const began = performance.now();
    await stack.stop('bot');
    const tookMs = performance.now() - began;
    console.log(`      stopped in ${Math.round(tookMs)} ms`);
    expect(await docker('inspect', '--format', '{{.State.ExitCode}} {{.State.OOMKilled}}', id)).to.equal(
      '0 false',
    );
    expect(tookMs).to.be.lessThan(10_000);
    await stack.start('bot');
    await stack.untilReady();
  });

  it('takes a request and answers: a card, and a line in the asker’s thread', async () => {
    const ts = stack.ask('The gecko is stuck.');
    const card = await stack.cardOf('The gecko is stuck.');
    await stack.slack.press(stack.team.ana, { channel: stack.team.triage.id, ts: card.ts }, 'Take it');
    await stack.settled();
    expect(stack.slack.thread(stack.team.help, ts)).to.have.length.above(1);
    expect(stack.cards('The gecko is stuck.')).to.have.length(1);
    expect(stack.saidTwice()).to.deep.equal([]);
    expect(stack.slack.complaints()).to.deep.equal([]);
  });

  for (const service of SERVICES) {
    it(`runs ${service} locked down, as the engine and the kernel see it`, async () => {
      const host = await hostConfig(service);
      expect(host).to.include({ ReadonlyRootfs: true });
      expect(host.CapDrop).to.deep.equal(['ALL']);
      expect(host.SecurityOpt).to.include('no-new-privileges:true');
      expect(host.RestartPolicy.Name).to.equal('unless-stopped');
      expect([host.Memory, host.NanoCpus, host.PidsLimit].every((limit) => limit > 0)).to.equal(true);
      expect(host.LogConfig.Config).to.have.keys('max-size', 'max-file');
      const { status } = await process1(service);
      const user = { bot: '1000', postgres: '70', redis: '65532' }[service];
      expect(status.match(STATUS)?.map((line) => line.replace(/\s+/g, ' '))).to.deep.equal([
        `Uid: ${user} ${user} ${user} ${user}`,
        'CapEff: 0000000000000000',
        'CapBnd: 0000000000000000',
        'NoNewPrivs: 1',
      ]);
    });
  }

  /** What has changed in a container's own files, beside the places where the engine mounts something. */
  async function written(service: Service): Promise<readonly string[]> {
    const all = await docker('diff', await stack.container(service));
    const mounts =
      /^[AC] \/(config|data|run(\/secrets(\/\w+)?|\/postgresql)?|tmp|var(\/lib(\/postgresql)?)?)?$/;
    return all.split('\n').filter((line) => !mounts.test(line) && line !== '');
  }

  it('lets nobody write: not into the image, not beside it, and no program into its tmpfs', async () => {
    const said = await stack.exec('bot', 'node', '-e', WRITE);
    expect(JSON.parse(said)).to.deep.equal({
      // What it has written by itself since it started.
      tmp: 0,
      '/app/bundle/triage.mjs': 'EROFS',
      '/app/x': 'EROFS',
      '/etc/x': 'EROFS',
      '/config/x': 'EROFS',
      '/run/secrets/x': 'EROFS',
      '/tmp/x': 'written',
      'the program of Node to /tmp': 'ENOSPC',
      'a program in /tmp': 'EACCES',
    });
    expect(await Promise.all(SERVICES.map((service) => written(service)))).to.deep.equal([[], [], []]);
  });

  it('lets no program run from any place that holds what was written there', async () => {
    for (const service of SERVICES) {
      const { mounts } = await process1(service);
      const places = mounts
        .split('\n')
        .map((line) => line.split(' '))
        .filter(
          ([, , kind, options = '']) =>
            kind === 'tmpfs' && /^rw\b/.test(options) && !/mode=755/.test(options),
        );
      expect(places.map(([, place]) => place)).to.include('/tmp');
      // The engine's own, root's and of mode 0755.
      const soft = places.filter(
        ([, place, , options = '']) =>
          place !== '/dev' &&
          !['noexec', 'nosuid', 'nodev'].every((each) => options.split(',').includes(each)),
      );
      expect(soft, service).to.deep.equal([]);
    }
  });

  it('calls Redis ill that has lost its list of users', async () => {
    const name = newName();
    const image = await stack.inspect('redis', '{{.Config.Image}}');
    const check = JSON.parse(await stack.inspect('redis', '{{json .Config.Healthcheck.Test}}')) as string[];
    const probe = async (container: string) =>
      (await dockerOutcome(['exec', container, ...check.slice(1)])).code;
    await docker('run', '--detach', '--name', name, image, 'redis-server', '--aclfile', '/dev/null');
    try {
      const answers = async () =>
        (await dockerOutcome(['exec', name, 'redis-cli', 'ping'])).stdout.trim() === 'PONG';
      await waitForDocker(answers, 'Redis to answer to anybody');
      expect(await probe(name)).to.equal(1);
      expect(await probe(await stack.container('redis'))).to.equal(0);
    } finally {
      await docker('rm', '--force', name);
    }
  });

  it('has no shell in the bot and none in Redis', async () => {
    for (const service of ['bot', 'redis'] as const) {
      const { code, stderr, stdout } = await dockerOutcome([
        'exec',
        await stack.container(service),
        '/bin/sh',
        '-c',
        'true',
      ]);
      expect(code, service).to.be.oneOf([126, 127]);
      expect(`${stdout}${stderr}`, service).to.match(/no such file|not found/);
    }
  });

  it('keeps the data services from the world, in both directions', async () => {
    expect(
      await docker('network', 'inspect', '--format', '{{.Internal}}', `${stack.project}_backend`),
    ).to.equal('true');
    for (const service of ['postgres', 'redis'] as const) {
      expect(Object.keys((await hostConfig(service)).PortBindings ?? {}), service).to.deep.equal([]);
      const networks = await stack.inspect(
        service,
        '{{range $n, $_ := .NetworkSettings.Networks}}{{$n}} {{end}}',
      );
      expect(networks.trim(), service).to.equal(`${stack.project}_backend`);
    }
    const bindings = Object.values((await hostConfig('bot')).PortBindings).flat();
    expect(bindings.map(({ HostIp }) => HostIp)).to.deep.equal(['127.0.0.1']);
    expect(await stack.health()).to.equal(200);
  });

  it('shows no secret: not in what the engine tells, nor in processes, environments, logs or the image', async () => {
    const names = ['slack_app_token', 'slack_bot_token', 'postgres_password', 'database_url', 'redis_url'];
    const secrets = await Promise.all(names.map((name) => stack.secret(name)));
    const passwords = secrets.flatMap((text) => /:\/\/[^:]+:([^@]+)@/.exec(text)?.[1] ?? []);
    expect(passwords).to.have.length(2);
    const seen: Record<string, string> = {
      'the history of the image': await docker('history', '--no-trunc', IMAGE),
      'what the image says': await docker('image', 'inspect', IMAGE),
    };
    const lookAt = async (service: Service): Promise<void> => {
      const id = await stack.container(service);
      seen[`inspect ${service}`] = await docker('inspect', id);
      seen[`processes of ${service}`] = await docker('top', id, '-eo', 'pid,args');
      const { stdout, stderr } = await dockerOutcome(['logs', id]);
      seen[`log of ${service}`] = stdout + stderr;
      seen[`environment of ${service}`] = (await process1(service)).environ;
    };
    await Promise.all(SERVICES.map(lookAt));
    for (const [where, text] of Object.entries(seen)) {
      expect(text, where).to.not.have.length(0);
      for (const secret of [...secrets, ...passwords]) expect(text.includes(secret), where).to.equal(false);
    }
  });

  it('lets in nobody without a name at Redis, and each name only as far as it has to go', async () => {
    const password = new URL(await stack.secret('redis_url')).password;
    const talk: readonly (readonly [command: string, answer: RegExp])[] = [
      ['PING', /^(NOAUTH|DENIED)/],
      ['AUTH triage wrong', /^WRONGPASS/],
      ['PING', /^NOAUTH/],
      ['AUTH health none', /^OK/],
      ['PING', /^PONG/],
      ['GET triage:x', /^NOPERM/],
      [`AUTH triage ${password}`, /^OK/],
      ['SET triage:spec 1 PX 1000', /^OK/],
      ['GET other', /^NOPERM/],
      ['FLUSHALL', /^NOPERM/],
      ['KEYS *', /^NOPERM/],
      ['CONFIG GET dir', /^NOPERM/],
      ['CLIENT LIST', /^NOPERM/],
    ];
    const { stdout } = await dockerOutcome(['exec', '-i', await stack.container('redis'), 'redis-cli'], {
      input: talk.map(([command]) => `${command}\n`).join(''),
    });
    const answers = stdout.split('\n').filter((line) => line.trim() !== '');
    expect(answers).to.have.length(talk.length);
    for (const [index, [command, answer]] of talk.entries()) expect(answers[index], command).to.match(answer);
    // And what the bot does, it may.
    const log = await dockerOutcome(['logs', await stack.container('bot')]);
    expect(log.stdout).to.not.match(/NOPERM|NOAUTH|WRONGPASS/);
  });

  it('lets in nobody without a password at PostgreSQL, over its socket neither, and keeps it as SCRAM', async () => {
    const id = await stack.container('postgres');
    const psql = async (host: string, password: string) => {
      const { stdout, stderr } = await dockerOutcome([
        ...['exec', '-e', `PGPASSWORD=${password}`, id],
        ...['psql', '-w', '-U', 'triage', '-d', 'triage', ...(host === '' ? [] : ['-h', host])],
        ...['-Atc', "select 'in'"],
      ]);
      return stdout + stderr;
    };
    await Promise.all(
      ['', '127.0.0.1', 'postgres'].map(async (host) => {
        expect(await psql(host, ''), host).to.include('no password supplied');
        expect(await psql(host, 'wrong'), host).to.include('password authentication failed');
      }),
    );
    expect(await stack.psql('select rolpassword from pg_authid where rolcanlogin')).to.match(
      /^SCRAM-SHA-256\$\S+$/,
    );
    expect(
      await stack.psql(
        "select distinct auth_method from pg_hba_file_rules where auth_method <> 'scram-sha-256'",
      ),
    ).to.equal('');
  });
});

import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import { docker, dockerOutcome, IMAGE } from './engine.ts';
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

describe('the stack, as Compose 1.29 starts it', function () {
  this.timeout(120_000);
  let stack: Stack;

  beforeEach(async () => {
    stack = await sharedStack();
  });

  const hostConfig = async (service: Service): Promise<HostConfig> =>
    JSON.parse(await stack.inspect(service, '{{json .HostConfig}}')) as HostConfig;

  /** What the kernel tells of a service's first process, to one with the same user beside it. */
  async function process1(service: Service): Promise<Record<'status' | 'environ', string>> {
    const user = await stack.inspect(service, '{{.Config.User}}');
    const read =
      "JSON.stringify(['status', 'environ'].map((name) => fs.readFileSync(`/proc/1/${name}`, 'utf8')))";
    const said = await docker(
      ...['run', '--rm', '--user', user, '--pid', `container:${await stack.container(service)}`],
      ...['--entrypoint', 'node', IMAGE, '-p', read],
    );
    const [status = '', environ = ''] = JSON.parse(said) as string[];
    return { status, environ };
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
    await stack.compose('stop', 'bot');
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
    const write = (path: string) =>
      `try { fs.writeFileSync('${path}', ''); console.log('written') } catch (error) { console.log(error.code) }`;
    const inBot = async (script: string) => stack.exec('bot', 'node', '-e', script);
    // What it has written by itself since it started.
    expect(await inBot("console.log(fs.readdirSync('/tmp').length)")).to.equal('0');
    expect(await inBot(write('/app/bundle/triage.mjs'))).to.equal('EROFS');
    expect(await inBot(write('/app/x'))).to.equal('EROFS');
    expect(await inBot(write('/etc/x'))).to.equal('EROFS');
    expect(await inBot(write('/config/x'))).to.equal('EROFS');
    expect(await inBot(write('/run/secrets/x'))).to.match(/EROFS|EACCES/);
    expect(await inBot(write('/tmp/x'))).to.equal('written');
    const runs = `fs.copyFileSync(process.execPath, '/tmp/x')`;
    expect(await inBot(`try { ${runs} } catch (error) { console.log(error.code) }`)).to.equal('ENOSPC');
    expect(
      await inBot(
        `fs.writeFileSync('/tmp/y', '#!/x', { mode: 0o755 }); try { child_process.execFileSync('/tmp/y') } catch (error) { console.log(error.code) }`,
      ),
    ).to.equal('EACCES');
    await inBot("for (const name of fs.readdirSync('/tmp')) fs.rmSync('/tmp/' + name)");
    expect(await Promise.all(SERVICES.map((service) => written(service)))).to.deep.equal([[], [], []]);
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
    for (const service of SERVICES) {
      const id = await stack.container(service);
      seen[`inspect ${service}`] = await docker('inspect', id);
      seen[`processes of ${service}`] = await docker('top', id, '-eo', 'pid,args');
      const { stdout, stderr } = await dockerOutcome(['logs', id]);
      seen[`log of ${service}`] = stdout + stderr;
      seen[`environment of ${service}`] = (await process1(service)).environ;
    }
    for (const [where, text] of Object.entries(seen)) {
      expect(text, where).to.not.have.length(0);
      for (const secret of [...secrets, ...passwords]) expect(text.includes(secret), where).to.equal(false);
    }
  });

  it('lets in nobody without a name at Redis, and each name only as far as it has to go', async () => {
    const redis = async (...args: readonly string[]) => {
      const { stdout, stderr } = await dockerOutcome([
        ...['exec', await stack.container('redis'), 'redis-cli', '-e', '--no-auth-warning', ...args],
      ]);
      return stdout + stderr;
    };
    const password = new URL(await stack.secret('redis_url')).password;
    const asBot = ['--user', 'triage', '--pass', password];
    expect(await redis('ping')).to.match(/NOAUTH|DENIED/);
    expect(await redis('--user', 'triage', '--pass', 'wrong', 'ping')).to.match(/WRONGPASS|NOAUTH/);
    expect(await redis('--user', 'health', '--pass', 'none', 'ping')).to.include('PONG');
    expect(await redis('--user', 'health', '--pass', 'none', 'get', 'triage:x')).to.include('NOPERM');
    expect(await redis(...asBot, 'set', 'triage:spec', '1', 'PX', '1000')).to.include('OK');
    expect(await redis(...asBot, 'get', 'other')).to.include('NOPERM');
    for (const command of [['flushall'], ['keys', '*'], ['config', 'get', 'dir'], ['client', 'list']])
      expect(await redis(...asBot, ...command), command.join(' ')).to.include('NOPERM');
    // And what the bot does, it may: nothing was refused to it, so nothing is said of Redis.
    const since = await stack.inspect('bot', '{{.State.StartedAt}}');
    const { stdout } = await dockerOutcome(['logs', '--since', since, await stack.container('bot')]);
    expect(stdout).to.not.match(/Redis is out/);
  });

  it('lets in nobody without a password at PostgreSQL, over its socket neither, and keeps it as SCRAM', async () => {
    const psql = async (host: string, password: string) => {
      const { stdout, stderr } = await dockerOutcome([
        ...['exec', '-e', `PGPASSWORD=${password}`, await stack.container('postgres')],
        ...['psql', '-w', '-U', 'triage', '-d', 'triage', ...(host === '' ? [] : ['-h', host])],
        ...['-Atc', "select 'in'"],
      ]);
      return stdout + stderr;
    };
    for (const host of ['', '127.0.0.1', 'postgres']) {
      expect(await psql(host, ''), host).to.include('no password supplied');
      expect(await psql(host, 'wrong'), host).to.include('password authentication failed');
    }
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

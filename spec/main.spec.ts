import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type TestDatabase, testDatabase } from './support/database.ts';
import { environmentOf, makeTeam, teamYaml } from './support/running-app.ts';
import { waitFor } from './support/wait-for.ts';
import { type LocalSlack, startLocalSlack } from './workspace/local-slack.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
/** PRODUCT.md: whatever is wrong is said in less than this. */
const PATIENCE_MS = 5000;

describe('the process', () => {
  let folder: string;
  let database: TestDatabase;
  let slack: LocalSlack;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'triage-main-'));
    database = await testDatabase();
    slack = await startLocalSlack();
    makeTeam(slack);
  });
  after(async () => {
    await slack.close();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  async function environment(yaml = teamYaml()): Promise<Record<string, string>> {
    const path = join(folder, 'triage.yaml');
    await writeFile(path, yaml);
    return {
      ...environmentOf(slack, database.connectionString),
      TRIAGE_CONFIG: path,
      PATH: process.env['PATH'] ?? '',
    };
  }

  function launch(env: Record<string, string>, ...args: string[]) {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env,
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
    return { child, output };
  }

  /** Runs until it ends by itself: its exit code and the lines of its standard error. */
  async function fails(
    env: Record<string, string>,
  ): Promise<{ code: number | null; lines: string[]; all: string }> {
    const { child, output } = launch(env);
    const startedAt = performance.now();
    const [code] = (await once(child, 'close')) as [number | null];
    expect(performance.now() - startedAt).to.be.below(PATIENCE_MS * 2);
    const all = output.stdout + output.stderr;
    for (const secret of [slack.botToken, slack.appToken]) expect(all).to.not.include(secret);
    expect(all).to.not.match(/^\s+at .*:\d+/m);
    return { code, lines: output.stderr.split('\n').filter((line) => line !== ''), all };
  }

  it('says in one line a variable which tokens are missing, and exits with 78', async () => {
    const { SLACK_APP_TOKEN: _a, SLACK_BOT_TOKEN: _b, ...env } = await environment();

    const { code, lines } = await fails(env);

    expect(code).to.equal(78);
    expect(lines).to.have.length(2);
    expect(lines[0]).to.include('SLACK_APP_TOKEN');
    expect(lines[1]).to.include('SLACK_BOT_TOKEN');
  });

  it('exits with 78 for a token that Slack does not accept', async () => {
    const { code, lines } = await fails({ ...(await environment()), SLACK_BOT_TOKEN: 'xoxb-1-wrong' });

    expect(code).to.equal(78);
    expect(lines.join('\n')).to.include('SLACK_BOT_TOKEN');
  });

  it('names the line of each of four mistakes in the YAML, and exits with 78', async () => {
    const yaml =
      'queues:\n  - name: it\n    triage_chanel: "#triage-it"\n    rotation: []\n    holidays: [2026-12-25]\n    close_after: soon\n';

    const { code, lines } = await fails(await environment(yaml));

    expect(code).to.equal(78);
    expect(lines.length).to.be.at.least(4);
    for (const line of lines) expect(line).to.match(/triage\.yaml:\d+: /);
  });

  it('names channels and people that Slack does not know, all in one go, and exits with 78', async () => {
    const yaml = teamYaml().replace('#triage-it', '#triage-itt').replace('@lea', '@leah');

    const { code, lines } = await fails(await environment(yaml));

    expect(code).to.equal(78);
    expect(lines).to.have.length(2);
    expect(lines.join('\n')).to.include('#triage-it').and.include('@lea');
  });

  it('exits with 1 for a database that cannot be reached, naming where it looked', async () => {
    const { code, lines } = await fails({
      ...(await environment()),
      DATABASE_URL: 'postgresql://triage:hush@127.0.0.1:1/triage',
    });

    expect(code).to.equal(1);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include('127.0.0.1:1').and.not.include('hush');
  });

  it('exits with 1 for a taken port, naming HEALTH_PORT', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';

    const { code, lines } = await fails({ ...(await environment()), HEALTH_PORT: port });
    server.close();

    expect(code).to.equal(1);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include('HEALTH_PORT').and.include(port);
  });

  it('says what is wrong with the environment and with the YAML in one go', async () => {
    const { SLACK_APP_TOKEN: _, ...env } = await environment('queues: []\n');

    const { code, lines } = await fails(env);

    expect(code).to.equal(78);
    expect(lines[0]).to.include('SLACK_APP_TOKEN');
    expect(lines[1]).to.match(/triage\.yaml:1: /);
  });

  it('says that Slack does not answer when it is asked to check the configuration only', async () => {
    const { child, output } = launch(
      { ...(await environment()), SLACK_API_URL: 'http://127.0.0.1:1/api/' },
      'check-config',
    );

    const [code] = (await once(child, 'close')) as [number | null];

    expect(code).to.equal(1);
    expect(output.stderr).to.match(/^Slack does not answer at http:\/\/127\.0\.0\.1:1\/api\/ .*\n$/);
  });

  it('checks the configuration and does nothing else when asked to', async () => {
    const { child, output } = launch(await environment(), 'check-config');

    const [code] = (await once(child, 'close')) as [number | null];

    expect(code).to.equal(0);
    expect(output.stdout).to.include('fits this workspace: it');
  });

  it('drains and exits with 0 at the first SIGTERM', async () => {
    const { child, output } = launch({ ...(await environment()), LOG_LEVEL: 'info' });
    await waitFor(() => output.stdout.includes('TrIAge runs'), 'the start', 15_000);

    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number | null];

    expect(code).to.equal(0);
    expect(output.stderr).to.equal('');
  });

  it('loses nothing by SIGKILL: what came before it is finished after the next start', async () => {
    const first = launch(await environment());
    await slack.waitFor(() => slack.socket.open().length > 0, 'a socket', 15_000);
    const { uli } = { uli: [...slack.world.people.values()].find(({ name }) => name === 'uli')! };
    slack.dm(uli, 'My headset is broken');
    await slack.waitFor(() => slack.acks().length > 0, 'the acknowledgement');
    first.child.kill('SIGKILL');
    await once(first.child, 'close');

    const second = launch(await environment());
    const triage = [...slack.world.channels.values()].find(({ name }) => name === 'triage-it')!;
    await slack.waitFor(
      () => triage.messages.some((message) => message.user === slack.botUserId),
      'the card',
      40_000,
    );
    second.child.kill('SIGTERM');
    await once(second.child, 'close');

    expect(
      triage.messages.filter((message) => (message.thread_ts ?? message.ts) === message.ts),
    ).to.have.length(1);
  }).timeout(60_000);
});

import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { type App, createApp } from '../src/app.ts';
import { systemClock } from '../src/clock.ts';
import { parseTriageFile } from '../src/config/triage-file.ts';
import { loadConfig } from '../src/config.ts';
import { captureLogger } from './support/capture-logger.ts';
import { type TestDatabase, testDatabase } from './support/database.ts';
import { environmentOf, makeTeam, teamYaml } from './support/running-app.ts';
import { stressService } from './support/stress-service.ts';
import { waitFor } from './support/wait-for.ts';
import { type LocalSlack, startLocalSlack } from './workspace/local-slack.ts';

describe('the daemon, starting and stopping', function () {
  this.timeout(60_000);
  let slack: LocalSlack;
  let database: TestDatabase;
  let app: App | undefined;
  const logger = captureLogger();

  before(async () => {
    // Connections that idle for longer would be taken for left over.
    slack = await startLocalSlack({ keepAliveMs: 1000 });
    makeTeam(slack);
    database = await testDatabase();
  });
  afterEach(async () => {
    slack.unreachable(false);
    await app?.stop();
  });
  after(async () => {
    await slack.close();
    await database.drop();
  });

  function make(overrides: Record<string, string> = {}): App {
    app = createApp({
      config: loadConfig({ ...environmentOf(slack, database.connectionString), ...overrides }),
      triageFile: parseTriageFile(teamYaml(), 'triage.yaml'),
      clock: systemClock,
      logger,
    });
    return app;
  }

  async function ask(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
    const { host, port } = app?.address() ?? { host: '', port: 0 };
    const response = await fetch(`http://${host}:${port}${path}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  const ready = (): Promise<unknown> =>
    waitFor(async () => (await ask('/ready')).status === 200, 'the daemon to be ready', 20_000);

  it('keeps trying while Slack cannot be reached: alive, not ready, and ready once it can be', async () => {
    slack.unreachable();
    const starting = make().start();
    await waitFor(() => app?.address() !== undefined, 'the health listener');
    await waitFor(
      () => logger.lines.some(({ message }) => message === 'Slack does not answer; trying on'),
      'the warning',
    );

    expect((await ask('/health')).status).to.equal(200);
    expect((await ask('/ready')).status).to.equal(503);
    slack.unreachable(false);
    await starting;
    await ready();
  });

  it('can be stopped while it waits for Slack', async () => {
    slack.unreachable();
    const starting = make()
      .start()
      .catch(() => 'ended');
    await waitFor(() => app?.address() !== undefined, 'the health listener');
    await app?.stop();

    expect(await starting).to.equal('ended');
    expect(app?.address()).to.equal(undefined);
  });

  it('is not ready while Slack refuses the bot token, names why, and is again once it takes it', async () => {
    await make().start();
    await ready();
    slack.refuseToken('bot', 'token_revoked');
    const uli = [...slack.world.people.values()].find(({ name }) => name === 'uli')!;
    slack.dm(uli, 'Nobody hears me');
    await waitFor(async () => (await ask('/ready')).status === 503, '503', 20_000);

    expect((await ask('/ready')).body['inbox']).to.include({ ok: false, token: 'token_revoked' });
    expect((await ask('/health')).status).to.equal(200);
    slack.refuseToken('bot', undefined);
    await ready();
    const triage = [...slack.world.channels.values()].find(({ name }) => name === 'triage-it')!;
    await slack.waitFor(() => triage.messages.length > 0, 'the card after all', 30_000);
  });

  it('is not ready while no socket says hello, and says why', async () => {
    await make().start();
    await ready();
    slack.socket.linkDisabled();
    await waitFor(async () => (await ask('/ready')).status === 503, '503', 20_000);

    expect((await ask('/ready')).body['slack']).to.include({ ok: false, state: 'link_disabled' });
  });

  it('starts and stops in any order', async () => {
    slack.socket.linkDisabled(false);
    await stressService(() => make(), {
      rounds: 4,
      patienceMs: 8000,
      whenStarted: async () => expect((await ask('/health')).status).to.equal(200),
    });
  });
});

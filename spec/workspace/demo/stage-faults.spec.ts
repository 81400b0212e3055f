import { readdir, readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { waitFor } from '../../support/wait-for.ts';
import { type Stage, WishError } from '../face/stage.ts';
import type { TroubleKind } from '../face/wire.ts';
import { textOf } from '../text-of.ts';
import { openFaultsStage } from './stage-faults.ts';

const PATIENCE_MS = 60_000;

describe('the show in which things break', function () {
  this.timeout(180_000);
  let stage: Stage;

  before(async () => {
    stage = await openFaultsStage();
    await isUp();
  });
  after(() => stage.close());

  const isUp = (): Promise<unknown> =>
    stage.slack.waitFor(
      () => stage.seen().isUp && stage.seen().isAt === null,
      'TrIAge to be up',
      PATIENCE_MS,
    );
  const turn = (lasting: TroubleKind, on: boolean): Promise<void> => stage.trouble({ lasting, on });

  function channel(name: string) {
    const found = [...stage.slack.world.channels.values()].find((each) => each.name === name);
    if (found === undefined) throw new Error(`there is no #${name}`);
    return found;
  }

  function asks(words: string): void {
    const uli = [...stage.slack.world.people.values()].find(({ name }) => name === 'uli');
    stage.slack.say(uli?.id ?? '', channel('help-it'), words);
  }

  const cards = (words: string): number =>
    channel('triage-it').messages.filter(
      (one) =>
        one.user === stage.slack.botUserId && one.metadata !== undefined && textOf(one).includes(words),
    ).length;
  const isCarded = (words: string): Promise<unknown> =>
    stage.slack.waitFor(() => cards(words) > 0, `the card of “${words}”`, PATIENCE_MS);

  async function lineOf(wish: Parameters<Stage['trouble']>[0]): Promise<string> {
    const error: unknown = await stage.trouble(wish).catch((each: unknown) => each);
    return error instanceof WishError ? error.message : `not refused: ${String(error)}`;
  }

  /** Of the daemon of this very show, which is told where Slack is by its environment. */
  async function pidOfDaemon(): Promise<number> {
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      if (command.includes('src/main.ts') && environment.includes(`SLACK_API_URL=${stage.slack.apiUrl}`))
        return Number(pid);
    }
    throw new Error('the daemon does not run');
  }

  it('drops and refreshes sockets, and loses nothing', async () => {
    const [first = 0] = stage.slack.socket.open();
    await stage.trouble({ once: 'dropSocket' });
    asks('One socket is gone');
    await isCarded('One socket is gone');
    expect(stage.slack.socket.open()).not.to.include(first);

    const opened = stage.slack.socket.opened;
    await stage.trouble({ once: 'refreshSocket' });
    await stage.slack.waitFor(() => stage.slack.socket.opened > opened, 'the next socket', PATIENCE_MS);
    asks('One socket was refreshed');
    await isCarded('One socket was refreshed');
  });

  it('kills TrIAge and starts it again at once', async () => {
    const killed = await pidOfDaemon();
    await stage.trouble({ once: 'killDaemon' });
    asks('TrIAge was killed');

    await isCarded('TrIAge was killed');
    expect(await pidOfDaemon()).not.to.equal(killed);
    await isUp();
  });

  it('stops TrIAge, refuses to kill what does not run, and starts it again', async () => {
    await turn('daemonStopped', true);
    expect(stage.seen()).to.deep.include({
      isUp: false,
      isAt: 'TrIAge is stopped',
      troubles: ['daemonStopped'],
    });
    expect(stage.health()).to.equal(null);
    expect(await lineOf({ once: 'killDaemon' })).to.include('start it first');
    expect(await lineOf({ once: 'dropSocket' })).to.include('no socket');
    asks('TrIAge was away');

    await turn('daemonStopped', false);
    await isCarded('TrIAge was away');
    expect(stage.seen().troubles).to.deep.equal([]);
    await isUp();
  });

  it('says that TrIAge ended by itself, and can start it again', async () => {
    process.kill(await pidOfDaemon(), 'SIGKILL');
    await waitFor(
      () => stage.seen().isAt === 'TrIAge ended by itself (SIGKILL)',
      'what happened to be shown',
    );
    expect(stage.seen().troubles).to.deep.equal(['daemonStopped']);

    await turn('daemonStopped', false);
    await isUp();
    expect(stage.seen().troubles).to.deep.equal([]);
  });

  it('stops PostgreSQL and brings it back, though TrIAge was started in between', async () => {
    await turn('postgresStopped', true);
    expect(stage.seen().troubles).to.deep.equal(['postgresStopped']);
    expect(stage.database()).to.equal(null);
    await turn('daemonStopped', true);
    await turn('daemonStopped', false);
    expect(stage.seen().isAt).to.equal('starting TrIAge');
    asks('There is no database');

    await turn('postgresStopped', false);

    // Without its database it ends after a few seconds, unless that was quicker.
    await stage.slack.waitFor(
      () => stage.seen().isUp || stage.seen().troubles.length > 0,
      'an end',
      PATIENCE_MS,
    );
    if (!stage.seen().isUp) await turn('daemonStopped', false);
    await isCarded('There is no database');
    expect(stage.database()).not.to.equal(null);
    await isUp();
  });

  it('slows Slack down, and takes it away', async () => {
    await turn('slowSlack', true);
    asks('Slack is slow');
    await isCarded('Slack is slow');
    const began = performance.now();
    await fetch(`${stage.slack.apiUrl}auth.test`, { method: 'POST' });
    expect(performance.now() - began).to.be.above(1900);
    await turn('slowSlack', false);
    expect(stage.seen().troubles).to.deep.equal([]);

    await turn('slackUnreachable', true);
    await stage.slack.waitFor(() => !stage.seen().isUp, 'the sockets to be gone', PATIENCE_MS);
    asks('Slack is away');
    await turn('slackUnreachable', false);
    expect(stage.seen().isAt).to.equal('TrIAge is connecting to Slack again');
    await isCarded('Slack is away');
    expect(stage.seen().isAt).to.equal(null);
  });

  it('has said nothing twice', () => {
    for (const words of ['One socket is gone', 'TrIAge was killed', 'TrIAge was away', 'Slack is away'])
      expect(cards(words), words).to.equal(1);
  });
});

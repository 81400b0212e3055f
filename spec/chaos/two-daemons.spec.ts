import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { systemClock } from '../../src/clock.ts';
import { createConnectionSet } from '../../src/socket/connection-set.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { type AppDaemon, type Daemons, daemonsOver } from '../support/daemons.ts';
import { waitFor } from '../support/wait-for.ts';
import { textOf } from '../workspace/text-of.ts';

/** An urgent request climbs its ladder in seconds. */
const TIMES = '    ladder: { urgent: [1s, 2s, 3s, 4s], normal: [1h, 2h, 3h, 4h] }';
/** Slack's minute, in a second. */
const SOON = { signMs: 50, settleMs: 300, apartMs: 400, againMs: 600, knownAgainMs: 600 };

describe('two daemons over one database', function () {
  this.timeout(40_000);
  let daemons: Daemons;
  let one: AppDaemon;
  let other: AppDaemon;

  before(async () => {
    // Both at the same moment, on a database without a table.
    daemons = await daemonsOver({
      migrated: false,
      times: TIMES,
      counting: SOON,
      // Renewed connections are still read for half a minute, and here are renewed twice a second.
      slack: { maxConnections: 100 },
    });
    [one, other] = [daemons.inThisProcess(), daemons.inThisProcess()];
    await Promise.all([one.start(), other.start()]);
    await waitFor(() => daemons.slack.socket.open().length === 4, 'all sockets');
  });
  after(() => daemons.close());

  const handledBy = ({ logger }: AppDaemon): number =>
    logger.lines.filter(({ message }) => message === 'event handled').length;

  it('start at the same moment on an empty database', async () => {
    for (const daemon of [one, other]) expect((await daemon.ready()).ok).to.equal(true);
    const applied = [one, other].map(({ logger }) =>
      logger.lines
        .filter(({ message }) => message === 'migrated the database')
        .map(({ meta }) => meta['version']),
    );

    expect(applied.flat()).to.have.length(new Set(applied.flat()).size);
    expect(applied.flat()).to.not.have.length(0);
    for (const { logger } of [one, other])
      expect(logger.lines.filter(({ level }) => level === 'warn' || level === 'error')).to.deep.equal([]);
  });

  it('share the events, one card for each request and each thing said once', async () => {
    const { slack, team } = daemons;
    const words = Array.from({ length: 30 }, (_, n) => `Shared request ${n}.`);
    for (const [n, text] of words.entries())
      if (n % 2 === 0) slack.say(team.uli, team.help, text);
      else slack.dm(team.zoe, text);
    // DMs that follow each other within minutes are one request.
    await daemons.settled();

    for (const text of words.filter((_, n) => n % 2 === 0)) expect(daemons.cards(text), text).to.equal(1);
    expect(daemons.cards('Shared request 1.')).to.equal(1);
    expect(daemons.saidTwice()).to.deep.equal([]);
    expect(handledBy(one)).to.be.at.least(10);
    expect(handledBy(other)).to.be.at.least(10);
  });

  it('let one of two people win who press over both at once, and tell the other', async () => {
    const { slack, team } = daemons;
    for (let round = 0; round < 5; round += 1) {
      const text = `Contested request ${round}.`;
      slack.say(team.uli, team.help, text);
      const card = await slack.waitFor(
        () => slack.messages(team.triage).find((message) => textOf(message).includes(text)),
        'the card',
      );
      await daemons.settled();
      const ref = { channel: team.triage.id, ts: card.ts };
      const told = slack.ephemerals(team.ana).length + slack.ephemerals(team.ben).length;
      await Promise.all([slack.press(team.ana, ref, 'Take it'), slack.press(team.ben, ref, 'Take it')]);
      await daemons.settled();

      const shown = textOf(slack.world.channel(team.triage.id).byTs.get(card.ts)!).toLowerCase();
      expect(shown).to.match(/\*owner\*\n\u2060?(ana|ben)/);
      expect(slack.ephemerals(team.ana).length + slack.ephemerals(team.ben).length).to.equal(told + 1);
    }
  });

  it('fire each timer once', async () => {
    const { slack, team } = daemons;
    const words = ['Smoke in the server room', 'Smoke in the kitchen', 'Smoke in the lift'];
    for (const text of words) slack.say(team.uli, team.help, `🔴 ${text}`);
    const escalated = (): number =>
      slack.messages(team.managers).filter(({ user }) => user === slack.botUserId).length;
    await slack.waitFor(() => escalated() === 3, 'all three to be escalated', 30_000);
    await daemons.settled();

    for (const text of words) {
      const asked = [team.ana, team.ben].map(
        (who) => slack.messages(slack.dmOf(who)).filter((message) => textOf(message).includes(text)).length,
      );
      expect(asked, text).to.deep.equal([1, 1]);
    }
    expect(
      slack.messages(team.triage).filter((message) => textOf(message).includes('Can you find somebody')),
    ).to.have.length(3);
    expect(escalated()).to.equal(3);
    expect(daemons.saidTwice()).to.deep.equal([]);
  });

  it('take neither for foreign, nor what is left of one that was restarted', async () => {
    const { slack, team } = daemons;
    for (let round = 0; round < 3; round += 1) {
      await (round % 2 === 0 ? one : other).stop();
      slack.say(team.uli, team.help, `Asked of the other ${round}.`);
      await (round % 2 === 0 ? one : other).start();
    }
    await waitFor(() => slack.socket.open().length >= 4, 'all sockets');
    const opened = slack.socket.opened;
    await waitFor(() => slack.socket.opened > opened, 'a count that was asked for again');
    await daemons.settled();
    for (let round = 0; round < 3; round += 1)
      expect(daemons.cards(`Asked of the other ${round}.`)).to.equal(1);

    for (const daemon of [one, other]) {
      const { parts } = await daemon.ready();
      expect(parts['slack']).to.include({ foreign: 0, otherDaemons: 1 });
      // Not in all the seconds of the specs before, either: three counts take two.
      expect(daemon.logger.lines.map(({ message }) => message)).to.not.include(
        'Other connections use this app token and take a share of the events',
      );
    }
    expect(slack.lost()).to.deep.equal([]);
    expect(await daemons.acknowledgedAndLost()).to.deep.equal([]);
  });

  it('name a foreign daemon in /ready and once in the log, and say when it is gone', async () => {
    const { slack } = daemons;
    const foreign = createConnectionSet({
      appToken: slack.appToken,
      apiUrl: slack.apiUrl,
      connections: 1,
      accept: (_, acknowledge) => acknowledge(),
      clock: systemClock,
      logger: captureLogger(),
    });
    await foreign.start();
    await waitFor(() => foreign.status().sockets === 1, 'the foreign socket');
    // Slack renews its connections every few hours: the next hello tells.
    slack.socket.refresh(undefined, 300);
    const foreignSeenBy = async (daemon: AppDaemon): Promise<unknown> =>
      (await daemon.ready()).parts['slack']?.['foreign'];
    try {
      for (const daemon of [one, other])
        await waitFor(async () => (await foreignSeenBy(daemon)) === 1, 'the foreign one in /ready', 20_000);
      expect((await one.ready()).ok, 'it can do its job').to.equal(true);
    } finally {
      await foreign.stop();
    }
    for (const daemon of [one, other]) {
      await waitFor(async () => (await foreignSeenBy(daemon)) === 0, 'the foreign one to be gone', 20_000);
      expect(
        daemon.logger.lines.filter(({ message }) => message.startsWith('Other connections use')),
      ).to.have.length(1);
    }
  });
});

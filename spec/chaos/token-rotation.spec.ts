import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { type Daemons, daemonsOver, type ProcessDaemon } from '../support/daemons.ts';
import { waitFor } from '../support/wait-for.ts';

const BETWEEN_MS = 200;
/** The talk slows down, or a busy machine would be given ever more while it restarts. */
const SLOWER_MS = 20;
/** A post that was under way is looked for 20 s later, before it is sent again. */
const SETTLE_MS = 60_000;

/** As docs/operating.md has it, with Slack's tokens in files. */
describe('tokens that are rotated while people write', function () {
  this.timeout(120_000);
  let daemons: Daemons;
  let words: string[];
  let running: readonly ProcessDaemon[];

  beforeEach(async () => {
    words = [];
    // Slack keeps nothing for a daemon that is not there.
    daemons = await daemonsOver({
      hasTokenFiles: true,
      slack: { retryDelaysMs: [0, 300, 1000], offline: 'lose' },
    });
  });
  afterEach(() => daemons.close());

  async function run(count: number): Promise<readonly ProcessDaemon[]> {
    const all = Array.from({ length: count }, () => daemons.inItsOwnProcess());
    running = all;
    await Promise.all(all.map((one) => one.start()));
    await waitFor(() => daemons.slack.socket.open().length === 2 * count, 'all sockets');
    return all;
  }

  /** uli asks all the while, and for a little longer. */
  async function talkWhile(work: () => Promise<void>): Promise<void> {
    let isOver = false;
    const talking = (async () => {
      for (let more = 5; more > 0; more -= isOver ? 1 : 0) {
        words.push(`Asked amid a rotation ${words.length}.`);
        daemons.slack.say(daemons.team.uli, daemons.team.help, words.at(-1)!);
        await sleep(BETWEEN_MS + SLOWER_MS * words.length);
      }
    })();
    await work().finally(() => (isOver = true));
    await talking;
  }

  async function restart(daemon: ProcessDaemon): Promise<void> {
    expect(await daemon.stop(), daemon.log().slice(-1000)).to.equal(0);
    await daemon.start();
  }

  /** A new one in its file. */
  async function issue(kind: 'app' | 'bot'): Promise<string> {
    const token = daemons.slack.issueToken(kind);
    await daemons.writeToken(kind, token);
    return token;
  }

  /** Whoever has something to say notices. */
  const isRefused = (all: readonly ProcessDaemon[]): Promise<unknown> =>
    waitFor(async () => {
      const found = await Promise.all(all.map((one) => one.ready()));
      return found.some(({ parts }) =>
        ['inbox', 'outbox'].some((part) => parts[part]?.['token'] === 'token_revoked'),
      );
    }, '/ready to name the token');

  async function expectEachOnce(): Promise<void> {
    await waitFor(
      async () => {
        const { rows } = await daemons.database.pool.query('select 1 from requests');
        return rows.length >= words.length;
      },
      'all that was missed to be read',
      SETTLE_MS,
    );
    await daemons.settled(SETTLE_MS);
    expect(words.length).to.be.at.least(8);
    expect(words.filter((text) => daemons.cards(text) !== 1)).to.deep.equal([]);
    expect(daemons.saidTwice()).to.deep.equal([]);
    expect(await daemons.acknowledgedAndLost()).to.deep.equal([]);
    for (const one of running) expect((await one.ready()).ok).to.equal(true);
  }

  /** New sockets are opened, with the token that is valid now. */
  async function refreshes(all: readonly ProcessDaemon[]): Promise<void> {
    const { opened } = daemons.slack.socket;
    daemons.slack.socket.refresh();
    await waitFor(() => daemons.slack.socket.opened >= opened + 2 * all.length, 'new sockets', 20_000);
    for (const daemon of all) expect((await daemon.ready()).ok).to.equal(true);
  }

  it('lose nothing with one daemon: the app token, whose next one is valid beside it', async () => {
    const [only] = (await run(1)) as [ProcessDaemon];
    await talkWhile(async () => {
      await issue('app');
      await restart(only);
      daemons.slack.revokeToken(daemons.slack.appToken);
      await refreshes([only]);
    });
    await expectEachOnce();
    // What was written during the restart was told to nobody.
    expect(daemons.slack.lost()).to.not.have.length(0);
  });

  it('lose nothing with one daemon: the bot token, refused before there is another', async () => {
    const [only] = (await run(1)) as [ProcessDaemon];
    await talkWhile(async () => {
      daemons.slack.revokeToken(daemons.slack.botToken);
      await isRefused([only]);
      await issue('bot');
      await restart(only);
    });
    await expectEachOnce();
  });

  it('are noticed by nobody with two daemons that are restarted one after the other', async () => {
    const all = await run(2);
    await talkWhile(async () => {
      await issue('app');
      for (const one of all) await restart(one);
      daemons.slack.revokeToken(daemons.slack.appToken);
      await refreshes(all);
    });
    await expectEachOnce();
    const late = daemons.slack
      .deliveries()
      .filter(({ attempt, outcome }) => attempt > 1 || outcome === 'timeout');
    expect(late).to.deep.equal([]);

    await talkWhile(async () => {
      daemons.slack.revokeToken(daemons.slack.botToken);
      await isRefused(all);
      await issue('bot');
      for (const one of all) await restart(one);
    });
    await expectEachOnce();
  });
});

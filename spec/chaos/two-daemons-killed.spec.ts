import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type Daemons, daemonsOver, type ProcessDaemon } from '../support/daemons.ts';
import { waitFor } from '../support/wait-for.ts';

/** A lease of the inbox, a sweep, and what a busy machine adds. */
const TAKEN_UP_MS = 10_000;

describe('two daemons, one of which is killed', function () {
  this.timeout(90_000);
  let daemons: Daemons;
  let one: ProcessDaemon;
  let other: ProcessDaemon;

  before(async () => {
    daemons = await daemonsOver({ slack: { retryDelaysMs: [0, 300, 1000] } });
    [one, other] = [daemons.inItsOwnProcess(), daemons.inItsOwnProcess()];
    await Promise.all([one.start(), other.start()]);
    await waitFor(() => daemons.slack.socket.open().length === 4, 'all sockets');
  });
  after(() => daemons.close());

  async function pending(): Promise<number> {
    const { rows } = await daemons.database.pool.query<{ n: number }>(
      'select count(*)::integer as n from inbox where done_at is null',
    );
    return rows[0]?.n ?? -1;
  }

  /** Somebody asks for each of these; `meanwhile` begins in the middle of it. */
  async function askWhile(words: readonly string[], meanwhile: () => Promise<unknown>): Promise<void> {
    const { slack, team } = daemons;
    let done: Promise<unknown> | undefined;
    for (const [n, text] of words.entries()) {
      slack.say(team.uli, team.help, text);
      if (n === Math.floor(words.length / 2)) {
        await slack.waitFor(() => slack.acks().length > 0, 'an acknowledgement');
        done = meanwhile();
      }
      await new Promise(setImmediate);
    }
    await done;
  }

  function expectEachOnce(words: readonly string[]): void {
    for (const text of words) expect(daemons.cards(text), text).to.equal(1);
    expect(daemons.saidTwice()).to.deep.equal([]);
    expect(daemons.slack.lost()).to.deep.equal([]);
  }

  it('go on with its work within seconds, whichever it is, and nothing is lost or said twice', async () => {
    const words = Array.from({ length: 40 }, (_, n) => `Asked amid a death ${n}.`);
    for (const [victim, half] of [
      [one, words.slice(0, 20)],
      [other, words.slice(20)],
    ] as const) {
      await askWhile(half, () => victim.kill());
      const at = performance.now();
      await waitFor(
        async () => daemons.slack.unsettled() === 0 && (await pending()) === 0,
        'the work to be taken up',
        TAKEN_UP_MS,
      );
      expect(performance.now() - at).to.be.below(TAKEN_UP_MS);
      await victim.start();
    }
    // A post that was under way at the kill is looked for 20 s later, before it is sent again.
    await daemons.settled(60_000);

    expectEachOnce(words);
    expect(await daemons.acknowledgedAndLost()).to.deep.equal([]);
  });

  it('are restarted one after the other in good order, and nobody notices', async () => {
    const { slack, team } = daemons;
    const earlier = slack.deliveries().length;
    const words: string[] = [];
    const over = new AbortController();
    const talking = (async () => {
      while (!over.signal.aborted) {
        words.push(`Asked amid a restart ${words.length}.`);
        slack.say(team.uli, team.help, words.at(-1)!);
        const at = performance.now();
        await waitFor(() => performance.now() - at > 40, 'the next to speak');
      }
    })();
    for (const daemon of [one, other]) {
      expect(await daemon.stop()).to.equal(0);
      await daemon.start();
    }
    over.abort();
    await talking;
    await daemons.settled();

    expect(words.length).to.be.at.least(20);
    expectEachOnce(words);
    expect(await daemons.acknowledgedAndLost()).to.deep.equal([]);
    // What a daemon had not acknowledged when it left came to the other at once.
    const late = slack
      .deliveries()
      .slice(earlier)
      .filter(({ attempt, outcome }) => attempt > 1 || outcome === 'timeout');
    expect(late).to.deep.equal([]);
    for (const daemon of [one, other]) {
      const { ok, parts } = await daemon.ready();
      expect(ok).to.equal(true);
      expect(parts['slack']).to.include({ foreign: 0 });
    }
  });
});

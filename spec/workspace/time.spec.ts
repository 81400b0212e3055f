import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { TestClock } from 'pg-boss';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { waitFor } from '../support/wait-for.ts';
import { textOf } from './text-of.ts';
import { createTime, type Time } from './time.ts';
import type { Message } from './wire.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describe('the time of the local workspace', function () {
  this.timeout(60_000);
  const clock = new TestClock('2026-01-05T09:00:00Z');
  let running: RunningApp;
  let time: Time;

  before(async () => {
    running = await runningApp({ clock });
    time = createTime({ clock, slack: running.slack, pool: () => running.database.pool });
  });
  after(async () => {
    await time.close();
    await running.stop();
  });

  const at = ({ ts }: Message): number => Math.floor(Number(ts) * 1000);

  /** What the bot said of a request outside of its card and thread, oldest first: when, and where. */
  function chased(number: number): readonly { readonly atMs: number; readonly where: string }[] {
    const { slack, team } = running;
    const places: Readonly<Record<string, string>> = {
      [slack.dmOf(team.ana)]: 'duty or next',
      [slack.dmOf(team.ben)]: 'duty or next',
      [team.managers.id]: 'escalation',
    };
    return Object.entries(places)
      .flatMap(([channel, where]) =>
        slack
          .messages(channel)
          .filter((one) => one.user === slack.botUserId && textOf(one).includes(`#${number}`))
          .map((one) => ({ atMs: at(one), where })),
      )
      .sort((a, b) => a.atMs - b.atMs);
  }

  async function ask(words: string): Promise<{ readonly number: number; readonly askedAt: number }> {
    const { slack, team } = running;
    const ts = slack.say(team.uli, team.help, words);
    const card = await running.cardOf(words);
    await running.settled();
    return { number: running.numberOf(card), askedAt: Math.floor(Number(ts) * 1000) };
  }

  it('goes from one due thing to the next: a whole ladder, each step at its own time, each once', async () => {
    const { number, askedAt } = await ask('Nobody takes this');

    await time.skipTo(askedAt + 3 * DAY_MS);

    const steps = chased(number);
    expect(steps.map(({ where }) => where)).to.deep.equal(['duty or next', 'duty or next', 'escalation']);
    for (const [nth, hours] of [1, 2, 24].entries()) {
      const lateMs = (steps[nth]?.atMs ?? 0) - (askedAt + hours * HOUR_MS);
      expect(lateMs, `step ${nth}`).to.be.within(0, 100);
    }
    expect(time.now()).to.equal(askedAt + 3 * DAY_MS);
  });

  it('keeps the order of two requests whose steps are due in turns', async () => {
    const first = await ask('The first of two');
    await time.skipTo(time.now() + 30 * MINUTE_MS);
    const second = await ask('The second of two');

    await time.skipTo(time.now() + 4 * HOUR_MS);

    const all = [first, second].flatMap(({ number }) => chased(number).map(({ atMs }) => ({ number, atMs })));
    expect(all.sort((a, b) => a.atMs - b.atMs).map(({ number }) => number)).to.deep.equal([
      first.number,
      second.number,
      first.number,
      second.number,
    ]);
  });

  it('goes on while a channel takes nothing, and what waits there is said once it does', async () => {
    const { slack, team } = running;
    slack.faultPlan(({ method, args }) =>
      method === 'chat.postMessage' && args['channel'] === team.help.id
        ? { kind: 'http', status: 503 }
        : undefined,
    );
    const words = ['One that waits', 'One behind it'];
    const asked = words.map((each) => slack.say(team.uli, team.help, each));
    await time.skipTo(time.now() + MINUTE_MS);
    const answers = (): number => asked.filter((ts) => slack.thread(team.help, ts).length > 1).length;
    expect(answers()).to.equal(0);

    slack.faultPlan(undefined);
    await time.skipTo(time.now() + 2 * MINUTE_MS);
    expect(answers()).to.equal(2);
  });

  it('leaves no gap behind: a skip of a week reads nothing in Slack’s history', async () => {
    const { slack } = running;
    const read = slack.countOf('conversations.history');
    const began = performance.now();

    await time.skipTo(time.now() + 7 * DAY_MS);
    // Longer than the daemon takes to see a gap.
    await waitFor(() => performance.now() - began > 2000, 'a look at what is heard');

    expect(slack.countOf('conversations.history')).to.equal(read);
    const { rows } = await running.database.pool.query('select gap_since from hearing');
    expect(rows).to.deep.equal([{ gap_since: null }]);
  });

  it('leaves none in small steps either, which the daemon’s own notes are too seldom for', async () => {
    const from = time.now();
    while (time.now() < from + 75_000) await time.skipTo(time.now() + 1500);

    const { rows } = await running.database.pool.query<{ heard_until: number }>(
      'select heard_until from hearing',
    );
    expect(time.now() - (rows[0]?.heard_until ?? 0)).to.be.below(30_000);
  });

  it('covers up no real gap: what is said while no socket is open is read afterwards', async () => {
    const { slack, team } = running;
    slack.offline('lose');
    slack.unreachable();
    await slack.waitFor(() => slack.socket.open().length === 0, 'the sockets to be gone');
    slack.say(team.uli, team.help, 'Nobody hears this');
    await time.skipTo(time.now() + HOUR_MS);
    slack.unreachable(false);
    slack.offline('queue');
    await slack.waitFor(() => slack.socket.open().length > 0, 'a socket', 20_000);

    await waitFor(
      async () => {
        await time.skipTo(time.now() + 1000);
        return running.cards().some((card) => textOf(card).includes('Nobody hears this'));
      },
      'the card of what was read',
      20_000,
    );
  });

  it('says what it waits for when nothing goes on, and stands still', async () => {
    const { slack, team, database } = running;
    const impatient = createTime({ clock, slack, pool: () => database.pool, patienceMs: 500 });
    await ask('Slack does not answer');
    slack.faultPlan(({ method }) =>
      method === 'chat.postMessage' ? { kind: 'hang', ms: 3000, when: 'before' } : undefined,
    );
    slack.say(team.uli, team.help, 'This hangs');
    const lineOf = (done: Promise<void>): Promise<string> =>
      done.then(
        () => 'it went on',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
    try {
      expect(await lineOf(impatient.skipTo(time.now() + HOUR_MS))).to.match(
        /^time stands still at 2026-[^ ]+Z: \d+ (events|things to say) after 0\.5 s$/,
      );
      expect(impatient.skipsTo()).to.equal(null);
      expect(await lineOf(impatient.run(60))).to.include('time stands still');
      expect(impatient.speed()).to.equal(0);
    } finally {
      slack.faultPlan(undefined);
      await impatient.close();
      await running.settled();
    }
  });

  it('tells what is due next, and stops where it is', async () => {
    // What was asked earlier is chased no more.
    await time.skipTo(time.now() + 3 * DAY_MS);
    const { askedAt } = await ask('What is due next');
    // What the daemon does by itself before that, as looking back once more, is due to nobody.
    await running.database.pool.query('update hearing set gap_since = $1, read_from = $2', [
      new Date(askedAt),
      new Date(askedAt + 30_000),
    ]);
    expect(await time.nextDue()).to.equal(askedAt + HOUR_MS);

    let moved = 0;
    const stop = time.watch(() => {
      moved += 1;
      if (time.now() >= askedAt + HOUR_MS) time.stop();
    });
    await time.skipTo(askedAt + 30 * DAY_MS);
    stop();

    expect(moved).to.be.above(1);
    expect(time.now()).to.be.below(askedAt + DAY_MS);
    expect(time.skipsTo()).to.equal(null);
    const error: unknown = await time.skipTo(time.now() - 1).catch((each: unknown) => each);
    expect(error).to.be.instanceOf(RangeError);
  });

  it('runs as much faster as it is told, and halts', async () => {
    const { number, askedAt } = await ask('Time flies');
    const flown = time.run(3600);
    expect(time.speed()).to.equal(3600);
    await waitFor(() => chased(number).length === 1, 'the first step', 10_000);
    void time.run(0);
    await flown;
    await waitFor(async () => {
      const now = time.now();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return time.now() === now;
    }, 'time to stand still');

    expect((chased(number)[0]?.atMs ?? 0) - (askedAt + HOUR_MS)).to.be.within(0, 100);
  });

  it('does not hurry people: a form can be opened though hours pass each second', async () => {
    const { slack, team } = running;
    const flown = time.run(3600);
    try {
      await slack.slash(team.uli, team.help, '/triage', 'new');
      await slack.waitFor(() => slack.views(team.uli).length === 1, 'the form');
    } finally {
      void time.run(0);
      await flown;
    }
    expect(slack.userErrors()).to.deep.equal([]);
    expect(slack.complaints()).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { TestClock } from 'pg-boss';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { waitFor } from '../support/wait-for.ts';

const HOUR_MS = 60 * 60_000;

describe('/metrics on a clock that is moved by hand', function () {
  this.timeout(40_000);
  const clock = new TestClock('2026-01-05T09:00:00Z');
  let running: RunningApp;

  before(async () => {
    running = await runningApp({ clock });
  });
  after(() => running.stop());

  async function timers(): Promise<readonly number[]> {
    const now = await running.scrape();
    return [
      ...['pending', 'due', 'late'].map((state) => now.value('triage_timers', { state })),
      Math.round(now.value('triage_timers_overdue_seconds')),
    ];
  }

  it('tell which follow-ups wait, which are due, which are late, and by how much', async () => {
    const { slack, team } = running;
    expect(await timers()).to.deep.equal([0, 0, 0, 0]);
    const askedAt = clock.now();
    slack.say(team.uli, team.help, 'Nobody takes this');
    await running.cardOf('Nobody takes this');
    await running.settled();
    expect(await timers()).to.deep.equal([1, 0, 0, 0]);

    // The ladder's first step is after an hour; nothing rings until the next tick.
    await clock.setTime(askedAt + HOUR_MS + 10_000);
    expect(await timers()).to.deep.equal([0, 1, 0, 10]);
    await clock.setTime(askedAt + HOUR_MS + 40_000);
    expect(await timers()).to.deep.equal([0, 0, 1, 40]);

    await waitFor(async () => {
      await clock.tick(1000);
      const [pending, due, late] = await timers();
      return pending === 1 && due === 0 && late === 0;
    }, 'the follow-up');
  });

  it('tell what is still to be read after a gap', async () => {
    const { slack } = running;
    slack.socket.drop();
    slack.faultPlan(({ method }) =>
      method === 'conversations.history' ? { kind: 'hang', ms: 1500, when: 'before' } : undefined,
    );
    await waitFor(async () => {
      await clock.tick(1000);
      return (await running.scrape()).value('triage_catch_up_pending') > 0;
    }, 'the reading');
    slack.faultPlan(undefined);
    await waitFor(async () => {
      await clock.tick(1000);
      return (await running.scrape()).value('triage_catch_up_pending') === 0;
    }, 'its end');
    expect(slack.countOf('conversations.history')).to.be.above(0);
  });
});

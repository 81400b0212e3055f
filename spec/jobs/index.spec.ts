import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { TestClock } from 'pg-boss';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { textOf } from '../workspace/text-of.ts';
import { createTime, type Time } from '../workspace/time.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('jobs on a clock that is moved by hand', function () {
  this.timeout(40_000);
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

  const skip = (ms: number): Promise<void> => time.skipTo(time.now() + ms);

  function asked(words: string): number {
    const { slack, team } = running;
    return [team.ana, team.ben]
      .flatMap((who) => slack.messages(slack.dmOf(who)))
      .filter((one) => textOf(one).includes(words)).length;
  }

  it('climb the default ladder in hours', async () => {
    const { slack, team } = running;
    slack.say(team.uli, team.help, 'The hours of the ladder');
    await running.cardOf('The hours of the ladder');
    await running.settled();

    await skip(0.9 * HOUR_MS);
    expect(asked('The hours of the ladder')).to.equal(0);
    await skip(0.1 * HOUR_MS);
    expect(asked('The hours of the ladder')).to.equal(1);
    await skip(HOUR_MS);
    expect(asked('The hours of the ladder')).to.equal(2);
  });

  it('sweep up a request that has lost its alarm, and say so', async () => {
    const { slack, team, database, logger } = running;
    slack.say(team.uli, team.help, 'Nobody rings for this');
    await running.cardOf('Nobody rings for this');
    await running.settled();
    await database.pool.query(`delete from pgboss.job where name = 'follow-up'`);

    await skip(HOUR_MS);
    // A minute in which an alarm may still ring, and the minute of the sweep.
    await skip(2 * MINUTE_MS);

    expect(asked('Nobody rings for this')).to.equal(1);
    expect(logger.lines.map(({ message }) => message)).to.include('a follow-up had lost its alarm');
  });

  it('prune events that were done three days ago, and none that was done later', async () => {
    const { database, slack, team } = running;
    const later = clock.now();
    const count = async (which: '<' | '>='): Promise<number> => {
      const { rows } = await database.pool.query<{ n: number }>(
        `select count(*) as n from inbox where done_at ${which} $1`,
        [new Date(later)],
      );
      return rows[0]?.n ?? 0;
    };
    expect(await count('<')).to.be.above(0);
    await skip(71 * HOUR_MS);
    slack.say(team.uli, team.help, 'A later one');
    await running.cardOf('A later one');
    await running.settled();
    const kept = await count('>=');
    expect(kept).to.be.above(0);

    // Every quarter of an hour.
    const pruning = (Math.ceil(clock.now() / HOUR_MS) + 2) * HOUR_MS + 15.3 * MINUTE_MS;
    await time.skipTo(pruning);
    expect(await count('<')).to.equal(0);
    expect(await count('>=')).to.be.at.least(kept);
  });
});

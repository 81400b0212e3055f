import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { createCatchUp } from '../../src/catch-up/catch-up.ts';
import { systemClock } from '../../src/clock.ts';
import { createSlackClient } from '../../src/slack/client.ts';
import { queue } from '../support/builders.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { ask } from '../support/pressing.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { stored } from '../support/stored.ts';
import { stressService } from '../support/stress-service.ts';
import { waitFor } from '../support/wait-for.ts';
import { type LocalSlack, startLocalSlack } from '../workspace/local-slack.ts';
import { textOf } from '../workspace/text-of.ts';

describe('the catch-up as a service', function () {
  this.timeout(40_000);
  let slack: LocalSlack;
  let database: TestDatabase;
  before(async () => {
    slack = await startLocalSlack();
    database = await testDatabase();
  });
  after(async () => {
    await slack.close();
    await database.drop();
  });

  it('starts and stops in any order and leaves nothing behind', async () => {
    const logger = captureLogger();
    // All that the pool may open is open before the handles are counted.
    await Promise.all(Array.from({ length: 10 }, () => database.pool.query('select pg_sleep(0.05)')));
    const nobody = { responders: () => Promise.resolve(new Set<string>()) };
    await stressService(
      () =>
        createCatchUp({
          pool: database.pool,
          slack: createSlackClient({ botToken: slack.botToken, apiUrl: slack.apiUrl, logger }),
          directory: { members: () => Promise.resolve(new Set()) },
          desk: {
            ...nobody,
            queues: new Map(),
            defaultQueue: queue(),
            boss: {
              sendIn: () => Promise.reject(new Error('no alarm is set here')),
              cancel: () => Promise.resolve(),
            },
            wakeOutbox: () => {},
            wakeInbox: () => {},
          },
          clock: systemClock,
          logger,
          botUserId: slack.botUserId,
          wakeInbox: () => {},
          hearing: () => ({ isOpen: true, gaps: 0 }),
        }),
      { rounds: 5, patienceMs: 6000 },
    );
  });
});

describe('the catch-up in the daemon', function () {
  this.timeout(40_000);
  let running: RunningApp;

  before(async () => {
    running = await runningApp({ slack: { offline: 'lose' } });
  });
  after(() => running.stop());

  it('reads what Slack withheld once it withholds no more', async () => {
    const { slack, database } = running;
    await running.settled();
    slack.rateLimitEvents();
    await waitFor(async () => {
      const { rows } = await database.pool.query<{ wait: number }>(
        'select extract(epoch from read_from - now())::float8 as wait from hearing where gap_since is not null',
      );
      return rows[0] !== undefined && rows[0].wait > 30;
    }, 'a gap that waits for the end of the minute');
    await database.pool.query('update hearing set read_from = now()');
    await waitFor(async () => {
      const { rows } = await database.pool.query('select from hearing where gap_since is null');
      return rows.length === 1;
    }, 'the gap to be read');
  });

  it('tells in /ready what is left to read', async () => {
    const { slack, database } = running;
    slack.faultPlan(({ method }) =>
      method === 'conversations.history' ? { kind: 'http', status: 500 } : undefined,
    );
    await database.pool.query(`update hearing set gap_since = now(), read_from = now()`);
    const address = running.app().address();
    const left = async (): Promise<number> => {
      const answer = await fetch(`http://${address?.host}:${address?.port}/ready`);
      const parts = (await answer.json()) as { catch_up: { toRead: number } };
      return parts.catch_up.toRead;
    };
    await waitFor(async () => (await left()) > 0, 'something left to read');
    slack.faultPlan(undefined);
    await waitFor(async () => (await left()) === 0, 'all to be read', 20_000);
  });

  it('announces nobody what was taken before the reading ended, and tells nobody of their own', async () => {
    const { slack, team, database } = running;
    const taken = await ask(running, 'taken meanwhile');
    const ofAna = slack.say(team.ana, team.help, 'asked by whoever may be on duty');
    const own = await running.cardOf('asked by whoever');
    const third = await ask(running, 'of somebody else');
    const fourth = await ask(running, 'of yet somebody else');
    slack.react(team.ana, taken, 'eyes');
    await running.shows(taken.card, 'in progress');
    await running.settled();
    const ids = [taken.id, running.numberOf(own), third.id, fourth.id];
    await database.pool.query(
      `update requests set late = 'unannounced', opened_at = now() - interval '3 days' where id = any($1)`,
      [ids],
    );
    await waitFor(async () => {
      const { rows } = await database.pool.query(`select from requests where late = 'unannounced'`);
      return rows.length === 0;
    }, 'all to be announced');
    await running.settled();
    expect((await stored(running, taken.id)).ladder.asked).to.deep.equal([]);
    const told = [team.ana, team.ben].map((who) =>
      slack
        .messages(slack.dmOf(who))
        .map(textOf)
        .filter((text) => text.includes('Captured late')),
    );
    const summary = told.flat().join('\n');
    expect(told.flat()).to.have.lengthOf(1);
    expect(summary).not.to.include('taken meanwhile');
    expect(summary).to.include('of somebody else').and.to.include('of yet somebody else');
    const asked = (await stored(running, running.numberOf(own))).ladder.asked.map(({ user }) => user);
    expect(asked).not.to.include(team.ana.id);
    expect(ofAna).to.be.a('string');
  });
});

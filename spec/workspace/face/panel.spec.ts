import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { createPool, type Pool } from '../../../src/store/pool.ts';
import { captureLogger } from '../../support/capture-logger.ts';
import { type Facing, facing, stageOver } from '../../support/facing.ts';
import { type RunningApp, runningApp } from '../../support/running-app.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Panel } from './wire.ts';

describe('the panel', function () {
  this.timeout(40_000);
  let running: RunningApp;
  let page: Facing;
  /** To the same database by the way that can be closed. */
  let pool: Pool;
  let hasHealth = true;

  before(async () => {
    running = await runningApp({ isProxied: true });
    const { user, database } = running.database.connection;
    pool = createPool({
      connection: `postgresql://${user}@127.0.0.1:${running.proxy().port}/${database}`,
      applicationName: 'spec',
      logger: captureLogger(),
      max: 2,
    });
    page = await facing(
      stageOver(running, {
        database: () => pool,
        health: () => (hasHealth ? (running.app().address() ?? null) : null),
      }),
    );
  });
  after(async () => {
    await page.close();
    await pool.end();
    await running.stop();
  });

  const panel = (): Promise<Panel> => page.ask<Panel>('/panel');

  it('counts what waits and what is done', async () => {
    const { slack, team } = running;
    slack.say(team.uli, team.help, 'Count me in');
    await running.cardOf('Count me in');
    await running.settled();
    const seen = await panel();
    const { rows } = await running.database.pool.query<{ due: number; done: number }>(
      'select next_due_at as due, (select count(*) from inbox) as done from requests',
    );
    expect(seen.ready?.status).to.equal(200);
    expect(seen.ready?.parts).to.have.nested.property('postgres.ok', true);
    expect(seen.ready?.parts).to.have.nested.property('slack.sockets', seen.sockets);
    expect(seen.sockets).to.be.above(0);
    expect(seen.inbox).to.deep.equal({ waiting: 0, done: rows[0]?.done });
    expect(seen.outbox?.waiting).to.equal(0);
    const writes = ['chat.postMessage', 'chat.update'].reduce((sum, each) => sum + slack.countOf(each), 0);
    expect(seen.outbox?.done).to.equal(writes).and.to.be.above(1);
    expect(seen.timers).to.deep.equal({ pending: 1, nextAt: rows[0]?.due });
    expect([seen.requests, seen.doubled]).to.deep.equal([1, 0]);
    expect(seen.deliveries).to.include({ sent: slack.deliveries().length, waiting: 0, lost: 0 });
    expect(seen.deliveries.acked).to.equal(slack.acks().length);
    expect(seen.deliveries.ackP99Ms).to.be.within(0.01, 3000);
  });

  it('says of a database that is away, or silent, that it is not known, within a second', async () => {
    const proxy = running.proxy();
    const away = async (): Promise<boolean> => {
      const begun = performance.now();
      const { inbox, outbox, timers, requests, sockets } = await panel();
      expect(performance.now() - begun).to.be.below(1500);
      expect(sockets).to.be.above(0);
      return [inbox, outbox, timers, requests].every((each) => each === null);
    };
    proxy.refuse(true);
    proxy.cut();
    await waitFor(away, 'it to be away');
    proxy.refuse(false);
    await waitFor(async () => (await panel()).requests === 1, 'it to be back');
    proxy.freeze(true);
    await waitFor(away, 'it to be silent');
    proxy.freeze(false);
    await waitFor(async () => (await panel()).requests === 1, 'it to answer');
  });

  it('says nothing of a health that does not listen, and counts a message that stands twice', async () => {
    hasHealth = false;
    expect((await panel()).ready).to.equal(null);
    const { slack, team } = running;
    const card = running.cards()[0]!;
    slack.world.addMessage(team.triage, { ...card, ts: slack.world.nextTs() });
    expect((await panel()).doubled).to.equal(1);
  });
});

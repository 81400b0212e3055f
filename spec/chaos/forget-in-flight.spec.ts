import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { systemClock } from '../../src/clock.ts';
import { forgetPerson } from '../../src/jobs/forget.ts';
import type { Boss } from '../../src/queue/boss.ts';
import type { Desk } from '../../src/queue/desk.ts';
import { queue } from '../support/builders.ts';
import { ourMessagesWith, tablesWith } from '../support/marked.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { type Asked, read, type Typing, typing } from '../support/typing.ts';
import type { Fault } from '../workspace/faults.ts';

const MARK = 'xyzzy';
const REASON = 'plugh';

/** Slack takes its time over what is said by DM, and has shown it (`after`) or shows it (`before`) when that is over. */
const SLOW_MS = 2500;

describe('forgetting somebody while what shows their text is on its way to Slack', function () {
  this.timeout(60_000);
  let running: RunningApp;
  let typed: Typing;
  let asked: Asked;

  beforeEach(async () => {
    running = await runningApp();
    typed = typing(running);
    asked = await typed.ask(`${MARK} is broken`);
    await typed.slash(running.team.ana, `claim #${asked.id}`, running.team.triage);
    await running.settled();
  });
  afterEach(async () => {
    expect(running.slack.complaints()).to.deep.equal([]);
    await running.stop();
  });

  function slowDms(fault: Fault): void {
    const { slack } = running;
    slack.faultPlan(({ method, args }) =>
      method === 'chat.postMessage' && String(args['channel']).startsWith('D') ? fault : undefined,
    );
  }

  /** As the command does it, beside the daemon and without its knowledge. */
  function forget(user: { readonly id: string }): ReturnType<typeof forgetPerson> {
    const boss: Pick<Boss, 'sendIn' | 'cancel'> = {
      sendIn: () => Promise.reject(new Error('no alarm is set by forgetting')),
      cancel: () => Promise.resolve(),
    };
    const own = { ...queue(), name: 'it', triageChannel: running.team.triage.id };
    const desk: Desk = {
      queues: new Map([['it', own]]),
      defaultQueue: own,
      responders: () => Promise.resolve(new Set()),
      boss,
      wakeOutbox: () => {},
      wakeInbox: () => {},
    };
    return forgetPerson(running.database.pool, desk, user.id, systemClock);
  }

  const dmsUnderWay = (): number =>
    running.slack
      .calls()
      .filter(
        ({ method, body, status }) =>
          method === 'chat.postMessage' && String(body['channel']).startsWith('D') && status === 0,
      ).length;

  for (const when of ['before', 'after'] as const) {
    it(`leaves no word of theirs, though Slack shows it ${when} the wait`, async () => {
      const { slack, team, database } = running;
      slowDms({ kind: 'hang', ms: SLOW_MS, when });
      await typed.slash(team.ana, `assign #${asked.id} <@${team.lea.id}>`, team.triage);
      slack.dm(team.lea, 'list');
      slack.dm(team.ben, `show #${asked.id}`);
      slack.dm(team.uli, `resolve #${asked.id + 100} ${MARK}`);
      await slack.waitFor(() => dmsUnderWay() === 4, 'four lines to be on their way');

      await forget(team.uli);
      expect(dmsUnderWay(), 'it was done while they were').to.equal(4);
      slack.faultPlan(undefined);
      await running.settled();

      expect(ourMessagesWith(slack, MARK).map(read)).to.deep.equal([]);
      expect(await tablesWith(database.pool, MARK)).to.deep.equal({});
      await running.shows(asked.card, 'no longer kept', 'Lea');
    });

    it(`leaves no reason of a hold that is over, though Slack shows it ${when} the wait`, async () => {
      const { slack, team, database } = running;
      slowDms({ kind: 'hang', ms: SLOW_MS, when });
      await typed.slash(team.ana, `hold #${asked.id} until in 1s ${REASON}`, team.triage);
      await slack.waitFor(() => dmsUnderWay() === 1, 'the end of the hold to be on its way', 20_000);

      await forget(team.ana);
      expect(dmsUnderWay(), 'it was done while it was').to.equal(1);
      slack.faultPlan(undefined);
      await running.settled();

      expect(ourMessagesWith(slack, REASON).map(read)).to.deep.equal([]);
      expect(await tablesWith(database.pool, REASON)).to.deep.equal({});
      // What uli asked is nobody else's to forget.
      expect(ourMessagesWith(slack, MARK)).to.not.have.length(0);
    });
  }

  it('finds a reason that only a line of ours still shows', async () => {
    const { slack, team } = running;
    await typed.slash(team.ana, `hold #${asked.id} until in 1s ${REASON}`, team.triage);
    await slack.waitFor(() => ourMessagesWith(slack, 'It was on hold for').length === 1, 'the line', 20_000);
    await running.settled();

    await forget(team.ana);
    await running.settled();

    expect(ourMessagesWith(slack, REASON).map(read)).to.deep.equal([]);
    expect(ourMessagesWith(slack, MARK)).to.not.have.length(0);
  });

  it('leaves none that stood in Slack when its daemon was told nothing of it', async () => {
    const { slack, team, database } = running;
    slowDms({ kind: 'reset', when: 'after' });
    await typed.slash(team.ana, `assign #${asked.id} <@${team.lea.id}>`, team.triage);
    await slack.waitFor(
      () =>
        ourMessagesWith(slack, MARK).some(({ ts }) => slack.world.channel(slack.dmOf(team.lea)).byTs.has(ts)),
      'the line to stand in Slack',
    );
    slack.faultPlan(undefined);

    await forget(team.uli);
    await slack.waitFor(
      () => ourMessagesWith(slack, MARK).length === 0,
      'it to be found and deleted',
      45_000,
    );
    await running.settled();

    expect(await tablesWith(database.pool, MARK)).to.deep.equal({});
  });
});

import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { systemClock } from '../../src/clock.ts';
import { forgetPerson } from '../../src/jobs/forget.ts';
import { deskOf } from '../support/desk.ts';
import { endedAgo, ourMessagesWith, runJob, tablesWith } from '../support/marked.ts';
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
    // A call that hangs for longer than its deadline is made again after that.
    running = await runningApp({
      retention: '{ inbox: 2d, closed_text: 30d }',
      slack: { patienceMs: 30_000 },
    });
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
  function forget(
    user: { readonly id: string },
    pool = running.database.pool,
  ): ReturnType<typeof forgetPerson> {
    return forgetPerson(pool, deskOf(running), user.id, systemClock);
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

  interface Way {
    readonly what: string;
    readonly by: 'uli' | 'ana';
    readonly method: 'chat.postMessage' | 'chat.update';
    /** What is to be there before Slack becomes slow. */
    readonly prepare?: () => Promise<unknown>;
    readonly send: (asked: Asked) => unknown;
  }

  let dm: Asked;
  const ways: readonly Way[] = [
    {
      what: 'a card',
      by: 'uli',
      method: 'chat.postMessage',
      send: () => running.slack.say(running.team.uli, running.team.help, `${MARK} once more`),
    },
    {
      what: 'a card’s edit',
      by: 'uli',
      method: 'chat.update',
      send: ({ ts }) =>
        running.slack.edit(running.team.uli, { channel: running.team.help.id, ts }, `${MARK} edited`),
    },
    {
      what: 'a copy of what they wrote',
      by: 'uli',
      method: 'chat.postMessage',
      prepare: async () => (dm = await typed.askByDm(`${MARK} by DM`)),
      send: () => running.slack.dm(running.team.uli, `${MARK}, says uli`, { threadTs: dm.ts }),
    },
    {
      what: 'an edit of that copy',
      by: 'uli',
      method: 'chat.update',
      prepare: async () => {
        const { slack, team } = running;
        dm = await typed.askByDm(`${MARK} by DM`);
        const ts = slack.dm(team.uli, `${MARK}, says uli`, { threadTs: dm.ts });
        await slack.waitFor(
          () => typed.threadText(team.triage, dm.card.ts).includes('says uli'),
          'a copy under the card',
        );
        await running.settled();
        dm = { ...dm, ts };
      },
      send: () =>
        running.slack.edit(
          running.team.uli,
          { channel: running.slack.dmOf(running.team.uli), ts: dm.ts },
          `${MARK}, says uli again`,
        ),
    },
    {
      what: 'the note of a resolution',
      by: 'ana',
      method: 'chat.postMessage',
      send: ({ id }) => typed.slash(running.team.ana, `resolve #${id} ${REASON}`, running.team.triage),
    },
    {
      what: 'why it was declined',
      by: 'ana',
      method: 'chat.update',
      send: ({ id }) => typed.slash(running.team.ana, `decline #${id} ${REASON}`, running.team.triage),
    },
  ];
  for (const { what, by, method, prepare, send } of ways)
    for (const when of ['before', 'after'] as const)
      it(`leaves no word in ${what}, though Slack shows it ${when} the wait`, async () => {
        const { slack, team, database } = running;
        const words = by === 'uli' ? MARK : REASON;
        await prepare?.();
        slack.faultPlan((call) =>
          call.method === method && JSON.stringify(call.args).includes(words)
            ? { kind: 'hang', ms: SLOW_MS, when }
            : undefined,
        );
        const underWay = (): boolean =>
          slack.calls().some((call) => call.method === method && call.status === 0);
        await send(asked);
        await slack.waitFor(underWay, 'it to be on its way');

        await forget(team[by]);
        expect(underWay(), 'it was done while it was').to.equal(true);
        slack.faultPlan(undefined);
        await running.settled();

        expect(ourMessagesWith(slack, words).map(read)).to.deep.equal([]);
        expect(await tablesWith(database.pool, words)).to.deep.equal({});
      });

  it('leaves no word in a card, though Slack carries an edit out only after it was given up', async () => {
    const { slack, team } = running;
    // Longer than the call's deadline.
    slack.failNext('chat.update', { kind: 'hang', ms: 13_000, when: 'before' });
    slack.edit(team.uli, { channel: team.help.id, ts: asked.ts }, `${MARK} edited`);
    await slack.waitFor(
      () => slack.calls().some(({ method, status }) => method === 'chat.update' && status === 0),
      'it to be on its way',
    );

    await forget(team.uli);
    await slack.waitFor(
      () => ourMessagesWith(slack, `${MARK} edited`).length > 0,
      'the old edit to be shown',
      20_000,
    );
    await slack.waitFor(() => ourMessagesWith(slack, MARK).length === 0, 'it to be mended', 20_000);
    await running.settled();

    expect(ourMessagesWith(slack, MARK).map(read)).to.deep.equal([]);
  });

  it('knows whose reason a line shows though somebody else has put it on hold since', async () => {
    const { slack, team, database } = running;
    slowDms({ kind: 'hang', ms: SLOW_MS, when: 'after' });
    await typed.slash(team.ana, `hold #${asked.id} until in 1s ${REASON}`, team.triage);
    await slack.waitFor(() => dmsUnderWay() === 1, 'the end of the hold to be on its way', 20_000);
    await typed.slash(team.ben, `hold #${asked.id} until in 2h the vendor`, team.triage);
    slack.faultPlan(undefined);
    await running.settled();
    expect(ourMessagesWith(slack, REASON)).to.not.have.length(0);

    await forget(team.ana);
    await running.settled();

    expect(ourMessagesWith(slack, REASON).map(read)).to.deep.equal([]);
    expect(await tablesWith(database.pool, REASON)).to.deep.equal({});
    await running.shows(asked.card, 'the vendor');
  });

  it('takes the reason of a hold out of what waits, and leaves somebody else’s there', async () => {
    const { slack, team, database } = running;
    slowDms({ kind: 'http', status: 503 });
    await typed.slash(team.ana, `hold #${asked.id} until in 1s ${REASON}`, team.triage);
    const waits = async (): Promise<number> =>
      (await tablesWith(database.pool, REASON))['public.outbox'] ?? 0;
    await slack.waitFor(async () => (await waits()) === 1, 'the end of the hold to wait', 20_000);
    await typed.slash(team.ben, `hold #${asked.id} until in 2h the vendor`, team.triage);

    await forget(team.ben);
    expect(await waits()).to.equal(1);
    await forget(team.uli);
    expect(await waits()).to.equal(1);
    await forget(team.ana);
    expect(await tablesWith(database.pool, REASON)).to.deep.equal({});
    slack.faultPlan(undefined);
    await slack.waitFor(
      async () => (await tablesWith(database.pool, 'hold_over'))['public.outbox'] === undefined,
      'the line',
      60_000,
    );
    expect(ourMessagesWith(slack, REASON).map(read)).to.deep.equal([]);
  });

  it('finds what a daemon handles at the same time', async () => {
    const { slack, team, database } = running;
    const { pool } = database;
    let isFirst = true;
    const beside: typeof pool = {
      ...pool,
      query: async (query, values) => {
        const result = await pool.query(query, values);
        if (isFirst && typeof query === 'object' && query.name === 'requests-with-text-of') {
          isFirst = false;
          await typed.ask(`${MARK} that was not there yet`);
        }
        return result as never;
      },
    };

    const { requests, pendingEvents } = await forget(team.uli, beside);
    await running.settled();

    expect([isFirst, requests, pendingEvents]).to.deep.equal([false, 2, 0]);
    expect(await tablesWith(pool, MARK)).to.deep.equal({});
    expect(ourMessagesWith(slack, MARK).map(read)).to.deep.equal([]);
  });

  for (const when of ['before', 'after'] as const)
    it(`is the same when a text’s time is over, though Slack shows it ${when} the wait`, async () => {
      const { slack, team, database } = running;
      await typed.slash(team.ana, `resolve #${asked.id} ${MARK} is the answer`, team.triage);
      await running.shows(asked.card, 'resolved');
      await running.settled();
      slowDms({ kind: 'hang', ms: SLOW_MS, when });
      await database.pool.query(`update requests set state = 'closed', next_due_at = null, alarm_id = null`);
      await endedAgo(running, [asked], 31 * 24 * 60 * 60 * 1000);
      slack.dm(team.uli, `show #${asked.id}`);
      await slack.waitFor(() => dmsUnderWay() === 1, 'an answer to be on its way');

      await runJob(database.pool, 'retention');
      expect(dmsUnderWay(), 'it was done while it was').to.equal(1);
      slack.faultPlan(undefined);
      await running.settled();

      expect(ourMessagesWith(slack, MARK).map(read)).to.deep.equal([]);
      // What Slack told goes by its own time.
      expect(await tablesWith(database.pool, MARK)).to.have.all.keys('public.inbox');
    });

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

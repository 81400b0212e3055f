import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import {
  endedAgo,
  type Marked,
  ourMessagesWith,
  runJob,
  tablesWith,
  writeEverywhere,
} from '../support/marked.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { stored } from '../support/stored.ts';
import { read, type Typing, typing } from '../support/typing.ts';
import { waitFor } from '../support/wait-for.ts';

const MARK = 'xyzzy';
const KEPT = 'plugh';
const DAY_MS = 24 * 60 * 60 * 1000;

describe('the end of the time for which text is kept', function () {
  this.timeout(60_000);
  let running: RunningApp;
  let typed: Typing;
  let marked: Marked;

  before(async () => {
    running = await runningApp({ retention: '{ inbox: 2d, closed_text: 30d }' });
    typed = typing(running);
    marked = await writeEverywhere(running, MARK);
  });
  after(() => running.stop());
  afterEach(() => expect(running.slack.complaints()).to.deep.equal([]));

  const all = (): Marked['dm'][] => [marked.channel, marked.dm, marked.command];
  const tables = (words = MARK): Promise<Readonly<Record<string, number>>> =>
    tablesWith(running.database.pool, words);

  it('has not come for what ended later, nor for what is open', async () => {
    const earlier = await tables();
    // What this looks through: if it were not there now, its absence later would say nothing.
    expect(earlier).to.have.all.keys('public.inbox', 'public.messages', 'public.requests');
    expect(ourMessagesWith(running.slack, MARK).length).to.be.above(9);
    await typed.ask(`${KEPT} stays open`);
    await endedAgo(running, all(), 29 * DAY_MS);

    await runJob(running.database.pool, 'retention');
    await running.settled();

    expect(await tables()).to.deep.equal(earlier);
  });

  it('leaves numbers only: no table and no message of ours holds a word of it, whatever was open stays', async () => {
    const { slack, team, database, logger } = running;
    await caughtUp();
    await database.pool.query(`update inbox set done_at = done_at - interval '30 days'`);
    await runJob(database.pool, 'prune');
    // A press tells Slack's whole message again, and with it the text.
    await slack.press(team.ana, { channel: team.triage.id, ts: marked.dm.card.ts }, 'Details');
    await running.settled();
    expect(await tables()).to.have.all.keys('public.inbox', 'public.messages', 'public.requests');
    const cards = running.cards().length;
    // Deleted by an administrator, of which nobody hears: a copy, and a card.
    const gone = ourMessagesWith(slack, `${MARK}, says uli`)[0]!;
    removeUnheard(team.triage.id, gone.ts);
    removeUnheard(team.triage.id, marked.command.card.ts);
    await endedAgo(running, all(), 2 * DAY_MS);

    await runJob(database.pool, 'retention');
    await running.settled();

    expect(await tables()).to.deep.equal({});
    expect(ourMessagesWith(slack, MARK).map(read)).to.deep.equal([]);
    expect(running.cards()).to.have.length(cards - 1);
    for (const { card } of [marked.channel, marked.dm]) {
      const shown = read(slack.world.channel(team.triage.id).byTs.get(card.ts)!);
      expect(shown).to.include('no longer kept').and.not.include('deleted by');
    }
    const { intervals, asker, state, resolution } = await stored(running, marked.channel.id);
    expect([intervals.length > 0, asker, state, resolution?.by]).to.deep.equal([
      true,
      team.uli.id,
      'closed',
      team.ana.id,
    ]);
    expect(await tables(KEPT)).to.include.keys('public.requests');
    expect(
      logger.lines.find(({ message }) => message === 'texts whose time was over are gone')?.meta,
    ).to.include({ requests: 3, messages: 5 });
  });

  it('comes once: a second time nothing is done', async () => {
    const { slack, database } = running;
    const [edits, deletions] = [slack.countOf('chat.update'), slack.countOf('chat.delete')];

    await runJob(database.pool, 'retention');
    await running.settled();

    expect([slack.countOf('chat.update'), slack.countOf('chat.delete')]).to.deep.equal([edits, deletions]);
  });

  it('stays: a later edit of the message, or of a post about it, brings nothing back', async () => {
    const { slack, team } = running;
    slack.edit(team.uli, { channel: team.help.id, ts: marked.channel.ts }, `${MARK} edited late`);
    const post = slack.thread(team.help, marked.channel.ts).find((one) => one.user === team.ana.id)!;
    slack.edit(team.ana, { channel: team.help.id, ts: post.ts }, `${MARK} edited late`);
    await running.settled();

    expect(Object.keys(await tables())).to.deep.equal(['public.inbox']);
    expect(ourMessagesWith(slack, MARK)).to.deep.equal([]);
    expect(await typed.slash(team.uli, `show #${marked.channel.id}`)).to.include('no longer kept');
  });

  it('begins a minute with so much as Slack takes, and goes on with the rest after that', async () => {
    const { slack, team, database } = running;
    const asked = [];
    for (let n = 0; n < 12; n += 1) asked.push(await typed.ask(`${MARK} number ${n}.`));
    for (const { id } of asked) await typed.slash(team.uli, `withdraw #${id}`);
    await running.settled();
    await endedAgo(running, asked, 40 * DAY_MS);
    const left = async (): Promise<number> => (await tables())['public.requests'] ?? 0;

    await runJob(database.pool, 'retention');
    expect(await left()).to.equal(2);
    await runJob(database.pool, 'retention');
    expect(await left()).to.equal(0);

    await running.settled();
    expect(ourMessagesWith(slack, MARK)).to.deep.equal([]);
  });

  it('is kept while Slack does not answer and the daemon is started again meanwhile', async () => {
    const { slack, team, database } = running;
    const asked = await typed.askByDm(`${MARK} amid an outage`);
    slack.dm(team.uli, `${MARK}, says uli`, { threadTs: asked.ts });
    await slack.waitFor(
      () => typed.threadText(team.triage, asked.card.ts).includes('says uli'),
      'a copy under the card',
    );
    await typed.slash(team.uli, `withdraw #${asked.id}`);
    await running.settled();
    await endedAgo(running, [asked], 40 * DAY_MS);
    slack.faultPlan(({ method }) =>
      method === 'chat.delete' || method === 'chat.update' ? { kind: 'http', status: 503 } : undefined,
    );
    await runJob(database.pool, 'retention');
    await waitFor(() => slack.countOf('chat.delete') > 0, 'a deletion to be tried');
    await running.restart();
    slack.faultPlan(undefined);

    await waitFor(() => ourMessagesWith(slack, MARK).length === 0, 'Slack to follow', 30_000);
    await running.settled();
    expect(await tables()).to.not.include.keys('public.requests', 'public.messages', 'public.outbox');
  });

  it('prunes the inbox by its own time', async () => {
    const { database } = running;
    const count = async (): Promise<number> =>
      (await database.pool.query<{ n: number }>('select count(*)::integer as n from inbox')).rows[0]!.n;
    await caughtUp();
    await database.pool.query(`update inbox set done_at = done_at - interval '47 hours'`);
    await runJob(database.pool, 'prune');
    expect(await count()).to.be.above(0);
    await database.pool.query(`update inbox set done_at = done_at - interval '2 hours'`);

    await runJob(database.pool, 'prune');

    const left = await database.pool.query('select type, key, outcome, done_at from inbox');
    expect(left.rows).to.deep.equal([]);
    expect(running.logger.lines.map(({ message }) => message)).to.include(
      'events whose time was over are gone',
    );
  });

  /** Until then events are kept, for they tell what was heard. */
  async function caughtUp(): Promise<void> {
    await waitFor(
      async () => {
        const { rows } = await running.database.pool.query(
          'select from catch_up union all select from hearing where gap_since is not null',
        );
        return rows.length === 0;
      },
      'the gap before the start to be read',
      40_000,
    );
    await running.settled();
  }

  function removeUnheard(channel: string, ts: string): void {
    const { messages, byTs } = running.slack.world.channel(channel);
    byTs.delete(ts);
    messages.splice(
      messages.findIndex((one) => one.ts === ts),
      1,
    );
  }
});

describe('a daemon that hears nothing for longer than its inbox is kept', function () {
  this.timeout(60_000);
  let running: RunningApp;

  before(async () => {
    running = await runningApp({ slack: { offline: 'lose' } });
  });
  after(() => running.stop());

  it('does nothing again of what was done in the last minutes before', async () => {
    const { slack, team, database, logger } = running;
    const answers = () =>
      slack.messages(slack.dmOf(team.uli)).filter(({ user }) => user === slack.botUserId).length;
    const caughtUp = (times: number) =>
      waitFor(
        () => logger.lines.filter(({ message }) => message === 'caught up with Slack').length === times,
        'the gap to be read',
        20_000,
      );
    await caughtUp(1);
    slack.dm(team.uli, 'help');
    await waitFor(() => answers() === 1, 'an answer');
    await running.settled();
    slack.unreachable();
    await waitFor(() => slack.socket.open().length === 0, 'the sockets to be gone');
    await database.pool.query(`update inbox set done_at = done_at - interval '5 days'`);
    await database.pool.query(
      `update hearing set heard_until = heard_until - interval '5 days', begun_at = begun_at - interval '6 days'`,
    );

    await runJob(database.pool, 'prune');
    slack.unreachable(false);
    await caughtUp(2);

    await running.settled();
    expect(answers()).to.equal(1);
  });
});

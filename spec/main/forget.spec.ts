import { join } from 'node:path';
import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { createEmbeddedServer } from '../../src/store/embedded/server.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { type Ended, type ForgetCommand, forgetCommand } from '../support/forget-command.ts';
import { type Marked, ourMessagesWith, tablesWith, writeEverywhere } from '../support/marked.ts';
import { postgresProxy } from '../support/postgres-proxy.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { stored } from '../support/stored.ts';
import { type Asked, read, type Typing, typing } from '../support/typing.ts';

const MARK = 'xyzzy';

describe('npm run forget', function () {
  this.timeout(60_000);
  let running: RunningApp;
  let typed: Typing;
  let marked: Marked;
  let command: ForgetCommand;

  before(async () => {
    running = await runningApp();
    command = await forgetCommand(running);
    typed = typing(running);
    marked = await writeEverywhere(running, MARK);
  });
  after(async () => {
    await running.stop();
    await command.close();
  });
  afterEach(() => expect(running.slack.complaints()).to.deep.equal([]));

  const forget = (who: string, environment?: Readonly<Record<string, string>>): Promise<Ended> =>
    command.run(who === '' ? [] : [who], environment);

  const tables = (words: string): Promise<Readonly<Record<string, number>>> =>
    tablesWith(running.database.pool, words);

  it('blanks one person’s text and nobody else’s, and says how many of each', async () => {
    const { slack, team } = running;
    expect((await tables(`${MARK} too, says a third`))['public.messages']).to.equal(1);

    const { code, out, err } = await forget('@zoe');
    await running.settled();

    expect([code, err]).to.deep.equal([0, '']);
    expect(out).to.match(/^what zoe \(U\w+\) wrote is blanked:\n/);
    expect(out)
      .to.match(/^ {2}0 requests: /m)
      .and.match(/^ {2}1 messages of conversations$/m);
    expect(await tables(`${MARK} too, says a third`)).to.deep.equal({});
    expect(await tables(MARK)).to.include.keys('public.messages', 'public.requests');
    expect(ourMessagesWith(slack, MARK)).to.not.have.length(0);
    expect((await stored(running, marked.channel.id)).asker).to.equal(team.uli.id);
  });

  it('finds somebody who was deactivated, and leaves no word of theirs in any table or message of ours', async () => {
    const { slack, team } = running;
    slack.deactivate(team.ben);
    await running.settled();
    const words = ['says ben', 'is not for us', `${MARK} again`];
    for (const said of words) expect(await tables(said), said).to.not.deep.equal({});

    const { code, out } = await forget('@ben');
    await running.settled();

    expect(code).to.equal(0);
    expect(out).to.include('what ben (');
    for (const said of words) {
      expect(await tables(said), said).to.deep.equal({});
      expect(ourMessagesWith(slack, said).map(read), said).to.deep.equal([]);
    }
    const { exit, source } = await stored(running, marked.dm.id);
    expect([exit?.by, exit?.reason, source.text]).to.deep.equal([team.ben.id, null, `new ${MARK} by DM`]);
  });

  it('blanks what somebody asked, in whatever state: nobody’s is withdrawn, somebody’s goes on without text', async () => {
    const { slack, team } = running;
    const nobodys = await typed.ask(`${MARK} that nobody has`);
    const anas = await typed.ask(`${MARK} that ana has`);
    await typed.slash(team.ana, `claim #${anas.id}`, team.triage);
    await running.shows(anas.card, 'in progress');
    await typed.slash(team.uli, `hold #1 until ${MARK}`);
    await typed.dm(team.uli, `resolve #${anas.id + 100} ${MARK}`, 'no request');
    await running.settled();

    const { code, out } = await forget(team.uli.id);
    await running.settled();

    expect(code).to.equal(0);
    expect(out).to.include(`withdrawn, since nobody had them: #${nobodys.id}\n`);
    expect(out).to.include(`open, and going on without text: #${anas.id}\n`);
    expect(out).to.not.include('no daemon runs').and.not.include('still wait');
    expect(await texts(nobodys)).to.deep.equal({ state: 'withdrawn', textGone: 'forgotten', text: null });
    expect(await texts(anas)).to.deep.equal({ state: 'in_progress', textGone: 'forgotten', text: null });
    for (const { id } of [marked.channel, marked.dm, marked.command])
      expect((await stored(running, id)).source.text).to.equal(null);
    // Whatever is said of them later stays.
    const gave = (): boolean =>
      slack.messages(slack.dmOf(team.lea)).some((one) => read(one).includes(`#${anas.id}`));
    await typed.slash(team.ana, `assign #${anas.id} <@${team.lea.id}>`, team.triage);
    await slack.waitFor(gave, 'lea to be told');
    await typed.dm(team.uli, `show #${anas.id}`, 'no longer kept');
    await running.settled();
    expect(gave()).to.equal(true);
    await typed.dm(team.uli, `show #${anas.id}`, 'no longer kept');
    expect(
      slack.messages(slack.dmOf(team.uli)).filter((one) => read(one).includes('no longer kept')),
    ).to.have.length.above(1);
    // What ana wrote is hers.
    expect(ourMessagesWith(slack, MARK).map(read).join('\n'))
      .to.include('is the answer')
      .and.not.include('that ana');
    expect(await tables('says uli')).to.deep.equal({});
    expect(await tables('in the channel')).to.deep.equal({});
    expect((await stored(running, marked.channel.id)).resolution?.note).to.equal(`${MARK} is the answer`);
  });

  it('leaves nothing in the end: of all who wrote, no table and no message of ours has a word', async () => {
    // As a database tells of a row that it does not take.
    await running.database.pool.query(
      `insert into pgboss.job (name, state, output) values ('prune', 'failed', $1)`,
      [JSON.stringify({ detail: `Failing row contains (${MARK}).` })],
    );
    expect(await tables(MARK)).to.include.keys('public.messages');

    const { code } = await forget('ana@example.com');
    await running.settled();

    expect(code).to.equal(0);
    expect(await tables(MARK)).to.deep.equal({});
    expect(ourMessagesWith(running.slack, MARK).map(read)).to.deep.equal([]);
  });

  it('says at the second time that nothing was left, and does nothing', async () => {
    const { slack } = running;
    const calls = (): number => slack.countOf('chat.update') + slack.countOf('chat.delete');
    await forget('@uli');
    await running.settled();
    const earlier = calls();

    const { code, out } = await forget('@uli');
    await running.settled();

    expect([code, out.replace(/U\w+/, 'U')]).to.deep.equal([0, 'nothing that uli (U) wrote was left\n']);
    expect(calls()).to.equal(earlier);
  });

  it('asks in one line for a name that is somebody’s alone', async () => {
    const { slack } = running;
    slack.people.add({ name: 'kim', displayName: 'kim' });
    slack.deactivate(slack.people.add({ name: 'kim2', displayName: 'kim' }));

    const lines = [await forget('@kim'), await forget('@nobody'), await forget('')];

    for (const { code, out, err } of lines) {
      expect([code, out]).to.deep.equal([1, '']);
      expect(err).to.match(/^[^\n]+\n$/);
    }
    expect(lines[0]?.err).to.match(/^@kim may be any of U\w+, U\w+ \(deactivated\); name one by id\n$/);
    expect(lines[1]?.err).to.equal('Slack knows nobody by the name @nobody; a user id works too\n');
    expect(lines[2]?.err).to.include('npm run forget -- @name');
  });

  it('takes one person at a time, by whatever name, and nobody whose name only looks like several', async () => {
    const { slack, team } = running;
    slack.people.add({ name: 'spacy', displayName: 'Ann Mary @home' });
    const { code: refused, err } = await command.run(['@uli', 'ana@example.com', team.ben.id]);
    expect([refused, err]).to.deep.equal([
      1,
      `one person at a time, not @uli and ana@example.com and ${team.ben.id}: nobody is forgotten yet\n`,
    ]);

    const { code, out } = await command.run(['Ann', 'Mary', '@home']);
    expect([code, out.replace(/U\w+/, 'U')]).to.deep.equal([
      0,
      'nothing that Ann Mary @home (U) wrote was left\n',
    ]);
  });

  it('refuses TrIAge itself and other apps, whose words are nobody’s', async () => {
    const { code, err } = await forget('@triage');

    expect([code, err]).to.deep.equal([1, 'Slack knows nobody by the name @triage; a user id works too\n']);
  });

  it('names a database that is not there', async () => {
    const { code, out, err } = await forget('@uli', { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' });

    expect([code, out]).to.deep.equal([1, '']);
    expect(err).to.match(/^DATABASE_URL: PostgreSQL at 127\.0\.0\.1:1: [^\n]+\n$/);
  });

  for (const [how, isBack] of [
    ['says so when the database goes away in the middle, and goes on when it is run again', false],
    ['goes on by itself when the database was away for a moment', true],
  ] as const)
    it(how, async () => {
      const { database } = running;
      await typed.ask(`plugh, ${how}`);
      const proxy = await postgresProxy(database.connection);
      const { user, database: name } = database.connection;
      let isCut = false;
      proxy.watchUp(({ text }) => {
        if (isCut || text !== 'blank-messages-of') return 'pass';
        isCut = true;
        proxy.refuse(!isBack);
        proxy.cut();
        return 'drop';
      });

      const { code, out, err } = await forget('@uli', {
        DATABASE_URL: `postgresql://${user}@127.0.0.1:${proxy.port}/${name}`,
      });
      await proxy.close();

      expect(isCut).to.equal(true);
      if (isBack) expect([code, err]).to.deep.equal([0, '']);
      else {
        expect([code, out]).to.deep.equal([1, '']);
        expect(err).to.match(/^DATABASE_URL: [^\n]+ went away [^\n]+ run this again\n$/);
        expect(await tables('plugh, says')).to.include.keys('public.requests');
        expect((await forget('@uli')).out).to.match(/^ {2}[1-9]\d* requests: /m);
      }
      await running.settled();
      expect(await tables('plugh')).to.deep.equal({});
    });

  it('takes the id of somebody whom Slack does not know any more', async () => {
    const { code, out } = await forget('U0GONE');

    expect([code, out]).to.deep.equal([
      0,
      'nothing that somebody whom Slack does not know (U0GONE) wrote was left\n',
    ]);
  });

  it('says that Slack does not answer', async () => {
    const { code, err } = await forget('@uli', { SLACK_API_URL: 'http://127.0.0.1:1/api/' });

    expect(code).to.equal(1);
    expect(err).to.match(/^Slack does not answer at [^\n]+\n$/);
  });

  it('works without a daemon too: Slack follows when one is started', async () => {
    const { slack, team } = running;
    // A daemon refuses to start with somebody in a rotation who cannot be on duty.
    slack.people.change(team.ben, { deleted: false });
    const asked = await typed.ask(`${MARK} and then silence`);
    await running.settled();
    await running.app().stop();

    const { code, out } = await forget('@uli');

    expect(code).to.equal(0);
    expect(out).to.include('no daemon runs over this database: Slack follows when one is started\n');
    expect(await tables(MARK)).to.deep.equal({});
    expect(ourMessagesWith(slack, MARK)).to.not.have.length(0);
    await running.restart();
    await running.shows(asked.card, 'no longer kept');
    await running.settled();
    expect(ourMessagesWith(slack, MARK)).to.deep.equal([]);
  });

  it('works over the embedded server, whether it runs or not', async () => {
    const own = { DATABASE_URL: '', DATA_DIR: join(command.folder, 'data') };
    const first = await forget('@uli', own);

    expect([first.code, first.err]).to.deep.equal([0, '']);
    expect(first.out).to.match(/^nothing that uli \(U\w+\) wrote was left\n$/);
    // As a daemon holds it, which nobody else may do meanwhile.
    const held = createEmbeddedServer({ dataDir: own.DATA_DIR, logger: captureLogger() });
    await held.start();
    try {
      const beside = await forget('@uli', own);
      expect([beside.code, beside.err, beside.out]).to.deep.equal([0, '', first.out]);
    } finally {
      await held.stop();
    }
  });

  async function texts({ id }: Asked): Promise<object> {
    const { state, textGone, source } = await stored(running, id);
    return { state, textGone, text: source.text };
  }
});

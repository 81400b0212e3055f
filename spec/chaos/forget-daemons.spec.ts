import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type Daemons, daemonsOver, type ProcessDaemon } from '../support/daemons.ts';
import { type ForgetCommand, forgetCommand } from '../support/forget-command.ts';
import { ourMessagesWith, tablesWith } from '../support/marked.ts';
import { waitFor } from '../support/wait-for.ts';
import { textOf } from '../workspace/text-of.ts';

const MARK = 'xyzzy';
const REQUESTS = 4;
const PATIENCE_MS = 90_000;

/** `npm run forget` in a third process, while one daemon dies with a line on its way and the other goes on. */
describe('forgetting somebody beside two daemons, one of which is killed', function () {
  this.timeout(300_000);
  let daemons: Daemons;
  let command: ForgetCommand;
  let one: ProcessDaemon;
  let other: ProcessDaemon;

  before(async () => {
    // What the killed one did not acknowledge is told again within seconds.
    daemons = await daemonsOver({
      slack: { patienceMs: PATIENCE_MS, retryDelaysMs: [0, 1000, 2000, 4000, 8000] },
    });
    command = await forgetCommand(daemons);
    [one, other] = [daemons.inItsOwnProcess(), daemons.inItsOwnProcess()];
    await Promise.all([one.start(), other.start()]);
  });
  after(async () => {
    await daemons.close();
    await command.close();
  });

  /** uli asks for several things, one after the other; each has its card. */
  async function ask(words: string): Promise<readonly string[]> {
    const { slack, team } = daemons;
    const asked: string[] = [];
    for (let n = 0; n < REQUESTS; n += 1) {
      asked.push(slack.dm(team.uli, `new ${words} ${n}.`));
      await slack.waitFor(() => daemons.cards(`${words} ${n}.`) === 1, `card ${n}`);
    }
    await daemons.settled(PATIENCE_MS);
    return asked;
  }

  it('leaves no copy, posts nothing anew, and says what it did', async () => {
    const { slack, team, database } = daemons;
    for (const threadTs of await ask(MARK)) slack.dm(team.uli, `${MARK}, says uli`, { threadTs });
    await slack.waitFor(() => ourMessagesWith(slack, 'says uli').length === REQUESTS, 'all copies');
    await daemons.settled(PATIENCE_MS);
    // The line is shown, and no daemon hears so for a while.
    slack.faultPlan(({ method, args }) =>
      method === 'chat.postMessage' && JSON.stringify(args).includes('gave you')
        ? { kind: 'hang', ms: 4000, when: 'after' }
        : undefined,
    );
    for (let n = 1; n <= REQUESTS; n += 1)
      await slack.slash(team.ana, team.triage, '/triage', `assign #${n} <@${team.ben.id}>`);
    await slack.waitFor(() => ourMessagesWith(slack, 'gave you').length > 0, 'a line that shows the text');
    const { pool } = database;
    await waitFor(
      async () =>
        (await pool.query('select from requests where owner = $1', [team.ben.id])).rowCount === REQUESTS,
      'all to be ben’s',
      PATIENCE_MS,
    );

    const [{ code, out, err }] = await Promise.all([command.run(['@uli']), one.kill()]);
    slack.faultPlan(undefined);

    expect([code, err]).to.deep.equal([0, '']);
    expect(out)
      .to.match(new RegExp(`^ {2}${REQUESTS} requests: `, 'm'))
      .and.match(new RegExp(`^ {2}${REQUESTS} messages of conversations$`, 'm'))
      .and.match(/^ {2}open, and going on without text: #1 #2 #3 #4$/m)
      .and.not.include('no daemon runs');
    await slack.waitFor(() => ourMessagesWith(slack, MARK).length === 0, 'Slack to follow');
    await daemons.settled(PATIENCE_MS);
    // Events that were not handled yet are left to a second time.
    expect((await command.run(['@uli'])).code).to.equal(0);
    await daemons.settled(PATIENCE_MS);
    expect(ourMessagesWith(slack, MARK).map(textOf)).to.deep.equal([]);
    expect(await tablesWith(pool, MARK)).to.deep.equal({});
    expect(daemons.cards('no longer kept')).to.equal(REQUESTS);
    expect(daemons.cards('')).to.equal(REQUESTS);
    expect(daemons.saidTwice()).to.deep.equal([]);
    expect(slack.complaints()).to.deep.equal([]);
  });

  it('may run twice at the same time', async () => {
    const { slack, database } = daemons;
    await ask('plugh');

    const both = await Promise.all([command.run(['@uli']), command.run(['uli@example.com'])]);
    await daemons.settled(PATIENCE_MS);

    expect(both.map(({ code, err }) => [code, err])).to.deep.equal([
      [0, ''],
      [0, ''],
    ]);
    // Each request is one’s or the other’s.
    const counted = both.map(({ out }) => Number(/^ {2}(\d+) requests: /m.exec(out)?.[1] ?? 0));
    expect(counted[0]! + counted[1]!).to.equal(REQUESTS);
    expect(await tablesWith(database.pool, 'plugh')).to.deep.equal({});
    expect(ourMessagesWith(slack, 'plugh').map(textOf)).to.deep.equal([]);
    expect(daemons.cards('')).to.equal(2 * REQUESTS);
    expect(daemons.saidTwice()).to.deep.equal([]);
    expect(slack.complaints()).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type Daemons, daemonsOver, type ProcessDaemon } from '../support/daemons.ts';
import { ourMessagesWith, tablesWith } from '../support/marked.ts';
import { waitFor } from '../support/wait-for.ts';
import { textOf } from '../workspace/text-of.ts';

const MARK = 'xyzzy';
const REQUESTS = 8;

describe('retention with two daemons, one of which is killed', function () {
  this.timeout(120_000);
  let daemons: Daemons;
  let one: ProcessDaemon;
  let other: ProcessDaemon;

  before(async () => {
    daemons = await daemonsOver();
    [one, other] = [daemons.inItsOwnProcess(), daemons.inItsOwnProcess()];
    await Promise.all([one.start(), other.start()]);
  });
  after(() => daemons.close());

  it('blanks every copy all the same, posts nothing anew and leaves nothing to do', async () => {
    const { slack, team, database } = daemons;
    const { pool } = database;
    for (let n = 0; n < REQUESTS; n += 1) {
      const ts = slack.dm(team.uli, `new ${MARK} ${n}.`);
      await slack.waitFor(() => daemons.cards(`${MARK} ${n}.`) === 1, `card ${n}`);
      slack.dm(team.uli, `${MARK}, says uli of ${n}`, { threadTs: ts });
    }
    await slack.waitFor(() => ourMessagesWith(slack, 'says uli').length === REQUESTS, 'all copies', 30_000);
    await daemons.settled();
    const posts = slack.countOf('chat.postMessage');
    await pool.query(
      `update requests set state = 'closed', state_since = now() - interval '400 days', next_due_at = null, alarm_id = null`,
    );
    // So long that the kill comes in the middle of it.
    slack.faultPlan(({ method }) =>
      method === 'chat.delete' ? { kind: 'hang', ms: 300, when: 'after' } : undefined,
    );

    await pool.query(`insert into pgboss.job (name) select 'retention' from generate_series(1, 4)`);
    await waitFor(() => slack.countOf('chat.delete') > 0, 'the first deletion', 20_000);
    await one.kill();
    await pool.query(`insert into pgboss.job (name) select 'retention' from generate_series(1, 4)`);

    await waitFor(() => ourMessagesWith(slack, MARK).length === 0, 'Slack to follow', 60_000);
    slack.faultPlan(undefined);
    await daemons.settled(60_000);
    expect(await tablesWith(pool, MARK)).to.deep.equal({});
    expect(slack.countOf('chat.postMessage')).to.equal(posts);
    const cards = slack.messages(team.triage).filter((message) => textOf(message).includes('no longer kept'));
    expect(cards).to.have.length(REQUESTS);
    expect(slack.complaints()).to.deep.equal([]);
  });
});

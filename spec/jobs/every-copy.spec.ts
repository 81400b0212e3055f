import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { parseTriageFile } from '../../src/config/triage-file.ts';
import { loadConfig } from '../../src/config.ts';
import { forget } from '../../src/main/forget.ts';
import { type Copies, copiesOf, runJob, tablesWith } from '../support/marked.ts';
import { runningWithPublicQueue, WITH_PUBLIC_QUEUE, writeOtherwise } from '../support/marked-otherwise.ts';
import { environmentOf, type RunningApp, teamYaml } from '../support/running-app.ts';
import { waitFor } from '../support/wait-for.ts';

const MARK = 'xyzzy';
const NONE: Copies = { tables: {}, slack: [] };
/** Each blanks some ten requests, and begins no more than twenty deletions. */
const MINUTES = 10;

/** Every table of every schema, and everything of ours that Slack keeps. */
describe('every copy of what people write', function () {
  this.timeout(240_000);
  let running: RunningApp;

  async function begin(): Promise<void> {
    running = await runningWithPublicQueue({ retention: '{ inbox: 2d, closed_text: 30d }' });
    const written = await writeOtherwise(running, MARK);
    await running.settled();
    // If a piece were nowhere now, its absence later would say nothing.
    for (const [way, words] of written) expect(await copiesOf(running, words), way).to.not.deep.equal(NONE);
    const { tables, slack } = await copiesOf(running, MARK);
    expect(tables).to.include.keys('public.inbox', 'public.messages', 'public.requests');
    expect(Object.keys(tables).join(' ')).to.include('pgboss.');
    expect(slack).to.have.length.above(12);
  }

  afterEach(() => expect(running.slack.complaints()).to.deep.equal([]));

  describe('when the people are forgotten', () => {
    before(begin);
    after(() => running.stop());

    it('is looked for in whatever table there is, of whatever schema and type', async () => {
      const { pool } = running.database;
      await pool.query(`create schema other;
        create table other.plain (j jsonb, b bytea);
        create table other.parted (t text[]) partition by list (t);
        create table other.part partition of other.parted default;
        insert into other.plain (j) values ('{"a": [{"b": "plugh"}]}');
        insert into other.plain (b) values ('plugh');
        insert into other.parted values ('{a,plugh}');
        create materialized view other.kept as select * from other.plain where b is not null`);

      expect(await tablesWith(pool, 'plugh')).to.deep.equal({
        'other.kept': 1,
        'other.part': 1,
        'other.plain': 2,
      });
      await pool.query('drop schema other cascade');
    });

    it('is gone, in the database and in Slack', async () => {
      const { slack, database, logger } = running;
      const config = loadConfig(environmentOf(slack, database.connectionString));
      const triageFile = parseTriageFile(teamYaml(WITH_PUBLIC_QUEUE), 'triage.yaml');
      for (const who of ['@uli', '@ana', '@ben', '@zoe'])
        expect((await forget({ config, triageFile, logger, who }))[0]).to.match(
          /^what \w+ \(U\w+\) wrote is blanked:$/,
        );
      await running.settled();

      expect(await copiesOf(running, MARK)).to.deep.equal(NONE);
    });
  });

  describe('when its time is over', () => {
    before(begin);
    after(() => running.stop());

    it('is gone, in the database and in Slack', async () => {
      const { pool } = running.database;
      // Until then events are kept, for they tell what was heard.
      await waitFor(
        async () => (await pool.query('select from hearing where gap_since is null')).rowCount === 1,
        'the gap to be read',
        90_000,
      );
      await running.settled();
      await pool.query(`update requests set state = 'closed', state_since = now() - interval '31 days',
        next_due_at = null, alarm_id = null`);
      await pool.query(`update inbox set done_at = done_at - interval '31 days'`);
      await pool.query(`update quotes set said_at = said_at - interval '31 days'`);

      await runJob(pool, 'prune');
      let left = await copiesOf(running, MARK);
      for (let minute = 0; minute < MINUTES && left.slack.length > 0; minute += 1) {
        await runJob(pool, 'retention');
        await running.settled();
        left = await copiesOf(running, MARK);
      }

      expect(left).to.deep.equal(NONE);
    });
  });
});

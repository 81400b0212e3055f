import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { type Daemons, type DaemonsOptions, daemonsOver, type ProcessDaemon } from '../support/daemons.ts';
import { waitFor } from '../support/wait-for.ts';
import { textOf } from '../workspace/text-of.ts';

const BURST = 10_000;

describe('a burst of ten thousand events on a slow database', function () {
  this.timeout(180_000);
  let daemons: Daemons;
  let daemon: ProcessDaemon;

  afterEach(() => daemons.close());

  async function start(options: DaemonsOptions): Promise<void> {
    daemons = await daemonsOver(options);
    daemon = daemons.inItsOwnProcess();
    await daemon.start();
  }

  /** Messages that are nobody's request. */
  async function burst(text: string): Promise<void> {
    const { slack, team } = daemons;
    for (let n = 0; n < BURST; n += 1) {
      slack.say(team.lea, team.managers, `${n}: ${text}`);
      if (n % 100 === 0) await new Promise(setImmediate);
    }
  }

  async function count(condition: string): Promise<number> {
    const { rows } = await daemons.database.pool.query<{ n: number }>(
      `select count(*)::integer as n from inbox where ${condition}`,
    );
    return rows[0]?.n ?? -1;
  }

  const isFull = () =>
    waitFor(
      async () => {
        const now = await daemon.ready();
        return now.parts['inbox']?.['isFull'] === true ? now : null;
      },
      '/ready to tell',
      60_000,
    );

  it('is taken in honestly, /ready tells, and a press overtakes it', async () => {
    await start({ slack: { retryDelaysMs: [0, 500, 2000, 4000, 8000, 16_000] } });
    const { slack, team, database } = daemons;
    slack.say(team.uli, team.help, 'The printer is on fire');
    await daemons.settled();
    const { ts } = slack.messages(team.triage).find((one) => textOf(one).includes('printer'))!;
    // Each insertion takes that much longer, however many rows it has; many rows wait at the gate, so that a machine that is slow to
    // say so much fills up too.
    await database.pool.query(`
      create table gate as select 1 as shut;
      create function be_slow() returns trigger language plpgsql as $$ begin
        if (select count(*) from added) > 10 then
          while exists (select from gate) loop perform pg_sleep(0.05); end loop;
        end if;
        perform pg_sleep(0.6);
        return null;
      end $$;
      create trigger be_slow after insert on inbox referencing new table as added
        for each statement execute function be_slow()`);
    const said = burst('All work and no play makes the triage bot a dull bot.');

    const { ok, parts } = await isFull();
    expect(ok).to.equal(false);
    expect(parts['inbox']).to.include({ ok: false });
    expect(parts['inbox']?.['uncommitted']).to.be.within(2500, 6500);
    const answer = await slack.press(team.ana, { channel: team.triage.id, ts }, 'Take it');
    expect(answer.error, 'what ana sees').to.equal(undefined);
    await slack.waitFor(
      () => textOf(slack.world.channel(team.triage.id).byTs.get(ts)!).includes('in progress'),
      'the card to be taken',
    );
    expect(slack.unsettled() + (await count('done_at is null')), 'what still waits').to.be.at.least(1000);
    await database.pool.query('delete from gate');

    await said;
    await waitFor(() => slack.unsettled() === 0, 'all to be acknowledged', 120_000);
    expect(slack.lost()).to.deep.equal([]);
    expect(await count(`key like 'message:${team.managers.id}:%'`)).to.equal(BURST);
    await database.pool.query('drop trigger be_slow on inbox');
    await waitFor(async () => (await daemon.ready()).ok, '/ready to be well again', 30_000);
    expect(daemon.log().match(/"level":"error"/g)).to.equal(null);
  });

  it('stays within bounds in memory when the messages are long and none can be committed', async () => {
    // Held without a bound they would need as much again, and the process would end.
    await start({
      environment: { NODE_OPTIONS: '--max-old-space-size=160' },
      slack: { retryDelaysMs: [] },
    });
    const { slack, team, database } = daemons;
    const sizeMb = (): number =>
      Number(execFileSync('ps', ['-o', 'rss=', '-p', String(daemon.pid)], { encoding: 'utf8' })) / 1024;
    const before = sizeMb();
    // Not by a lock: for one the daemon waits ten seconds only, and then what it held is Slack's to deliver again.
    await database.pool.query(`
      create table gate as select 1 as shut;
      create function wait_at_gate() returns trigger language plpgsql as
        $$ begin while exists (select from gate) loop perform pg_sleep(0.05); end loop; return null; end $$;
      create trigger wait_at_gate before insert on inbox for each statement execute function wait_at_gate()`);
    await burst('All work and no play makes the triage bot a dull bot. '.repeat(220));
    await isFull();
    await waitFor(() => slack.unsettled() === 0, 'Slack to wait no longer for any of them', 30_000);

    expect(sizeMb() - before, 'growth in MB').to.be.below(300);
    expect(slack.acks().filter(({ payload }) => JSON.stringify(payload).includes('dull'))).to.have.length(0);
    expect(daemon.log().match(/too many events wait to be committed/g)).to.have.length(1);
    await database.pool.query('delete from gate');
    // What was held is committed, though Slack has given it up: it would have told it again.
    await waitFor(
      async () => (await count(`key like 'message:${team.managers.id}:%' and done_at is not null`)) > 200,
      'what was held to be handled',
      60_000,
    );
    expect((await daemon.ready()).ok).to.equal(true);
  });
});

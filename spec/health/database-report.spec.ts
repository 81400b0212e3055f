import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { createDatabaseReport } from '../../src/health/database-report.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { waitFor } from '../support/wait-for.ts';

describe('health/database-report', () => {
  let database: TestDatabase;

  before(async () => {
    database = await testDatabase();
  });
  after(() => database.drop());

  it('says that the database is well and which schema it has', async () => {
    const { postgres, schema } = await createDatabaseReport()(database.pool);
    expect(postgres).to.deep.equal({ ok: true, state: 'well' });
    expect(schema).to.deep.include({ ok: true });
    expect(schema?.['version']).to.be.above(1);
  });

  it('says that it can be read only', async () => {
    const single = await testDatabase({ onConnect: ["SET default_transaction_read_only = 'on'"] });
    try {
      const { postgres } = await createDatabaseReport()(single.pool);
      expect(postgres).to.deep.equal({ ok: false, state: 'read_only' });
    } finally {
      await single.drop();
    }
  });

  it('says that it does not answer, and asks it no second time meanwhile', async () => {
    const { pool } = database;
    const holder = await pool.connect();
    await holder.query('BEGIN');
    await holder.query('LOCK TABLE schema_migrations IN ACCESS EXCLUSIVE MODE');
    const report = createDatabaseReport(50);
    const waiting = async (): Promise<number> => {
      const { rows } = await holder.query<{ n: number }>(
        "select count(*) as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      );
      return Number(rows[0]?.n);
    };
    for (let nth = 0; nth < 3; nth += 1)
      expect((await report(pool))['postgres']).to.deep.equal({ ok: false, state: 'silent' });
    expect(await waiting()).to.equal(1);
    await holder.query('ROLLBACK');
    holder.release();
    await waitFor(async () => (await report(pool))['postgres']?.ok, 'the answer');
  });

  it('says that there is none yet, or none any more', async () => {
    const report = createDatabaseReport();
    expect((await report(undefined))['postgres']).to.deep.equal({ ok: false, state: 'away' });
    const gone = await testDatabase();
    await gone.drop();
    expect((await report(gone.pool))['postgres']).to.deep.equal({ ok: false, state: 'away' });
  });
});

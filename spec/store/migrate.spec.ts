import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { ConfigError } from '../../src/errors.ts';
import { latestMigration, migrate, schemaVersion } from '../../src/store/migrate.ts';
import { createPool, type Pool } from '../../src/store/pool.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

describe('store/migrate', () => {
  let database: TestDatabase;
  let pool: Pool;
  let directory: string;
  beforeEach(async () => {
    database = await testDatabase({ migrated: false });
    pool = database.pool;
    directory = await mkdtemp(join(tmpdir(), 'triage-migrations-'));
    await file('0001-first.sql', 'CREATE TABLE first (n int); INSERT INTO first VALUES (1);');
    await file('0002-second.sql', 'CREATE TABLE second (n int); UPDATE first SET n = n + 1;');
  });
  afterEach(async () => {
    await database.drop();
    await rm(directory, { recursive: true });
  });

  const file = (name: string, sql: string) => writeFile(join(directory, name), sql);
  const first = async () => (await pool.query<{ n: number }>('SELECT n FROM first')).rows.map(({ n }) => n);

  it('applies what is missing, in order, once, and records it', async () => {
    expect(await schemaVersion(pool)).to.equal(0);
    expect(await migrate(pool, { directory })).to.deep.equal([1, 2]);
    expect(await migrate(pool, { directory })).to.deep.equal([]);
    expect(await first()).to.deep.equal([2]);
    expect(await schemaVersion(pool)).to.equal(2);
    expect(await latestMigration(directory)).to.equal(2);
    const { rows } = await pool.query('SELECT version, name FROM schema_migrations ORDER BY version');
    expect(rows).to.deep.equal([
      { version: 1, name: 'first' },
      { version: 2, name: 'second' },
    ]);
  });

  it('goes on from where the database is', async () => {
    await migrate(pool, { directory });
    await file('0003-third.sql', 'UPDATE first SET n = n * 10;');
    expect(await migrate(pool, { directory })).to.deep.equal([3]);
    expect(await first()).to.deep.equal([20]);
  });

  it('lets many daemons migrate at once: all succeed, and each migration runs once', async () => {
    await file('0003-third.sql', 'SELECT pg_sleep(0.05); UPDATE first SET n = n * 10;');
    const others = Array.from({ length: 4 }, () =>
      createPool({ connection: database.connection, applicationName: 'spec', logger: captureLogger() }),
    );
    const applied = await Promise.all(others.map((other) => migrate(other, { directory })));
    expect(applied.flat()).to.have.members([1, 2, 3]);
    expect(await first()).to.deep.equal([20]);
    for (const other of others) await other.end();
  });

  it('leaves nothing of a migration that fails, and everything of those before it', async () => {
    await file('0003-third.sql', 'CREATE TABLE third (n int); SELECT 1/0;');
    expect(String(await failureOf(migrate(pool, { directory })))).to.match(/division by zero/);
    expect(await schemaVersion(pool)).to.equal(2);
    const { rows } = await pool.query(`SELECT to_regclass('third') AS third`);
    expect(rows).to.deep.equal([{ third: null }]);
  });

  it('refuses a database newer than the code, naming both versions', async () => {
    await file('0003-third.sql', 'SELECT 1');
    await migrate(pool, { directory });
    await rm(join(directory, '0003-third.sql'));
    const error = await failureOf(migrate(pool, { directory }));
    expect(error).to.be.instanceOf(ConfigError);
    expect(String(error)).to.match(/version 3.* knows 2/);
    expect(await schemaVersion(pool)).to.equal(3);
  });

  it('needs no superuser, only the right to create tables, and says so when that is missing', async () => {
    await pool.query('CREATE ROLE spec_modest LOGIN');
    const modest = createPool({
      connection: { ...database.connection, user: 'spec_modest' },
      applicationName: 'spec',
      logger: captureLogger(),
    });
    try {
      const error = await failureOf(migrate(modest, { directory }));
      expect(error).to.be.instanceOf(ConfigError);
      expect(String(error)).to.match(/DATABASE_URL: its role may not create tables/);
      await pool.query('GRANT CREATE ON SCHEMA public TO spec_modest');
      // The real ones too, so that no migration of ours ever asks for more.
      expect(await migrate(modest)).to.have.length(await latestMigration());
    } finally {
      await modest.end();
      await pool.query('DROP OWNED BY spec_modest');
      await pool.query('DROP ROLE spec_modest');
    }
  });

  for (const name of ['0004-gap.sql', '0002-double.sql', '3-short.sql', '0003_underscore.sql'])
    it(`refuses a migration named ${name}`, async () => {
      await file(name, 'SELECT 1');
      expect(String(await failureOf(migrate(pool, { directory })))).to.match(
        /numbered 0001, 0002, … without gaps/,
      );
    });
});

describe('the template of the specs’ databases', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.drop());

  it('has every migration', async () => {
    expect(await schemaVersion(database.pool)).to.equal(await latestMigration());
  });
});

async function failureOf(action: Promise<unknown>): Promise<unknown> {
  return action.then(
    () => undefined,
    (error: unknown) => error,
  );
}

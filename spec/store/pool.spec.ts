import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { ConfigError, StartError, TransientError } from '../../src/errors.ts';
import { awaitDatabase, createPool, type Pool, type PoolOptions } from '../../src/store/pool.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { waitFor } from '../support/wait-for.ts';

describe('store/pool', () => {
  let database: TestDatabase;
  const pools: Pool[] = [];
  before(async () => {
    database = await testDatabase({ migrated: false });
  });
  afterEach(async () => {
    for (const pool of pools.splice(0)) await pool.end();
  });
  after(() => database.drop());

  function make(options: Partial<PoolOptions> = {}) {
    const logger = captureLogger();
    const pool = createPool({ connection: database.connection, applicationName: 'spec', logger, ...options });
    pools.push(pool);
    return { pool, logger };
  }

  const value = async (sql: string, pool = database.pool) =>
    Object.values((await pool.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0];

  it('reads instants as epoch milliseconds and eight-byte integers as numbers, lists too', async () => {
    expect(await value(`SELECT '2026-01-05 10:00:00.1239+01'::timestamptz`)).to.equal(
      Date.UTC(2026, 0, 5, 9, 0, 0, 123),
    );
    expect(await value('SELECT null::timestamptz')).to.equal(null);
    expect(await value(`SELECT 'infinity'::timestamptz`)).to.equal(Infinity);
    expect(await value('SELECT count(*) FROM generate_series(1, 3)')).to.equal(3);
    expect(await value('SELECT 9007199254740991::int8')).to.equal(Number.MAX_SAFE_INTEGER);
    expect(await value('SELECT array[1, null, 3]::int8[]')).to.deep.equal([1, null, 3]);
    expect(await value(`SELECT array['1970-01-01 00:00:01Z', null]::timestamptz[]`)).to.deep.equal([
      1000,
      null,
    ]);
    expect(await value(`SELECT '{"a":1}'::jsonb`)).to.deep.equal({ a: 1 });
    expect(await value('SELECT 1.50::numeric')).to.equal('1.50');
  });

  it('fails a query rather than give a number that is off', async () => {
    const error = await failureOf(value('SELECT 9007199254740993::int8'));
    expect(error).to.be.instanceOf(RangeError);
    expect(await value('SELECT 1')).to.equal(1);
  });

  it('sets its limits and its name on every connection', async () => {
    expect(await value('SHOW statement_timeout')).to.equal('30s');
    expect(await value('SHOW lock_timeout')).to.equal('10s');
    expect(await value('SHOW idle_in_transaction_session_timeout')).to.equal('30s');
    expect(await value('SHOW application_name')).to.equal('spec');
  });

  it('runs the onConnect statements before any connection is used', async () => {
    const { pool } = make({ onConnect: [`SET spec.mark = 'on'`, `SELECT pg_sleep(0.01)`], max: 3 });
    const marks = await Promise.all(
      Array.from({ length: 6 }, () => value(`SELECT current_setting('spec.mark', true)`, pool)),
    );
    expect(marks).to.deep.equal(Array.from({ length: 6 }, () => 'on'));
  });

  it('survives that the server cuts idle connections, and connects anew', async () => {
    const { pool, logger } = make({ max: 1 });
    const pid = await value('SELECT pg_backend_pid()', pool);
    await database.pool.query('SELECT pg_terminate_backend($1)', [pid]);
    await waitFor(() => pool.counts().total === 0, 'the pool to drop the dead connection');
    expect(logger.lines.map(({ message }) => message)).to.deep.equal([
      'an idle database connection was lost',
    ]);
    expect(await value('SELECT pg_backend_pid()', pool)).to.not.equal(pid);
  });

  it('survives that the server cuts a connection in use, whose holder does nothing with it', async () => {
    const { pool } = make({ max: 1 });
    const client = await pool.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await database.pool.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
    await new Promise((resolve) => client.once('end', () => resolve(null)));
    client.release(true);
    expect(await value('SELECT 1', pool)).to.equal(1);
  });

  it('tells what may succeed later from what never will', async () => {
    expect(await failureOf(database.pool.query('SELEKT'))).to.not.be.instanceOf(TransientError);
    const { pool: hasty } = make({ onConnect: ['SET statement_timeout = 5'] });
    const cancelled = await failureOf(hasty.query('SELECT pg_sleep(5)'));
    expect(cancelled).to.be.instanceOf(TransientError);
    const { pool } = make({ connection: `postgresql://u:hunter2@127.0.0.1:${await closedPort()}/d` });
    const refused = await failureOf(pool.query('SELECT 1'));
    expect(refused).to.be.instanceOf(TransientError);
    expect(refused.message).to.match(/^PostgreSQL: .*ECONNREFUSED/);
  });

  it('waits for a database that comes up late', async () => {
    const port = await closedPort();
    const { host, database: name, user } = database.connection;
    const { pool } = make({ connection: `postgresql://${user}@127.0.0.1:${port}/${name}` });
    const waiting = awaitDatabase(pool, 10_000);
    await failureOf(pool.query('SELECT 1'));
    // From now on there is a way to it, by TCP.
    const way = createServer((socket) => {
      const onward = connect(join(host ?? '', '.s.PGSQL.5432'));
      socket.pipe(onward).pipe(socket);
    }).listen(port, '127.0.0.1');
    await waiting;
    await pool.end();
    way.close();
  });

  it('gives up with one line that names host and port, and never the password', async () => {
    const port = await closedPort();
    const { pool } = make({ connection: `postgresql://user:hunter2@localhost:${port}/d` });
    const began = performance.now();
    const error = await failureOf(awaitDatabase(pool, 300));
    expect(performance.now() - began).to.be.within(100, 2000);
    expect(error).to.be.instanceOf(StartError);
    expect(error.message).to.match(
      new RegExp(`^DATABASE_URL: PostgreSQL at localhost:${port}: .*ECONNREFUSED`),
    );
    expect(error.message).to.not.include('\n').and.not.include('hunter2');
  });

  it('gives up on a server that takes connections and never answers', async () => {
    const sockets: Socket[] = [];
    const mute = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const port = portOf(mute);
    const { pool } = make({ connection: `postgresql://u@127.0.0.1:${port}/d` });
    try {
      const error = await failureOf(awaitDatabase(pool, 200));
      expect(error).to.be.instanceOf(StartError);
      expect(error.message).to.include(`127.0.0.1:${port}: no answer in time`);
    } finally {
      for (const socket of sockets) socket.destroy();
      mute.close();
    }
  });

  it('calls a database or a role that does not exist bad configuration', async () => {
    for (const wrong of [{ database: 'nowhere' }, { user: 'nobody_here' }]) {
      const { pool } = make({ connection: { ...database.connection, ...wrong } });
      const error = await failureOf(awaitDatabase(pool, 100));
      expect(error).to.be.instanceOf(ConfigError);
      expect(error.message).to.match(/^DATABASE_URL: PostgreSQL at .*(nowhere|nobody_here)/);
    }
  });

  it('takes a DATABASE_URL as specs hand it to daemons', async () => {
    const { pool } = make({ connection: database.connectionString });
    expect(await value('SELECT current_database()', pool)).to.equal(database.connection.database);
  });

  for (const url of [
    '',
    'db',
    'http://u:hunter2@db/x',
    'postgresql://u:hunter2@db:port/x',
    'postgresql://u:hunter2@[::1/x',
  ])
    it(`refuses ${url.replace('hunter2', '…') || 'the empty text'} as DATABASE_URL without quoting it`, () => {
      expect(() => make({ connection: url }))
        .to.throw(ConfigError, /^DATABASE_URL is not a PostgreSQL URL/)
        .with.property('message')
        .that.does.not.include('hunter2');
    });

  it('may be ended twice', async () => {
    const { pool } = make();
    await value('SELECT 1', pool);
    await pool.end();
    await pool.end();
  });
});

async function failureOf(action: Promise<unknown>): Promise<Error> {
  const error = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(Error);
  return error instanceof Error ? error : new Error();
}

/** A port on which nobody listens: one that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type Boss, createBoss, type TimedWork } from '../../src/queue/boss.ts';
import { txOf } from '../../src/queue/boss-database.ts';
import { withTransaction } from '../../src/store/transaction.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { stressService } from '../support/stress-service.ts';
import { waitFor } from '../support/wait-for.ts';

describe('pg-boss as a service', () => {
  let database: TestDatabase;
  let boss: Boss | undefined;

  before(async () => {
    database = await testDatabase();
    await database.pool.query('create table rung (n integer)');
  });
  after(async () => {
    await boss?.stop();
    await database.drop();
  });

  const ring: TimedWork = {
    queue: 'ring',
    run: async (jobs, db) => {
      for (const { data } of jobs) {
        const { n } = data as { n: number };
        await txOf(db).query('insert into rung values ($1)', [n]);
        if (n === 13) throw new Error('unlucky');
      }
    },
  };

  function make(): Boss {
    return createBoss({ pool: database.pool, logger: captureLogger(), pollingSeconds: 0.5 }, [ring]);
  }

  async function rung(): Promise<number[]> {
    const { rows } = await database.pool.query<{ n: number }>('select n from rung order by n');
    return rows.map(({ n }) => n);
  }

  it('rings what was sent in a committed transaction, and nothing of one that was rolled back', async () => {
    boss = make();
    await boss.start();
    const { pool } = database;
    const own = boss;
    await withTransaction(pool, async (tx) => {
      await own.sendIn(tx, 'ring', randomUUID(), { n: 1 }, 0);
      const cancelled = randomUUID();
      await own.sendIn(tx, 'ring', cancelled, { n: 2 }, 0);
      await own.cancel(tx, 'ring', cancelled);
    });
    await withTransaction(pool, async (tx) => {
      await own.sendIn(tx, 'ring', randomUUID(), { n: 3 }, 0);
      throw new Error('rolled back');
    }).catch(() => {});

    await waitFor(async () => (await rung()).length > 0, 'the alarm');
    await boss.stop();
    expect(await rung()).to.deep.equal([1]);
  });

  it('keeps nothing of a batch that failed', async () => {
    boss = make();
    await boss.start();
    const own = boss;
    await withTransaction(database.pool, (tx) => own.sendIn(tx, 'ring', randomUUID(), { n: 13 }, 0));

    await waitFor(async () => {
      const { rows } = await database.pool.query<{ retry_count: number }>(
        `select retry_count from pgboss.job where name = 'ring' and state in ('retry', 'active') and (data->>'n')::int = 13`,
      );
      return rows.length > 0;
    }, 'the retry');

    await boss.stop();
    expect(await rung()).to.not.include(13);
  });

  it('refuses work while it does not run', async () => {
    const idle = make();

    const error = await withTransaction(database.pool, (tx) =>
      idle.sendIn(tx, 'ring', randomUUID(), { n: 1 }, 0),
    ).catch((caught: unknown) => caught);

    expect(String(error)).to.include('not running');
  });

  it('starts and stops in any order', async function () {
    this.timeout(60_000);
    // All that the pool may open is open before the handles are counted.
    await Promise.all(Array.from({ length: 10 }, () => database.pool.query('select pg_sleep(0.05)')));
    await stressService(make, { rounds: 3, patienceMs: 6000 });
  });

  it('rings, seconds later, what somebody had begun who was killed', async function () {
    this.timeout(40_000);
    boss = make();
    await boss.start();
    const own = boss;
    // Begun by nobody here: it is not due for an hour.
    await withTransaction(database.pool, (tx) => own.sendIn(tx, 'ring', randomUUID(), { n: 7 }, 3_600_000));
    await database.pool.query(
      `update pgboss.job set state = 'active', started_on = now(), heartbeat_on = now() - interval '10 s'
        where name = 'ring' and (data->>'n')::int = 7`,
    );

    await waitFor(async () => (await rung()).includes(7), 'the alarm', 30_000);
    await boss.stop();
  });
});

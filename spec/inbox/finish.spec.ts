import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { createFinish } from '../../src/inbox/finish.ts';
import { acceptEvents, finishEvent } from '../../src/store/inbox.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

describe('events that change nothing', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.drop());

  async function stored(prefix: string, count: number): Promise<readonly number[]> {
    const events = Array.from({ length: count }, (_, number) => ({
      eventId: `${prefix}${number}`,
      key: null,
      subject: null,
      lane: 'C1',
      type: 'events_api',
      isInteractive: false,
      body: '{}',
      happenedAt: null,
    }));
    return (await acceptEvents(database.pool, events, 1000, 2000)).map(({ id }) => id);
  }

  async function outcomes(ids: readonly number[]): Promise<readonly (string | null)[]> {
    const { rows } = await database.pool.query<{ reason: string | null }>(
      'select reason from inbox where id = any($1) and done_at is not null order by id',
      [ids],
    );
    return rows.map(({ reason }) => reason);
  }

  it('are marked done together: what comes while one statement is under way shares the next', async () => {
    let statements = 0;
    const finish = createFinish(
      {
        ...database.pool,
        query: (query, values) => {
          statements += 1;
          return database.pool.query(query, values);
        },
      },
      () => 3000,
    );
    const ids = await stored('EvMany', 50);

    const all = ids.map((id) => finish({ id, outcome: 'ignored', reason: `r${id}` }));
    await all[0];
    await finish({ id: ids[0]!, outcome: 'ignored', reason: 'late' });
    await Promise.all(all);

    expect(await outcomes(ids)).to.deep.equal(ids.map((id) => `r${id}`));
    expect(statements).to.equal(2);
  });

  it('are let alone when they are done already', async () => {
    const [id = 0] = await stored('EvDone', 1);
    await finishEvent(database.pool, id, 'handled', 'first', 2500);

    await createFinish(database.pool, () => 3000)({ id, outcome: 'ignored', reason: 'second' });

    expect(await outcomes([id])).to.deep.equal(['first']);
  });

  it('are not called done when the database does not take it, and the next ones are', async () => {
    let isAway = true;
    const finish = createFinish(
      {
        ...database.pool,
        query: (query, values) =>
          isAway ? Promise.reject(new Error('away')) : database.pool.query(query, values),
      },
      () => 3000,
    );
    const [first = 0, second = 0] = await stored('EvAway', 2);

    const failed = await finish({ id: first, outcome: 'ignored', reason: null }).catch(String);
    isAway = false;
    await finish({ id: second, outcome: 'ignored', reason: 'told' });

    expect(failed).to.include('away');
    expect(await outcomes([first, second])).to.deep.equal(['told']);
  });
});

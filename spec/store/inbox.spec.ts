import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import {
  acceptEvents,
  finishEvent,
  leaseEvents,
  type NewEvent,
  postponeEvent,
  pruneInbox,
  replayEarlyEvents,
} from '../../src/store/inbox.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const NOW = Date.UTC(2026, 0, 5, 10);

function event(overrides: Partial<NewEvent> & { eventId: string }): NewEvent {
  return {
    key: null,
    subject: null,
    lane: 'C1:1.1',
    type: 'events_api',
    isInteractive: false,
    body: '{}',
    happenedAt: NOW,
    ...overrides,
  };
}

describe('inbox', () => {
  let database: TestDatabase;

  before(async () => {
    database = await testDatabase();
  });
  after(() => database.drop());

  it('takes an event once by its id and once by what happened', async () => {
    const { pool } = database;
    const first = await acceptEvents(
      pool,
      [event({ eventId: 'Ev1', key: 'message:C1:1.1' })],
      NOW,
      NOW + 1000,
    );
    const again = await acceptEvents(
      pool,
      [
        event({ eventId: 'Ev1', key: 'message:C1:1.1' }),
        event({ eventId: 'Ev2', key: 'message:C1:1.1' }),
        event({ eventId: 'Ev3', key: 'message:C1:2.2' }),
        event({ eventId: 'Ev4', key: 'message:C1:2.2' }),
      ],
      NOW,
      NOW + 1000,
    );

    expect(first.map(({ eventId }) => eventId)).to.deep.equal(['Ev1']);
    expect(again.map(({ eventId }) => eventId)).to.deep.equal(['Ev3']);
  });

  it('leases what nobody has in hand, people at buttons first, and nothing twice', async () => {
    const { pool } = database;
    await pool.query('delete from inbox');
    await acceptEvents(
      pool,
      [event({ eventId: 'a' }), event({ eventId: 'b', isInteractive: true })],
      NOW,
      NOW + 1000,
    );

    expect(await leaseEvents(pool, NOW, NOW + 1000, 10)).to.deep.equal([]);
    const [leased] = await leaseEvents(pool, NOW + 1000, NOW + 2000, 1);
    expect(leased?.eventId).to.equal('b');
    expect((await leaseEvents(pool, NOW + 1000, NOW + 2000, 10)).map(({ eventId }) => eventId)).to.deep.equal(
      ['a'],
    );
  });

  it('says of an event that was done already that it must have no second effect', async () => {
    const { pool } = database;
    const [row] = await acceptEvents(pool, [event({ eventId: 'once' })], NOW, NOW);

    expect(await finishEvent(pool, row!.id, 'handled', null, NOW)).to.equal(true);
    expect(await finishEvent(pool, row!.id, 'handled', null, NOW)).to.equal(false);
  });

  it('lets a failed event rest and counts the attempt', async () => {
    const { pool } = database;
    await pool.query('delete from inbox');
    const [row] = await acceptEvents(pool, [event({ eventId: 'ill' })], NOW, NOW);

    await postponeEvent(pool, row!.id, NOW + 5000, 'TransientError');

    expect(await leaseEvents(pool, NOW + 4999, NOW + 9000, 10)).to.deep.equal([]);
    expect((await leaseEvents(pool, NOW + 5000, NOW + 9000, 10))[0]?.attempts).to.equal(1);
  });

  it('has early events of a message handled again, but not those from before it was captured', async () => {
    const { pool } = database;
    await pool.query('delete from inbox');
    const accepted = await acceptEvents(
      pool,
      [
        event({ eventId: 'before', subject: 'C1:9.9', happenedAt: NOW - 1 }),
        event({ eventId: 'after', subject: 'C1:9.9', happenedAt: NOW + 1 }),
      ],
      NOW,
      NOW,
    );
    for (const { id } of accepted) await finishEvent(pool, id, 'early', null, NOW);

    expect(await replayEarlyEvents(pool, 'C1:9.9', NOW, NOW)).to.equal(1);
    expect((await leaseEvents(pool, NOW, NOW + 1, 10)).map(({ eventId }) => eventId)).to.deep.equal([
      'after',
    ]);
  });

  it('prunes what was done long enough ago, and nothing that is pending', async () => {
    const { pool } = database;
    await pool.query('delete from inbox');
    const accepted = await acceptEvents(
      pool,
      [event({ eventId: 'old' }), event({ eventId: 'pending' })],
      NOW,
      NOW,
    );
    await finishEvent(pool, accepted.find(({ eventId }) => eventId === 'old')!.id, 'handled', null, NOW);

    expect(await pruneInbox(pool, NOW, 10)).to.equal(0);
    expect(await pruneInbox(pool, NOW + 1, 10)).to.equal(1);
  });
});

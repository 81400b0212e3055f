import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import {
  acceptEvents,
  finishEvent,
  leaseEvents,
  leftEvents,
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
      [event({ eventId: 'a' }), event({ eventId: 'b', isInteractive: true, lane: 'button' })],
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

  it('leases what came before a press in its lane with it, and before it', async () => {
    const { pool } = database;
    await pool.query('delete from inbox');
    const events = [
      event({ eventId: 'other', lane: 'other' }),
      event({ eventId: 'thread', lane: 'card' }),
      event({ eventId: 'press', lane: 'card', isInteractive: true }),
      event({ eventId: 'after', lane: 'card' }),
    ];
    await acceptEvents(pool, events, NOW, NOW);
    const next = async (limit: number, onlyPeople: boolean): Promise<readonly string[]> =>
      (await leaseEvents(pool, NOW, NOW + 1000, limit, { onlyPeople })).map(({ eventId }) => eventId);

    expect(await next(2, true)).to.deep.equal(['thread', 'press']);
    expect(await next(2, true), 'nobody waits any more').to.deep.equal([]);
    await pool.query('update inbox set lease_until = $1', [new Date(NOW)]);
    expect(await next(3, false)).to.deep.equal(['thread', 'press', 'after']);
  });

  it('leaves a lane alone while another daemon has events of it in hand, unless they have failed', async () => {
    const { pool } = database;
    await pool.query('delete from inbox');
    const [first] = await acceptEvents(pool, [event({ eventId: 'theirs' })], NOW, NOW + 1000);
    await acceptEvents(pool, [event({ eventId: 'next' })], NOW, NOW);
    const lease = async (held: readonly number[] = []): Promise<readonly string[]> =>
      (await leaseEvents(pool, NOW, NOW + 1, 10, { held })).map(({ eventId }) => eventId);

    expect(await lease()).to.deep.equal([]);
    expect(await lease([first!.id]), 'ours').to.deep.equal(['next']);
    await pool.query(`update inbox set lease_until = $1 where event_id = 'next'`, [new Date(NOW)]);
    await postponeEvent(pool, first!.id, NOW + 1000, 'TransientError');
    expect(await lease(), 'theirs has failed').to.deep.equal(['next']);
  });

  it("counts what waits in nobody's hands, and since when", async () => {
    const { pool } = database;
    await pool.query('delete from inbox');
    expect(await leftEvents(pool, NOW)).to.deep.equal({ count: 0, oldestAt: null });
    await acceptEvents(pool, [event({ eventId: 'first' })], NOW - 5000, NOW - 5000);
    await acceptEvents(pool, [event({ eventId: 'second' })], NOW, NOW);
    await acceptEvents(pool, [event({ eventId: 'leased' })], NOW - 9000, NOW + 1);

    expect(await leftEvents(pool, NOW)).to.deep.equal({ count: 2, oldestAt: NOW - 5000 });
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

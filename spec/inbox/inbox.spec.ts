import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { systemClock } from '../../src/clock.ts';
import { TransientError } from '../../src/errors.ts';
import type { Delivery } from '../../src/inbox/accept.ts';
import { createInbox, type EventContext, type Inbox } from '../../src/inbox/inbox.ts';
import { replayEarlyEvents } from '../../src/store/inbox.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { reacted, renamed } from '../support/deliveries.ts';
import { slowToHear } from '../support/slow-to-hear.ts';
import { stressService } from '../support/stress-service.ts';
import { waitFor } from '../support/wait-for.ts';

describe('the inbox', () => {
  let database: TestDatabase;
  let forget: () => Promise<void> = () => Promise.resolve();
  const logger = captureLogger();
  const inboxes: Inbox[] = [];

  before(async () => {
    database = await testDatabase();
  });
  after(async () => {
    await Promise.all(inboxes.map((inbox) => inbox.stop()));
    await database.drop();
  });

  /** The parts that a channel event uses. */
  const context = {
    desk: { queues: new Map() },
    directory: { forget: () => forget() },
    slack: {},
    bot: { userId: 'UBOT', teamId: 'T1' },
  } as unknown as EventContext;

  function make(): Inbox {
    const inbox = createInbox({ pool: database.pool, clock: systemClock, logger, context });
    inboxes.push(inbox);
    return inbox;
  }

  async function outcomeOf(
    eventId: string,
  ): Promise<{ outcome: string | null; attempts: number } | undefined> {
    const { rows } = await database.pool.query<{ outcome: string | null; attempts: number }>(
      'select outcome, attempts from inbox where event_id = $1',
      [eventId],
    );
    return rows[0];
  }

  const done = (eventId: string): Promise<unknown> =>
    waitFor(async () => (await outcomeOf(eventId))?.outcome ?? false, `the outcome of ${eventId}`, 15_000);

  async function accepted(inbox: Inbox, delivery: Delivery): Promise<void> {
    await new Promise<void>((resolve) => {
      inbox.accept(delivery, () => resolve());
    });
  }

  it('acknowledges only what is committed, and hands it on at once', async () => {
    const inbox = make();
    await inbox.start();
    await accepted(inbox, renamed('E1'));

    expect(await outcomeOf('E1')).to.not.equal(undefined);
    await done('E1');
    expect((await outcomeOf('E1'))?.outcome).to.equal('ignored');
    await inbox.stop();
  });

  it('acknowledges an event that is known already, and handles it once', async () => {
    let handled = 0;
    forget = async () => {
      handled += 1;
    };
    const inbox = make();
    await inbox.start();
    await Promise.all([accepted(inbox, renamed('E2')), accepted(inbox, renamed('E2'))]);
    await accepted(inbox, renamed('E2'));
    await done('E2');
    await inbox.stop();

    expect(handled).to.equal(1);
  });

  it('does not acknowledge what cannot be committed', async () => {
    const lost = await testDatabase();
    await lost.pool.end();
    const inbox = createInbox({ pool: lost.pool, clock: systemClock, logger, context });
    let acknowledged = 0;
    inbox.accept(renamed('E3'), () => {
      acknowledged += 1;
    });
    await waitFor(
      () => logger.lines.some(({ message }) => message.includes('could not be committed')),
      'the warning',
    );

    expect(acknowledged).to.equal(0);
    await lost.drop();
  });

  it('tries again what fails for a while, for as long as it does', async () => {
    let tries = 0;
    forget = async () => {
      tries += 1;
      if (tries < 3) throw new TransientError('not now');
    };
    const inbox = make();
    await inbox.start();
    await accepted(inbox, renamed('E4'));
    await done('E4');
    await inbox.stop();

    expect(tries).to.equal(3);
    expect((await outcomeOf('E4'))?.attempts).to.equal(2);
  });

  it('gives up what keeps failing for reasons of its own, and says so', async () => {
    forget = () => Promise.reject(new Error('broken'));
    const inbox = make();
    await inbox.start();
    await accepted(inbox, renamed('E5'));
    await waitFor(async () => (await outcomeOf('E5'))?.attempts === 1, 'the first attempt');
    await database.pool.query(`update inbox set attempts = 9, lease_until = now() where event_id = 'E5'`);
    await done('E5');
    await inbox.stop();

    expect((await outcomeOf('E5'))?.outcome).to.equal('failed');
    const line = logger.lines.findLast(({ level }) => level === 'error');
    expect(line?.meta).to.include({ eventId: 'E5', givenUp: true });
  });

  it('takes up what an earlier life left undone', async () => {
    forget = () => Promise.resolve();
    const first = make();
    // Never started: it commits and acknowledges, and nobody handles.
    await accepted(first, renamed('E6'));
    await first.stop();
    const second = make();
    await second.start();

    await done('E6');
    await second.stop();
  });

  it('handles an event again at once, though it has only just let go of it', async () => {
    const pool = slowToHear(database.pool);
    const inbox = createInbox({ pool, clock: systemClock, logger, context });
    inboxes.push(inbox);
    await inbox.start();
    const handled = (): number =>
      logger.lines.filter(({ message, meta }) => message === 'event handled' && meta['eventId'] === 'E8')
        .length;
    await accepted(inbox, reacted('E8', 'C1', '1767607200.000100'));
    await done('E8');
    // It is early: its message is no request. Now it becomes one, before the inbox has heard that its own commit is through.
    expect(handled()).to.equal(0);
    expect(await replayEarlyEvents(database.pool, 'C1:1767607200.000100', 0, Date.now())).to.equal(1);
    inbox.wake();
    await waitFor(() => handled() === 2, 'the event to be handled again', 1500);
    await inbox.stop();
  });

  it('keeps what it has in hand from others, however long it takes', async () => {
    let tries = 0;
    const gate = Promise.withResolvers<void>();
    forget = async () => {
      tries += 1;
      await gate.promise;
    };
    const [one, other] = [make(), make()];
    await one.start();
    await accepted(one, renamed('E7'));
    await waitFor(() => tries === 1, 'the first to begin');
    await other.start();
    // Longer than a lease without a sign of life.
    const later = Date.now() + 4500;
    await waitFor(() => Date.now() > later, 'the lease to be extended');
    gate.resolve();
    await done('E7');
    await Promise.all([one.stop(), other.stop()]);

    expect(tries).to.equal(1);
  });

  it('starts and stops in any order', async () => {
    forget = () => Promise.resolve();
    let count = 0;
    let inbox: Inbox | undefined;
    await stressService(() => (inbox = make()), {
      whenStarted: async () => {
        const eventId = `S${(count += 1)}`;
        await accepted(inbox!, renamed(eventId));
        await done(eventId);
      },
    });
  }).timeout(60_000);
});

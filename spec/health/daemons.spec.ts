import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { systemClock } from '../../src/clock.ts';
import { createDaemons, type Daemons } from '../../src/health/daemons.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { stressService } from '../support/stress-service.ts';
import { waitFor } from '../support/wait-for.ts';

describe('the daemons over one database', () => {
  let database: TestDatabase;
  let all: Daemons[] = [];

  before(async () => {
    database = await testDatabase();
  });
  afterEach(async () => {
    await Promise.all(all.map((one) => one.stop()));
    all = [];
  });
  after(() => database.drop());

  function make(sockets = () => 0, gone = (): void => {}): Daemons {
    const made = createDaemons({
      pool: database.pool,
      clock: systemClock,
      logger: captureLogger(),
      sockets,
      gone,
      signMs: 50,
    });
    all.push(made);
    return made;
  }

  async function rows(): Promise<number> {
    const { rows: found } = await database.pool.query<{ n: number }>(
      'select count(*)::integer as n from daemons',
    );
    return found[0]?.n ?? -1;
  }

  it('know how many there are and how many sockets these hold, and notice each that goes', async () => {
    let sockets = 2;
    let gone = 0;
    const [one, other] = [
      make(
        () => 1,
        () => void (gone += 1),
      ),
      make(() => sockets),
    ];
    await other.start();
    await one.start();
    expect(one.others()).to.deep.equal({ daemons: 1, sockets: 2 });
    await waitFor(() => other.others().sockets === 1, 'the older to see the younger', 5000);

    sockets = 1;
    other.changed();
    await waitFor(() => one.others().sockets === 1, 'the change to be seen', 5000);
    expect(gone).to.equal(0);
    await other.stop();
    await waitFor(() => one.others().daemons === 0, 'the stop to be seen', 5000);
    expect(gone).to.equal(1);
    expect(await rows()).to.equal(1);
  });

  it('know what they knew while the database is away', async () => {
    const lost = await testDatabase();
    const options = { pool: lost.pool, clock: systemClock, logger: captureLogger(), gone: () => {} };
    const [one, other] = [
      createDaemons({ ...options, sockets: () => 0 }),
      createDaemons({ ...options, sockets: () => 2 }),
    ];
    await other.start();
    await one.start();
    await lost.drop();
    one.changed();
    await new Promise(setImmediate);

    expect(one.others()).to.deep.equal({ daemons: 1, sockets: 2 });
    await Promise.all([one.stop(), other.stop()]);
  });

  it('start and stop in any order, and leave nothing behind', async () => {
    await stressService(make, { whenStarted: async () => expect(await rows()).to.equal(1) });
    expect(await rows()).to.equal(0);
  });
});

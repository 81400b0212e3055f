import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { forgetDaemon, noteDaemon, pruneDaemons } from '../../src/store/daemons.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const NOW = Date.UTC(2026, 0, 5, 10);

describe('daemons', () => {
  let database: TestDatabase;
  const [one, other] = [randomUUID(), randomUUID()];

  before(async () => {
    database = await testDatabase();
  });
  after(() => database.drop());

  const note = (id: string, sockets: number, now: number) =>
    noteDaemon(database.pool, id, sockets, now, 15_000);

  it('know of each other what each said last, and nothing of themselves', async () => {
    expect(await note(one, 1, NOW)).to.deep.equal([]);
    expect(await note(other, 2, NOW)).to.deep.equal([{ id: one, sockets: 1 }]);
    await note(one, 3, NOW + 1000);

    expect(await note(other, 2, NOW + 1000)).to.deep.equal([{ id: one, sockets: 3 }]);
  });

  it('do not count who has said nothing for too long, nor who spoke before the clock was set back', async () => {
    expect(await note(other, 2, NOW + 16_000)).to.have.length(1);
    expect(await note(other, 2, NOW + 16_001)).to.deep.equal([]);
    expect(await note(other, 2, NOW - 3_600_000)).to.deep.equal([]);
  });

  it('are forgotten when they stop, and when they were killed long ago', async () => {
    await note(one, 1, NOW);
    await forgetDaemon(database.pool, one);
    expect(await note(other, 2, NOW)).to.deep.equal([]);
    await note(one, 1, NOW - 1000);
    await pruneDaemons(database.pool, NOW);

    expect(await note(other, 2, NOW)).to.deep.equal([]);
  });
});

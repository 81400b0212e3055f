import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { noteReaction, passOverReaction, reactionsSince } from '../../src/store/reactions.ts';
import { ANA, T0 } from '../support/builders.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const CHANNEL = 'C1';

describe('reactions that have been heard', () => {
  let database: TestDatabase;
  let serial = 0;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.drop());

  /** Each with the time of its event, from `T0` on, and when it is heard: at once, or as told. */
  interface Heard {
    readonly does: 'put' | 'taken';
    readonly at: number;
    readonly heardAt?: number;
    readonly isRead?: boolean;
  }

  /** Which of them are news, one after the other, and whether it is there in the end. */
  async function hear(heard: readonly Heard[], first?: (ts: string) => Promise<void>) {
    serial += 1;
    const ts = `17000000${String(serial).padStart(2, '0')}.000100`;
    await first?.(ts);
    const news: boolean[] = [];
    for (const { does, at, heardAt = at, isRead = false } of heard) {
      const note = { channel: CHANNEL, ts, user: ANA, emoji: 'eyes', added: does === 'put', isRead };
      news.push(await noteReaction(database.pool, { ...note, happenedAt: T0 + at }, T0 + heardAt));
    }
    const there = await reactionsSince(database.pool, CHANNEL, ts);
    return { news, isThere: there.has(ts) };
  }

  const READ = { at: 20 * SECOND, heardAt: 25 * SECOND, isRead: true } as const;

  it('are news when they are put and when they are taken away, however often', async () => {
    const often = await hear([
      { does: 'put', at: 0 },
      { does: 'taken', at: 1 },
      { does: 'put', at: 2 },
      { does: 'taken', at: 2 },
    ]);
    expect(often).to.deep.equal({ news: [true, true, true, true], isThere: false });
  });

  it('are none when Slack tells the same once more, and news when they are put once more', async () => {
    const twice = await hear([
      { does: 'put', at: 0 },
      { does: 'put', at: 0, heardAt: MINUTE },
      { does: 'put', at: 2 * MINUTE },
    ]);
    expect(twice).to.deep.equal({ news: [true, false, true], isThere: true });
  });

  it('are none when what was read is told after all, whatever was done since', async () => {
    const put = await hear([
      { does: 'put', ...READ },
      { does: 'put', at: 0, heardAt: MINUTE },
    ]);
    expect(put, 'put').to.deep.equal({ news: [true, false], isThere: true });
    const putAndTaken = await hear([
      { does: 'put', ...READ },
      { does: 'taken', at: 50 * SECOND },
      { does: 'put', at: 0, heardAt: MINUTE },
    ]);
    expect(putAndTaken, 'put, then taken').to.deep.equal({ news: [true, true, false], isThere: false });
    const takenAndPut = await hear([
      { does: 'put', at: -MINUTE },
      { does: 'taken', ...READ },
      { does: 'put', at: 50 * SECOND },
      { does: 'taken', at: 0, heardAt: 5 * MINUTE },
    ]);
    expect(takenAndPut, 'taken, then put').to.deep.equal({ news: [true, true, true, false], isThere: true });
  });

  it('are none when Slack tells an older one after a newer one', async () => {
    const shuffled = await hear([
      { does: 'taken', at: SECOND },
      { does: 'put', at: 0, heardAt: MINUTE },
    ]);
    expect(shuffled).to.deep.equal({ news: [false, false], isThere: false });
  });

  it('are none when they were read before something newer was heard', async () => {
    const taken = await hear([
      { does: 'taken', at: 22 * SECOND },
      { does: 'put', ...READ },
    ]);
    expect(taken, 'put').to.deep.equal({ news: [false, false], isThere: false });
    const put = await hear([
      { does: 'put', at: -MINUTE },
      { does: 'put', at: 22 * SECOND },
      { does: 'taken', ...READ },
    ]);
    expect(put, 'taken').to.deep.equal({ news: [true, true, false], isThere: true });
  });

  it('are news when they are put again after they were read and taken away, in the same minute too', async () => {
    const again = await hear([
      { does: 'put', ...READ },
      { does: 'taken', at: 30 * SECOND },
      { does: 'put', at: 31 * SECOND },
    ]);
    expect(again).to.deep.equal({ news: [true, true, true], isThere: true });
  });

  it('are none when they stood there before the message was a request, and news after that', async () => {
    const pass = (until: number | null) => (ts: string) =>
      passOverReaction(database.pool, CHANNEL, ts, { user: ANA, emoji: 'eyes' }, until);
    const earlier: readonly Heard[] = [{ does: 'put', at: 0, heardAt: MINUTE }];
    expect(await hear(earlier, pass(T0 + SECOND))).to.deep.equal({ news: [false], isThere: true });
    expect(await hear(earlier, pass(T0 - SECOND))).to.deep.equal({ news: [true], isThere: true });
    expect(await hear(earlier, pass(null))).to.deep.equal({ news: [true], isThere: true });
  });
});

import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { lockRequestByCard, saveCard } from '../../src/store/cards.ts';
import { readDutyOverride, saveDutyOverride } from '../../src/store/duty.ts';
import { insertMessage, messagesOf, readMessage, saveCopy } from '../../src/store/messages.ts';
import { appendOutbox } from '../../src/store/outbox.ts';
import {
  askedBy,
  insertRequest,
  lockRequest,
  lockRequestByConversation,
  lockRequestBySource,
  openInQueues,
  overdueAlarms,
  ownedBy,
  readRequest,
  readSettledRequest,
  saveRequest,
  threadHasRequest,
} from '../../src/store/requests.ts';
import { appendTimeline, readTimeline } from '../../src/store/timeline.ts';
import { readTogether, withTransaction } from '../../src/store/transaction.ts';
import { ANA, request, T0 } from '../support/builders.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

describe('requests in the store', () => {
  let database: TestDatabase;
  let serial = 0;

  before(async () => {
    database = await testDatabase();
  });
  after(() => database.drop());

  async function stored(overrides: Parameters<typeof request>[0] = {}) {
    serial += 1;
    const ts = `17000000${String(serial).padStart(2, '0')}.000100`;
    const base = request(overrides);
    const inserted = await insertRequest(database.pool, {
      ...base,
      source: { ...base.source, channel: 'C1', ts, threadTs: ts },
      conversation: { channel: 'C1', threadTs: ts, isMirrored: false },
      card: null,
    });
    return inserted!;
  }

  it('come back as they went in, intervals included', async () => {
    const inserted = await stored({ state: 'on_hold' });

    const back = await readRequest(database.pool, inserted.id);

    expect(back?.request).to.deep.equal(inserted);
  });

  it('are one a message', async () => {
    const inserted = await stored();

    expect(await insertRequest(database.pool, inserted)).to.equal(null);
  });

  it('do not hold up what a relay puts into the outbox while somebody has them locked', async () => {
    const { id } = await stored();
    const row = { lane: 'A', key: 'moved', requestId: id, effect: { kind: 'card' } } as const;
    await withTransaction(database.pool, async (tx) => {
      expect((await lockRequest(tx, id))?.request.id).to.equal(id);
      // Its foreign key looks at the locked row; should it wait, the two could wait for each other.
      await appendOutbox(database.pool, [row], T0);
    });
  }).timeout(3000);

  it('are found by source, thread and card', async () => {
    const { pool } = database;
    const one = await stored();
    await saveCard(pool, one.id, { channel: 'CT', ts: one.source.ts });

    expect((await lockRequestBySource(pool, 'C1', one.source.ts))?.request.id).to.equal(one.id);
    expect((await lockRequestByConversation(pool, 'C1', one.source.ts))?.request.id).to.equal(one.id);
    expect((await lockRequestByCard(pool, 'CT', one.source.ts))?.request.id).to.equal(one.id);
    expect(await threadHasRequest(pool, 'CT', one.source.ts)).to.equal(true);
    expect(await threadHasRequest(pool, 'CT', '1.1')).to.equal(false);
  });

  it('keep what a change wrote, with the alarm', async () => {
    const { pool } = database;
    const one = await stored();
    const next = { ...one, owner: ANA, state: 'in_progress' as const, version: one.version + 1 };

    await saveRequest(pool, next, T0 + 1000, '00000000-0000-4000-8000-000000000000');

    const back = await readTogether(pool, (tx) => readSettledRequest(tx, one.id));
    expect(back?.request.owner).to.equal(ANA);
    expect(back?.nextDueAt).to.equal(T0 + 1000);
    expect(await overdueAlarms(pool, T0 + 2000)).to.include(one.id);
    expect(await ownedBy(pool, ANA, ['it'])).to.include(one.id);
  });

  it('are listed by queue and by asker while they count', async () => {
    const { pool } = database;
    const open = await stored();
    const closed = await stored({ state: 'closed' });

    const ids = (await openInQueues(pool, ['it'])).map(({ id }) => id);
    const mine = (await askedBy(pool, open.asker)).map(({ id }) => id);

    expect(ids).to.include(open.id).and.not.include(closed.id);
    expect(mine).to.include(open.id).and.not.include(closed.id);
  });

  it('keep their messages once, their timeline in order, and who is on duty by hand', async () => {
    const { pool } = database;
    const one = await stored();
    const message = {
      channel: 'D1',
      ts: '5.5',
      threadTs: null,
      requestId: one.id,
      author: ANA,
      role: 'reply',
      text: 'hi',
      files: [],
      isInside: false,
    } as const;

    expect(await insertMessage(pool, message)).to.equal(true);
    expect(await insertMessage(pool, message)).to.equal(false);
    await saveCopy(pool, 'D1', '5.5', { channel: 'CT', ts: '6.6' });
    await appendTimeline(pool, one.id, [
      { at: T0, actor: ANA, what: 'first' },
      { at: T0, actor: null, what: 'second' },
    ]);
    await saveDutyOverride(pool, 'it', { user: ANA, untilAt: T0 }, ANA);

    expect((await readMessage(pool, 'D1', '5.5'))?.copy).to.deep.equal({ channel: 'CT', ts: '6.6' });
    expect(await messagesOf(pool, one.id, 'reply')).to.have.length(1);
    expect((await readTimeline(pool, one.id, 5)).map(({ what }) => what)).to.deep.equal(['first', 'second']);
    expect(await readDutyOverride(pool, 'it', T0 - 1)).to.deep.equal({ user: ANA, untilAt: T0 });
    expect(await readDutyOverride(pool, 'it', T0)).to.equal(null);
  });
});

import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import type { Answer, AnswerTo, ListItem } from '../../src/domain/effects.ts';
import { acceptEvents, finishEvent } from '../../src/store/inbox.ts';
import { appendOutbox, type NewOutboxRow } from '../../src/store/outbox.ts';
import type { Db } from '../../src/store/pool.ts';
import { insertRequest } from '../../src/store/requests.ts';
import { blankEvents, blankSayings, dropAnswers } from '../../src/store/texts.ts';
import { ANA, ASK, request, source, T0 } from '../support/builders.ts';
import { type TestDatabase, testDatabase, withRollback } from '../support/database.ts';

const MARK = 'xyzzy';
const TO: AnswerTo = { kind: 'dm', channel: 'D1', user: ANA, threadTs: null };

describe('what waits to be said, and what was told, once a text is blanked', () => {
  let database: TestDatabase;

  before(async () => {
    database = await testDatabase();
  });
  after(() => database.drop());

  const item = (id: number): ListItem => ({
    id,
    title: MARK,
    state: 'new',
    priority: 'normal',
    owner: null,
    asker: ASK,
    openedAt: T0,
    dueAt: null,
    link: null,
  });

  async function asked(db: Db, ts: string): Promise<number> {
    const { id: _, ...fresh } = request({ source: source({ ts, threadTs: ts }), card: null });
    return (await insertRequest(db, fresh))!.id;
  }

  const answerRow = (key: string, answer: Answer): NewOutboxRow => ({
    lane: `answer:${key}`,
    key,
    requestId: null,
    effect: { kind: 'answer', to: TO, answer },
  });

  async function waiting(db: Db): Promise<readonly string[]> {
    const { rows } = await db.query<{ key: string }>('select key from outbox order by key');
    return rows.map(({ key }) => key);
  }

  it('drops answers that show it, wherever in them, and no other', async () => {
    await withRollback(database.pool, async (tx) => {
      const show = { kind: 'show', text: MARK, queue: 'it', timeline: [], links: [] } as const;
      await appendOutbox(
        tx,
        [
          answerRow('list', { kind: 'list', heading: 'open', items: [item(1), item(7)], more: 0 }),
          answerRow('status', { kind: 'status', mine: [item(7)], queues: [] }),
          answerRow('show', { ...show, item: item(7) }),
          answerRow('other list', { kind: 'list', heading: 'open', items: [item(1), item(77)], more: 0 }),
          answerRow('merged', { kind: 'merged', id: 7, channel: 'D1', ts: '1.2' }),
          answerRow('text', { kind: 'text', text: MARK }),
        ],
        T0,
      );

      expect(await dropAnswers(tx, [7], null)).to.equal(3);
      expect(await waiting(tx)).to.deep.equal(['merged', 'other list', 'text']);
      expect(await dropAnswers(tx, [], ASK)).to.equal(0);
      expect(await dropAnswers(tx, [], ANA)).to.equal(1);
      expect(await waiting(tx)).to.deep.equal(['merged', 'other list']);
    });
  });

  it('takes the reason out of the end of a hold that waits to be told, of that request alone', async () => {
    await withRollback(database.pool, async (tx) => {
      const ids = [await asked(tx, '1767607200.000100'), await asked(tx, '1767607200.000200')] as const;
      const place = { kind: 'person', user: ANA } as const;
      const rows = ids.map((requestId) => ({
        lane: `dm:${ANA}`,
        key: `hold ${requestId}`,
        requestId,
        effect: { kind: 'say', place, saying: { kind: 'hold_over', reason: MARK } } as const,
      }));
      await appendOutbox(tx, rows, T0);

      await blankSayings(tx, ids[0]);

      const { rows: left } = await tx.query<{ reason: string }>(
        `select effect -> 'saying' ->> 'reason' as reason from outbox order by id`,
      );
      expect(left.map(({ reason }) => reason)).to.deep.equal(['', MARK]);
    });
  });

  it('blanks events that are done, and has none of them handled again; what is to be handled stays whole', async () => {
    await withRollback(database.pool, async (tx) => {
      const events = ['done', 'early', 'pending', 'other'].map((eventId) => ({
        eventId,
        key: null,
        subject: null,
        lane: 'C1',
        type: 'events_api',
        isInteractive: false,
        body: JSON.stringify({ user: eventId === 'other' ? ANA : ASK, text: MARK }),
        happenedAt: T0,
      }));
      const accepted = await acceptEvents(tx, events, T0, T0);
      for (const { id, eventId } of accepted)
        if (eventId !== 'pending')
          await finishEvent(tx, id, eventId === 'early' ? 'early' : 'handled', null, T0);

      expect(await blankEvents(tx, [ASK, '1767607200.000100'])).to.equal(2);
      const { rows } = await tx.query(
        `select event_id, outcome, body = '' as blank from inbox order by event_id`,
      );
      expect(rows).to.deep.equal([
        { event_id: 'done', outcome: 'handled', blank: true },
        { event_id: 'early', outcome: 'ignored', blank: true },
        { event_id: 'other', outcome: 'handled', blank: false },
        { event_id: 'pending', outcome: null, blank: false },
      ]);
      expect(await blankEvents(tx, [ASK])).to.equal(0);
    });
  });
});

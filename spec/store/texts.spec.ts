import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type Answer, type AnswerTo, type ListItem, type Saying } from '../../src/domain/effects.ts';
import { acceptEvents, finishEvent } from '../../src/store/inbox.ts';
import { appendOutbox, finishOutbox, type NewOutboxRow } from '../../src/store/outbox.ts';
import type { Db } from '../../src/store/pool.ts';
import { insertRequest } from '../../src/store/requests.ts';
import { blankEvents, blankOutbox, dropAnswers } from '../../src/store/texts.ts';
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

  /** Rows that wait, are in hand, or are on their way. */
  async function append(db: Db, rows: readonly NewOutboxRow[], how: 'waits' | 'on its way'): Promise<void> {
    await appendOutbox(db, rows, T0);
    if (how === 'waits') return;
    for (const { key } of rows)
      await db.query('update outbox set attempted_at = now(), attempts = attempts + 1 where key = $1', [key]);
  }

  it('drops answers that give a person’s words back, and takes the words out of one that is on its way', async () => {
    await withRollback(database.pool, async (tx) => {
      await append(tx, [answerRow('words', { kind: 'text', text: MARK })], 'waits');
      await append(tx, [answerRow('sent', { kind: 'refusal', text: MARK })], 'on its way');
      await append(tx, [answerRow('merged', { kind: 'merged', id: 7, channel: 'D1', ts: '1.2' })], 'waits');

      expect(await dropAnswers(tx, ASK)).to.equal(0);
      expect(await dropAnswers(tx, ANA)).to.equal(2);

      expect(await waiting(tx)).to.deep.equal(['merged', 'sent']);
      const { rows } = await tx.query<{ id: number; effect: string }>(
        `select id, effect::text from outbox where key = 'sent'`,
      );
      expect(rows[0]?.effect).to.not.include(MARK);
      expect(await finishOutbox(tx, rows[0]!.id)).to.deep.equal({ isBlanked: true });
    });
  });

  it('has what is in hand rendered anew, and what is on its way deleted, where it shows the request’s text', async () => {
    await withRollback(database.pool, async (tx) => {
      const [id, other] = [await asked(tx, '1767607200.000100'), await asked(tx, '1767607200.000200')];
      const place = { kind: 'person', user: ANA } as const;
      const say = (key: string, requestId: number, saying: Saying): NewOutboxRow => ({
        lane: `dm:${ANA}`,
        key,
        requestId,
        effect: { kind: 'say', place, saying },
      });
      const rows = (prefix: string) => [
        say(`${prefix} hold`, id, { kind: 'hold_over', reason: MARK }),
        say(`${prefix} hold of another`, other, { kind: 'hold_over', reason: MARK }),
        say(`${prefix} asks`, id, { kind: 'ask_duty', step: 'duty', user: ANA }),
        say(`${prefix} escalates`, id, { kind: 'escalated' }),
        answerRow(`${prefix} list`, {
          kind: 'list',
          heading: 'open',
          items: [item(other), item(id)],
          more: 0,
        }),
        answerRow(`${prefix} list of another`, {
          kind: 'list',
          heading: 'open',
          items: [item(other)],
          more: 0,
        }),
        answerRow(`${prefix} status`, { kind: 'status', mine: [item(id)], queues: [] }),
      ];
      await append(tx, rows('waiting'), 'waits');
      await append(tx, rows('sent'), 'on its way');

      expect(await blankOutbox(tx, id, null, true)).to.equal(4);

      const { rows: left } = await tx.query<{
        key: string;
        attempts: number;
        marked: boolean;
        reason: string;
      }>(
        `select key, attempts, effect ? 'isBlanked' as marked, effect -> 'saying' ->> 'reason' as reason from outbox`,
      );
      const of = (what: (row: (typeof left)[number]) => boolean) => left.filter(what).map(({ key }) => key);
      expect(of(({ marked }) => marked)).to.have.members([
        'sent hold',
        'sent asks',
        'sent list',
        'sent status',
      ]);
      // Their holder, if any, sees by the number that they are no longer in its hands.
      expect(of(({ key, attempts }) => key.startsWith('waiting') && attempts === 1)).to.have.members([
        'waiting hold',
        'waiting asks',
        'waiting list',
        'waiting status',
      ]);
      expect(of(({ reason }) => reason === MARK)).to.have.members([
        'waiting hold of another',
        'sent hold of another',
      ]);
    });
  });

  it('leaves what shows no note alone where only somebody’s notes go', async () => {
    await withRollback(database.pool, async (tx) => {
      const id = await asked(tx, '1767607200.000100');
      const place = { kind: 'person', user: ANA } as const;
      const saying: Saying = { kind: 'ask_duty', step: 'duty', user: ANA };
      await append(
        tx,
        [
          { lane: 'dm', key: 'asks', requestId: id, effect: { kind: 'say', place, saying } },
          answerRow('list', { kind: 'list', heading: 'open', items: [item(id)], more: 0 }),
        ],
        'on its way',
      );

      expect(await blankOutbox(tx, id, ANA, false)).to.equal(0);

      const { rows } = await tx.query(`select 1 from outbox where effect ? 'isBlanked'`);
      expect(rows).to.have.length(0);
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

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { textMark } from '../../src/domain/text-mark.ts';
import { migrate } from '../../src/store/migrate.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const MIGRATIONS = fileURLToPath(new URL('../../src/store/migrations/', import.meta.url));

describe('migration 0003, over what an earlier version has left', () => {
  let database: TestDatabase;
  let folder: string;

  before(async () => {
    database = await testDatabase({ migrated: false });
    folder = await mkdtemp(join(tmpdir(), 'triage-migrations-'));
  });
  after(async () => {
    await database.drop();
    await rm(folder, { recursive: true });
  });

  it('gives a question that waits to be asked the mark of its text, and leaves notes to their requests', async () => {
    const { pool } = database;
    for (const name of ['0001-initial.sql', '0002-catch-up.sql'])
      await cp(join(MIGRATIONS, name), join(folder, name));
    await migrate(pool, { directory: folder });
    const text = 'ça va? &lt;b&gt;\n🎫 "quoted"';
    const sayings = [
      { kind: 'consent', text, triageChannel: 'C1' },
      { kind: 'resolved', by: 'UANA', note: text },
      { kind: 'hold_over', reason: 'the vendor' },
    ];
    for (const [place, saying] of sayings.entries())
      await pool.query(
        `insert into outbox (lane, key, kind, effect, created_at, not_before) values ('C1', $1, 'say', $2, now(), now())`,
        [`key ${place}`, JSON.stringify({ kind: 'say', place: { kind: 'conversation' }, saying })],
      );

    await migrate(pool);

    const { rows } = await pool.query<{ saying: unknown }>(
      `select effect -> 'saying' as saying from outbox order by id`,
    );
    expect(rows.map(({ saying }) => saying)).to.deep.equal([
      { kind: 'consent', mark: textMark(text), triageChannel: 'C1' },
      { kind: 'resolved', by: 'UANA' },
      { kind: 'hold_over', reason: 'the vendor' },
    ]);
  });
});

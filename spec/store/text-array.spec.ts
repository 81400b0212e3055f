import { expect } from 'chai';
import fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import { textArray } from '../../src/store/text-array.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

describe('store/text-array', () => {
  let database: TestDatabase;

  before(async () => {
    database = await testDatabase();
  });

  after(() => database.drop());

  async function back(values: readonly (string | null)[]): Promise<unknown> {
    const { rows } = await database.pool.query('select $1::text[] as found', [textArray(values)]);
    return rows[0]?.found;
  }

  it('is what PostgreSQL reads as text[]', async () => {
    for (const values of [[], ['a'], [null], ['', null, 'NULL', '{"a",\\}'], ['ä€😀', "'; drop table"]])
      expect(await back(values)).to.deep.equal(values);
  });

  it('takes any text that PostgreSQL can hold', async () => {
    const text = fc.string({ unit: 'binary' }).map((one) => one.replaceAll('\0', '').toWellFormed());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text)), async (values) => {
        expect(await back(values)).to.deep.equal(values);
      }),
    );
  });

  it('writes half a character as the one that stands for what cannot be read, as pg does', async () => {
    expect(await back(['\ud83d'])).to.deep.equal(['\ufffd']);
  });
});

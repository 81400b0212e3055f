import { expect } from 'chai';
import { describe, it } from 'mocha';

describe('the files that only describe shapes', () => {
  for (const file of ['change', 'command-kinds', 'effects', 'situation'])
    it(`${file}.ts holds nothing that runs`, async () => {
      const loaded: object = await import(`../../src/domain/${file}.ts`);
      expect(Object.keys(loaded)).to.deep.equal([]);
    });
});

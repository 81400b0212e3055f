import { expect } from 'chai';
import { describe, it } from 'mocha';
import { judge, medians } from './section.ts';
import { figuresTable, number, rowsTable, withBlock } from './table.ts';

const rounds = [
  { ours: 6, theirs: 2 },
  { ours: 9, theirs: 1 },
  { ours: 4, theirs: 2 },
];
const ratio = (goal: { better: 'lower' | 'higher'; reach: number; aim: number }) =>
  judge(
    { quantity: 'ours ÷ theirs', of: ({ ours = 0, theirs = 0 }) => ours / theirs, goal, unit: ' x' },
    rounds,
  );

describe("the bench's table", () => {
  it('takes the ratio within each round and then the median, not the ratio of medians', () => {
    const { measured, least, most } = ratio({ better: 'lower', reach: 4, aim: 3 });

    expect({ measured, least, most }).to.deep.equal({ measured: 3, least: 2, most: 9 });
  });

  it('says which goal is met, either way round', () => {
    expect(ratio({ better: 'lower', reach: 4, aim: 3 }).verdict).to.equal('aim');
    expect(ratio({ better: 'lower', reach: 3, aim: 2.9 }).verdict).to.equal('reach');
    expect(ratio({ better: 'lower', reach: 2.9, aim: 1 }).verdict).to.equal('short');
    expect(ratio({ better: 'higher', reach: 2, aim: 3 }).verdict).to.equal('aim');
    expect(ratio({ better: 'higher', reach: 3, aim: 3.1 }).verdict).to.equal('reach');
    expect(ratio({ better: 'higher', reach: 3.1, aim: 4 }).verdict).to.equal('short');
    expect(judge({ quantity: 'a count', of: ({ ours = 0 }) => ours }, rounds).verdict).to.equal('');
  });

  it('calls what could not be measured short', () => {
    const goal = { better: 'lower', reach: 4, aim: 3 } as const;

    expect(judge({ quantity: 'lost', of: () => Number.NaN, goal }, rounds).verdict).to.equal('short');
  });

  it('is Markdown', () => {
    expect(rowsTable([ratio({ better: 'lower', reach: 4, aim: 3 })])).to.equal(
      [
        '| quantity | measured | rounds | reach | aim | gets |',
        '| --- | --- | --- | --- | --- | --- |',
        '| ours ÷ theirs | **3.00 x** | 2.00 – 9.00 | 4 x | 3 x | aim |',
      ].join('\n'),
    );
    expect(figuresTable(medians(rounds)).split('\n').at(-1)).to.equal('| theirs | 2.00 | 1.00 – 2.00 |');
  });

  it('shows as many digits as say something', () => {
    expect([12345.6, 99.96, 12.34, 1.234, 0.1234, 0.0001, 0, -3.21].map(number)).to.deep.equal([
      '12346',
      '100.0',
      '12.3',
      '1.23',
      '0.12',
      '0',
      '0',
      '-3.21',
    ]);
  });

  it('replaces what stands between its markers and nothing else', () => {
    const begin = '<!-- bench: begin (written by `npm run bench`) -->';
    const document = `before\n${begin}\nold\n<!-- bench: end -->\nafter\n`;

    expect(withBlock(document, 'new\n')).to.equal(`before\n${begin}\n\nnew\n\n<!-- bench: end -->\nafter\n`);
    expect(withBlock(withBlock(document, 'one'), 'two')).to.equal(withBlock(document, 'two'));
    expect(() => withBlock('no markers', 'new')).to.throw('lacks the markers');
  });
});

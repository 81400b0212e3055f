import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { boundaryBefore, clamp, titleOf } from '../../src/slack/clamp.ts';

const family = '👨‍👩‍👧‍👦';
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

describe('clamp', () => {
  it('leaves what fits, and ends what does not with an ellipsis', () => {
    expect(clamp('abc', 3)).to.equal('abc');
    expect(clamp('abcd', 3)).to.equal('ab…');
    expect(clamp('ab cd', 4)).to.equal('ab…');
    expect(clamp('abc', 0)).to.equal('');
  });

  it('cuts no character in two', () => {
    expect(clamp(`ab${family}cd`, 8)).to.equal('ab…');
    expect(clamp(`a${'e\u0301'.repeat(3)}`, 5)).to.equal('ae\u0301…');
  });

  it('cuts between code points where one character alone is too long', () => {
    expect(clamp(family, 5)).to.equal('👨‍…');
    const marks = `e${'\u0301'.repeat(2000)}`;
    expect(clamp(marks, 1000).length).to.equal(1000);
    expect(clamp('😀😀', 2)).to.equal('…');
  });

  it('never exceeds its length, and cuts at a boundary', () => {
    const texts = fc.string({
      unit: fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }), fc.constant(family)),
      maxLength: 60,
    });
    fc.assert(
      fc.property(texts, fc.integer({ min: 12, max: 80 }), (text, max) => {
        const cut = clamp(text, max);
        expect(cut.length).to.be.at.most(max);
        expect(cut.isWellFormed()).to.equal(text.isWellFormed());
        if (text.length <= max) return;
        const end = boundaryBefore(text, max - 1);
        const starts = Array.from(graphemes.segment(text), (segment) => segment.index);
        expect(starts).to.include(end);
        expect(cut).to.equal(`${text.slice(0, end).trimEnd()}…`);
      }),
    );
  });

  it('knows the ends of a text as boundaries', () => {
    expect(boundaryBefore('abc', -1)).to.equal(0);
    expect(boundaryBefore('abc', 9)).to.equal(3);
  });
});

describe('titleOf', () => {
  it('is the first line with something on it, its spaces folded', () => {
    expect(titleOf('\n \t\n  The\tprinter   is dead \nreally', 80)).to.equal('The printer is dead');
    expect(titleOf('abcdef', 4)).to.equal('abc…');
    expect(titleOf(' \n ', 80)).to.equal('');
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { nearest } from '../../src/domain/nearest.ts';

const verbs = ['resolve', 'reopen', 'remind', 'claim', 'pass', 'hold', 'new', 'not-request'];

describe('nearest', () => {
  it('finds the word behind one missing, added, changed or swapped letter', () => {
    expect(nearest('resove', verbs)).to.equal('resolve');
    expect(nearest('claimm', verbs)).to.equal('claim');
    expect(nearest('pars', verbs)).to.equal('pass');
    expect(nearest('hlod', verbs)).to.equal('hold');
  });

  it('takes case as no difference', () => {
    expect(nearest('RESOLVE', verbs)).to.equal('resolve');
    expect(nearest('resolve', ['Resolve'])).to.equal('Resolve');
  });

  it('takes a beginning for the whole word when nothing is nearer', () => {
    expect(nearest('not', verbs)).to.equal('not-request');
    expect(nearest('triage', ['triage_channel', 'targets'])).to.equal('triage_channel');
  });

  it('says nothing when nothing is near', () => {
    expect(nearest('banana', verbs)).to.equal(undefined);
    expect(nearest('', verbs)).to.equal(undefined);
    expect(nearest('claim', [])).to.equal(undefined);
    expect(nearest('x', ['y', 'z'])).to.equal(undefined);
  });

  it('allows no more slips than it is told to, and then no mere beginnings', () => {
    expect(nearest('DATABASE_HOST', ['DATABASE_URL'])).to.equal('DATABASE_URL');
    expect(nearest('DATABASE_HOST', ['DATABASE_URL'], 2)).to.equal(undefined);
    expect(nearest('DATABSE_URL', ['DATABASE_URL'], 2)).to.equal('DATABASE_URL');
    expect(nearest('LOG', ['LOG_LEVEL'], 2)).to.equal(undefined);
  });

  it('prefers the first of two that are equally near', () => {
    expect(nearest('cat', ['bat', 'hat'])).to.equal('bat');
  });

  it('always finds a word that is in the list', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), fc.nat(), (words, pick) => {
        const word = words[pick % words.length]!;
        expect(nearest(word, words)?.toLowerCase()).to.equal(word.toLowerCase());
      }),
    );
  });

  it('only ever answers with one of the candidates', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (word, words) => {
        const found = nearest(word, words);
        expect(found === undefined || words.includes(found)).to.equal(true);
      }),
    );
  });
});

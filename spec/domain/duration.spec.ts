import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { formatDuration, parseDuration, suggestDuration } from '../../src/domain/duration.ts';

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, bd: 86_400_000 };
const SHOWN_MS = new Map([
  ['s', UNIT_MS.s],
  ['min', UNIT_MS.m],
  ['h', UNIT_MS.h],
  ['d', UNIT_MS.d],
]);
const shownMs = (text: string): number =>
  [...text.matchAll(/(\d+) ([a-z]+)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * SHOWN_MS.get(unit!)!,
    0,
  );
const TEN_YEARS_MS = 3650 * UNIT_MS.d;

describe('parseDuration', () => {
  it('reads a whole number of any unit, and knows business days from days', () => {
    fc.assert(
      fc.property(fc.nat(3650), fc.constantFrom('s', 'm', 'h', 'd', 'bd'), (count, unit) => {
        expect(parseDuration(`${count}${unit}`)).to.deep.equal({
          ms: count * UNIT_MS[unit],
          isBusinessDays: unit === 'bd',
        });
      }),
    );
  });

  it('refuses everything else', () => {
    for (const text of [
      '',
      '5',
      'm',
      '5 m',
      ' 5m',
      '5m ',
      '1.5h',
      '-5m',
      '5M',
      '5min',
      '1w',
      '5mh',
      '5m\n',
      '٥m',
    ])
      expect(parseDuration(text), JSON.stringify(text)).to.equal(null);
  });

  it('refuses what is longer than ten years, so that no deadline leaves the calendar', () => {
    expect(parseDuration('3650d')?.ms).to.equal(TEN_YEARS_MS);
    expect(parseDuration('3651d')).to.equal(null);
    expect(parseDuration('999999999s')).to.equal(null);
    expect(parseDuration('9999999999s')).to.equal(null);
  });
});

describe('suggestDuration', () => {
  it('guesses what other spellings mean', () => {
    const meant = {
      '5min': '5m',
      '5 minutes': '5m',
      '30 secs': '30s',
      '2 hours': '2h',
      '2hr': '2h',
      '3D': '3d',
      '1 day': '1d',
      '2 business days': '2bd',
      '2wd': '2bd',
      '1w': '7d',
      '2 weeks': '14d',
      ' 5m ': '5m',
      '05m': '5m',
    };
    for (const [text, expected] of Object.entries(meant))
      expect(suggestDuration(text), text).to.equal(expected);
  });

  it('makes no guess it would then refuse', () => {
    for (const text of ['', 'soon', '5', '1.5h', '5 parsecs', '9999 weeks', '999999999 days'])
      expect(suggestDuration(text), text).to.equal(undefined);
  });
});

describe('formatDuration', () => {
  it('shows the largest unit and the next smaller one', () => {
    expect(formatDuration(5 * UNIT_MS.m)).to.equal('5 min');
    expect(formatDuration(2 * UNIT_MS.h)).to.equal('2 h');
    expect(formatDuration(27 * UNIT_MS.h)).to.equal('1 d 3 h');
    expect(formatDuration(90_000)).to.equal('1 min 30 s');
    expect(formatDuration(UNIT_MS.d + 5 * UNIT_MS.m)).to.equal('1 d');
    expect(formatDuration(30_000)).to.equal('30 s');
    expect(formatDuration(0)).to.equal('0 s');
    expect(formatDuration(999)).to.equal('0 s');
    expect(formatDuration(-5 * UNIT_MS.m)).to.equal('-5 min');
  });

  it('never says more than is true, and leaves out less than the smaller unit that it may show', () => {
    fc.assert(
      fc.property(fc.nat(TEN_YEARS_MS), (ms) => {
        const shown = shownMs(formatDuration(ms));
        expect(shown).to.be.at.most(ms);
        expect(ms - shown).to.be.below(
          Math.max(1000, ms >= UNIT_MS.d ? UNIT_MS.h : ms >= UNIT_MS.h ? UNIT_MS.m : 0),
        );
        expect(formatDuration(ms)).to.match(/^\d+ (d|h|min|s)( \d+ (h|min|s))?$/);
      }),
    );
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, it } from 'mocha';
import { parseWhen, splitWhen } from '../../src/domain/when.ts';

const MADRID = 'Europe/Madrid';
const at = (iso: string, zone = MADRID): number => DateTime.fromISO(iso, { zone }).toMillis();
/** A Wednesday, 14:30 in Madrid. */
const now = at('2026-03-04T14:30:15.250');

const reads = (text: string, iso: string, zone = MADRID, from = now): void => {
  const found = parseWhen(text, from, zone);
  const shown = found === null ? null : DateTime.fromMillis(found, { zone }).toISO();
  expect(shown, text).to.equal(DateTime.fromISO(iso, { zone }).toISO());
};

const splits = (text: string, iso: string, rest: string): void => {
  expect(splitWhen(text, now, MADRID), text).to.deep.equal({ at: at(iso), rest });
};

describe('parseWhen', () => {
  it('reads every duration of the configuration, alone or after "in"', () => {
    expect(parseWhen('10s', now, MADRID)).to.equal(now + 10_000);
    expect(parseWhen('in 10s', now, MADRID)).to.equal(now + 10_000);
    expect(parseWhen('5m', now, MADRID)).to.equal(now + 300_000);
    expect(parseWhen('IN 2H', now, MADRID)).to.equal(now + 7_200_000);
    expect(parseWhen('1d', now, MADRID)).to.equal(now + 86_400_000);
    expect(parseWhen('2bd', now, MADRID)).to.equal(now + 2 * 86_400_000);
    expect(parseWhen('in 2 bd', now, MADRID)).to.equal(now + 2 * 86_400_000);
  });

  it('reads durations in words', () => {
    expect(parseWhen('in 2 hours', now, MADRID)).to.equal(now + 7_200_000);
    expect(parseWhen('half an hour', now, MADRID)).to.equal(now + 1_800_000);
    expect(parseWhen('1h 30m', now, MADRID)).to.equal(now + 5_400_000);
    reads('in 3 days', '2026-03-07T14:30:15');
    reads('3 days from now', '2026-03-07T14:30:15');
    reads('two weeks', '2026-03-18T14:30:15');
    reads('in 2 months', '2026-05-04T14:30:15');
  });

  it('takes 09:00 for a day without a time', () => {
    reads('tomorrow', '2026-03-05T09:00');
    reads('friday', '2026-03-06T09:00');
    reads('on friday', '2026-03-06T09:00');
    reads('next friday', '2026-03-13T09:00');
    reads('next week', '2026-03-11T09:00');
    reads('the day after tomorrow', '2026-03-06T09:00');
    reads('2026-03-10', '2026-03-10T09:00');
    reads('10 march', '2026-03-10T09:00');
    reads('end of month', '2026-03-31T09:00');
    reads('tomorrow morning', '2026-03-05T09:00');
  });

  it('keeps the time that was said, or that evening and the like stand for', () => {
    reads('tomorrow 9am', '2026-03-05T09:00');
    reads('Tomorrow at 17:45', '2026-03-05T17:45');
    reads('monday\u00A0 10:00', '2026-03-09T10:00');
    reads('5pm friday', '2026-03-06T17:00');
    reads('day after tomorrow at 9:30', '2026-03-06T09:30');
    reads('tonight', '2026-03-04T22:00');
    reads('friday evening', '2026-03-06T20:00');
    reads('tomorrow afternoon', '2026-03-05T15:00');
    reads('2026-03-10T10:00', '2026-03-10T10:00');
  });

  it('takes the next one to come of what is named without its day, date or year', () => {
    reads('14:31', '2026-03-04T14:31');
    reads('14:30', '2026-03-05T14:30');
    reads('noon', '2026-03-05T12:00');
    reads('morning', '2026-03-05T09:00');
    reads('wednesday', '2026-03-11T09:00');
    reads('wednesday 16:00', '2026-03-04T16:00');
    reads('monday', '2026-03-09T09:00');
    reads('march 4', '2027-03-04T09:00');
    reads('march', '2027-03-01T09:00');
    reads('april', '2026-04-01T09:00');
    reads('25/12', '2026-12-25T09:00');
  });

  it('reads a time in a zone that it names', () => {
    reads('18:00 UTC', '2026-03-04T19:00');
    reads('10:00 UTC', '2026-03-05T11:00');
  });

  it('knows the day of the person, not of the machine', () => {
    const morning = at('2026-03-05T08:00', 'Asia/Tokyo');
    reads('tomorrow', '2026-03-06T09:00', 'Asia/Tokyo', morning);
    reads('thursday', '2026-03-05T09:00', 'Asia/Tokyo', morning);
    reads('the day after tomorrow', '2026-03-07T09:00', 'Asia/Tokyo', morning);
    const evening = at('2026-03-04T22:00', 'America/Los_Angeles');
    reads('tomorrow 8:00', '2026-03-05T08:00', 'America/Los_Angeles', evening);
  });

  it('follows the clock changes of the zone', () => {
    const before = at('2026-03-28T12:00');
    reads('tomorrow 9am', '2026-03-29T09:00+02:00', MADRID, before);
    // 02:30 does not exist that night: an hour further.
    reads('2026-03-29 02:30', '2026-03-29T03:30+02:00', MADRID, before);
    expect(parseWhen('in 24 hours', before, MADRID)).to.equal(before + 86_400_000);
    reads('in one day', '2026-03-29T12:00', MADRID, before);
  });

  it('counts an unknown zone as UTC', () => {
    reads('tomorrow', '2026-03-05T09:00Z', 'UTC');
    expect(parseWhen('tomorrow', now, 'Mars/Olympus')).to.equal(at('2026-03-05T09:00', 'UTC'));
  });

  it('refuses the past', () => {
    for (const text of [
      'yesterday',
      'today',
      '2 days ago',
      'last friday',
      '2026-03-04 14:30',
      'now',
      '0s',
      '-2h',
    ]) {
      expect(parseWhen(text, now, MADRID), text).to.equal(null);
    }
    expect(parseWhen('this month', now, MADRID)).to.equal(null);
    expect(parseWhen('this week', now, MADRID)).to.equal(null);
  });

  it('refuses what lies more than ten years ahead', () => {
    expect(parseWhen('2099-01-01', now, MADRID)).to.equal(null);
    expect(parseWhen('9999999d', now, MADRID)).to.equal(null);
  });

  it('refuses dates that mean two days in two countries, and reads the others', () => {
    for (const text of ['5/3', '5/6/2026', '5.6.2026', '05-06-2026']) {
      expect(parseWhen(text, now, MADRID), text).to.equal(null);
    }
    reads('5/5', '2026-05-05T09:00');
    reads('5/20/2026', '2026-05-20T09:00');
  });

  it('refuses a range and a time counted from another', () => {
    for (const text of [
      '2 hours - 3 hours',
      'friday - monday',
      '10:00-11:00',
      '2h after tomorrow',
      'a week from friday',
    ]) {
      expect(parseWhen(text, now, MADRID), text).to.equal(null);
    }
  });

  it('refuses what is not wholly a time', () => {
    const texts = [
      '',
      ' ',
      'friday please',
      'maybe friday',
      'soon',
      '9',
      'friday 9 people',
      'me',
      `friday${' x'.repeat(50)}`,
    ];
    for (const text of texts) expect(parseWhen(text, now, MADRID), text).to.equal(null);
  });

  it('never throws, and is in the future or null, whatever it is given', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'in',
        'at',
        'next',
        'last',
        'friday',
        'tomorrow',
        '2h',
        'may',
        '10:00',
        'pm',
        '5/3',
        '-',
        'weeks',
        'UTC',
      ),
      fc.nat(99_999).map(String),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.array(word, { maxLength: 6 }).map((words) => words.join(' ')),
    );
    const zone = fc.constantFrom(MADRID, 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Apia', 'nowhere');
    const when = fc.integer({ min: at('2020-01-01'), max: at('2060-01-01') });
    fc.assert(
      fc.property(text, when, zone, (typed, from, where) => {
        const found = parseWhen(typed, from, where);
        expect(found === null || (Number.isInteger(found) && found > from)).to.equal(true);
      }),
      { numRuns: 400 },
    );
  });
});

describe('splitWhen', () => {
  it('takes the longest time at the start, and leaves the rest as typed', () => {
    splits('friday waiting for the supplier', '2026-03-06T09:00', 'waiting for the supplier');
    splits('friday 10:00 the Supplier  comes', '2026-03-06T10:00', 'the Supplier  comes');
    splits('friday at 5pm &amp; later', '2026-03-06T17:00', '&amp; later');
    splits('monday\nno parts\nuntil then', '2026-03-09T09:00', 'no parts\nuntil then');
    splits('friday 9 people are away', '2026-03-06T09:00', '9 people are away');
  });

  it('gives punctuation between the two to neither', () => {
    splits('friday, waiting', '2026-03-06T09:00', 'waiting');
    splits('friday: waiting', '2026-03-06T09:00', 'waiting');
    splits('friday – waiting', '2026-03-06T09:00', 'waiting');
  });

  it('gives an empty rest when there is only a time', () => {
    splits(' friday 10:00 ', '2026-03-06T10:00', '');
  });

  it('is null when the text starts with no time', () => {
    for (const text of ['', 'waiting until friday', 'yesterday it broke', 'last friday it broke']) {
      expect(splitWhen(text, now, MADRID), text).to.equal(null);
    }
  });

  it('is as quick for a long text as for a short one', () => {
    const rest = 'word '.repeat(20_000).trim();
    splits(`friday ${rest}`, '2026-03-06T09:00', rest);
    expect(splitWhen('x'.repeat(100_000), now, MADRID)).to.equal(null);
  });
});

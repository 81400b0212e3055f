import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ago, dayHeading, momentIn, shortLength, slackDate, timeOf } from './moments.ts';

const at = (iso: string): number => Date.parse(iso);
const MADRID = 'Europe/Madrid';

describe("the page's moments", () => {
  it('stand in the zone of the person who looks', () => {
    const noon = at('2026-01-05T12:00:00Z');
    expect(timeOf(noon, MADRID)).to.equal('13:00');
    expect(timeOf(noon, 'America/New_York')).to.equal('07:00');
  });

  it("name days by the show's clock, not by ours", () => {
    const now = at('2026-01-05T08:00:00Z');
    expect(dayHeading(now, now, MADRID)).to.equal('Today');
    expect(dayHeading(at('2026-01-04T22:30:00Z'), now, MADRID)).to.equal('Yesterday');
    expect(dayHeading(at('2026-01-04T23:30:00Z'), now, MADRID)).to.equal('Today');
    expect(dayHeading(at('2026-01-01T12:00:00Z'), now, MADRID)).to.equal('Thursday, 1 January');
    expect(dayHeading(at('2025-12-31T12:00:00Z'), now, MADRID)).to.equal('Wednesday, 31 December 2025');
  });

  it('write dates as Slack does', () => {
    const now = at('2026-01-05T08:00:00Z');
    const show = (iso: string, form: string): string => slackDate(at(iso), form, now, MADRID);
    expect(show('2026-01-05T13:05:00Z', '{date_short_pretty} {time}')).to.equal('today 14:05');
    expect(show('2026-01-06T08:00:00Z', '{date_short_pretty} {time}')).to.equal('tomorrow 09:00');
    expect(show('2026-01-12T08:00:00Z', '{date_short_pretty} {time}')).to.equal('Mon 12 Jan 09:00');
    expect(show('2026-01-05T07:55:00Z', '{ago}')).to.equal('5 minutes ago');
    expect(show('2026-01-05T07:55:00Z', '{who knows}')).to.equal('{who knows}');
  });

  it('say how long ago something was, and how soon it will be', () => {
    const now = at('2026-01-05T08:00:00Z');
    expect(ago(now - 20_000, now)).to.equal('just now');
    expect(ago(now - 60_000, now)).to.equal('1 minute ago');
    expect(ago(now - 3 * 86_400_000, now)).to.equal('3 days ago');
    expect(ago(now - 45 * 86_400_000, now)).to.equal('1 month ago');
    expect(ago(now - 2731 * 86_400_000, now)).to.equal('7 years ago');
    expect(ago(now + 7_200_000, now)).to.equal('in 2 hours');
  });

  it('read a day and a time in a zone, on either side of a change of clocks', () => {
    expect(momentIn('2026-01-05', '09:00', MADRID)).to.equal(at('2026-01-05T08:00:00Z'));
    expect(momentIn('2026-07-05', '09:00', MADRID)).to.equal(at('2026-07-05T07:00:00Z'));
    expect(momentIn('2026-03-29', '04:00', MADRID)).to.equal(at('2026-03-29T02:00:00Z'));
    expect(momentIn('2026-03-29', '01:30', MADRID)).to.equal(at('2026-03-29T00:30:00Z'));
    expect(momentIn('2026-10-25', '04:00', MADRID)).to.equal(at('2026-10-25T03:00:00Z'));
    expect(momentIn('', '09:00', MADRID)).to.equal(null);
  });

  it('shorten lengths', () => {
    expect([5_000, 720_000, 7_200_000, 3 * 86_400_000].map(shortLength)).to.deep.equal([
      '5 s',
      '12 min',
      '2 h',
      '3 d',
    ]);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { compareTimestamps, msToTimestamp, timestampToMs } from '../../src/slack/timestamp.ts';

describe('timestamps', () => {
  it('are epoch milliseconds, rounded down', () => {
    expect(timestampToMs('1700000000.123999')).to.equal(1700000000123);
    expect(timestampToMs('1700000000.1')).to.equal(1700000000100);
    expect(timestampToMs(msToTimestamp(1700000000123))).to.equal(1700000000123);
  });

  it('are written as Slack writes them', () => {
    expect(msToTimestamp(1700000000007)).to.equal('1700000000.007000');
    expect(msToTimestamp(-5)).to.equal('0.000000');
  });

  it('are ordered to the last digit', () => {
    expect(compareTimestamps('1700000000.000100', '1700000000.000200')).to.be.lessThan(0);
    expect(compareTimestamps('1700000001.000100', '1700000000.000200')).to.be.greaterThan(0);
    expect(compareTimestamps('1700000000.000100', '1700000000.0001')).to.equal(0);
  });
});

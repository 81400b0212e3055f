import { expect } from 'chai';
import { describe, it } from 'mocha';
import { figure, inversions, median, percentile, spread } from './stats.ts';

describe("the bench's arithmetic", () => {
  it('takes the middle value, or the mean of the two in the middle, whatever the order', () => {
    expect(median([9, 1, 5])).to.equal(5);
    expect(median([10, 2, 4, 100])).to.equal(7);
    expect(median([3])).to.equal(3);
    expect(median([])).to.be.NaN;
  });

  it('takes percentiles by the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

    expect(percentile(hundred, 50)).to.equal(50);
    expect(percentile(hundred, 95)).to.equal(95);
    expect(percentile(hundred, 99)).to.equal(99);
    expect(percentile(hundred, 100)).to.equal(100);
    expect(percentile([7, 3], 1)).to.equal(3);
    expect(percentile([], 50)).to.be.NaN;
  });

  it('tells the least and the most beside the median', () => {
    expect(spread([4, 1, 2])).to.deep.equal({ median: 2, least: 1, most: 4 });
  });

  it('counts what stands before something smaller', () => {
    expect(inversions([1, 2, 3])).to.equal(0);
    expect(inversions([2, 1, 3])).to.equal(1);
    expect(inversions([3, 2, 1])).to.equal(2);
    expect(inversions([1, 1])).to.equal(0);
    expect(inversions([])).to.equal(0);
  });

  it('refuses a figure that was not measured', () => {
    expect(figure({ speed: 3 }, 'speed')).to.equal(3);
    expect(() => figure({ speed: 3 }, 'sped')).to.throw('no such figure: sped');
  });
});

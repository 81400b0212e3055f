import { expect } from 'chai';
import { describe, it } from 'mocha';
import { controlsSeen, controlsUsed } from './controls.ts';

// By its name the last file of a run.
describe('the page as a whole', () => {
  it('has no control that no spec has used', () => {
    expect(
      controlsSeen(),
      'controls that the page has shown: run all specs, not this one alone',
    ).to.have.length.above(80);
    const used = controlsUsed();
    expect(controlsSeen().filter((control) => !used.has(control))).to.deep.equal([]);
  });
});

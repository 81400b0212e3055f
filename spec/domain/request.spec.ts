import { expect } from 'chai';
import { describe, it } from 'mocha';
import { isExit, isOpen, isOver, STATES, UNDO_MS } from '../../src/domain/request.ts';
import { request, T0 } from '../support/builders.ts';

describe('a request', () => {
  it('is open while somebody still owes something', () => {
    expect(STATES.filter(isOpen)).to.deep.equal(['new', 'in_progress', 'waiting', 'on_hold']);
  });

  it('has four exits that can be undone', () => {
    expect(STATES.filter(isExit)).to.deep.equal(['duplicate', 'not_request', 'declined', 'withdrawn']);
  });

  it('gives its thread up when it is closed, or 24 hours after an exit', () => {
    const late = T0 + UNDO_MS;
    expect(isOver(request({ state: 'closed' }), T0)).to.equal(true);
    for (const state of STATES.filter(isExit)) {
      expect(isOver(request({ state }), late), state).to.equal(false);
      expect(isOver(request({ state }), late + 1), state).to.equal(true);
    }
    // One that was never shown has nothing that could be undone.
    expect(isOver(request({ state: 'withdrawn', exit: null }), T0)).to.equal(true);
    for (const state of [...STATES.filter(isOpen), 'resolved', 'unposted'] as const)
      expect(isOver(request({ state }), late * 2), state).to.equal(false);
  });
});

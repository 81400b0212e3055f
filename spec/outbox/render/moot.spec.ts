import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Saying } from '../../../src/domain/effects.ts';
import { STATES, type State } from '../../../src/domain/request.ts';
import { isMoot } from '../../../src/outbox/render/moot.ts';
import { ANA, BEN, DAY, request, T0 } from '../../support/builders.ts';

/** The states in which a saying still makes sense. */
function fits(saying: Saying): State[] {
  return STATES.filter((state) => !isMoot(saying, request({ state })));
}

describe('a saying that waited', () => {
  it('is left out once somebody has the request that it offers', () => {
    expect(fits({ kind: 'ask_duty', step: 'duty', user: ANA })).to.deep.equal(['new']);
    expect(fits({ kind: 'lead', lead: null })).to.deep.equal(['new']);
    expect(fits({ kind: 'escalation', openedAt: T0 })).to.deep.equal(['new']);
    expect(fits({ kind: 'escalated' })).to.deep.equal(['new']);
  });

  it('is left out once the asker has answered, or wants it kept open', () => {
    expect(fits({ kind: 'question', by: ANA })).to.deep.equal(['waiting']);
    expect(fits({ kind: 'nudge', nth: 1 })).to.deep.equal(['waiting']);
    expect(fits({ kind: 'notice', closesAt: T0 })).to.deep.equal(['waiting']);
    const kept = request({ state: 'waiting', waiting: { nudges: 2, closesAt: T0 + DAY, isKeptOpen: true } });
    expect(isMoot({ kind: 'notice', closesAt: T0 }, kept)).to.equal(true);
  });

  it('is left out once another owner has it', () => {
    const owned = request({ state: 'in_progress', owner: BEN });
    expect(isMoot({ kind: 'taken', by: BEN }, owned)).to.equal(false);
    expect(isMoot({ kind: 'taken', by: ANA }, owned)).to.equal(true);
    expect(isMoot({ kind: 'assigned', by: ANA, user: BEN }, owned)).to.equal(false);
    expect(isMoot({ kind: 'assigned', by: BEN, user: ANA }, owned)).to.equal(true);
  });

  it('is left out once the request is on hold again or over', () => {
    expect(fits({ kind: 'hold_over', reason: '' })).to.deep.equal(['new', 'in_progress', 'waiting']);
    expect(fits({ kind: 'reminder', user: ANA })).to.deep.equal([
      'new',
      'in_progress',
      'waiting',
      'on_hold',
      'resolved',
    ]);
  });

  it('asks for no other text than the one that waits to be posted', () => {
    const asked = request({ state: 'unposted', unshownText: 'new text' });
    expect(isMoot({ kind: 'consent', text: 'new text', triageChannel: 'C1' }, asked)).to.equal(false);
    expect(isMoot({ kind: 'consent', text: 'old text', triageChannel: 'C1' }, asked)).to.equal(true);
  });

  it('is said however late where it tells what happened', () => {
    const happened: readonly Saying[] = [
      { kind: 'resolved', by: ANA, note: null },
      { kind: 'added', text: '', ts: '1.2' },
      { kind: 'consent_over', posted: true },
      { kind: 'done_by_other', by: ANA, what: 'resolved it' },
      { kind: 'reopened', by: ANA },
      { kind: 'mirror_opens' },
      { kind: 'owner_left', user: ANA },
      { kind: 'note', by: ANA, text: '' },
    ];
    for (const saying of happened) expect(fits(saying)).to.deep.equal(STATES);
  });
});

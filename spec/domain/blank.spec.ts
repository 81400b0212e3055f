import { expect } from 'chai';
import { describe, it } from 'mocha';
import { blank } from '../../src/domain/blank.ts';
import { type Request, STATES } from '../../src/domain/request.ts';
import { goneWords } from '../../src/domain/wording.ts';
import { ANA, ASK, BEN, DAY, request, source, T0, ZOE } from '../support/builders.ts';

const MARK = 'xyzzy';
const FILES = [{ name: MARK, bytes: 1, type: MARK }];
const HOLD = { untilAt: T0 + DAY, reason: MARK };

/** A request in which every field that can hold text does. */
function full(overrides: Partial<Request> = {}): Request {
  const plain = request({ state: 'closed' });
  return {
    ...plain,
    source: source({ title: MARK, text: MARK, files: FILES }),
    unshownText: MARK,
    unshownFiles: FILES,
    hold: HOLD,
    exit: {
      by: BEN,
      at: T0,
      reason: MARK,
      duplicateOf: null,
      before: 'on_hold',
      ownerBefore: ANA,
      holdBefore: HOLD,
    },
    resolution: {
      by: ANA,
      at: T0,
      note: MARK,
      before: 'on_hold',
      ownerBefore: ANA,
      holdBefore: HOLD,
      reactionOf: null,
    },
    ...overrides,
  };
}

const person = (user: string, heldBy: string | null = null) => ({ kind: 'person', user, heldBy }) as const;

describe('blanking a request', () => {
  it('leaves no text at all when its time is over, in any state, and everything else as it was', () => {
    for (const state of STATES) {
      const before = full({ state });
      const after = blank(before, { kind: 'all' });

      expect(JSON.stringify(after), state).to.not.include(MARK);
      expect(after.source.isDeleted, state).to.equal(true);
      expect(after, state).to.deep.include({
        textGone: 'retention',
        state,
        asker: before.asker,
        owner: before.owner,
        intervals: before.intervals,
        stateSinceAt: before.stateSinceAt,
      });
      expect(after.resolution, state).to.include({ by: ANA, at: T0 });
      expect(after.exit, state).to.include({ by: BEN, at: T0 });
    }
  });

  it('does it once: a second time nothing is left', () => {
    const once = blank(full(), { kind: 'all' });

    expect(blank(once, { kind: 'all' })).to.equal(once);
    for (const user of [ASK, ANA, BEN]) expect(blank(once, person(user, ANA))).to.equal(once);
  });

  it('notes the end of the time of one whose text was deleted or forgotten before, or it were found for ever', () => {
    const forgotten = blank(full(), person(ASK));
    const deleted = request({ source: source({ title: null, text: null, isDeleted: true }) });

    expect(blank(forgotten, { kind: 'all' }).textGone).to.equal('retention');
    expect(blank(deleted, { kind: 'all' }).textGone).to.equal('retention');
    expect(blank(deleted, person(ASK))).to.equal(deleted);
  });

  it('takes from a forgotten person what they wrote, and from nobody else', () => {
    const asker = blank(full(), person(ASK));
    expect(asker.textGone).to.equal('forgotten');
    expect(asker).to.deep.include({ unshownText: null, unshownFiles: [], hold: HOLD });
    expect(JSON.stringify(asker.source)).to.not.include(MARK);
    expect([asker.exit?.reason, asker.resolution?.note]).to.deep.equal([MARK, MARK]);

    const resolver = blank(full(), person(ANA));
    expect([resolver.resolution?.note, resolver.exit?.reason, resolver.source.text]).to.deep.equal([
      null,
      MARK,
      MARK,
    ]);
    expect(resolver.textGone).to.equal(null);

    const decliner = blank(full(), person(BEN));
    expect([decliner.exit?.reason, decliner.resolution?.note]).to.deep.equal([null, MARK]);

    const holder = blank(full(), person(ZOE, ZOE));
    expect([
      holder.hold?.reason,
      holder.exit?.holdBefore?.reason,
      holder.resolution?.holdBefore?.reason,
    ]).to.deep.equal(['', '', '']);
    expect(holder.exit?.reason).to.equal(MARK);
    expect(holder.hold?.untilAt).to.equal(HOLD.untilAt);

    const stranger = full();
    expect(blank(stranger, person(ZOE, ANA))).to.equal(stranger);
  });

  it('leaves a request of which only a file, or only an edit that was never shown, is kept, without those', () => {
    const nothing = { title: null, text: null, files: [] };
    const only: readonly Partial<Request>[] = [
      { source: source({ ...nothing, files: FILES }) },
      { source: source({ ...nothing, text: MARK }) },
      { source: source({ ...nothing, title: MARK }) },
      { source: source(nothing), unshownText: MARK },
      { source: source(nothing), unshownFiles: FILES },
    ];
    for (const overrides of only)
      expect(JSON.stringify(blank(request(overrides), person(ASK)))).to.not.include(MARK);
  });

  it('is said in other words than a deletion', () => {
    expect(goneWords(full())).to.equal('deleted by its author');
    expect(goneWords(blank(full(), { kind: 'all' }))).to.equal('no longer kept');
    expect(goneWords(blank(full(), person(ASK)))).to.equal('no longer kept');
  });
});

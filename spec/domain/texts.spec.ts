import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Change } from '../../src/domain/change.ts';
import { nextDueAt } from '../../src/domain/follow-ups.ts';
import { isOpen, type Request, STATES } from '../../src/domain/request.ts';
import { textMark } from '../../src/domain/text-mark.ts';
import { titleLine } from '../../src/domain/texts.ts';
import { ANA, ASK, BEN, HOUR, MINUTE, queue, request, T0 } from '../support/builders.ts';
import { make, refusal, said, yes } from '../support/outcomes.ts';

type Retext = Extract<Change, { kind: 'retext' }>;
const edit = (overrides: Partial<Retext> = {}): Retext => ({
  kind: 'retext',
  title: 'Now the scanner',
  text: 'Now the scanner\nas well',
  files: [{ name: 'log.txt', bytes: 12, type: 'text' }],
  priority: null,
  asksConsent: false,
  takesBack: false,
  ...overrides,
});
const byAsker = { by: ASK };

describe('an edit of the source', () => {
  it('updates title, text and files, whatever the state', () => {
    for (const state of STATES.filter((all) => all !== 'unposted')) {
      const { next, effects } = make(request({ state }), edit(), byAsker);
      expect(next.source, state).to.include({ title: 'Now the scanner', text: 'Now the scanner\nas well' });
      expect(next.source.files).to.have.length(1);
      expect(next).to.include({ state, version: 2, lastChange: null });
      expect(effects).to.deep.equal([{ kind: 'card' }, { kind: 'asker_reply' }]);
    }
  });

  it('sets the priority that it starts with, while the request is open or not yet posted', () => {
    for (const state of STATES) {
      const { next } = make(request({ state }), edit({ priority: 'urgent' }), byAsker);
      expect(next.priority, state).to.equal(isOpen(state) || state === 'unposted' ? 'urgent' : 'normal');
    }
  });

  it('moves the ladder only with the priority', () => {
    const missed = make(request(), edit(), { ...byAsker, now: T0 + 3 * HOUR }).next;
    expect(nextDueAt(missed, queue())).to.equal(T0 + HOUR);
    const raised = make(request(), edit({ priority: 'urgent' }), { ...byAsker, now: T0 + 30 * MINUTE }).next;
    expect(nextDueAt(raised, queue())).to.equal(T0 + 30 * MINUTE);
  });

  it('brings no text back after the source was deleted', () => {
    const deleted = make(request({ state: 'in_progress' }), { kind: 'source_deleted' }, byAsker).next;
    expect(make(deleted, edit(), byAsker).next).to.equal(deleted);
  });
});

describe('an edit that its asker has to agree to first', () => {
  const asked = make(request({ state: 'in_progress' }), edit({ asksConsent: true }), byAsker);

  it('shows nothing of it and asks with the exact text', () => {
    expect(asked.next.source).to.deep.equal(request().source);
    expect(asked.next.unshownText).to.equal('Now the scanner\nas well');
    expect(asked.effects).to.deep.equal([
      {
        kind: 'say',
        place: { kind: 'conversation' },
        saying: { kind: 'consent', mark: textMark('Now the scanner\nas well'), triageChannel: 'CTRIAGE' },
      },
    ]);
  });

  it('is shown with *Post it there*; the request itself goes on as it was', () => {
    const { next, effects, what } = make(asked.next, yes(asked.next), byAsker);
    expect(next.source).to.include({ title: 'Now the scanner', text: 'Now the scanner\nas well' });
    expect(next.source.files).to.deep.equal([{ name: 'log.txt', bytes: 12, type: 'text' }]);
    expect(next.unshownFiles).to.deep.equal([]);
    expect(next).to.include({ state: 'in_progress', owner: ANA, unshownText: null, openedAt: T0 });
    expect(effects).to.deep.include({ kind: 'card' });
    expect(said(effects).map(({ saying }) => saying)).to.deep.equal([{ kind: 'consent_over', posted: true }]);
    expect(what).to.equal('agreed to post the edit');
  });

  it('is dropped with *Cancel*, and the request keeps its text and its state', () => {
    const { next, effects } = make(asked.next, { kind: 'cancel' }, byAsker);
    expect(next.source).to.deep.equal(request().source);
    expect(next).to.include({ state: 'in_progress', unshownText: null });
    // The card names the last change.
    expect(effects).to.deep.include({ kind: 'card' });
    expect(said(effects).map(({ saying }) => saying)).to.deep.equal([
      { kind: 'consent_over', posted: false },
    ]);
  });

  it('can be agreed to once', () => {
    const posted = make(asked.next, yes(asked.next), byAsker).next;
    for (const change of [yes(asked.next), { kind: 'cancel' }] as const)
      expect(refusal(posted, change, byAsker)).to.deep.equal({ kind: 'already', state: 'in_progress' });
  });

  it('is agreed to under the question about it only: an older question no longer counts', () => {
    const edited = make(asked.next, edit({ text: 'Not the scanner', asksConsent: true }), byAsker).next;
    expect(refusal(edited, yes(asked.next), byAsker)).to.deep.equal({ kind: 'edited_since' });
    expect(make(edited, yes(edited), byAsker).next.source.text).to.equal('Not the scanner');
  });

  it('is moot once a later edit needs no consent, or once the source is deleted', () => {
    expect(make(asked.next, edit({ text: 'later' }), byAsker).next.unshownText).to.equal(null);
    expect(make(asked.next, { kind: 'source_deleted' }, byAsker).next.unshownText).to.equal(null);
  });

  it('sets its priority at once: that is no text', () => {
    const { next, effects } = make(request(), edit({ asksConsent: true, priority: 'high' }), byAsker);
    expect(next.priority).to.equal('high');
    expect(effects.map(({ kind }) => kind)).to.deep.equal(['card', 'asker_reply', 'say']);
  });
});

describe('a part that was deleted while its asker has to agree to the others', () => {
  const rest = { text: 'the scanner', title: 'the scanner', asksConsent: true, takesBack: true };

  it('takes the shown text along at once, and asks about what is left', () => {
    const { next, effects } = make(request({ state: 'in_progress' }), edit(rest), byAsker);
    expect(next.source).to.deep.include({ title: null, text: null, files: [], isDeleted: false });
    expect(next).to.include({ state: 'in_progress', unshownText: 'the scanner' });
    expect(effects.map(({ kind }) => kind)).to.deep.equal(['card', 'asker_reply', 'say']);
    expect(make(next, yes(next), byAsker).next.source.text).to.equal('the scanner');
    expect(make(next, { kind: 'cancel' }, byAsker).next.source.text).to.equal(null);
  });

  it('leaves the others where nothing has to be agreed to, or nothing is shown', () => {
    const { next } = make(request(), edit({ ...rest, asksConsent: false }), byAsker);
    expect(next).to.deep.include({ unshownText: null });
    expect(next.source).to.include({ title: 'the scanner', text: 'the scanner' });
    const unposted = make(request({ state: 'unposted' }), edit(rest), byAsker).next;
    expect(unposted).to.include({ state: 'unposted', unshownText: 'the scanner' });
    expect(unposted.source.text).to.equal('the scanner');
  });
});

describe('an edit of an unposted request', () => {
  it('becomes its text, about which the asker is asked again', () => {
    for (const asksConsent of [true, false]) {
      const { next, effects } = make(request({ state: 'unposted' }), edit({ asksConsent }), byAsker);
      expect(next).to.include({ state: 'unposted', unshownText: 'Now the scanner\nas well' });
      expect(next.source.files).to.have.length(1);
      expect(effects.map(({ kind }) => kind)).to.deep.equal(['say']);
    }
  });
});

describe('a deleted source', () => {
  const deleted = { kind: 'source_deleted' } as const;
  const isBlank = ({ source }: Request): boolean =>
    source.isDeleted && source.title === null && source.text === null && source.files.length === 0;

  it('withdraws an unowned open request, and its text is gone', () => {
    for (const state of STATES.filter(isOpen)) {
      const { next, what } = make(request({ state, owner: null }), deleted, byAsker);
      expect(next.state, state).to.equal('withdrawn');
      expect(isBlank(next), state).to.equal(true);
      expect(what).to.equal('deleted the message');
    }
  });

  it('withdraws an unposted request', () => {
    const { next } = make(request({ state: 'unposted' }), deleted, byAsker);
    expect(next).to.include({ state: 'withdrawn', unshownText: null });
  });

  it('leaves every other request where it is, without its text', () => {
    for (const state of STATES.filter((all) => all !== 'new' && all !== 'unposted')) {
      const { next, effects } = make(request({ state }), deleted, byAsker);
      expect(next.state, state).to.equal(state);
      expect(isBlank(next), state).to.equal(true);
      expect(effects).to.deep.include({ kind: 'card' });
    }
  });

  it('is deleted once, and what was agreed to later does not bring it back', () => {
    const once = make(request({ state: 'in_progress' }), deleted, byAsker).next;
    expect(make(once, deleted, byAsker).next).to.equal(once);
    const moved = { ...once, state: 'unposted', owner: null, unshownText: '' } as const;
    expect(isBlank(make(moved, yes(moved), byAsker).next)).to.equal(true);
    const textless = request({ state: 'unposted', unshownText: null });
    expect(make(textless, yes(textless), byAsker).next.source).to.deep.equal(request().source);
  });

  it('goes on being read by those who have it', () => {
    expect(make(request({ state: 'in_progress' }), deleted, { by: BEN }).next.owner).to.equal(ANA);
  });
});

describe('the title', () => {
  it('is the first line that says something', () => {
    expect(titleLine('\n  \nThe printer\nis on fire')).to.equal('The printer');
    expect(titleLine('  ')).to.equal('  ');
  });
});

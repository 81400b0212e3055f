import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Refusal } from '../../src/domain/change.ts';
import { STATES } from '../../src/domain/request.ts';
import { captureWords, changeWords, refusalText, stateWord } from '../../src/domain/wording.ts';

/** Keyed by kind, so that the compiler misses one that is not listed. */
const REFUSALS: { readonly [Kind in Refusal['kind']]: Extract<Refusal, { kind: Kind }> } = {
  responders_only: { kind: 'responders_only' },
  asker_only: { kind: 'asker_only' },
  asker_or_responder_only: { kind: 'asker_or_responder_only' },
  owner_only: { kind: 'owner_only' },
  not_a_responder: { kind: 'not_a_responder', user: 'U1' },
  taken_already: { kind: 'taken_already', owner: 'U2' },
  yours_already: { kind: 'yours_already' },
  already: { kind: 'already', state: 'in_progress' },
  not_open: { kind: 'not_open', state: 'not_request' },
  unposted: { kind: 'unposted' },
  edited_since: { kind: 'edited_since' },
  not_waiting: { kind: 'not_waiting' },
  nothing_to_undo: { kind: 'nothing_to_undo' },
  undo_over: { kind: 'undo_over' },
  final: { kind: 'final' },
  same_queue: { kind: 'same_queue' },
  duplicate_of_itself: { kind: 'duplicate_of_itself' },
  in_the_past: { kind: 'in_the_past' },
  nothing_changes: { kind: 'nothing_changes' },
};

describe('wording', () => {
  it('tells whoever comes second who was faster', () => {
    const resolved = { id: 12, stateSinceAt: 5, lastChange: { what: 'resolved it', by: 'UBEN', at: 5 } };
    const already = { kind: 'already', state: 'resolved' } as const;
    expect(refusalText(already, resolved, 'UANA')).to.match(/^<@UBEN> was faster: #12 is resolved already;/);
    expect(refusalText({ kind: 'not_open', state: 'resolved' }, resolved, 'UANA')).to.match(
      /^<@UBEN> was faster/,
    );
    expect(refusalText(already, resolved, 'UBEN')).to.match(/^#12 is resolved already/);
    // What was done last need not be what brought it there.
    expect(refusalText(already, { ...resolved, stateSinceAt: 4 }, 'UANA')).to.match(/^#12/);
    const byClock = { ...resolved, lastChange: { ...resolved.lastChange, by: null } };
    expect(refusalText(already, byClock, 'UANA')).to.match(/^#12/);
  });

  it('says how a request came in, and whether its asker brought it', () => {
    expect(changeWords(captureWords('dm', true, false), '#12')).to.equal('asked #12 by DM');
    expect(changeWords(captureWords('reaction', false, false), '#12')).to.equal('captured #12 by 🎫');
    expect(changeWords(captureWords('dm', true, true), '#12')).to.equal('asked #12 by DM, captured late');
    expect(changeWords('wrote', '#12')).to.equal('wrote on #12');
  });

  it('spells every state without underscores', () => {
    expect(STATES.map(stateWord)).to.deep.equal([
      'not posted yet',
      'new',
      'in progress',
      'waiting',
      'on hold',
      'resolved',
      'closed',
      'duplicate',
      'not a request',
      'declined',
      'withdrawn',
    ]);
  });

  it('gives a different, whole sentence for every refusal', () => {
    const texts = Object.values(REFUSALS).map((refusal) => refusalText(refusal, { id: 12 }));
    expect(new Set(texts).size).to.equal(texts.length);
    for (const text of texts) expect(text).to.match(/^[A-Z#<][^_]+[.`]$/);
  });

  it('names the request wherever one is meant', () => {
    for (const refusal of Object.values(REFUSALS)) {
      if (refusal.kind !== 'in_the_past') expect(refusalText(refusal, { id: 12 })).to.include('#12');
    }
  });

  it('says who has it, and how to change that', () => {
    expect(refusalText(REFUSALS.taken_already, { id: 12 })).to.equal(
      '<@U2> has #12 already. Hand it over or assign it if it should be yours.',
    );
  });

  it('names the way back from each kind of end', () => {
    expect(refusalText({ kind: 'not_open', state: 'resolved' }, { id: 12 })).to.equal(
      '#12 is resolved, so that does not fit any more. Re-open it first.',
    );
    expect(refusalText({ kind: 'not_open', state: 'not_request' }, { id: 12 })).to.include(
      '#12 is not a request, so that does not fit any more. Undo that end first',
    );
  });

  it('shows a state that it does not know as it is', () => {
    expect(refusalText({ kind: 'already', state: 'frozen' }, { id: 12 })).to.include('#12 is frozen already');
  });

  it('makes a sentence of what somebody did, with its object in its place', () => {
    const sentences: readonly (readonly [string, string])[] = [
      ['took it', 'took your #12'],
      ['resolved it', 'resolved your #12'],
      ['handed it over to <@U2>', 'handed your #12 over to <@U2>'],
      ['marked it as a duplicate', 'marked your #12 as a duplicate'],
      ['moved it to it', 'moved your #12 to it'],
      ['put on hold', 'put your #12 on hold'],
      ['took off hold', 'took your #12 off hold'],
      ['waits for the asker', 'set your #12 to waiting'],
      ['set to urgent', 'set your #12 to urgent'],
      ['undid it', 'brought your #12 back'],
      ['kept open', 'kept your #12 open'],
      ['confirmed', 'confirmed that your #12 works'],
      ['answered', 'answered on your #12'],
      ['answered and took it', 'answered and took your #12'],
      ['passed', 'passed on your #12'],
      ['deleted the message', 'deleted the message of your #12'],
      ['did a handstand', 'did a handstand (your #12)'],
      ['toString', 'toString (your #12)'],
    ];
    for (const [what, sentence] of sentences) expect(changeWords(what, 'your #12')).to.equal(sentence);
  });
});

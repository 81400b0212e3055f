import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Change, ChangeKind } from '../../src/domain/change.ts';
import { mayRead, refuse } from '../../src/domain/permissions.ts';
import { STATES } from '../../src/domain/request.ts';
import { textMark } from '../../src/domain/text-mark.ts';
import { ANA, ASK, BEN, DAY, RESPONDERS, request, situation, T0, ZOE } from '../support/builders.ts';
import { make } from '../support/outcomes.ts';

/** Each change, and who of asker, responder, third party and clock has the role for it. */
const CHANGES: { readonly [K in ChangeKind]: readonly [Extract<Change, { kind: K }>, string] } = {
  post: [{ kind: 'post', mark: textMark('The printer is on fire') }, 'asker'],
  cancel: [{ kind: 'cancel' }, 'asker clock'],
  take: [{ kind: 'take', byReaction: false }, 'responder'],
  assign: [{ kind: 'assign', to: ANA }, 'responder'],
  pass: [{ kind: 'pass' }, ''],
  wait: [{ kind: 'wait' }, 'responder'],
  hold: [{ kind: 'hold', untilAt: T0 + DAY, reason: 'parts' }, 'responder'],
  unhold: [{ kind: 'unhold' }, 'asker responder clock'],
  resolve: [{ kind: 'resolve', note: null, byReaction: false }, 'asker responder clock'],
  reopen: [{ kind: 'reopen' }, 'asker responder'],
  confirm: [{ kind: 'confirm' }, 'asker clock'],
  duplicate: [{ kind: 'duplicate', of: 3 }, 'responder'],
  not_request: [{ kind: 'not_request' }, 'responder'],
  decline: [{ kind: 'decline', reason: 'no' }, 'responder'],
  withdraw: [{ kind: 'withdraw' }, 'asker'],
  undo: [{ kind: 'undo' }, 'asker responder'],
  move: [{ kind: 'move', queue: 'hr', asksConsent: false }, 'responder'],
  priority: [{ kind: 'priority', to: 'high' }, 'asker responder'],
  keep_open: [{ kind: 'keep_open' }, 'asker responder'],
  snooze: [{ kind: 'snooze', untilAt: T0 + DAY }, 'responder'],
  remind: [{ kind: 'remind', dueAt: T0 + DAY }, 'asker responder'],
  unreact: [{ kind: 'unreact', reaction: 'take' }, 'asker responder third clock'],
  reply: [{ kind: 'reply', at: T0, isInside: false }, 'asker responder third clock'],
  retext: [
    {
      kind: 'retext',
      title: 't',
      text: 't',
      files: [],
      priority: null,
      asksConsent: false,
      takesBack: false,
    },
    'asker responder third clock',
  ],
  source_deleted: [{ kind: 'source_deleted' }, 'asker responder third clock'],
  owner_left: [{ kind: 'owner_left' }, 'asker responder third clock'],
};

describe('who may do what', () => {
  it('is what the state table says, for every change and everybody', () => {
    const people = { asker: ASK, responder: BEN, third: ZOE, clock: null };
    for (const [change, expected] of Object.values(CHANGES)) {
      const allowed = Object.entries(people)
        .filter(([, by]) => refuse(request(), change, situation({ by })) === null)
        .map(([who]) => who);
      expect(allowed.join(' '), change.kind).to.equal(expected);
    }
  });

  it('lets a responder who asked do what both may', () => {
    const own = request({ asker: BEN });
    for (const [change, expected] of Object.values(CHANGES))
      if (expected !== '') expect(refuse(own, change, situation()), change.kind).to.equal(null);
  });

  it('lets somebody pass who was asked, even if they can respond no longer', () => {
    const asked = request({ ladder: { ...request().ladder, asked: [{ step: 'duty', user: ZOE }] } });
    expect(refuse(asked, { kind: 'pass' }, situation({ by: ZOE }))).to.equal(null);
  });

  it('lets any responder do what the owner may', () => {
    const owned = request({ state: 'in_progress' });
    for (const change of [CHANGES.wait, CHANGES.hold, CHANGES.resolve, CHANGES.priority, CHANGES.decline])
      expect(make(owned, change[0]).kind).to.equal('changed');
  });
});

describe('who may read a request', () => {
  it('is its asker and the responders of its queue, and nobody else', () => {
    for (const state of STATES.filter((all) => all !== 'unposted')) {
      const of = request({ state });
      expect([ASK, BEN, ZOE].map((user) => mayRead(of, user, RESPONDERS))).to.deep.equal([true, true, false]);
    }
  });

  it('is its asker alone for good when they did not agree to post it', () => {
    const cancelled = make(request({ state: 'unposted' }), { kind: 'cancel' }, { by: ASK }).next;
    expect([ASK, BEN, ZOE].map((user) => mayRead(cancelled, user, RESPONDERS))).to.deep.equal([
      true,
      false,
      false,
    ]);
  });

  it('is its asker alone until they agree to post it', () => {
    const unposted = request({ state: 'unposted' });
    expect([ASK, BEN, ZOE].map((user) => mayRead(unposted, user, RESPONDERS))).to.deep.equal([
      true,
      false,
      false,
    ]);
  });
});

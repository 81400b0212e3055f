import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type Action, isGeneral, parsePressed } from '../../../src/domain/actions.ts';
import { STATES, type State } from '../../../src/domain/request.ts';
import { allForm, offeredFor, type Role } from '../../../src/handlers/modals/all.ts';
import { isFormName } from '../../../src/handlers/modals/forms.ts';
import { ANA } from '../../support/builders.ts';
import { offered } from '../../support/pressing.ts';
import { checkView } from '../../workspace/block-kit.ts';
import { pressables } from '../../workspace/elements.ts';
import { isJson, type Json } from '../../workspace/wire.ts';

const ALWAYS = ['show', 'duty', 'help'];
const OWNERS = [null, ANA];
/** Everything that anybody may do. */
const BOTH: Role = { isAsker: true, isResponder: true, mayPass: true };
const ASKER: Role = { isAsker: true, isResponder: false, mayPass: false };
const RESPONDER: Role = { isAsker: false, isResponder: true, mayPass: false };

function blocksOf({ blocks }: { readonly blocks: readonly unknown[] }): readonly Json[] {
  return blocks.filter(isJson);
}

function pressed(
  view: Parameters<typeof blocksOf>[0],
): readonly { readonly action: Action; readonly value: string }[] {
  return pressables(blocksOf(view)).map(({ actionId, value }) => parsePressed(actionId, value)!);
}

describe('the form behind More…', () => {
  it('is one that Slack takes, for every state, owned or not', () => {
    for (const state of STATES) {
      for (const owner of OWNERS) {
        expect(checkView(allForm({ id: 999_999_999_999, state, owner }, BOTH)), state).to.deep.equal([]);
      }
    }
  });

  it('has a button for all that is offered, which says of which request it is', () => {
    for (const state of STATES) {
      const view = allForm({ id: 12, state, owner: null }, BOTH);
      expect(pressed(view).map(({ action }) => action)).to.deep.equal(
        offeredFor({ state, owner: null }, BOTH),
      );
      expect(pressed(view).every(({ action, value }) => isGeneral(action) || value === '12')).to.equal(true);
    }
  });

  it('names no button twice, and marks with … those that open a form', () => {
    for (const state of STATES) {
      const view = allForm({ id: 12, state, owner: null }, BOTH);
      const texts = offered({ blocks: blocksOf(view) });
      expect(new Set(texts).size).to.equal(texts.length);
      for (const [place, { action }] of pressed(view).entries())
        expect(texts[place]?.endsWith('…'), action).to.equal(isFormName(action));
    }
  });

  it('offers to take what nobody has, and to take off hold what is paused', () => {
    const isOffered = (state: State, owner: string | null, action: Action): boolean =>
      offeredFor({ state, owner }, BOTH).some((each) => each === action);
    for (const state of ['new', 'in_progress', 'waiting', 'on_hold'] as const) {
      expect(isOffered(state, null, 'take')).to.equal(true);
      expect(isOffered(state, ANA, 'take')).to.equal(false);
      expect(isOffered(state, ANA, 'assign')).to.equal(true);
      expect(isOffered(state, ANA, 'unhold')).to.equal(state === 'waiting' || state === 'on_hold');
    }
  });

  it('offers of what is over only the way back, if there is one, and what can be read', () => {
    expect(offeredFor({ state: 'resolved', owner: ANA }, BOTH)).to.deep.equal([
      'reopen',
      'remind',
      ...ALWAYS,
    ]);
    for (const state of ['duplicate', 'not_request', 'declined', 'withdrawn'] as const)
      expect(offeredFor({ state, owner: null }, BOTH)).to.deep.equal(['undo', ...ALWAYS]);
    for (const state of ['closed', 'unposted'] as const)
      expect(offeredFor({ state, owner: null }, BOTH)).to.deep.equal(ALWAYS);
  });

  it('offers to each only what they may do', () => {
    for (const state of STATES) {
      const whole = offeredFor({ state, owner: null }, BOTH);
      for (const role of [ASKER, RESPONDER])
        expect(whole).to.include.members([...offeredFor({ state, owner: null }, role)]);
    }
    expect(offeredFor({ state: 'new', owner: null }, ASKER)).to.deep.equal([
      'resolve',
      'resolve_note',
      'priority',
      'withdraw',
      'remind',
      'show',
      'help',
    ]);
    expect(offeredFor({ state: 'new', owner: null }, RESPONDER)).to.not.include('withdraw');
    expect(offeredFor({ state: 'new', owner: null }, RESPONDER)).to.not.include('pass');
    expect(offeredFor({ state: 'waiting', owner: ANA }, RESPONDER)).to.not.include('wait');
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  ACTIONS,
  actionId,
  consentValue,
  isGeneral,
  isOurs,
  MENU_ACTION_ID,
  menuValue,
  parseConsent,
  parsePressed,
} from '../../src/domain/actions.ts';

describe('buttons and menu entries', () => {
  it('are read back as they were written, each of them', () => {
    for (const action of ACTIONS) {
      expect(parsePressed(actionId(action), '12')).to.deep.equal({ action, value: '12' });
      expect(parsePressed(MENU_ACTION_ID, menuValue(action, 12))).to.deep.equal({ action, value: '12' });
    }
  });

  it('have ids of their own', () => {
    expect(new Set([...ACTIONS.map(actionId), MENU_ACTION_ID]).size).to.equal(ACTIONS.length + 1);
  });

  it('tell a yes to one text from a yes to another', () => {
    const yes = parseConsent(consentValue(12, 'My salary'));
    expect(yes?.id).to.equal(12);
    expect(parseConsent(consentValue(12, 'My salary'))).to.deep.equal(yes);
    expect(parseConsent(consentValue(12, 'My wages'))?.mark).to.not.equal(yes?.mark);
    for (const value of ['12', '12:', ':0123456789abcdef', 'x:0123456789abcdef', ''])
      expect(parseConsent(value), value).to.equal(null);
  });

  it('are about a request or about none', () => {
    expect(ACTIONS.filter(isGeneral)).to.have.members([
      'duty',
      'set_duty',
      'help',
      'list',
      'status',
      'new',
      'make_new',
    ]);
  });

  it('of another version are known as ours, if no longer for what they do', () => {
    expect(isOurs('triage.fly')).to.equal(true);
    expect(isOurs(MENU_ACTION_ID)).to.equal(true);
    expect(isOurs('other.take')).to.equal(false);
  });

  it('of somebody else, or of another version, are not read', () => {
    const others: [string, string][] = [
      ['take', '12'],
      ['other.take', '12'],
      ['triage.fly', '12'],
      ['triage.', '12'],
      [MENU_ACTION_ID, 'take'],
      [MENU_ACTION_ID, 'takes'],
      [MENU_ACTION_ID, 'fly:12'],
      [MENU_ACTION_ID, ''],
    ];
    for (const [id, value] of others) expect(parsePressed(id, value), `${id} ${value}`).to.equal(null);
  });
});

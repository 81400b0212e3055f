import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ACTIONS } from '../../../src/domain/actions.ts';
import {
  FORM_NAMES,
  FORMS,
  type FormName,
  future,
  isFormName,
  momentOf,
  needed,
  numberOf,
  PRIORITY_CHOICES,
  priorityOf,
  type Values,
} from '../../../src/handlers/modals/forms.ts';
import { HOUR, SECOND, T0 } from '../../support/builders.ts';

const seconds = (at: number): string => String(at / SECOND);
const SOON = seconds(T0 + HOUR);
const PASSED = seconds(T0 - SECOND);

/** Values that each form takes. */
const RIGHT: Readonly<Record<FormName, Values>> = {
  assign: { person: 'UANA' },
  hold: { until: SOON, reason: 'the vendor' },
  priority: { level: 'urgent' },
  duplicate: { of: '#12' },
  move: { queue: 'hr' },
  decline: { reason: 'not ours' },
  resolve_note: { note: 'done' },
  snooze: { until: SOON },
  remind: { until: SOON },
};

/** Values that are wrong, by the input that is. */
const WRONG: Readonly<Record<FormName, Readonly<Record<string, readonly (string | null)[]>>>> = {
  assign: { person: [null, ''] },
  hold: { until: [null, '', 'soon', '0', '-5', PASSED, seconds(T0)], reason: [null, '', ' \n\t'] },
  priority: { level: [null, '', 'huge', 'URGENT'] },
  duplicate: { of: [null, '', 'twelve', '#', '1.5', '-3', '#12 #13', '1234567890123456'] },
  move: { queue: [null, ''] },
  decline: { reason: [null, '', '  '] },
  resolve_note: { note: [null, '', '  '] },
  snooze: { until: [null, PASSED] },
  remind: { until: [null, PASSED] },
};

describe('the forms of a request', () => {
  it('take values that are right', () => {
    for (const name of FORM_NAMES) expect(FORMS[name].check(RIGHT[name], T0), name).to.deep.equal({});
  });

  it('say of each wrong or absent value which input it is, in a sentence', () => {
    for (const name of FORM_NAMES) {
      for (const [input, values] of Object.entries(WRONG[name])) {
        for (const value of values) {
          const errors = FORMS[name].check({ ...RIGHT[name], [input]: value }, T0);
          expect(Object.keys(errors), `${name} ${input} ${value}`).to.deep.equal([input]);
          expect(errors[input]).to.match(/^[A-Z].*\.$/);
        }
      }
      expect(FORMS[name].check({}, T0), name).to.have.all.keys(Object.keys(WRONG[name]));
    }
  });

  it('say all that is wrong in one go', () => {
    expect(FORMS.hold.check({ until: PASSED, reason: '' }, T0)).to.have.all.keys('until', 'reason');
  });

  it('are opened by the buttons that bear their names, and by no others', () => {
    expect(ACTIONS.filter(isFormName)).to.have.members([...FORM_NAMES]);
  });

  it('read a moment in seconds, and none from anything else', () => {
    expect(momentOf({ until: '1767607200' }, 'until')).to.equal(1_767_607_200_000);
    for (const value of [null, '', 'x', '0', '-1', 'Infinity'])
      expect(momentOf({ until: value }, 'until'), String(value)).to.equal(null);
    expect(momentOf({}, 'until')).to.equal(null);
  });

  it('want a moment that is still to come', () => {
    expect(future({ until: seconds(T0 + SECOND) }, 'until', T0)).to.deep.equal({});
    expect(future({ until: seconds(T0) }, 'until', T0)['until']).to.include('passed');
    expect(future({}, 'until', T0)['until']).to.include('Choose a day and a time');
  });

  it('read a number with or without #, and nothing around it but blanks', () => {
    expect(['12', '#12', ' #12 ', '007'].map(numberOf)).to.deep.equal([12, 12, 12, 7]);
    for (const text of [null, '', '#', '12a', '# 12', '12 13'])
      expect(numberOf(text), String(text)).to.equal(null);
  });

  it('offer every priority with its emoji, and read back each of them alone', () => {
    expect(PRIORITY_CHOICES.map(({ text }) => text)).to.deep.equal([
      '🔴 urgent',
      '🟠 high',
      '🔵 normal',
      '⚪ low',
    ]);
    for (const { value } of PRIORITY_CHOICES) expect(priorityOf(value)).to.equal(value);
    expect([priorityOf(null), priorityOf('huge')]).to.deep.equal([null, null]);
  });

  it('take a text of blanks for none', () => {
    expect(needed({ note: ' x ' }, 'note', 'Say it.')).to.deep.equal({});
    for (const values of [{ note: ' \n' }, { note: null }, {}])
      expect(needed(values, 'note', 'Say it.')).to.deep.equal({ note: 'Say it.' });
  });
});

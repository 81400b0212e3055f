import { expect } from 'chai';
import { describe, it } from 'mocha';
import { changeForm, formOf, type Wanted, wantedBy } from '../../../src/handlers/modals/change-form.ts';
import { FORM_NAMES, FORMS, type FormName, type Values } from '../../../src/handlers/modals/forms.ts';
import { HOUR, T0 } from '../../support/builders.ts';
import { checkView } from '../../workspace/block-kit.ts';

const UNTIL = String((T0 + HOUR) / 1000);
const QUEUES = Array.from({ length: 120 }, (_, index) => `queue-${index}`.padEnd(40, 'x'));

const WANTED: Readonly<Record<FormName, readonly [Values, Wanted]>> = {
  assign: [{ person: 'UANA' }, { kind: 'change', change: { kind: 'assign', to: 'UANA' } }],
  hold: [
    { until: UNTIL, reason: ' the <vendor> & co \n' },
    {
      kind: 'change',
      change: { kind: 'hold', untilAt: T0 + HOUR, reason: 'the &lt;vendor&gt; &amp; co' },
    },
  ],
  priority: [{ level: 'low' }, { kind: 'change', change: { kind: 'priority', to: 'low' } }],
  duplicate: [{ of: ' #12' }, { kind: 'duplicate', of: 12 }],
  move: [{ queue: 'hr' }, { kind: 'move', queue: 'hr' }],
  decline: [
    { reason: 'not <@UANA> ' },
    { kind: 'change', change: { kind: 'decline', reason: 'not &lt;@UANA&gt;' } },
  ],
  resolve_note: [
    { note: 'off\nand on' },
    { kind: 'change', change: { kind: 'resolve', note: 'off\nand on', byReaction: false } },
  ],
  snooze: [{ until: UNTIL }, { kind: 'change', change: { kind: 'snooze', untilAt: T0 + HOUR } }],
  remind: [{ until: UNTIL }, { kind: 'change', change: { kind: 'remind', dueAt: T0 + HOUR } }],
};

describe('a form about one request', () => {
  it('is one that Slack takes, however long the number and however many the queues', () => {
    for (const name of FORM_NAMES) {
      expect(checkView(changeForm(name, 999_999_999_999_999, QUEUES)), name).to.deep.equal([]);
      expect(checkView(changeForm(name, 1, ['hr'])), name).to.deep.equal([]);
    }
  });

  it('is known again by its name, and carries the number', () => {
    for (const name of FORM_NAMES) {
      const view = changeForm(name, 12, ['hr']);
      expect(formOf(view.callback_id!)).to.equal(name);
      expect(view.private_metadata).to.equal('12');
      expect(view.title.text).to.equal(`${FORMS[name].title} #12`);
    }
    for (const other of ['change.fly', 'change.', 'hold', 'new_request', 'duty', ''])
      expect(formOf(other), other).to.equal(null);
  });

  it('names each input so that Slack can show under it what is wrong', () => {
    for (const name of FORM_NAMES) {
      const ids = changeForm(name, 12, ['hr']).blocks.map((block) => block.block_id);
      expect(ids, name).to.have.members(Object.keys(FORMS[name].check({}, T0)));
    }
  });

  it('asks for what was entered, with the texts as Slack escapes them', () => {
    for (const name of FORM_NAMES) {
      const [values, wanted] = WANTED[name];
      expect(wantedBy(name, values), name).to.deep.equal(wanted);
    }
  });

  it('asks for nothing without its compulsory values', () => {
    for (const name of ['assign', 'hold', 'priority', 'duplicate', 'move', 'snooze', 'remind'] as const)
      expect(wantedBy(name, {}), name).to.equal(null);
  });

  it('has an empty text where one was not entered, which the check before it refuses', () => {
    expect(wantedBy('decline', {})).to.deep.equal({
      kind: 'change',
      change: { kind: 'decline', reason: '' },
    });
    expect(wantedBy('resolve_note', {})).to.deep.equal({
      kind: 'change',
      change: { kind: 'resolve', note: '', byReaction: false },
    });
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { checkDuty, DUTY, dutyForm, dutyWanted } from '../../../src/handlers/modals/duty-form.ts';
import { HOUR, T0 } from '../../support/builders.ts';
import { checkView } from '../../workspace/block-kit.ts';

const UNTIL = String((T0 + HOUR) / 1000);

describe('the form On duty', () => {
  it('is one that Slack takes, and carries its queue', () => {
    for (const queue of ['it', 'q'.repeat(40)]) {
      const view = dutyForm(queue);
      expect(checkView(view)).to.deep.equal([]);
      expect(view).to.include({ callback_id: DUTY, private_metadata: queue });
    }
  });

  it('takes a person and a moment that is still to come', () => {
    expect(checkDuty({ person: 'UANA', until: UNTIL }, T0)).to.deep.equal({});
    expect(dutyWanted({ person: 'UANA', until: UNTIL })).to.deep.equal({
      user: { id: 'UANA' },
      untilAt: T0 + HOUR,
    });
  });

  it('says by its input what is absent or has passed', () => {
    expect(checkDuty({}, T0)).to.have.all.keys('person', 'until');
    expect(checkDuty({ person: 'UANA', until: UNTIL }, T0 + HOUR)).to.have.all.keys('until');
    expect(checkDuty({ until: UNTIL }, T0)).to.have.all.keys('person');
  });

  it('asks for nothing without its values', () => {
    for (const values of [{}, { person: 'UANA' }, { until: UNTIL }])
      expect(dutyWanted(values)).to.equal(null);
  });
});

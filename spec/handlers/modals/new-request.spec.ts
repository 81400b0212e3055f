import { expect } from 'chai';
import { describe, it } from 'mocha';
import { checkNewRequest, NEW_REQUEST, newRequestForm } from '../../../src/handlers/modals/new-request.ts';
import { checkView } from '../../workspace/block-kit.ts';
import { initialOf } from '../../workspace/elements.ts';
import { isJson } from '../../workspace/wire.ts';

const QUEUES = Array.from({ length: 120 }, (_, index) => `queue-${index}`.padEnd(40, 'x'));

/** What each input holds before anybody touches it. */
function initials(view: { readonly blocks: readonly object[] }): Readonly<Record<string, unknown>> {
  const blocks = view.blocks.filter(isJson);
  return Object.fromEntries(
    blocks.map((block) => [
      String(block['block_id']),
      isJson(block['element']) ? initialOf(block['element']) : undefined,
    ]),
  );
}

describe('the form New request', () => {
  it('is one that Slack takes, with one queue or more than a menu can hold', () => {
    for (const queues of [['it'], ['it', 'hr'], QUEUES])
      expect(checkView(newRequestForm(queues, queues[0]!))).to.deep.equal([]);
    expect(newRequestForm(['it'], 'it').callback_id).to.equal(NEW_REQUEST);
  });

  it('asks for the queue only where there are several, with one chosen already', () => {
    expect(initials(newRequestForm(['it'], 'it'))).to.deep.equal({ text: null, level: 'normal' });
    expect(initials(newRequestForm(['it', 'hr'], 'hr'))).to.deep.equal({
      text: null,
      queue: 'hr',
      level: 'normal',
    });
  });

  it('takes any text but blanks', () => {
    expect(checkNewRequest({ text: 'a mouse', level: 'normal' })).to.deep.equal({});
    for (const values of [{}, { text: null }, { text: '' }, { text: ' \n ' }])
      expect(checkNewRequest(values)).to.deep.equal({ text: 'Say what you need.' });
  });
});

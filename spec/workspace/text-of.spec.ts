import { expect } from 'chai';
import { describe, it } from 'mocha';
import { textOf, textOfBlocks } from './text-of.ts';

describe('what a reader sees of a message', () => {
  it('is its text, or its blocks if it has any', () => {
    expect(textOf({ text: 'plain' })).to.equal('plain');
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'shown' } }];
    expect(textOf({ text: 'fallback', blocks })).to.equal('shown');
  });

  it('has one line a block, with rich text put together and no ids or values', () => {
    const blocks = [
      { type: 'header', block_id: 'key', text: { type: 'plain_text', text: 'Printer' } },
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_quote',
            elements: [
              { type: 'text', text: 'ask ', style: { bold: true } },
              { type: 'user', user_id: 'U1' },
              { type: 'text', text: ' in ' },
              { type: 'channel', channel_id: 'C1' },
              { type: 'emoji', name: 'eyes' },
              { type: 'broadcast', range: 'here' },
            ],
          },
        ],
      },
      { type: 'divider' },
      {
        type: 'actions',
        elements: [
          { type: 'button', action_id: 'a', value: 'v', text: { type: 'plain_text', text: 'Take it' } },
        ],
      },
    ];
    expect(textOfBlocks(blocks)).to.equal('Printer\nask <@U1> in <#C1>:eyes:<!here>\nTake it');
  });
});

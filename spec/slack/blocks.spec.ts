import type { KnownBlock } from '@slack/types';
import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { messageText, plainText } from '../../src/slack/block-text.ts';
import { actions, assemble, context, divider, fields, header, section } from '../../src/slack/blocks.ts';
import { button, overflow, staticSelect, usersSelect } from '../../src/slack/elements.ts';
import { raw } from '../../src/slack/inline.ts';
import { LIMITS } from '../../src/slack/limits.ts';
import { modal, momentInput, personInput, selectInput, textInput } from '../../src/slack/modal.ts';
import { rawText } from '../../src/slack/mrkdwn.ts';
import { quote, words } from '../../src/slack/rich-text.ts';
import { checkBlocks, checkView } from '../workspace/block-kit.ts';

const long = 'Ä😀<!channel>x'.repeat(2000);
const manyChoices = Array.from({ length: 300 }, (_, index) => ({ text: long, value: `v${index}` }));
const buttons = Array.from({ length: 40 }, (_, index) =>
  button({ text: long, actionId: `a${index}`, value: 'v' }),
);

/** The strings anywhere in there that Slack would refuse wherever they stood. */
function complaints(value: unknown): string[] {
  const found: string[] = [];
  walk(value, (key, text) => {
    if (text.length < 1 || text.length > 3000) found.push(`${key} has ${text.length}`);
  });
  return found;
}

function walk(value: unknown, visit: (key: string, text: string) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner === 'string') visit(key, inner);
      else walk(inner, visit);
    }
  }
}

describe('blocks', () => {
  it('stay inside every limit, however long and many what they are made of', () => {
    const blocks = assemble([
      section(raw(long), usersSelect({ actionId: 'who', placeholder: long, initial: 'U1' })),
      fields(Array.from({ length: 30 }, () => raw(long))),
      context(...Array.from({ length: 30 }, () => raw(long))),
      header(long),
      actions(...buttons),
      quote(rawText(long), 9000),
      ...words(rawText(long)),
      ...Array.from({ length: 100 }, () => divider()),
    ]);
    expect(blocks).to.have.length(50);
    expect(complaints(blocks)).to.deep.equal([]);
    expect(checkBlocks(blocks, 'message')).to.deep.equal([]);
    expect(blocks[0]).to.have.nested.property('text.text').with.length.at.most(3000);
    expect(blocks[0]).to.have.nested.property('accessory.placeholder.text').with.length.at.most(150);
    expect(blocks[1]).to.have.property('fields').with.length(10);
    expect(blocks[1]).to.have.nested.property('fields[0].text').with.length.at.most(2000);
    expect(blocks[2]).to.have.property('elements').with.length(10);
    expect(blocks[3]).to.have.nested.property('text.text').with.length.at.most(150);
    expect(blocks[4]).to.have.property('elements').with.length(25);
    expect(blocks[4]).to.have.nested.property('elements[0].text.text').with.length.at.most(75);
    expect(messageText(raw(long)).length).to.be.at.most(LIMITS.messageText);
  });

  it('stay inside every limit for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 4000 }), (text) => {
        const blocks: (KnownBlock | null)[] = [
          section(raw(text)),
          context(raw(text)),
          header(text),
          quote(rawText(text)),
        ];
        expect(complaints(assemble(blocks))).to.deep.equal([]);
        expect(checkBlocks(assemble(blocks), 'message')).to.deep.equal([]);
        expect(messageText(raw(text))).not.to.equal('');
      }),
    );
  });

  it('show a dash where there is nothing to show, since Slack refuses empty texts', () => {
    expect(section(raw(' '))).to.have.nested.property('text.text', '—');
    expect(header('\n')).to.have.nested.property('text.text', '—');
    expect(messageText(raw(''))).to.equal('—');
    expect(plainText('a\u0000\nb', 10).text).to.equal('a b');
  });

  it('count what they cut in the same way as Slack would refuse it', () => {
    const exact = 'x'.repeat(4000);
    const title = plainText(exact, LIMITS.headerText).text;
    expect(title).to.have.length(150);
    expect(
      checkBlocks([{ type: 'header', text: { type: 'plain_text', text: `${title}x` } }], 'message'),
    ).to.have.length(1);
    const parts = assemble([section(raw(exact)), fields([raw(exact)]), context(raw(exact)), header(exact)]);
    expect(checkBlocks(parts, 'message')).to.deep.equal([]);
  });

  it('are left out where they would be empty', () => {
    expect([fields([]), context(), actions(), actions(null), quote(rawText(' \n'))]).to.deep.equal(
      Array(5).fill(null),
    );
    expect(overflow({ actionId: 'a', choices: [] })).to.equal(null);
    expect(staticSelect({ actionId: 'a', choices: [] })).to.equal(null);
    expect(selectInput({ actionId: 'a', label: 'l', choices: [] })).to.equal(null);
    expect(words(rawText('  '))).to.deep.equal([]);
    expect(assemble([null], 'key')).to.deep.equal([]);
  });

  it('parse nothing but our own lines, and even there link no bare names', () => {
    expect(section(raw('x'))).to.have.nested.property('text.verbatim', true);
    expect(header('x')).to.have.nested.property('text.type', 'plain_text');
  });

  it('carry the key of a post in the first of them', () => {
    const blocks = assemble([null, divider(), divider()], 'post:1');
    expect(blocks).to.deep.equal([{ type: 'divider', block_id: 'post:1' }, { type: 'divider' }]);
    expect(() => assemble([divider()], 'x'.repeat(256))).to.throw(RangeError);
  });
});

describe('elements', () => {
  it('keep menus to what Slack shows', () => {
    expect(overflow({ actionId: 'more', choices: manyChoices })?.options).to.have.length(5);
    const select = staticSelect({
      actionId: 'pick',
      choices: manyChoices,
      initial: 'v7',
      placeholder: 'Pick',
    });
    expect(select?.options).to.have.length(100);
    expect(select).to.have.nested.property('initial_option.value', 'v7');
    expect(select).to.have.nested.property('options[0].text.text').with.length.at.most(75);
    expect(usersSelect({ actionId: 'who' })).to.deep.equal({ type: 'users_select', action_id: 'who' });
  });

  it('refuse to cut what is read back: an id or a value', () => {
    expect(() => button({ text: 'x', actionId: '' })).to.throw(RangeError);
    expect(() => button({ text: 'x', actionId: 'a', value: 'v'.repeat(2001) })).to.throw(RangeError);
    expect(() => overflow({ actionId: 'a', choices: [{ text: 'x', value: 'v'.repeat(76) }] })).to.throw(
      RangeError,
    );
  });

  it('ask before a dangerous button does its work', () => {
    const confirm = { title: long, text: long, confirm: long, deny: long, isDangerous: true };
    const made = button({
      text: 'Drop',
      actionId: 'drop',
      style: 'danger',
      url: 'https://a.example',
      confirm,
    });
    expect(made).to.include({ style: 'danger', url: 'https://a.example' });
    expect(made.confirm).to.have.property('style', 'danger');
    expect(made.confirm?.title?.text).to.have.length.at.most(100);
    expect(made.confirm?.text.text).to.have.length.at.most(300);
    expect(made.confirm?.deny?.text).to.have.length.at.most(30);
    expect(
      button({ text: 'x', actionId: 'a', confirm: { ...confirm, isDangerous: false } }).confirm,
    ).not.to.have.property('style');
  });
});

describe('rich text', () => {
  it('quotes what people wrote as bare text, whatever it looks like', () => {
    const text = '<!channel> *b* <https://x|y> @here';
    expect(quote(rawText(text))).to.deep.equal({
      type: 'rich_text',
      elements: [{ type: 'rich_text_quote', elements: [{ type: 'text', text }] }],
    });
    expect(JSON.stringify(quote(rawText('a\u202eb')))).to.include('"ab"');
    expect(quote(rawText('x'.repeat(500))))
      .to.have.nested.property('elements[0].elements[0].text')
      .with.length(300);
  });

  it('carries a whole text over in parts, none of it lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('word ', 'line\n', '😀'.repeat(40)), { maxLength: 400 }),
        (pieces) => {
          const text = pieces.join('').trim();
          const shown = words(rawText(text), 1_000_000).map((block) => leafOf(block));
          expect(shown.join('').replaceAll('\n', '')).to.equal(text.replaceAll('\n', ''));
          expect(
            shown.every((part) => part.length > 0 && part.length <= 3000 && part.isWellFormed()),
          ).to.equal(true);
        },
      ),
    );
  });
});

/** The text of a block's first leaf. */
function leafOf(block: unknown): string {
  let found = '';
  walk(block, (key, text) => {
    if (key === 'text') found = text;
  });
  return found;
}

describe('modal', () => {
  it('stays inside every limit and names its inputs by their action', () => {
    const view = modal({
      callbackId: 'hold',
      title: long,
      submit: long,
      close: long,
      privateMetadata: '{}',
      blocks: [
        textInput({
          actionId: 'reason',
          label: long,
          hint: long,
          placeholder: long,
          initial: long,
          maxLength: 9999,
          minLength: 1,
          isMultiline: true,
        }),
        selectInput({ actionId: 'queue', label: 'Queue', choices: manyChoices }),
        personInput({ actionId: 'who', label: 'Who', isOptional: true }),
        momentInput({ actionId: 'until', label: 'Until', initialAt: 1_700_000_000_999 }),
        momentInput({ actionId: 'from', label: 'From' }),
        ...Array.from({ length: 200 }, () => divider()),
      ],
    });
    expect(view.blocks).to.have.length(100);
    expect(
      [view.title.text, view.submit?.text, view.close?.text].every(
        (text) => text !== undefined && text.length <= 24,
      ),
    ).to.equal(true);
    expect(view.blocks[0]).to.deep.include({ block_id: 'reason', optional: false });
    expect(view.blocks[0]).to.have.nested.property('label.text').with.length.at.most(2000);
    expect(view.blocks[0]).to.have.nested.property('element.max_length', 3000);
    expect(view.blocks[0]).to.have.nested.property('element.initial_value').with.length.at.most(3000);
    expect(view.blocks[2]).to.have.property('optional', true);
    expect(view.blocks[3]).to.have.nested.property('element.initial_date_time', 1_700_000_000);
    expect(complaints(view)).to.deep.equal([]);
    expect(checkView(view)).to.deep.equal([]);
  });

  it('has a submit button wherever there is an input, since Slack demands one', () => {
    const view = modal({ callbackId: 'c', title: 't', blocks: [textInput({ actionId: 'a', label: 'l' })] });
    expect(view.submit?.text).to.equal('OK');
    expect(modal({ callbackId: 'c', title: 't', blocks: [divider()] })).not.to.have.any.keys(
      'submit',
      'private_metadata',
    );
  });

  it('refuses private metadata that Slack would refuse', () => {
    expect(() =>
      modal({ callbackId: 'c', title: 't', privateMetadata: 'x'.repeat(3001), blocks: [] }),
    ).to.throw(RangeError);
  });
});

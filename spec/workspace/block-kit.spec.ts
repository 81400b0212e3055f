import { expect } from 'chai';
import { describe, it } from 'mocha';
import { checkBlocks, checkView, type Surface } from './block-kit.ts';
import type { Json } from './wire.ts';

const x = (length: number): string => 'x'.repeat(length);
const plain = (text: string): Json => ({ type: 'plain_text', text });
const mrkdwn = (text: string): Json => ({ type: 'mrkdwn', text });
const section = (text: string): Json => ({ type: 'section', text: mrkdwn(text) });
const button = (more: Json = {}): Json => ({ type: 'button', action_id: 'go', text: plain('Go'), ...more });
const actions = (...elements: Json[]): Json => ({ type: 'actions', elements });
const option = (value: string): Json => ({ text: plain(value), value });
const options = (count: number): Json[] => Array.from({ length: count }, (_, index) => option(`o${index}`));
const input = (element: Json, more: Json = {}): Json => ({
  type: 'input',
  label: plain('What'),
  element,
  ...more,
});
const rich = (...elements: Json[]): Json => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_quote', elements }],
});
const sections = (count: number): Json[] => Array.from({ length: count }, () => section('x'));
const modal = (more: Json = {}): Json => ({
  type: 'modal',
  title: plain('Title'),
  blocks: [section('hi')],
  ...more,
});

/** Each line: what it is, a block that Slack takes, and one that is over the limit. */
const EDGES: readonly [string, Json, Json][] = [
  ['section text of 3000', section(x(3000)), section(x(3001))],
  ['a text of one character', section('x'), section('')],
  ['header of 150', { type: 'header', text: plain(x(150)) }, { type: 'header', text: plain(x(151)) }],
  ['plain header', { type: 'header', text: plain('x') }, { type: 'header', text: mrkdwn('x') }],
  [
    'ten fields',
    { type: 'section', fields: Array.from({ length: 10 }, () => mrkdwn('x')) },
    { type: 'section', fields: Array.from({ length: 11 }, () => mrkdwn('x')) },
  ],
  [
    'field of 2000',
    { type: 'section', fields: [mrkdwn(x(2000))] },
    { type: 'section', fields: [mrkdwn(x(2001))] },
  ],
  ['section with text', section('x'), { type: 'section' }],
  [
    'ten context elements',
    { type: 'context', elements: Array.from({ length: 10 }, () => mrkdwn('x')) },
    { type: 'context', elements: Array.from({ length: 11 }, () => mrkdwn('x')) },
  ],
  [
    '25 action elements',
    actions(...Array.from({ length: 25 }, (_, index) => button({ action_id: `a${index}` }))),
    actions(...Array.from({ length: 26 }, (_, index) => button({ action_id: `a${index}` }))),
  ],
  ['distinct action ids', actions(button(), button({ action_id: 'b' })), actions(button(), button())],
  ['button text of 75', actions(button({ text: plain(x(75)) })), actions(button({ text: plain(x(76)) }))],
  ['button value of 2000', actions(button({ value: x(2000) })), actions(button({ value: x(2001) }))],
  ['button style', actions(button({ style: 'danger' })), actions(button({ style: 'loud' }))],
  ['known fields', actions(button()), actions(button({ colour: 'red' }))],
  [
    'confirm dialog',
    actions(button({ confirm: { title: plain(x(100)), text: mrkdwn(x(300)), confirm: plain(x(30)) } })),
    actions(button({ confirm: { title: plain(x(101)), text: mrkdwn('sure?') } })),
  ],
  [
    'five overflow options',
    actions({ type: 'overflow', action_id: 'more', options: options(5) }),
    actions({ type: 'overflow', action_id: 'more', options: options(6) }),
  ],
  [
    'option of 75',
    actions({ type: 'static_select', options: [option(x(75))] }),
    actions({ type: 'static_select', options: [option(x(76))] }),
  ],
  [
    '100 options',
    actions({ type: 'static_select', options: options(100) }),
    actions({ type: 'static_select', options: options(101) }),
  ],
  [
    'distinct option values',
    actions({ type: 'static_select', options: options(2) }),
    actions({ type: 'static_select', options: [option('a'), option('a')] }),
  ],
  [
    'an initial option from the list',
    actions({ type: 'static_select', options: options(2), initial_option: option('o1') }),
    actions({ type: 'static_select', options: options(2), initial_option: option('o7') }),
  ],
  [
    'ten radio buttons',
    actions({ type: 'radio_buttons', options: options(10) }),
    actions({ type: 'radio_buttons', options: options(11) }),
  ],
  [
    'people in a users_select',
    actions({ type: 'users_select' }),
    actions({ type: 'users_select', initial_user: 'ana' }),
  ],
  ['block_id of 255', { ...section('x'), block_id: x(255) }, { ...section('x'), block_id: x(256) }],
  [
    'image with alt text',
    { type: 'image', image_url: 'https://example.com/a.png', alt_text: 'a' },
    { type: 'image', image_url: 'https://example.com/a.png' },
  ],
  [
    'text in rich text',
    rich({ type: 'text', text: 'x', style: { bold: true } }),
    rich({ type: 'text', text: '' }),
  ],
  ['a rich text user', rich({ type: 'user', user_id: 'U1' }), rich({ type: 'user', user_id: 'ana' })],
  ['rich text kinds', rich({ type: 'emoji', name: 'eyes' }), rich({ type: 'mrkdwn', text: 'x' })],
  [
    'input length',
    input({ type: 'plain_text_input', max_length: 3000 }),
    input({ type: 'plain_text_input', max_length: 3001 }),
  ],
  [
    'input label of 2000',
    input({ type: 'plain_text_input' }, { label: plain(x(2000)) }),
    input({ type: 'plain_text_input' }, { label: plain(x(2001)) }),
  ],
  ['elements of an input', input({ type: 'datepicker' }), input(button())],
  [
    'date',
    input({ type: 'datepicker', initial_date: '2026-01-05' }),
    input({ type: 'datepicker', initial_date: '5.1.' }),
  ],
  ['markdown', { type: 'markdown', text: x(12_000) }, { type: 'markdown', text: x(12_001) }],
];

describe('Block Kit as Slack checks it', () => {
  for (const [what, good, bad] of EDGES) {
    it(`takes ${what}, and no more`, () => {
      expect(checkBlocks([good], 'message')).to.deep.equal([]);
      const problems = checkBlocks([bad], 'message');
      expect(problems).to.have.length.greaterThan(0);
      expect(problems[0]).to.match(/^\[ERROR\] .+ \[json-pointer:\/blocks\/0/);
    });
  }

  it('takes 50 blocks in a message and 100 in a modal or Home tab', () => {
    const limits: [Surface, number][] = [
      ['message', 50],
      ['modal', 100],
      ['home', 100],
    ];
    for (const [surface, limit] of limits) {
      expect(checkBlocks(sections(limit), surface)).to.deep.equal([]);
      expect(checkBlocks(sections(limit + 1), surface)).to.deep.equal([
        `[ERROR] no more than ${limit} items allowed [json-pointer:/blocks]`,
      ]);
    }
  });

  it('refuses a block_id that appears twice', () => {
    const twice = [
      { ...section('a'), block_id: 'b' },
      { ...section('b'), block_id: 'b' },
    ];
    expect(checkBlocks(twice, 'message')).to.deep.equal([
      '[ERROR] block_id b already exists [json-pointer:/blocks/1/block_id]',
    ]);
  });

  it('keeps alerts to modals and markdown to messages', () => {
    const alert = { type: 'alert', text: plain('careful'), level: 'error' };
    expect(checkBlocks([alert], 'modal')).to.deep.equal([]);
    expect(checkBlocks([alert], 'message')).to.have.length(1);
    expect(checkBlocks([{ type: 'markdown', text: 'x' }], 'modal')).to.have.length(1);
  });

  it('holds a modal to its title, its submit button and its private metadata', () => {
    expect(checkView(modal({ title: plain(x(24)), private_metadata: x(3000) }))).to.deep.equal([]);
    expect(checkView(modal({ title: plain(x(25)) }))).to.have.length(1);
    expect(checkView(modal({ private_metadata: x(3001) }))).to.have.length(1);
    expect(checkView(modal({ close: plain(x(25)) }))).to.have.length(1);
    const asking = modal({ blocks: [input({ type: 'plain_text_input' })] });
    expect(checkView(asking)).to.deep.equal(['[ERROR] missing required field: submit [json-pointer:/view]']);
    expect(checkView({ ...asking, submit: plain('Send') })).to.deep.equal([]);
    expect(checkView({ type: 'modal', title: plain('x') })).to.have.length.greaterThan(0);
  });

  it('takes anything that is no view or list of blocks for a problem, not for a crash', () => {
    for (const nonsense of [null, undefined, 7, 'x', [], {}, { type: 'section' }]) {
      expect(checkView(nonsense)).to.have.length.greaterThan(0);
    }
    for (const nonsense of [null, undefined, 7, 'x', {}, [null], [7], [{}], [{ type: 'constructor' }]]) {
      expect(checkBlocks(nonsense, 'message')).to.have.length.greaterThan(0);
    }
  });
});

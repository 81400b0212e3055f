import { expect } from 'chai';
import { describe, it } from 'mocha';
import { VERBS } from '../../../src/domain/command-verbs.ts';
import type { Answer, ListItem } from '../../../src/domain/effects.ts';
import { renderAnswer, type ShownText } from '../../../src/outbox/render/answer.ts';
import { messageUrl } from '../../../src/outbox/render/context.ts';
import { ANA, ASK, BEN, DAY, HOUR, T0 } from '../../support/builders.ts';
import { mentions, rendering, seen, tokens } from '../../support/rendering.ts';

const TEXT: ShownText = {
  title: 'The printer is on fire',
  text: 'The printer is on fire\nreally',
  unshownText: null,
};
const DELETED: ShownText = { title: null, text: null, unshownText: null };

/** Of every request the same text, unless another is given for its number. */
const withTexts = (of: Readonly<Record<number, ShownText>> = {}) => ({
  ...rendering(),
  texts: new Map(Array.from({ length: 40 }, (_, id) => [id, of[id] ?? TEXT])),
});
const ctx = withTexts();
const lines = (answer: Answer, of?: Readonly<Record<number, ShownText>>): string[] =>
  seen(renderAnswer(answer, withTexts(of)));

const ITEM: ListItem = {
  id: 12,
  state: 'new',
  priority: 'urgent',
  owner: null,
  asker: ASK,
  openedAt: T0,
  dueAt: T0 + HOUR,
  link: { channel: 'C1', ts: '1767607201.000100', threadTs: null },
};

describe('an answer', () => {
  it('of our own words keeps their format and rings for nobody', () => {
    const text = `<@${BEN}> has #12 already. \`claim #12\` <!channel> <https://x.y|z> > <!date^1767607200^{ago}|then> &lt;ok&gt; <`;
    const refusal = renderAnswer({ kind: 'refusal', text }, ctx);
    expect(mentions(refusal)).to.deep.equal([]);
    expect(seen(refusal)).to.deep.equal([
      '@Ben has #12 already. `claim #12` @channel z (https://x.y) &gt; then &lt;ok&gt; &lt;',
    ]);
    expect(new Set(tokens(refusal))).to.deep.equal(new Set(['<!date^1767607200^{ago}|then>']));
    expect(lines({ kind: 'text', text: 'Done.' })).to.deep.equal(['Done.']);
  });

  it('has a key only where it is posted to stay', () => {
    expect(renderAnswer({ kind: 'text', text: 'Done.' }, ctx).blocks[0]).not.to.have.property('block_id');
    expect(renderAnswer({ kind: 'text', text: 'Done.' }, ctx, 'k').blocks[0]?.block_id).to.equal('k');
  });

  it('helps with every verb, after what went wrong', () => {
    const help = lines({ kind: 'help', lead: 'Did you mean `claim`?' });
    expect(help[0]).to.equal('Did you mean `claim`?');
    expect(help[1]).to.match(/^To ask: write me a DM, mention <@UBOT>/);
    for (const { usage } of VERBS)
      expect(help.filter((line) => line.startsWith(`\`${usage}\``))).to.have.length(1);
    expect(lines({ kind: 'help', lead: null })[0]).to.match(/^To ask/);
  });

  it('lists what is open, two lines each', () => {
    const owned: ListItem = {
      ...ITEM,
      id: 13,
      state: 'in_progress',
      owner: ANA,
      dueAt: T0,
      link: null,
    };
    const list: Answer = { kind: 'list', heading: 'Open in it', items: [ITEM, owned], more: 5 };
    expect(lines(list, { 13: DELETED })).to.deep.equal([
      '*Open in it*',
      '🔴 *#12* · The printer is on fire',
      'new · asked by Asta 2026-01-05 10:00 UTC · 🟨 due 2026-01-05 11:00 UTC · Open',
      '🔴 *#13* · deleted by its author',
      'in progress · Ana · asked by Asta 2026-01-05 10:00 UTC · 🔴 was due 2026-01-05 10:00 UTC',
      '+5 more',
    ]);
  });

  it('shows twenty of a long list and counts the rest', () => {
    const items = Array.from({ length: 30 }, (_, index) => ({ ...ITEM, id: index + 1 }));
    const empty = withTexts({ 1: { ...TEXT, title: '' } });
    const list = renderAnswer({ kind: 'list', heading: 'Open', items, more: 3 }, empty);
    expect(seen(list).at(-1)).to.equal('+13 more');
    expect(seen(list)[1]).to.equal('🔴 *#1* · (no text)');
    expect(list.text).to.equal('Open: 33');
    expect(list.blocks.length).to.be.at.most(50);
  });

  it('says something useful of an empty list', () => {
    expect(lines({ kind: 'list', heading: 'Open in it', items: [], more: 0 })).to.deep.equal([
      'Open in it: none. `new TEXT` makes a request; `list queue NAME` shows another list.',
    ]);
  });

  it('shows one request with its history, the newest twenty lines of it', () => {
    const timeline = Array.from({ length: 22 }, (_, index) => ({
      at: T0,
      actor: index === 21 ? BEN : null,
      what: index === 21 ? 'took it' : `ladder: ${index}`,
    }));
    const shown = lines({
      kind: 'show',
      item: ITEM,
      isUnshown: false,
      queue: 'it',
      timeline,
      links: [{ label: 'continues', id: 3 }],
    });
    expect(shown.slice(0, 11)).to.deep.equal([
      '🔴 *#12* · *The printer is on fire*',
      'Asta · queue “it” · opened 2026-01-05 10:00 UTC · Open | continues *#3*',
      '*Status*',
      'new',
      '*Owner*',
      'nobody',
      '*Priority*',
      '🔴 urgent',
      '*Due*',
      '🟨 due 2026-01-05 11:00 UTC',
      'The printer is on fire\nreally',
    ]);
    expect(shown).to.include('2 earlier lines are not shown.');
    expect(shown.join('\n')).to.match(/2026-01-05 10:00 UTC · Ben took it$/);
  });

  it('shows a request without text, history or deadline', () => {
    const item: ListItem = { ...ITEM, state: 'closed', owner: ANA, link: null };
    const shown = lines(
      { kind: 'show', item, isUnshown: false, queue: 'it', timeline: [], links: [] },
      { 12: DELETED },
    );
    expect(shown.at(-1)).to.equal('🔴 urgent');
    const one = { at: T0, actor: null, what: 'closed by silence' };
    expect(
      lines(
        { kind: 'show', item, isUnshown: false, queue: 'it', timeline: [one], links: [] },
        { 12: DELETED },
      ).at(-1),
    ).to.equal('2026-01-05 10:00 UTC · closed by silence');
  });

  it('shows its asker what they have not agreed to show yet, and everybody else what was agreed', () => {
    const of = { 12: { title: 'old', text: 'old words', unshownText: 'new words' } };
    const show = { kind: 'show', item: ITEM, queue: 'it', timeline: [], links: [] } as const;
    expect(lines({ ...show, isUnshown: true }, of))
      .to.include('new words')
      .and.not.include('old words');
    expect(lines({ ...show, isUnshown: false }, of))
      .to.include('old words')
      .and.not.include('new words');
  });

  it('tells how one stands, and the queue in a line', () => {
    const queues = [
      { name: 'it', unowned: 1, open: 4, overdue: 2 },
      { name: 'hr', unowned: 0, open: 0, overdue: 0 },
    ];
    expect(lines({ kind: 'status', mine: [], queues })).to.deep.equal([
      'You have no open requests.',
      '*it*: 4 open, 1 without owner, 🔴 2 overdue',
      '*hr*: 0 open, 0 without owner, none overdue',
    ]);
    const many = Array.from({ length: 22 }, () => ITEM);
    const mine = lines({ kind: 'status', mine: many, queues: [] });
    expect(mine[0]).to.equal('*Your requests*');
    expect(mine.at(-1)).to.equal('+2 more: `list mine`');
  });

  it('tells who is on duty, and offers to change it', () => {
    const queues = [
      { name: 'it', user: ANA, untilAt: T0 + DAY },
      { name: 'ops', user: BEN, untilAt: null },
      { name: 'hr', user: null, untilAt: null },
    ];
    expect(lines({ kind: 'duty', queues })).to.deep.equal([
      '*it*: Ana until 2026-01-06 10:00 UTC',
      '[Change it…]',
      '*ops*: Ben',
      '[Change ops…]',
      '*hr*: nobody is on duty',
      '[Change hr…]',
    ]);
    expect(lines({ kind: 'duty', queues: [] })).to.deep.equal(['No queue of yours.']);
  });

  it('says what a press did', () => {
    const pressed = (what: string): readonly string[] => lines({ kind: 'pressed', id: 12, by: ANA, what });
    expect(pressed('took it')).to.deep.equal(['Ana took *#12*.']);
    expect(pressed('confirmed')).to.deep.equal(['Ana confirmed that *#12* works.']);
    expect(pressed('passed')).to.deep.equal(['Ana passed on *#12*.']);
  });

  it('says where a message went, and how to part them', () => {
    const merged = renderAnswer({ kind: 'merged', id: 12, channel: 'D1', ts: '1.2' }, ctx);
    expect(seen(merged)).to.deep.equal(['Added to *#12*.', '[Make it a new request]']);
    expect(JSON.stringify(merged)).to.include('"value":"D1:1.2"');
  });
});

describe('the address of a message', () => {
  it('is made by hand, with its thread for a reply', () => {
    const at = { channel: 'C1', ts: '1234567890.123456' };
    const top = 'https://acme.slack.com/archives/C1/p1234567890123456';
    expect(messageUrl('https://acme.slack.com/', { ...at, threadTs: null })).to.equal(top);
    expect(messageUrl('https://acme.slack.com', { ...at, threadTs: at.ts })).to.equal(top);
    expect(messageUrl('https://acme.slack.com/', { ...at, threadTs: '1.2' })).to.equal(
      `${top}?thread_ts=1.2&cid=C1`,
    );
  });
});

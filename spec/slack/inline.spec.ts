import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  channel,
  clampMrkdwn,
  date,
  join,
  lines,
  link,
  mrkdwn,
  person,
  raw,
} from '../../src/slack/inline.ts';

/** Text that tries: tokens, markers, entities, line breaks, marks of direction. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<!channel>',
        '<!here>',
        '<@U1>',
        '<https://evil.example|bank>',
        '@here',
        '#general',
        '*',
        '_',
        '~',
        '`',
        '```',
        '>',
        '&',
        '|',
        '\n',
        '\u202e',
        '\u0000',
        'a',
        ' ',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''));

describe('mrkdwn', () => {
  it('puts lines together from our words, their text and real mentions', () => {
    expect(mrkdwn`${person('U1')} took *#${17}* · ${'a <b> & *c*'}`.mrkdwn).to.equal(
      '<@U1> took *#17* · a &lt;b&gt; &amp; ∗c∗',
    );
    expect(mrkdwn`${channel('C1')}`.mrkdwn).to.equal('<#C1>');
    expect(mrkdwn`plain`.mrkdwn).to.equal('plain');
  });

  it('leaves names of programs and mail addresses whole', () => {
    expect(raw('see my_app_name and ana@example.com').mrkdwn).to.equal('see my_app_name and ana@example.com');
    expect(raw('_really_').mrkdwn).to.equal('＿really＿');
  });

  it('quotes nothing that Slack would act on', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const quoted = raw(text).mrkdwn;
        expect(quoted).not.to.match(/[<>*~`\n\r\u202a-\u202e\u2066-\u2069]/);
        expect(quoted.replaceAll(/&(?:amp|lt|gt);/g, '')).not.to.include('&');
        expect(quoted).not.to.match(/(?<![\p{L}\p{N}])[@#][\p{L}\p{N}_]/u);
        expect(quoted).not.to.match(/^\s*&gt;/);
        expect(quoted.isWellFormed()).to.equal(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('never lets an id, a label or a fallback open another token', () => {
    fc.assert(
      fc.property(hostile, fc.webUrl({ withFragments: true, withQueryParameters: true }), (text, url) => {
        expect(person(text).mrkdwn).not.to.include('<');
        expect(channel(text).mrkdwn).not.to.include('<');
        expect(link(url, text).mrkdwn).to.match(/^<https?:[^<>|]+\|[^<>|]*>$/);
        expect(link(`https://a.example/${text}`, text).mrkdwn).to.match(/^<https:[^<>|]+\|[^<>|]*>$/);
        expect(date(0, '{time}', text).mrkdwn).to.match(/^<!date\^0\^\{time\}\|[^<>|^]*>$/);
      }),
    );
  });

  it('makes no link of what is no address of the web', () => {
    expect(link('javascript:alert(1)', 'here').mrkdwn).to.equal('here');
    expect(link('nonsense', 'a|b').mrkdwn).to.equal('a¦b');
    expect(link('https://a.example/?a=1&b=2', 'here').mrkdwn).to.equal(
      '<https://a.example/?a=1&amp;b=2|here>',
    );
  });

  it('lets Slack write a moment in the zone of who reads', () => {
    expect(date(1_700_000_000_999, '{date_short_pretty} {time}', '14 Nov 22:13 UTC').mrkdwn).to.equal(
      '<!date^1700000000^{date_short_pretty} {time}|14 Nov 22:13 UTC>',
    );
  });

  it('joins what is there', () => {
    expect(join([raw('a'), raw(''), raw('b')]).mrkdwn).to.equal('a · b');
    expect(lines(raw('a'), raw('b')).mrkdwn).to.equal('a\nb');
  });

  it('is cut without opening or halving a token or an entity', () => {
    expect(clampMrkdwn(mrkdwn`ab ${person('U12345')}`, 8)).to.equal('ab …');
    expect(clampMrkdwn(mrkdwn`abc${'&'}`, 6)).to.equal('abc…');
    expect(clampMrkdwn(mrkdwn`abc`, 3)).to.equal('abc');
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 60 }), (text, max) => {
        const cut = clampMrkdwn(mrkdwn`${text} ${person('U1')} ${link('https://a.example', text)}`, max);
        expect(cut.length).to.be.at.most(max);
        expect(cut.replaceAll(/<(?:@U1|https:[^<>]*)>/g, '')).not.to.match(/[<>]/);
        expect(cut.replaceAll(/&(?:amp|lt|gt);/g, '')).not.to.include('&');
      }),
      { numRuns: 1000 },
    );
  });
});

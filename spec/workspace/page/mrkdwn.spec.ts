import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type Node, parseInline, parseMrkdwn, sourceOf } from './mrkdwn.ts';

/** One line for a tree, so that a spec can be read. */
function shown(nodes: readonly Node[]): string {
  return nodes
    .map((node) => {
      switch (node.kind) {
        case 'text':
          return node.text;
        case 'break':
          return '⏎';
        case 'code':
          return `code(${node.text})`;
        case 'person':
        case 'channel':
          return `${node.kind}(${node.id})`;
        case 'broadcast':
          return `broadcast(${node.word})`;
        case 'date':
          return `date(${node.at} ${node.form})`;
        case 'link':
          return `link(${node.url} ${node.label})`;
        case 'bold':
        case 'italic':
        case 'strike':
          return `${node.kind}(${shown(node.inside)})`;
      }
    })
    .join('');
}

const line = (text: string): string => shown(parseInline(text));

describe("the page's mrkdwn", () => {
  it('makes mentions, channels, dates and links of tokens', () => {
    expect(line('hi <@U1>, see <#C1|help-it> and <!here>')).to.equal(
      'hi person(U1), see channel(C1) and broadcast(here)',
    );
    expect(line('opened <!date^1700000000^{ago}|2023 UTC>')).to.equal('opened date(1700000000000 {ago})');
    expect(line('<https://a.example/?x=1&amp;y=2|Open it>')).to.equal(
      'link(https://a.example/?x=1&y=2 Open it)',
    );
    expect(line('<mailto:a@b.example|a@b.example>')).to.equal('link(mailto:a@b.example a@b.example)');
  });

  it('leaves what somebody only typed as text: it neither mentions nor links', () => {
    expect(
      line('&lt;@U1&gt; &lt;https://evil.example|click&gt; &lt;!channel&gt; a &gt; b &amp;amp; c'),
    ).to.equal('<@U1> <https://evil.example|click> <!channel> a > b &amp; c');
  });

  it('makes bold, italic and struck text where a word begins and ends, also around tokens', () => {
    expect(line('*#12* is _very_ ~old~')).to.equal('bold(#12) is italic(very) strike(old)');
    expect(line('*<@U1> has it*')).to.equal('bold(person(U1) has it)');
    expect(line('2*3*4 snake_case_name a * b * c')).to.equal('2*3*4 snake_case_name a * b * c');
    expect(line('*_both_*')).to.equal('bold(italic(both))');
  });

  it('parses nothing in code', () => {
    expect(line('`*a* <@U1> :eyes:` *b*')).to.equal('code(*a* @U1 :eyes:) bold(b)');
    expect(parseMrkdwn('see ```\n*x* &lt;y&gt;\n``` done')).to.deep.equal([
      { kind: 'paragraph', inside: [{ kind: 'text', text: 'see ' }] },
      { kind: 'pre', text: '*x* <y>' },
      { kind: 'paragraph', inside: [{ kind: 'text', text: ' done' }] },
    ]);
  });

  it('keeps lines, and makes a quote of those that are', () => {
    expect(line('one\ntwo')).to.equal('one⏎two');
    expect(parseMrkdwn('a\n&gt; b\n&gt; c\nd').map((block) => block.kind)).to.deep.equal([
      'paragraph',
      'quote',
      'paragraph',
    ]);
  });

  it('shows emoji by their names, and names that it does not know as they are', () => {
    expect(line(':red_circle: :eyes::skin-tone-3: :nope:')).to.equal('🔴 👀 :nope:');
  });

  it('gives back what was typed', () => {
    const names = { person: (id: string) => (id === 'U1' ? 'ana' : id), channel: () => 'help-it' };
    expect(
      sourceOf(
        ':red_circle: <@U1> &amp; <#C1> <https://a.example> <mailto:a@b.example|a@b.example> <!here>',
        names,
      ),
    ).to.equal('🔴 @ana & #help-it https://a.example a@b.example @here');
  });
});

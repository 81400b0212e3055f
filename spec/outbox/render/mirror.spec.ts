import { expect } from 'chai';
import { describe, it } from 'mocha';
import { CARRIED_LENGTH } from '../../../src/outbox/render/carried.ts';
import { renderMirror } from '../../../src/outbox/render/mirror.ts';
import { BEN } from '../../support/builders.ts';
import { leafTypes, mentions, rendering, seen } from '../../support/rendering.ts';

const ctx = rendering();

describe('a mirrored message', () => {
  it('carries the speaker, the words as they read, and the names of files', () => {
    const copy = renderMirror(
      {
        speaker: 'Ana',
        text: `*hello* <@${BEN}> &amp; <https://x.y|all>\nsecond line`,
        files: [{ name: 'a.png', bytes: 10, type: 'png' }],
      },
      ctx,
      'mirror:1',
    );
    expect(seen(copy)).to.deep.equal([
      'Ana: *hello* @Ben & all (https://x.y)\nsecond line',
      '📎 a.png (10 B, png)',
    ]);
    expect(copy.blocks[0]?.block_id).to.equal('mirror:1');
    expect(mentions(copy)).to.deep.equal([]);
    expect(new Set(leafTypes(copy))).to.deep.equal(new Set(['text']));
  });

  it('keeps the name in bold apart from the words', () => {
    const copy = renderMirror({ speaker: 'Ana', text: 'hello', files: [] }, ctx, 'k');
    expect(copy.blocks[0]).to.deep.include({ type: 'rich_text' });
    expect(JSON.stringify(copy.blocks[0])).to.include('{"type":"text","text":"Ana: ","style":{"bold":true}}');
  });

  it('stands by its speaker even without words', () => {
    const copy = renderMirror(
      { speaker: 'Ana', text: '', files: [{ name: 'a.png', bytes: null, type: '' }] },
      ctx,
      'k',
    );
    expect(seen(copy)).to.deep.equal(['Ana: ', '📎 a.png']);
  });

  it('says what does not fit, and when the asker does not see it', () => {
    const long = renderMirror(
      { speaker: 'Ana', text: 'x'.repeat(CARRIED_LENGTH + 7), files: [], isInside: true },
      ctx,
      'k',
    );
    expect(seen(long).slice(-2)).to.deep.equal([
      'Too long for one message: about 7 more characters are not shown.',
      '🔒 The asker does not see this.',
    ]);
  });
});

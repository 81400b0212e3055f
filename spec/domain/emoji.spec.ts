import { expect } from 'chai';
import { describe, it } from 'mocha';
import { PRIORITY_EMOJI, priorityOfText, reactionMeaning } from '../../src/domain/emoji.ts';
import { PRIORITIES } from '../../src/domain/request.ts';

describe('emoji', () => {
  it('reads the priority that a message starts with, as a character or as any of its names', () => {
    for (const priority of PRIORITIES) {
      const { emoji, names } = PRIORITY_EMOJI[priority];
      for (const typed of [emoji, `${emoji}\uFE0F`, ...names.map((name) => `:${name}:`)]) {
        expect(priorityOfText(`${typed} the printer`), typed).to.deep.equal({
          priority,
          rest: 'the printer',
        });
        expect(priorityOfText(` \n${typed}the printer`), typed).to.deep.equal({
          priority,
          rest: 'the printer',
        });
      }
    }
  });

  it('leaves a text without one as it is, also when the emoji stands later or means nothing', () => {
    for (const text of ['the printer 🔴', ':fire: the printer', ' x', '', ':red_circle', '🟢 go']) {
      expect(priorityOfText(text)).to.deep.equal({ priority: null, rest: text });
    }
  });

  it('takes only the first of several', () => {
    expect(priorityOfText('🔴🔴 fire')).to.deep.equal({ priority: 'urgent', rest: '🔴 fire' });
  });

  it('knows the reactions that mean something, in any skin tone', () => {
    expect(reactionMeaning('ticket')).to.equal('capture');
    expect(reactionMeaning('eyes')).to.equal('take');
    expect(reactionMeaning('eyes::skin-tone-3')).to.equal('take');
    expect(reactionMeaning('white_check_mark')).to.equal('resolve');
    expect(reactionMeaning('heavy_check_mark::skin-tone-6')).to.equal('resolve');
  });

  it('lets every other reaction mean nothing', () => {
    for (const name of ['thumbsup', '', 'constructor', 'eyes2', 'ticket::other']) {
      expect(reactionMeaning(name), name).to.equal(null);
    }
  });
});

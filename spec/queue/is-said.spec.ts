import { expect } from 'chai';
import { describe, it } from 'mocha';
import { isSaid } from '../../src/queue/apply.ts';

describe('the key of a message of ours', () => {
  it('tells what is said about a request, whichever way it went, from cards, replies and answers', () => {
    for (const key of ['r7.v2.1.say', 'r7.v2.1.say.opened', 'r7.v2.1.say.behind.found', 'new.Ev1.0.say'])
      expect(isSaid(key), key).to.equal(true);
    for (const key of ['r7.v2.0.card', 'r7.v2.1.asker_reply', 'r7.v2.0.card.opens', 'answer.Ev1', 'essay'])
      expect(isSaid(key), key).to.equal(false);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { parsePermalink } from './permalink.ts';
import { hashOf, placeOfHash } from './place.ts';

describe('the places of the page', () => {
  it('stand in the address and are read back from it', () => {
    for (const place of [
      { as: 'U1', channel: 'C1', thread: '1700000000.000100', isHome: false, request: 12 },
      { as: null, channel: null, thread: null, isHome: true, request: null },
    ]) {
      expect(placeOfHash(hashOf(place))).to.deep.equal(place);
    }
    for (const hash of ['#request=x', '#request=0', '#request=-1', '#request=1e9'])
      expect(placeOfHash(hash).request, hash).to.equal(null);
  });

  it('are what a link to a message leads to; other links lead elsewhere', () => {
    expect(parsePermalink('https://local.example/archives/C1/p1700000000000100')).to.deep.equal({
      channel: 'C1',
      ts: '1700000000.000100',
      thread: null,
    });
    expect(
      parsePermalink(
        'https://local.example/archives/D1/p1700000000000200?thread_ts=1700000000.000100&cid=D1',
      ),
    ).to.deep.equal({ channel: 'D1', ts: '1700000000.000200', thread: '1700000000.000100' });
    for (const url of ['https://a.example/', 'https://a.example/archives/C1', 'C1', 'mailto:a@b.example'])
      expect(parsePermalink(url), url).to.equal(null);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { channelSeen } from '../../support/channel-seen.ts';
import type { ChannelSeen, PersonSeen } from '../face/wire.ts';
import { newsFor, newsWords } from './news.ts';

const person = (id: string, realName: string): PersonSeen => ({
  id,
  name: id,
  realName,
  tz: 'UTC',
  isBot: false,
  part: '',
});
const channel = (latestTs: string | null, more: Partial<ChannelSeen> = {}): ChannelSeen =>
  channelSeen({ latestTs, ...more });

describe('what a skip has brought', () => {
  const people = [person('U1', 'Ana Ruiz'), person('U2', 'Ben Okafor'), person('B1', 'TrIAge')];

  it('is for whoever has got something since, in a channel of theirs or by name in a thread', () => {
    const lists = {
      U1: [channel(null), channel('10.000200')],
      U2: [channel('09.000000', { addressedTs: '11.000000' })],
    };
    expect(newsFor(people, lists, 10_000)).to.deep.equal(['Ben']);
    expect(newsFor(people, lists, 9_999)).to.deep.equal(['Ana', 'Ben']);
    expect(newsFor(people, { U1: [channel('20.000000', { isMember: false })] }, 10_000)).to.deep.equal([]);
  });

  it('is told with the hour at which the skip ended', () => {
    const at = Date.parse('2026-01-05T10:00:00Z');
    expect(newsWords({ at, names: ['Ana', 'Ben'] }, 'Europe/Madrid')).to.equal('11:00: new for Ana, Ben');
    expect(newsWords({ at, names: [] }, 'UTC')).to.equal('10:00: nothing new to read');
  });
});

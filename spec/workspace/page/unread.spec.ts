import { expect } from 'chai';
import { describe, it } from 'mocha';
import { channelSeen } from '../../support/channel-seen.ts';
import type { ChannelSeen } from '../face/wire.ts';
import { type Marks, seenIn, settled, waitingFor, waitingIn } from './unread.ts';

const channel = (id: string, latestTs: string | null, more: Partial<ChannelSeen> = {}): ChannelSeen =>
  channelSeen({ id, latestTs, ...more });
const dm = (latestTs: string | null): ChannelSeen =>
  channel('D1', latestTs, { isIm: true, addressedTs: latestTs });

describe('what people have not seen yet', () => {
  it('is nothing for somebody who is here for the first time', () => {
    const marks = settled({}, 'U1', [channel('C1', '5')]);
    expect(waitingFor(marks, 'U1', [channel('C1', '5')])).to.equal(null);
  });

  it('is what came after they looked last, and a direct message above all', () => {
    let marks: Marks = settled({}, 'U1', [channel('C1', '5'), dm(null)]);
    expect(waitingFor(marks, 'U1', [channel('C1', '6'), dm(null)])).to.equal('channel');
    expect(waitingFor(marks, 'U1', [channel('C1', '6'), dm('7')])).to.equal('direct');
    marks = seenIn(marks, 'U1', dm('7'));
    expect(waitingFor(marks, 'U1', [channel('C1', '5'), dm('7')])).to.equal(null);
  });

  it('is for them above all where they are named, in a thread too, until they have looked there', () => {
    const naming = (addressedTs: string): ChannelSeen => channel('C1', '6', { addressedTs });
    let marks: Marks = settled({}, 'U1', [channel('C1', '5')]);
    expect(waitingIn(marks, 'U1', naming('4'))).to.equal('channel');
    expect(waitingIn(marks, 'U1', naming('6'))).to.equal('direct');
    expect(waitingFor(marks, 'U1', [naming('6'), channel('C2', null)])).to.equal('direct');
    marks = seenIn(marks, 'U1', naming('6'));
    expect(waitingIn(marks, 'U1', naming('6'))).to.equal(null);
    expect(waitingIn(marks, 'U1', naming('7'))).to.equal('direct');
    marks = settled(seenIn(marks, 'U1', naming('7')), 'U1', [naming('7')]);
    expect(waitingIn(marks, 'U1', naming('7'))).to.equal(null);
  });

  it('is not what stands in a channel that they are not in', () => {
    const marks = settled({}, 'U1', []);
    expect(waitingIn(marks, 'U1', channel('C9', '5', { isMember: false }))).to.equal(null);
    expect(waitingIn(marks, 'U1', channel('C9', '5'))).to.equal('channel');
  });

  it('starts over with a show that begins anew, earlier than the last one ended', () => {
    const old: Marks = { U1: { C1: '900' } };
    const marks = settled(old, 'U1', [channel('C1', '10')]);
    expect(waitingIn(marks, 'U1', channel('C1', '10'))).to.equal(null);
    expect(waitingIn(marks, 'U1', channel('C1', '11'))).to.equal('channel');
    expect(settled(old, 'U1', [channel('C1', null)])).to.deep.equal({ U1: { C1: '' } });
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { ChannelSeen } from '../face/wire.ts';
import { isUnread, type Marks, seenIn, settled, waitingFor } from './unread.ts';

const channel = (id: string, latestTs: string | null, more: Partial<ChannelSeen> = {}): ChannelSeen => ({
  id,
  name: id,
  isPrivate: false,
  isIm: false,
  isMember: true,
  topic: '',
  members: 1,
  latestTs,
  ...more,
});
const dm = (latestTs: string | null): ChannelSeen => channel('D1', latestTs, { isIm: true });

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

  it('is not what stands in a channel that they are not in', () => {
    const marks = settled({}, 'U1', []);
    expect(isUnread(marks, 'U1', channel('C9', '5', { isMember: false }))).to.equal(false);
    expect(isUnread(marks, 'U1', channel('C9', '5'))).to.equal(true);
  });

  it('starts over with a show that begins anew, earlier than the last one ended', () => {
    const old: Marks = { U1: { C1: '900' } };
    const marks = settled(old, 'U1', [channel('C1', '10')]);
    expect(isUnread(marks, 'U1', channel('C1', '10'))).to.equal(false);
    expect(isUnread(marks, 'U1', channel('C1', '11'))).to.equal(true);
    expect(settled(old, 'U1', [channel('C1', null)])).to.deep.equal({ U1: { C1: '' } });
  });
});

import type { ChannelSeen } from '../workspace/face/wire.ts';

/** A channel as the page's list has it, empty and public; give what a spec needs more. */
export function channelSeen(more: Partial<ChannelSeen> = {}): ChannelSeen {
  return {
    id: 'C1',
    name: 'c1',
    isPrivate: false,
    isIm: false,
    isMember: true,
    topic: '',
    members: 1,
    latestTs: null,
    addressedTs: null,
    ...more,
  };
}

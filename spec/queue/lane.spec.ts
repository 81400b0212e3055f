import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Effect } from '../../src/domain/effects.ts';
import { laneOf } from '../../src/queue/lane.ts';
import { request } from '../support/builders.ts';

describe('lanes of effects', () => {
  const fresh = request({ card: null, askerReply: null });
  const said = (place: Extract<Effect, { kind: 'say' }>['place']): Effect => ({
    kind: 'say',
    place,
    saying: { kind: 'escalated' },
  });

  it('put new messages of a channel behind each other and edits behind nothing but themselves', () => {
    const posted = { ...fresh, card: { channel: 'CT', ts: '1.1' }, askerReply: { channel: 'C1', ts: '2.2' } };

    expect(laneOf({ kind: 'card' }, fresh, 'CT')).to.equal('CT');
    expect(laneOf({ kind: 'card' }, posted, 'CT')).to.equal('edit:CT:1.1');
    expect(laneOf({ kind: 'asker_reply' }, posted, 'CT')).to.equal('edit:C1:2.2');
    expect(laneOf({ kind: 'left_card', channel: 'CT', ts: '1.1', toQueue: 'hr' }, posted, 'CT')).to.equal(
      'edit:CT:1.1',
    );
  });

  it('follow the place in which something is said', () => {
    const inChannel = { ...fresh, conversation: { channel: 'C1', threadTs: '1.1', isMirrored: false } };
    const inDm = {
      ...fresh,
      asker: 'U1',
      conversation: { channel: 'D1', threadTs: '1.1', isMirrored: true },
    };

    expect(laneOf(said({ kind: 'conversation' }), inChannel, 'CT')).to.equal('C1');
    expect(laneOf(said({ kind: 'conversation' }), inDm, 'CT')).to.equal('dm:U1');
    expect(laneOf(said({ kind: 'card_thread', broadcast: true }), inDm, 'CT')).to.equal('CT');
    expect(laneOf(said({ kind: 'triage_channel' }), inDm, 'CT')).to.equal('CT');
    expect(laneOf(said({ kind: 'person', user: 'U2' }), inDm, 'CT')).to.equal('dm:U2');
    expect(laneOf(said({ kind: 'channel', channel: 'C9' }), inDm, 'CT')).to.equal('C9');
  });

  it('carry a mirrored message to the other side', () => {
    const inDm = {
      ...fresh,
      asker: 'U1',
      conversation: { channel: 'D1', threadTs: '1.1', isMirrored: true },
    };

    expect(laneOf({ kind: 'mirror', channel: 'D1', ts: '3.3' }, inDm, 'CT')).to.equal('CT');
    expect(laneOf({ kind: 'mirror', channel: 'CT', ts: '3.3' }, inDm, 'CT')).to.equal('dm:U1');
    expect(laneOf({ kind: 'asker_reply' }, inDm, 'CT')).to.equal('dm:U1');
  });
});

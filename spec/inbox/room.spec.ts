import { expect } from 'chai';
import { describe, it } from 'mocha';
import { createRoom } from '../../src/inbox/room.ts';

describe('the room of the inbox', () => {
  it('is kept for what is under way', () => {
    const room = createRoom(10, () => 0);

    expect([room.reserve(6), room.reserve(4)]).to.deep.equal([true, true]);
    expect(room.free()).to.equal(0);
    room.settle(6, true);
    expect(room.free()).to.equal(6);
    expect(room.isBehind()).to.equal(false);
  });

  it('leaves everything once it has left something, however much fits again', () => {
    let inHand = 8;
    const room = createRoom(10, () => inHand);

    expect(room.reserve(3)).to.equal(false);
    inHand = 0;
    expect(room.reserve(1)).to.equal(false);
    expect(room.isBehind()).to.equal(true);
  });

  it('is open again when the table was found empty and nothing was left there meanwhile', () => {
    const room = createRoom(10, () => 0);
    room.reserve(11);
    const tooEarly = room.mark();
    room.catchUp(tooEarly);
    expect(room.isBehind(), 'while a batch is still on its way to the table').to.equal(true);

    room.settle(11, false);
    const overtaken = room.mark();
    room.reserve(1);
    room.settle(1, false);
    room.catchUp(overtaken);
    expect(room.isBehind(), 'when another was left after the table was read').to.equal(true);

    room.catchUp(room.mark());
    expect(room.reserve(10)).to.equal(true);
  });
});

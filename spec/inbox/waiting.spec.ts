import { expect } from 'chai';
import { beforeEach, describe, it } from 'mocha';
import { MOST_WAITING, type Waiting, WaitingList } from '../../src/inbox/waiting.ts';
import type { NewEvent } from '../../src/store/inbox.ts';

const quiet = (): void => {};

function event(eventId: string, overrides: Partial<NewEvent> = {}): NewEvent {
  return {
    eventId,
    key: null,
    subject: null,
    lane: eventId,
    type: 'events_api',
    isInteractive: false,
    body: '{}',
    happenedAt: null,
    ...overrides,
  };
}

describe('what waits to be committed', () => {
  let list: WaitingList;
  let now: number;
  beforeEach(() => {
    now = 0;
    list = new WaitingList(() => now);
  });

  const add = (one: NewEvent): boolean => list.add(one, quiet, 0);
  const press = (eventId: string, lane = eventId): NewEvent => event(eventId, { isInteractive: true, lane });
  const ids = (batch: readonly Waiting[]): readonly string[] => batch.map((one) => one.event.eventId);

  it('goes out in the order of arrival', () => {
    for (const id of ['a', 'b', 'c']) add(event(id));

    expect(ids(list.take(2, false))).to.deep.equal(['a', 'b']);
    expect(ids(list.take(2, false))).to.deep.equal(['c']);
    expect(list.size).to.equal(0);
  });

  it('lets people at buttons go first, with what came before them in their lanes', () => {
    add(event('a'));
    add(event('thread', { lane: 'card' }));
    add(press('press', 'card'));
    add(event('b'));

    expect(ids(list.take(3, false))).to.deep.equal(['thread', 'press', 'a']);
    expect(ids(list.take(3, false))).to.deep.equal(['b']);
  });

  it('gives people alone when it is asked for people alone', () => {
    add(event('a'));
    expect(list.take(3, true)).to.deep.equal([]);
    add(press('press'));

    expect(list.hasPeople).to.equal(true);
    expect(ids(list.take(3, true))).to.deep.equal(['press']);
    expect(list.hasPeople).to.equal(false);
    expect(list.size).to.equal(1);
  });

  it('has a bound by number, and places beyond it for people', () => {
    for (let n = 0; n < MOST_WAITING; n += 1) expect(add(event(`e${n}`))).to.equal(true);

    expect(add(event('one more'))).to.equal(false);
    for (let n = 0; n < 500; n += 1) expect(add(press(`p${n}`))).to.equal(true);
    expect(add(press('too many presses'))).to.equal(false);
    list.take(600, false);
    expect(add(event('one more'))).to.equal(true);
  });

  it('has a bound by size', () => {
    const body = 'x'.repeat(4_000_000);
    for (let n = 0; n < 4; n += 1) expect(add(event(`e${n}`, { body }))).to.equal(true);

    expect(add(event('small'))).to.equal(false);
    list.take(1, false);
    expect(add(event('small'))).to.equal(true);
  });

  it('knows another delivery of what waits or is under way, and no longer of what is over', () => {
    add(event('a'));
    expect(list.again('a', quiet)).to.equal(true);
    const batch = list.take(1, false);
    expect(list.again('a', quiet)).to.equal(true);
    expect(batch[0]?.acknowledges).to.have.length(3);

    list.forget(batch);
    expect(list.again('a', quiet)).to.equal(false);
  });

  it('gives up presses after 3 s, unless they were delivered again, and never an event', () => {
    add(event('event'));
    add(press('given up'));
    add(press('delivered again'));
    now = 2000;
    list.again('delivered again', quiet);
    expect(list.takeExpired()).to.deep.equal([]);
    now = 3500;

    expect(ids(list.takeExpired())).to.deep.equal(['given up']);
    expect(ids(list.take(3, false))).to.deep.equal(['delivered again', 'event']);
    expect(list.again('given up', quiet)).to.equal(false);
  });

  it('tells since when the first of all waits, those under way included', () => {
    expect(list.oldestAt).to.equal(null);
    list.add(event('a'), quiet, 5);
    list.add(event('b'), quiet, 9);
    const batch = list.take(1, false);
    expect(list.oldestAt).to.equal(5);
    list.forget(batch);
    expect(list.oldestAt).to.equal(9);
    list.clear();
    expect(list.oldestAt).to.equal(null);
    expect(list.size).to.equal(0);
  });
});

import { expect } from 'chai';
import { describe, it } from 'mocha';
import { identify } from '../../src/slack/identify.ts';
import {
  changed,
  command,
  deleted,
  eventsApi,
  globalShortcut,
  message,
  messageShortcut,
  press,
  reaction,
  submission,
  THREAD,
  TS,
} from './payloads.ts';

const told = (event: unknown, extra: object = {}) => identify('events_api', 'env-1', eventsApi(event, extra));

describe('identify', () => {
  it('gives a message and its mention one key, under whatever event id', () => {
    const first = told(message);
    const second = told({ ...message, type: 'app_mention', channel_type: undefined }, { event_id: 'Ev2' });
    expect(first).to.deep.equal({
      eventId: 'Ev1',
      key: `message:C1:${TS}`,
      subject: `C1:${TS}`,
      lane: `C1:${TS}`,
      isInteractive: false,
      happenedAt: 1700000000000,
    });
    expect(second.key).to.equal(first.key);
    expect(second.eventId).to.equal('Ev2');
  });

  it("files a reply under its thread's first message, in its lane", () => {
    const reply = told({ ...message, thread_ts: THREAD });
    expect(reply).to.include({ subject: `C1:${THREAD}`, lane: `C1:${THREAD}`, key: `message:C1:${TS}` });
    expect(told(deleted)).to.include({ key: `deleted:C1:${TS}`, subject: `C1:${THREAD}` });
    expect(told(changed)).to.include({ key: `changed:C1:${TS}:1700000009.000300`, subject: `C1:${TS}` });
  });

  it('tells two changes of one message apart', () => {
    const later = told({
      ...changed,
      event_ts: '1700000020.000100',
      message: { ...changed.message, files: [] },
    });
    expect(later.key).not.to.equal(told(changed).key);
  });

  it('tells a reaction added, removed and added again apart', () => {
    const keys = [
      told(reaction).key,
      told({ ...reaction, type: 'reaction_removed' }).key,
      told({ ...reaction, event_ts: '1700000012.000100' }).key,
    ];
    expect(new Set(keys).size).to.equal(3);
    expect(keys[0]).to.equal(`reaction+:C1:${TS}:U2:+1:1700000011.000500`);
  });

  it('takes the time from the message or the event, else from its delivery', () => {
    expect(told(reaction).happenedAt).to.equal(1700000011000);
    expect(told(deleted).happenedAt).to.equal(1700000010000);
    expect(told({ type: 'app_uninstalled' }).happenedAt).to.equal(1700000001000);
    expect(identify('interactive', 'env-1', press).happenedAt).to.equal(1700000012000);
    expect(identify('slash_commands', 'env-1', command).happenedAt).to.equal(null);
  });

  it('knows interactive events by their trigger and lets them overtake', () => {
    expect(identify('slash_commands', 'env-1', command)).to.deep.equal({
      eventId: '1.2.abc',
      key: null,
      subject: null,
      lane: 'U1',
      isInteractive: true,
      happenedAt: null,
    });
    expect(identify('interactive', 'env-1', press)).to.deep.include({
      eventId: '1.2.def',
      key: `button:U1:${TS}:take:1700000012.000600`,
      subject: `C1:${THREAD}`,
      lane: `C1:${THREAD}`,
      isInteractive: true,
    });
    expect(identify('interactive', 'env-1', messageShortcut)).to.include({
      subject: `C1:${THREAD}`,
      key: null,
    });
    expect(identify('interactive', 'env-1', globalShortcut)).to.include({ lane: 'U1', key: null });
    expect(identify('interactive', 'env-1', submission)).to.include({ lane: 'U1', eventId: '1.2.mno' });
    const inView = {
      ...press,
      container: { type: 'view', view_id: 'V1' },
      message: undefined,
      channel: undefined,
    };
    expect(identify('interactive', 'env-1', inView)).to.include({ subject: null, lane: 'U1' });
  });

  it('falls back on the envelope where a payload has no id', () => {
    expect(identify('events_api', 'env-1', null)).to.deep.equal({
      eventId: 'env-1',
      key: null,
      subject: null,
      lane: 'env-1',
      isInteractive: false,
      happenedAt: null,
    });
  });

  it('gives lifecycle events a key by their own time and a lane of their own', () => {
    const at = { event_ts: '1700000030.000100' };
    const member = told({ type: 'member_joined_channel', user: 'U1', channel: 'C1', ...at });
    expect(member).to.include({ key: 'member+:C1:U1:1700000030.000100', lane: 'U1' });
    const renamed = told({ type: 'channel_rename', channel: { id: 'C1', name: 'n' }, ...at });
    expect(renamed).to.include({ key: 'channel:C1:renamed:1700000030.000100', lane: 'C1' });
    const person = told({ type: 'user_change', user: { id: 'U1' }, ...at });
    expect(person).to.include({ key: 'person:U1:1700000030.000100', lane: 'U1' });
    expect(told({ type: 'member_left_channel', user: 'U1', channel: 'C1' }).key).to.equal(null);
  });
});

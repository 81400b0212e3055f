import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { SlackEvent } from '../../src/slack/event.ts';
import { identify } from '../../src/slack/identify.ts';
import { asRecord } from '../../src/slack/json.ts';
import { parseEvent } from '../../src/slack/parse-event.ts';
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
  samples,
  submission,
  THREAD,
  TS,
} from './payloads.ts';

const parse = (event: unknown): SlackEvent => parseEvent('events_api', eventsApi(event));
const kindOf = (event: unknown): string => parse(event).kind;

const choose = (action: object): SlackEvent =>
  parseEvent('interactive', { ...press, actions: [{ action_id: 'menu', ...action }] });

describe('parseEvent', () => {
  it('reads a message with its author, its text as Slack escaped it, and its files', () => {
    const file = { id: 'F1', name: 'a.png', size: 12, pretty_type: 'PNG', url_private: 'https://files' };
    const gone = { id: 'F2', mode: 'tombstone' };
    expect(parse({ ...message, subtype: 'file_share', files: [file, gone, null] })).to.deep.equal({
      kind: 'message',
      channel: 'C1',
      isDm: false,
      ts: TS,
      threadTs: null,
      user: 'U1',
      botId: null,
      team: 'T1',
      text: 'The printer is &lt;dead&gt;',
      files: [{ id: 'F1', name: 'a.png', bytes: 12, type: 'PNG' }],
    });
  });

  it('reads a mention as the message that it is', () => {
    expect(parse({ ...message, type: 'app_mention', channel_type: undefined })).to.deep.equal(parse(message));
  });

  it('knows a DM by its channel, and a thread from its first message', () => {
    expect(parse({ ...message, channel_type: 'im', channel: 'D1' })).to.include({ isDm: true });
    expect(parse({ ...message, channel_type: undefined, channel: 'D1' })).to.include({ isDm: true });
    expect(parse({ ...message, thread_ts: THREAD })).to.include({ threadTs: THREAD });
    expect(parse({ ...message, thread_ts: TS })).to.include({ threadTs: null });
  });

  it('marks what apps write, with and without a user, and Slackbot', () => {
    expect(parse({ ...message, bot_id: 'B1' })).to.include({ botId: 'B1', user: 'U1' });
    expect(parse({ ...message, subtype: 'bot_message', user: undefined, bot_id: 'B1' })).to.include({
      botId: 'B1',
      user: null,
    });
    expect(parse({ ...message, subtype: 'bot_message', app_id: 'A9' })).to.include({ botId: 'A9' });
    expect(parse({ ...message, user: 'USLACKBOT' })).to.include({ botId: 'USLACKBOT' });
  });

  it("names the author's own workspace in a shared channel", () => {
    expect(parse({ ...message, team: 'T1', user_team: 'T2' })).to.include({ team: 'T2' });
  });

  for (const subtype of [
    'channel_join',
    'group_join',
    'channel_topic',
    'pinned_item',
    'huddle_thread',
    'tombstone',
    'message_replied',
  ]) {
    it(`ignores ${subtype}, which nobody wrote`, () => {
      expect(parse({ ...message, subtype })).to.deep.equal({
        kind: 'ignored',
        reason: `message subtype ${subtype}`,
      });
    });
  }

  it('takes thread replies sent to the channel too, and /me messages, as messages', () => {
    expect(kindOf({ ...message, subtype: 'thread_broadcast', thread_ts: THREAD })).to.equal('message');
    expect(kindOf({ ...message, subtype: 'me_message' })).to.equal('message');
  });

  it('ignores hidden messages and those without channel, timestamp or author', () => {
    expect(kindOf({ ...message, hidden: true })).to.equal('ignored');
    expect(kindOf({ ...message, is_ephemeral: true })).to.equal('ignored');
    expect(kindOf({ ...message, channel: null })).to.equal('ignored');
    expect(kindOf({ ...message, ts: 'yesterday' })).to.equal('ignored');
    expect(kindOf({ ...message, user: undefined })).to.equal('ignored');
  });

  it('reads an edit with the text before it', () => {
    expect(parse(changed)).to.deep.include({
      kind: 'message_changed',
      ts: TS,
      threadTs: null,
      text: 'The printer lives',
      previousText: 'The printer is &lt;dead&gt;',
      editedTs: '1700000009.000300',
    });
  });

  it('reads an edit whose former text Slack does not tell', () => {
    expect(parse({ ...changed, previous_message: undefined })).to.include({ previousText: null });
  });

  it('ignores an edit that changes neither text nor files, such as an unfurled link', () => {
    const unfurled = { ...changed, message: { ...message, attachments: [{ title: 'A page' }] } };
    expect(kindOf(unfurled)).to.equal('ignored');
    const withFile = { ...changed, message: { ...message, files: [{ id: 'F1', name: 'a' }] } };
    expect(kindOf(withFile)).to.equal('message_changed');
  });

  it('takes a tombstone for what it is: a deletion', () => {
    const tombstone = {
      ...changed,
      message: { subtype: 'tombstone', ts: TS, thread_ts: TS, user: 'USLACKBOT' },
    };
    expect(parse(tombstone)).to.deep.equal({
      kind: 'message_deleted',
      channel: 'C1',
      ts: TS,
      threadTs: null,
    });
  });

  it('ignores a change of something that is no message', () => {
    expect(kindOf({ ...changed, message: { ...message, subtype: 'channel_topic' } })).to.equal('ignored');
  });

  it('reads a deletion with the thread it was in', () => {
    expect(parse(deleted)).to.deep.equal({
      kind: 'message_deleted',
      channel: 'C1',
      ts: TS,
      threadTs: THREAD,
    });
    expect(parse({ ...deleted, previous_message: undefined })).to.include({ ts: TS, threadTs: null });
    expect(kindOf({ ...deleted, deleted_ts: undefined, previous_message: undefined })).to.equal('ignored');
  });

  it('reads reactions without their skin tone', () => {
    expect(parse(reaction)).to.deep.equal({
      kind: 'reaction',
      added: true,
      channel: 'C1',
      ts: TS,
      user: 'U2',
      emoji: '+1',
      eventTs: '1700000011.000500',
    });
    expect(parse({ ...reaction, type: 'reaction_removed' })).to.include({ added: false });
    expect(kindOf({ ...reaction, item: { type: 'file', file: 'F1' } })).to.equal('ignored');
    expect(kindOf({ ...reaction, reaction: '::' })).to.equal('ignored');
  });

  it('reads members, channels and people', () => {
    const member = { type: 'member_joined_channel', user: 'U1', channel: 'C1', team: 'T1' };
    expect(parse(member)).to.deep.equal({ kind: 'member', joined: true, channel: 'C1', user: 'U1' });
    expect(parse({ ...member, type: 'member_left_channel' })).to.include({ joined: false });
    expect(parse({ type: 'channel_rename', channel: { id: 'C1', name: 'new' } })).to.deep.equal({
      kind: 'channel',
      change: 'renamed',
      channel: 'C1',
      name: 'new',
    });
    expect(parse({ type: 'group_archive', channel: 'G1' })).to.include({ change: 'archived', channel: 'G1' });
    expect(parse({ type: 'user_change', user: { id: 'U1', deleted: true } })).to.deep.equal({
      kind: 'person_changed',
      user: 'U1',
      deactivated: true,
    });
    for (const broken of ['member_joined_channel', 'channel_deleted', 'user_change', 'reaction_added']) {
      expect(kindOf({ type: broken }), broken).to.equal('ignored');
    }
  });

  it('reads the end of the installation, but not of a person’s own token', () => {
    expect(parse({ type: 'app_uninstalled' })).to.deep.equal({ kind: 'app', change: 'uninstalled' });
    expect(parse({ type: 'tokens_revoked', tokens: { bot: ['U9'] } })).to.include({
      change: 'tokens_revoked',
    });
    expect(parse({ type: 'tokens_revoked' })).to.include({ change: 'tokens_revoked' });
    expect(kindOf({ type: 'tokens_revoked', tokens: { oauth: ['U1'], bot: [] } })).to.equal('ignored');
  });

  it('reads app_rate_limited, which has no event inside', () => {
    const payload = { token: 'x', type: 'app_rate_limited', team_id: 'T1', minute_rate_limited: 1700000000 };
    expect(parseEvent('events_api', payload)).to.deep.equal({ kind: 'app', change: 'rate_limited' });
  });

  it('reads a slash command', () => {
    expect(parseEvent('slash_commands', command)).to.deep.equal({
      kind: 'command',
      user: 'U1',
      channel: 'C1',
      text: 'assign #3 <@U2|ana>',
      responseUrl: command.response_url,
      triggerId: '1.2.abc',
    });
    expect(parseEvent('slash_commands', { ...command, user_id: 7 }).kind).to.equal('ignored');
  });

  it('reads a button with its message and thread', () => {
    expect(parseEvent('interactive', press)).to.deep.equal({
      kind: 'button',
      actionId: 'take',
      value: '17',
      user: 'U1',
      channel: 'C1',
      messageTs: TS,
      messageKey: null,
      threadTs: THREAD,
      viewId: null,
      responseUrl: press.response_url,
      triggerId: '1.2.def',
      actionTs: '1700000012.000600',
    });
  });

  it('reads the key of the message that the button is on, which is its first block’s', () => {
    const keyOf = (blocks: unknown): unknown =>
      parseEvent('interactive', { ...press, message: { ...press.message, blocks } });
    expect(keyOf([{ block_id: 'r7.v2.0.say' }, { block_id: 'x' }])).to.include({ messageKey: 'r7.v2.0.say' });
    for (const broken of [[], [null], [{ block_id: 7 }], {}, 'r7.v2.0.say'])
      expect(keyOf(broken), JSON.stringify(broken)).to.include({ messageKey: null });
  });

  it('reads the choice of a menu as its value', () => {
    expect(choose({ selected_option: { value: 'urgent' } })).to.include({ value: 'urgent' });
    expect(choose({ selected_user: 'U3' })).to.include({ value: 'U3' });
    expect(choose({})).to.include({ value: '', actionTs: '1.2.def' });
  });

  it('reads shortcuts, on a message and from anywhere', () => {
    const found = parseEvent('interactive', messageShortcut);
    expect(found).to.include({ kind: 'message_shortcut', callbackId: 'triage_this', channel: 'C1' });
    expect(found).to.have.nested.property('message.threadTs', THREAD);
    expect(parseEvent('interactive', globalShortcut)).to.deep.equal({
      kind: 'global_shortcut',
      callbackId: 'new_request',
      user: 'U1',
      triggerId: '1.2.jkl',
    });
    const joined = { ...messageShortcut, message: { ...message, subtype: 'channel_join' } };
    expect(parseEvent('interactive', joined).kind).to.equal('ignored');
  });

  it('reads a submission by action id, with raw texts and empty inputs as null', () => {
    expect(parseEvent('interactive', submission)).to.deep.equal({
      kind: 'submission',
      callbackId: 'hold',
      viewId: 'V1',
      user: 'U1',
      privateMetadata: '{"request":17}',
      values: { reason: 'waits for <parts> & time', until: '1700100000', who: 'U2', queue: 'it', note: null },
    });
  });

  it('ignores with a reason what it does not know', () => {
    expect(parseEvent('hello', {})).to.deep.equal({ kind: 'ignored', reason: 'envelope hello' });
    expect(parseEvent('interactive', { type: 'view_closed', user: { id: 'U1' } })).to.include({
      kind: 'ignored',
    });
    expect(kindOf({ type: 'emoji_changed' })).to.equal('ignored');
    expect(kindOf({ type: 'constructor', channel: 'C1' })).to.equal('ignored');
    for (const { type, payload } of samples) {
      const stripped = { ...asRecord(payload), trigger_id: undefined, view: undefined, event: { type: 7 } };
      if (type !== 'interactive') continue;
      expect(parseEvent(type, stripped).kind, JSON.stringify(payload)).to.equal('ignored');
    }
  });

  it('drops what Postgres cannot store from every text', () => {
    expect(parse({ ...message, text: 'a\u0000b\ud800' })).to.include({ text: 'ab\ufffd' });
  });

  it('never throws, whatever it is given', () => {
    const types = fc.constantFrom('events_api', 'slash_commands', 'interactive', 'disconnect', '__proto__');
    fc.assert(
      fc.property(types, fc.anything({ withNullPrototype: true }), (type, payload) => {
        expect(parseEvent(type, payload).kind).to.be.a('string');
        expect(parseEvent(type, { event: payload, type: payload, user: payload }).kind).to.be.a('string');
        expect(identify(type, 'env-1', payload).lane).to.be.a('string');
      }),
      { numRuns: 1000 },
    );
  });

  it('never throws when any one part of a good payload is replaced by anything', () => {
    const place = fc.array(fc.nat(), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.constantFrom(...samples), place, fc.jsonValue(), ({ type, payload }, path, value) => {
        const broken = replaced(payload, path, value);
        expect(parseEvent(type, broken).kind).to.be.a('string');
        const identity = identify(type, 'env-1', broken);
        expect(identity.lane.length).to.be.greaterThan(0);
        expect(identity.happenedAt === null || Number.isFinite(identity.happenedAt)).to.equal(true);
      }),
      { numRuns: 3000 },
    );
  });
});

/** A copy in which the value at a place, counted by keys level after level, is another. */
function replaced(value: unknown, path: readonly number[], by: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null) return by;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return by;
  const inner = replaced(Array.isArray(value) ? value[Number(key)] : asRecord(value)[key], rest, by);
  return Array.isArray(value) ? value.with(Number(key), inner) : { ...value, [key]: inner };
}

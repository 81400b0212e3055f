import { expect } from 'chai';
import { DateTime } from 'luxon';
import { describe, it } from 'mocha';
import { type Command, type Parsed, type Place, parseCommand } from '../../src/domain/command.ts';

const zone = 'Europe/Madrid';
const at = (iso: string): number => DateTime.fromISO(iso, { zone }).toMillis();
const now = at('2026-03-04T14:30');
const FRIDAY = at('2026-03-06T09:00');
const PLACES: readonly Place[] = ['slash', 'mention', 'mention_in_thread', 'dm_top', 'dm_thread'];
/** Where text that is no command is somebody's request, note or conversation. */
const TALK: readonly Place[] = ['mention', 'mention_in_thread', 'dm_top', 'dm_thread'];
/** Where every verb with its `#n` is a command. */
const FULL: readonly Place[] = ['slash', 'mention', 'mention_in_thread', 'dm_top'];

const parse = (text: string, place: Place): Parsed => parseCommand(text, { place, now, zone });

const isCommand = (text: string, command: Command, places: readonly Place[] = FULL): void => {
  for (const place of places) {
    expect(parse(text, place), `${place}: ${text}`).to.deep.equal({ kind: 'command', command });
  }
};

const isTalk = (text: string, places: readonly Place[] = TALK): void => {
  for (const place of places) expect(parse(text, place).kind, `${place}: ${text}`).to.equal('unknown');
};

const problem = (text: string, place: Place = 'slash'): string | null => {
  const parsed = parse(text, place);
  return parsed.kind === 'unknown' ? parsed.problem : `parsed as ${parsed.kind}`;
};

describe('parseCommand', () => {
  it('reads every verb with its arguments', () => {
    isCommand('help', { kind: 'help' });
    isCommand('list', { kind: 'list', filter: 'default' });
    isCommand('list Overdue', { kind: 'list', filter: 'overdue' });
    isCommand('list queue it', { kind: 'list', filter: { queue: 'it' } });
    isCommand('show #12', { kind: 'show', n: 12 });
    isCommand('claim #12', { kind: 'claim', n: 12 });
    isCommand('assign #12 <@U123>', { kind: 'assign', n: 12, user: { id: 'U123' } });
    isCommand('pass #12', { kind: 'pass', n: 12 });
    isCommand('priority #12 High', { kind: 'priority', n: 12, level: 'high' });
    isCommand('wait #12', { kind: 'wait', n: 12 });
    isCommand('hold #12 until friday waiting for the supplier', {
      kind: 'hold',
      n: 12,
      untilAt: FRIDAY,
      reason: 'waiting for the supplier',
    });
    isCommand('unhold #12', { kind: 'unhold', n: 12 });
    isCommand('snooze #12 2h', { kind: 'snooze', n: 12, untilAt: now + 7_200_000 });
    isCommand('snooze #12 until friday', { kind: 'snooze', n: 12, untilAt: FRIDAY });
    isCommand('remind #12 friday', { kind: 'remind', n: 12, dueAt: FRIDAY });
    isCommand('resolve #12', { kind: 'resolve', n: 12, note: null });
    isCommand('resolve #12 new cable', { kind: 'resolve', n: 12, note: 'new cable' });
    isCommand('reopen #12', { kind: 'reopen', n: 12 });
    isCommand('duplicate #12 of #10', { kind: 'duplicate', n: 12, of: 10 });
    isCommand('not-request #12', { kind: 'not_request', n: 12 });
    isCommand('decline #12 not ours', { kind: 'decline', n: 12, reason: 'not ours' });
    isCommand('withdraw #12', { kind: 'withdraw', n: 12 });
    isCommand('move #12 network', { kind: 'move', n: 12, queue: 'network' });
    isCommand('undo #12', { kind: 'undo', n: 12 });
    isCommand('duty', { kind: 'duty', override: null });
    isCommand('duty <@U9> until friday', { kind: 'duty', override: { user: { id: 'U9' }, untilAt: FRIDAY } });
    isCommand('status', { kind: 'status' });
  });

  it('takes what follows "new" as a request, except in the thread of another one', () => {
    isCommand('new the printer &amp; me', { kind: 'new', text: 'the printer &amp; me' }, [
      'slash',
      'mention',
      'dm_top',
    ]);
    isTalk('new error since noon', ['mention_in_thread', 'dm_thread']);
  });

  it('takes "new" without a text for the modal, after the slash command alone', () => {
    isCommand('new', { kind: 'new', text: null }, ['slash']);
    isTalk('new');
    expect(problem('new', 'dm_top')).to.equal('new needs a text: new the printer is on fire');
  });

  it('answers an empty mention and an empty slash command with help, and takes an empty DM for a request', () => {
    isCommand(' \n ', { kind: 'help' }, ['slash', 'mention', 'mention_in_thread']);
    isTalk('', ['dm_top', 'dm_thread']);
  });

  it('leaves the #n out only after a mention in a request’s thread', () => {
    isCommand('claim', { kind: 'claim', n: null }, ['mention_in_thread']);
    isCommand('resolve it was the cable', { kind: 'resolve', n: null, note: 'it was the cable' }, [
      'mention_in_thread',
    ]);
    isCommand('assign @ana', { kind: 'assign', n: null, user: { name: 'ana' } }, ['mention_in_thread']);
    isCommand('snooze 2 hours', { kind: 'snooze', n: null, untilAt: now + 7_200_000 }, ['mention_in_thread']);
    isCommand('hold until friday: parts', { kind: 'hold', n: null, untilAt: FRIDAY, reason: 'parts' }, [
      'mention_in_thread',
    ]);
    for (const text of ['claim', 'resolve it was the cable', 'assign @ana', 'snooze 2 hours', 'show']) {
      isTalk(text, ['mention', 'dm_top', 'dm_thread']);
      expect(parse(text, 'slash').kind, text).to.equal('unknown');
    }
  });

  it('takes a bare verb of five in a DM’s thread, and nothing else there', () => {
    isCommand('Resolve', { kind: 'resolve', n: null, note: null }, ['dm_thread']);
    isCommand('reopen', { kind: 'reopen', n: null }, ['dm_thread']);
    isCommand('withdraw', { kind: 'withdraw', n: null }, ['dm_thread']);
    isCommand('status', { kind: 'status' }, ['dm_thread']);
    isCommand('help', { kind: 'help' }, ['dm_thread']);
    for (const text of ['resolve #12', 'resolve done', 'claim', 'list', 'undo', 'back', 'status?', 'new x']) {
      isTalk(text, ['dm_thread']);
    }
  });

  it('takes a number without # where nothing can be confused with it', () => {
    isCommand('claim 12', { kind: 'claim', n: 12 });
    isCommand('resolve 12', { kind: 'resolve', n: 12, note: null });
    isCommand('duplicate 12 of 10', { kind: 'duplicate', n: 12, of: 10 });
    isCommand('priority 12 low', { kind: 'priority', n: 12, level: 'low' });
    isCommand('resolve 12 new cable', { kind: 'resolve', n: 12, note: 'new cable' }, ['slash']);
    isTalk('resolve 12 boxes that came', ['mention', 'dm_top']);
    isTalk('decline 3 invitations', ['mention', 'dm_top']);
    isCommand('resolve 12 boxes came', { kind: 'resolve', n: null, note: '12 boxes came' }, [
      'mention_in_thread',
    ]);
  });

  it('leaves ordinary sentences alone', () => {
    for (const text of [
      'help me with the printer',
      'help!',
      'Help! The printer is on fire',
      'list of users is broken',
      'list new laptops',
      'status page is down',
      'move my mailbox to the new server',
      'wait for me',
      'wait, what?',
      'hold on',
      'hold on until friday please',
      'undo my last change please',
      '#12 is still broken',
      'show me the money',
      'show clock',
      'duty free',
      'back to you',
      'stats are wrong',
      'stats broken',
      'config is broken',
      'away from keyboard',
      'claim #12 and #13',
      'claim #12 please',
      'reopen the file',
      'pass me the salt',
      'priority support, please',
      'assign me a laptop',
      'duplicate invoices in the shop',
      'remind me tomorrow 9am',
      'not requested',
      'withdraw 100 euros from petty cash',
      'constructor',
      '__proto__',
      'thanks',
    ]) {
      isTalk(text);
    }
    isTalk('resolve DNS issue on host 12', ['mention', 'dm_top', 'dm_thread']);
    isTalk('decline the invitation for me', ['mention', 'dm_top', 'dm_thread']);
  });

  it('reads verbs in any case, with any white space, hyphen and invisible mark', () => {
    isCommand('CLAIM\u00A0 #12', { kind: 'claim', n: 12 });
    isCommand('\u200B claim\n#12 \u200B', { kind: 'claim', n: 12 });
    for (const verb of ['not_request', 'Not request', 'not\u2011request', 'not–request', 'not  request']) {
      isCommand(`${verb} #12`, { kind: 'not_request', n: 12 });
    }
    isCommand('re-open #12', { kind: 'reopen', n: 12 });
  });

  it('reads past the comma or colon after a mention', () => {
    isCommand(', claim #12', { kind: 'claim', n: 12 }, ['mention', 'mention_in_thread']);
    isCommand(': claim #12', { kind: 'claim', n: 12 }, ['mention', 'mention_in_thread']);
    isTalk(': claim #12', ['dm_top', 'dm_thread']);
  });

  it('lets a verb that stands alone or with its number end like a sentence', () => {
    isCommand('claim #12.', { kind: 'claim', n: 12 });
    isCommand('not request 12!', { kind: 'not_request', n: 12 });
    isCommand('resolve!', { kind: 'resolve', n: null, note: null }, ['dm_thread', 'mention_in_thread']);
    isCommand('Help.', { kind: 'help' }, PLACES);
    isCommand('help!', { kind: 'help' }, ['slash']);
    isTalk('status?');
  });

  it('keeps free text as it was typed', () => {
    const text = 'see  &lt;this&gt;\n“quoted” <https://x.test|link>.';
    isCommand(`resolve #12 ${text} `, { kind: 'resolve', n: 12, note: text });
    isCommand(`decline #12\n${text}`, { kind: 'decline', n: 12, reason: text });
    isCommand(`hold #12 until 2h ${text}`, { kind: 'hold', n: 12, untilAt: now + 7_200_000, reason: text });
  });

  it('reads people as Slack’s tokens or plain names', () => {
    isCommand('assign #12 <@U123|ana>', { kind: 'assign', n: 12, user: { id: 'U123' } });
    isCommand('assign #12 <@W123ABC>', { kind: 'assign', n: 12, user: { id: 'W123ABC' } });
    isCommand('assign #12 @josé.maría', { kind: 'assign', n: 12, user: { name: 'josé.maría' } });
    for (const text of [
      'assign #12 ana',
      'assign #12 <#C1|it>',
      'assign #12 <!here>',
      'assign #12 @',
      'assign #12 <@U1>x',
      'assign #12 <@U1> please',
      'duty @ana @ben until friday',
    ]) {
      isTalk(text);
    }
  });

  it('reads levels as words or emoji', () => {
    for (const [level, typed] of [
      ['urgent', '🔴'],
      ['high', ':large_orange_circle:'],
      ['normal', ':blue_circle:'],
      ['low', '⚪\uFE0F'],
    ] as const) {
      isCommand(`priority #12 ${typed}`, { kind: 'priority', n: 12, level });
    }
    isTalk('priority #12 🔴 now');
    isTalk('priority #12 medium');
  });

  it('reads a queue’s name of several words in quotes of any kind', () => {
    isCommand('move #12 “Human Resources”', { kind: 'move', n: 12, queue: 'Human Resources' });
    isCommand('move #12 "it"', { kind: 'move', n: 12, queue: 'it' });
    isCommand("list queue 'it support'", { kind: 'list', filter: { queue: 'it support' } });
    for (const text of ['move #12 human resources', 'move #12 " "', 'move #12 "it', 'list queue', 'move #12'])
      isTalk(text);
  });

  it('takes no number that no request can have', () => {
    for (const text of [
      'claim #0',
      'claim #1234567890',
      'claim #-1',
      'claim #1.5',
      'claim # 12',
      'duplicate #1 of x',
    ]) {
      isTalk(text);
    }
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  escape,
  escapedText,
  mentioned,
  mentionsUser,
  plain,
  rawText,
  startsWithLock,
  withoutMention,
} from '../../src/slack/mrkdwn.ts';

const names = {
  person: (id: string): string | null => (id === 'U1' ? 'Ana' : null),
  channel: (id: string): string | null => (id === 'C1' ? 'general' : null),
};
const read = (text: string): string => plain(escapedText(text), names);
const strip = (text: string): string => withoutMention(escapedText(text), 'UB');
const locked = (text: string): boolean => startsWithLock(escapedText(text));

describe('plain', () => {
  it('reads mentions by name, by label, else by id', () => {
    expect(read('<@U1> <@U2|ben> <@U3> <@U2|@ben>')).to.equal('@Ana @ben @U3 @ben');
    expect(read('<#C1|old> <#C2|#help> <#C3>')).to.equal('#general #help #C3');
  });

  it('reads broadcasts, groups and dates as words', () => {
    expect(read('<!here> <!channel|channel> <!everyone>')).to.equal('@here @channel @everyone');
    expect(read('<!subteam^S1|@it> <!subteam^S2>')).to.equal('@it @group');
    expect(read('<!date^1700000000^{date}|14 Nov>')).to.equal('14 Nov');
  });

  it('reads links with both what they say and where they lead', () => {
    expect(read('<https://evil.example|your bank>')).to.equal('your bank (https://evil.example)');
    expect(read('<https://a.example/?x=1&amp;y=2>')).to.equal('https://a.example/?x=1&y=2');
    expect(read('<http://a.example|a.example>')).to.equal('a.example');
    expect(read('<mailto:a@b.c|a@b.c> <mailto:a@b.c>')).to.equal('a@b.c a@b.c');
  });

  it('unescapes once, and leaves emoji names and stray brackets', () => {
    expect(read('&lt;b&gt; &amp;lt; &amp;amp; &quot; :tada: a < b')).to.equal(
      '<b> &lt; &amp; &quot; :tada: a < b',
    );
  });

  it('is the inverse of escape', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => read(escape(rawText(text))) === text));
  });
});

describe('mentions', () => {
  it('are found with and without a label, each once', () => {
    const found = mentioned(escapedText('<@U1> <@U1|ana> <#C1> <#C2|x> <!here> &lt;@U9&gt;'));
    expect(found).to.deep.equal({ people: ['U1'], channels: ['C1', 'C2'] });
    expect(mentionsUser(escapedText('hi <@U1|ana>'), 'U1')).to.equal(true);
    expect(mentionsUser(escapedText('hi <@U11>'), 'U1')).to.equal(false);
  });

  it('of the bot are taken out before a command is read, those of others stay', () => {
    expect(strip('<@UB> assign #3 <@U1|ana>')).to.equal('assign #3 <@U1|ana>');
    expect(strip('<@UB|triage>: resolve #3')).to.equal('resolve #3');
    expect(strip('please  <@UB>  look')).to.equal('please look');
    expect(strip('first\n<@UB> second')).to.equal('first\n second');
    expect(strip('<@UB>')).to.equal('');
  });
});

describe('startsWithLock', () => {
  it('looks at the start of every line', () => {
    expect(locked('🔒 internal')).to.equal(true);
    expect(locked('public\n  :lock: internal')).to.equal(true);
    expect(locked('\u200b🔒 internal')).to.equal(true);
    expect(locked('the 🔒 is broken')).to.equal(false);
    expect(locked('a :lock:')).to.equal(false);
  });
});

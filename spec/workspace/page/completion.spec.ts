import { expect } from 'chai';
import { describe, it } from 'mocha';
import { channelSeen } from '../../support/channel-seen.ts';
import { commandOf, completionAt, taken } from './completion.ts';

const person = (id: string, name: string, realName: string) => ({
  id,
  name,
  realName,
  tz: 'UTC',
  isBot: false,
  part: '',
});
const channel = (id: string, name: string) => channelSeen({ id, name });
const known = {
  people: [
    person('U1', 'ana', 'Ana Ruiz'),
    person('U2', 'ben', 'Ben'),
    person('USLACKBOT', 'slackbot', 'Slackbot'),
  ],
  channels: [channel('C1', 'help-it'), channel('C2', 'triage-it')],
  commands: [{ command: '/triage', hint: 'help' }],
};

const offers = (text: string, caret = text.length): readonly string[] =>
  completionAt(text, caret, known)?.offers.map(({ label }) => label) ?? [];

describe("the composer's completion", () => {
  it('offers people by any of their names, and never in the middle of a word', () => {
    expect(offers('hi @')).to.deep.equal(['Ana Ruiz', 'Ben']);
    expect(offers('@ru')).to.deep.equal(['Ana Ruiz']);
    expect(offers('mail a@b')).to.deep.equal([]);
  });

  it('offers channels, and commands where a message begins', () => {
    expect(offers('see #tri')).to.deep.equal(['triage-it']);
    expect(offers('/t')).to.deep.equal(['/triage']);
    expect(offers('see /t')).to.deep.equal([]);
    expect(offers('/triage')).to.deep.equal([]);
  });

  it('offers the priorities first, by their names and by what they mean', () => {
    expect(offers(':')).to.deep.equal([
      ':red_circle:',
      ':large_orange_circle:',
      ':large_blue_circle:',
      ':white_circle:',
    ]);
    expect(offers(':urg')[0]).to.equal(':red_circle:');
    expect(offers('it is 9:')).to.deep.equal([]);
  });

  it('puts what is taken in the place of the word, and the caret behind it', () => {
    const text = 'ask @be please';
    const completion = completionAt(text, 7, known)!;
    expect(taken(text, completion, completion.offers[0]!)).to.deep.equal({
      text: 'ask @ben please',
      caret: 9,
    });
  });

  it('knows a command from a message', () => {
    expect(commandOf('/triage hold #1 until friday', known)).to.deep.equal({
      command: '/triage',
      text: 'hold #1 until friday',
    });
    expect(commandOf('/nothing', known)).to.equal(null);
    expect(commandOf('either/or', known)).to.equal(null);
  });
});

import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { leftBehind, messageAt, reads, stands } from '../support/pressing.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Message, Person } from '../workspace/wire.ts';

type Ref = { readonly channel: string; readonly ts: string };

describe('Make it a new request, under a DM that was added to an earlier one', () => {
  let running: RunningApp;

  before(async () => {
    running = await runningApp();
  });

  after(() => running.stop());

  afterEach(() => {
    expect(running.slack.userErrors()).to.deep.equal([]);
    expect(running.slack.complaints()).to.deep.equal([]);
  });

  /** Somebody new to the workspace, so that nothing of theirs is added to what another spec asked. */
  function somebody(name: string): Person {
    return running.slack.people.add({ name });
  }

  const cardRef = (card: Message): Ref => ({ channel: running.team.triage.id, ts: card.ts });
  const cardsOf = (words: string) => running.cards().filter((card) => textOf(card).includes(words));

  /** The line that says to which request a message was added, and whether it is one after all. */
  async function added({ channel, ts }: Ref, id: number): Promise<Ref> {
    const { slack } = running;
    const found = await slack.waitFor(
      () => slack.thread(channel, ts).find((one) => textOf(one).includes(`Added to *#${id}*`)),
      'the line that it was added',
    );
    return { channel, ts: found.ts };
  }

  /** Two messages, one after the other; the second is added to the request of the first. */
  async function twoMessages(who: Person, first: string, second: string) {
    const { slack } = running;
    const channel = slack.dmOf(who);
    const firstTs = slack.dm(who, first);
    const card = await running.cardOf(first);
    const secondTs = slack.dm(who, second);
    const line = await added({ channel, ts: secondTs }, running.numberOf(card));
    await reads(running, cardRef(card), second.replace('🔴 ', ''));
    return { card, first: { channel, ts: firstTs }, second: { channel, ts: secondTs }, line };
  }

  it('takes the message out of the earlier one, and gives it a card and a number of its own', async () => {
    const { slack } = running;
    const who = somebody('ida');
    const { card, second, line } = await twoMessages(who, 'Ida needs a mouse', '🔴 Ida has no network');

    await slack.press(who, line, 'Make it a new request');

    const own = await slack.waitFor(
      () => cardsOf('Ida has no network').find(({ ts }) => ts !== card.ts),
      'a card of its own',
    );
    expect(running.numberOf(own)).to.be.greaterThan(running.numberOf(card));
    await running.shows(own, '*status*\nnew', '🔴 urgent');
    await slack.waitFor(
      () => !textOf(messageAt(running, cardRef(card))).includes('no network'),
      'the first one alone',
    );
    await reads(running, cardRef(card), 'Ida needs a mouse');
    await slack.waitFor(
      () =>
        slack
          .thread(second.channel, second.ts)
          .some((one) => textOf(one).includes(`*#${running.numberOf(own)}*`)),
      'a reply under the message',
    );
  });

  it('makes one however often it is pressed', async () => {
    const { slack } = running;
    const who = somebody('jon');
    const { line } = await twoMessages(who, 'Jon needs a mouse', 'Jon needs a keyboard');

    await Promise.all([1, 2].map(() => slack.press(who, line, 'Make it a new request')));
    await running.settled();
    await slack.press(who, line, 'Make it a new request');
    await running.settled();

    const number = running.numberOf(cardsOf('Jon needs a keyboard')[0]!);
    await slack.waitFor(
      () => slack.messages(slack.dmOf(who)).some((one) => textOf(one) === `It is #${number} already.`),
      'what became of the second press',
    );
    expect(cardsOf('Jon needs a keyboard')).to.have.length(1);
    expect(cardsOf('Jon needs a mouse')).to.have.length(1);
  });

  it('takes no word from the one that it made, when it is pressed again after another message', async () => {
    const { slack } = running;
    const who = somebody('jan');
    const { line } = await twoMessages(who, 'Jan needs a mouse', 'Jan has smoke in the office');
    await slack.press(who, line, 'Make it a new request');
    const own = await slack.waitFor(
      () => cardsOf('Jan has smoke').find((card) => !textOf(card).includes('mouse')),
      'its card',
    );
    slack.dm(who, 'third floor');
    await reads(running, cardRef(own), 'third floor');
    await slack.press(who, line, 'Make it a new request');
    await running.settled();
    expect(textOf(messageAt(running, cardRef(own)))).to.include('Jan has smoke in the office\nthird floor');
  });

  it('follows the edits of both messages, each on its own card', async () => {
    const { slack } = running;
    const who = somebody('kim');
    const { card, first, second, line } = await twoMessages(who, 'Kim needs paper', 'Kim needs ink');
    await slack.press(who, line, 'Make it a new request');
    const own = await slack.waitFor(
      () => cardsOf('Kim needs ink').find(({ ts }) => ts !== card.ts),
      'its card',
    );

    slack.edit(who, first, 'Kim needs A4');
    slack.edit(who, second, 'Kim needs toner');

    await reads(running, cardRef(card), 'Kim needs A4');
    await reads(running, cardRef(own), 'Kim needs toner');
    expect(textOf(messageAt(running, cardRef(card)))).to.not.include('toner');
  });

  it('leaves what somebody else has taken meanwhile as it is, without the message', async () => {
    const { slack, team } = running;
    const who = somebody('leo');
    const { card, line } = await twoMessages(who, 'Leo needs a desk', 'Leo needs a lamp');
    await running.press(team.ana, card, 'Take it');
    await stands(running, { card: cardRef(card) }, 'in progress', 'ana');

    await slack.press(who, line, 'Make it a new request');

    const own = await slack.waitFor(
      () => cardsOf('Leo needs a lamp').find(({ ts }) => ts !== card.ts),
      'its card',
    );
    await stands(running, { card: cardRef(own) }, 'new', 'nobody yet');
    await stands(running, { card: cardRef(card) }, 'in progress', 'ana');
    await slack.waitFor(
      () => !textOf(messageAt(running, cardRef(card))).includes('a lamp'),
      'the first one alone',
    );
  });

  it('makes one of what was taken for an answer to a question', async () => {
    const { slack, team } = running;
    const who = somebody('mia');
    const channel = slack.dmOf(who);
    slack.dm(who, 'Mia needs a key');
    const card = await running.cardOf('Mia needs a key');
    await running.press(team.ana, card, 'Take it');
    await stands(running, { card: cardRef(card) }, 'in progress');
    await running.press(team.ana, card, 'Waiting for asker');
    await stands(running, { card: cardRef(card) }, 'waiting');
    const ts = slack.dm(who, 'Mia has no heating');
    const line = await added({ channel, ts }, running.numberOf(card));

    await slack.press(who, line, 'Make it a new request');

    const own = await running.cardOf('Mia has no heating');
    await stands(running, { card: cardRef(own) }, 'new', 'nobody yet');
    expect(textOf(messageAt(running, cardRef(card)))).to.include('Mia needs a key');
    // What was copied for the first one is no part of it any more.
    await slack.waitFor(
      () => !slack.thread(team.triage, card.ts).some((one) => textOf(one).includes('Mia has no heating')),
      'the copy to be taken back',
    );
  });

  it('makes nothing of a message that its author has deleted', async () => {
    const { slack } = running;
    const who = somebody('noa');
    const { card, second, line } = await twoMessages(who, 'Noa needs a cup', 'Noa needs a spoon');
    slack.remove(who, second);
    await slack.waitFor(
      () => !textOf(messageAt(running, cardRef(card))).includes('a spoon'),
      'it to be gone',
    );

    await slack.press(who, line, 'Make it a new request');
    await slack.waitFor(
      () => slack.messages(second.channel).some((one) => textOf(one).includes('That message is gone')),
      'the answer',
    );

    expect(cardsOf('a spoon')).to.deep.equal([]);
    expect(cardsOf('Noa needs a cup')).to.have.length(1);
  });

  it('makes nothing of what somebody else wrote, or of a button that names no message', async () => {
    const { slack, team } = running;
    const who = somebody('oda');
    const { card, second } = await twoMessages(who, 'Oda needs a hook', 'Oda needs a rope');
    const cards = running.cards().length;
    for (const value of [`${second.channel}:${second.ts}`, 'nothing']) {
      const left = await leftBehind(running, slack.dmOf(team.zoe), { actionId: 'triage.make_new', value });
      await slack.press(team.zoe, left, 'triage.make_new');
    }
    await running.settled();

    expect(running.cards()).to.have.length(cards);
    expect(slack.sees(team.zoe, 'a rope')).to.equal(false);
    await reads(running, cardRef(card), 'Oda needs a rope');
  });
});

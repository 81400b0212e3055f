import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { expectUnseen, isSent, messageAt, reads } from '../support/pressing.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { textOf } from '../workspace/text-of.ts';

type Ref = { readonly channel: string; readonly ts: string };

describe('private text of several DMs, of which one is deleted, in a public triage channel', () => {
  let running: RunningApp;

  before(async () => {
    running = await runningApp({ isTriagePublic: true });
  });

  after(() => running.stop());

  afterEach(() => {
    expect(running.slack.userErrors()).to.deep.equal([]);
    expect(running.slack.complaints()).to.deep.equal([]);
  });

  const questionsTo = (name: string): number =>
    running.slack
      .messages(running.slack.dmOf(personOf(name)))
      .filter((one) => textOf(one).includes('everybody here can read')).length;
  const people = new Map<string, ReturnType<typeof running.slack.people.add>>();
  const personOf = (name: string) => people.get(name)!;

  /** Somebody asks in these words, and agrees to each that is to be shown. */
  async function askInParts(name: string, agreed: readonly string[], pending: readonly string[]) {
    const { slack, team } = running;
    const who = slack.people.add({ name });
    people.set(name, who);
    const channel = slack.dmOf(who);
    const written: Ref[] = [];
    let question: Ref | null = null;
    for (const text of [...agreed, ...pending]) {
      written.push({ channel, ts: slack.dm(who, text) });
      question = await isSent(running, who, 'everybody here can read', text);
      if (text === agreed.at(-1)) await slack.press(who, question, 'Post it there');
      if (text === agreed.at(-1)) await running.cardOf(text);
    }
    await running.settled();
    const found = running.cards().find((card) => textOf(card).includes(agreed[0] ?? 'no card'));
    return { who, written, question: question!, card: { channel: team.triage.id, ts: found?.ts ?? '' } };
  }

  it('is not asked again about the others: what was agreed to stands there without it', async () => {
    const { slack } = running;
    const { who, written, card } = await askInParts('amy', ['Amy says hi', 'Amy has no pass'], []);
    const asked = questionsTo('amy');
    slack.remove(who, written[0]!);
    await reads(running, card, '· Amy has no pass');
    await running.settled();

    expect(questionsTo('amy')).to.equal(asked);
    expectUnseen(running, 'Amy says hi');
  });

  it('is not asked again when it was the one that waited for a yes', async () => {
    const { slack } = running;
    const { who, written, card, question } = await askInParts('bob', ['Bob has no pass'], ['Bob is ill']);
    const asked = questionsTo('bob');
    slack.remove(who, written[1]!);
    await running.settled();
    await slack.press(who, question, 'Post it there');
    await running.settled();

    expect(questionsTo('bob')).to.equal(asked);
    await reads(running, card, 'Bob has no pass');
    expectUnseen(running, 'Bob is ill');
  });

  it('is asked about the others that waited for a yes; until then there is no text', async () => {
    const { slack } = running;
    const { who, written, card } = await askInParts('cat', ['Cat says hi'], ['Cat has no pass']);
    slack.remove(who, written[0]!);
    await reads(running, card, '(no text)');
    const again = await isSent(
      running,
      who,
      'Until your yes it stands there without a text',
      'Cat has no pass',
    );
    await running.settled();
    expectUnseen(running, 'Cat says hi');
    expectUnseen(running, 'Cat has no pass');
    expect(textOf(messageAt(running, again))).to.not.include('Cat says hi');
    await slack.press(who, again, 'Post it there');

    await reads(running, card, '· Cat has no pass');
  });

  it('shows nothing of an edit to which its asker said no', async () => {
    const { slack } = running;
    const { who, written, card } = await askInParts('dan', ['Dan says hi', 'Dan earns 10'], []);
    slack.edit(who, written[1]!, 'Dan earns 20');
    const question = await isSent(running, who, 'everybody here can read', 'Dan earns 20');
    await slack.press(who, question, 'Cancel');
    await isSent(running, who, 'Not posted');
    slack.remove(who, written[0]!);
    await reads(running, card, '(no text)');
    await running.settled();

    expectUnseen(running, 'Dan says hi');
    expectUnseen(running, 'Dan earns 20');
  });

  it('is asked about the others alone while nothing is posted', async () => {
    const { slack } = running;
    const { who, written, question } = await askInParts('eve', [], ['Eve says hi', 'Eve has no pass']);
    slack.remove(who, written[0]!);
    const under = await slack.waitFor(
      () =>
        slack
          .messages(written[1]!.channel)
          .find(
            (one) =>
              /everybody here can read[^]*Eve has no pass/.test(textOf(one)) &&
              !textOf(one).includes('Eve says hi'),
          ),
      'a question about the rest',
    );
    await slack.press(who, question, 'Post it there');
    await isSent(running, who, 'has changed since I asked that');
    await slack.press(who, { channel: written[1]!.channel, ts: under.ts }, 'Post it there');

    await running.cardOf('Eve has no pass');
    await running.settled();
    expectUnseen(running, 'Eve says hi');
  });
});

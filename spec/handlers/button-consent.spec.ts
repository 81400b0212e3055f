import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import {
  asItWas,
  expectUnseen,
  isSent,
  isTold,
  leftBehind,
  messageAt,
  offered,
  reads,
  stands,
} from '../support/pressing.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { textOf } from '../workspace/text-of.ts';

type Ref = { readonly channel: string; readonly ts: string };

describe('the question whether private text may stand in a public triage channel', () => {
  let running: RunningApp;

  before(async () => {
    running = await runningApp({ isTriagePublic: true });
  });

  after(() => running.stop());

  afterEach(() => {
    expect(running.slack.userErrors()).to.deep.equal([]);
    expect(running.slack.complaints()).to.deep.equal([]);
  });

  /** uli asks by DM, as the first and only thing there that waits for an owner. */
  async function askByDm(words: string): Promise<{ source: Ref; question: Ref; id: number }> {
    const { slack, team } = running;
    const source = { channel: slack.dmOf(team.uli), ts: slack.dm(team.uli, `new ${words}`) };
    const question = await questionOf(words);
    const id = Number(/#(\d+)/.exec(textOf(messageAt(running, question)))?.[1]);
    return { source, question, id };
  }

  async function questionOf(words: string): Promise<Ref> {
    const { slack, team } = running;
    const channel = slack.dmOf(team.uli);
    const found = await slack.waitFor(
      () =>
        slack
          .messages(channel)
          .find(
            (one) =>
              one.user === slack.botUserId &&
              textOf(one).includes('everybody here can read') &&
              textOf(one).includes(words),
          ),
      `a question that shows ${words}`,
    );
    return { channel, ts: found.ts };
  }

  const press = (ref: Ref, pick: string) => running.slack.press(running.team.uli, ref, pick);

  it('shows its asker alone the exact text, and posts nothing before they say yes', async () => {
    const { slack, team } = running;
    const { source, question, id } = await askByDm('My salary is wrong');
    slack.edit(team.uli, source, 'new My salary is wrong\nby 200 <not> 300 & more');

    const second = await questionOf('by 200');
    await running.settled();

    expect(textOf(messageAt(running, second))).to.match(/new My salary is wrong\s+by 200 <not> 300 & more/);
    expect(offered(messageAt(running, question))).to.deep.equal(['Post it there', 'Cancel']);
    expect(running.cards().filter((card) => textOf(card).includes(`#${id}`))).to.deep.equal([]);
    expectUnseen(running, 'salary');
  });

  it('Post it there makes it new, with a card that has the text', async () => {
    const { slack, team } = running;
    const { question, source } = await askByDm('My chair squeaks');

    await press(question, 'Post it there');

    const card = await running.cardOf('My chair squeaks');
    await stands(running, { card: { channel: team.triage.id, ts: card.ts } }, 'new', 'nobody yet');
    await slack.waitFor(
      () => slack.thread(source.channel, source.ts).some((one) => textOf(one).includes('Got it')),
      'the reply',
    );
    expect(slack.sees(team.zoe, 'My chair squeaks')).to.equal(true);
  });

  it('Cancel withdraws it, and nobody has seen anything', async () => {
    const { question, id } = await askByDm('My desk is too low');
    const old = await asItWas(running, question);

    await press(question, 'Cancel');
    await isSent(running, running.team.uli, `Not posted: *#${id}* is withdrawn.`);
    await reads(running, question, `withdrew *#${id}*.`);
    expect(offered(messageAt(running, question))).to.deep.equal([]);
    await press(old, 'Post it there');

    await isSent(running, running.team.uli, `#${id} is withdrawn already`);
    expectUnseen(running, 'My desk is too low');
  });

  it('posts once when it is answered twice, and says so', async () => {
    const { question, id } = await askByDm('My lamp flickers');

    await Promise.all([press(question, 'Post it there'), press(question, 'Post it there')]);
    await running.settled();

    await isSent(running, running.team.uli, `#${id} is new already`);
    expect(running.cards().filter((card) => textOf(card).includes('My lamp flickers'))).to.have.length(1);
  });

  it('is asked anew after an edit: a yes to the old text posts neither, a yes to the new one posts that', async () => {
    const { slack, team } = running;
    const { question, source, id } = await askByDm('Fire Bob please');
    slack.edit(team.uli, source, 'new Hire Bob please');
    const second = await questionOf('Hire Bob please');

    await press(question, 'Post it there');
    await isSent(running, team.uli, `The text of #${id} has changed since I asked that.`);
    await running.settled();
    expectUnseen(running, 'Bob please');
    await press(second, 'Post it there');

    await running.cardOf('Hire Bob please');
    expectUnseen(running, 'Fire Bob');
  });

  it('is asked anew when what is posted already is edited: the old text stays until there is a yes', async () => {
    const { slack, team } = running;
    const { question, source, id } = await askByDm('Badge 4711 is lost');
    const first = await asItWas(running, question);
    await press(question, 'Post it there');
    const card = await running.cardOf('Badge 4711 is lost');
    const place = { channel: team.triage.id, ts: card.ts };

    slack.edit(team.uli, source, 'new Badge 4712 is lost');
    const second = await questionOf('Badge 4712 is lost');
    const old = await asItWas(running, second);
    await press(first, 'Post it there');
    await isSent(running, team.uli, `The text of #${id} has changed since I asked that.`);
    await running.settled();
    expectUnseen(running, '4712');
    await reads(running, place, 'Badge 4711 is lost');
    await press(second, 'Post it there');
    await reads(running, place, 'Badge 4712 is lost');
    await isSent(running, team.uli, `Posted: the team sees *#${id}*`);
    await press(old, 'Post it there');

    await isSent(running, team.uli, `#${id} is new already`);
    expect(running.cards().filter((one) => textOf(one).includes('is lost'))).to.have.length(1);
  });

  it('keeps the text as it was when an edit is not to be posted', async () => {
    const { slack, team } = running;
    const { question, source, id } = await askByDm('Door 1 is stuck');
    await press(question, 'Post it there');
    const card = await running.cardOf('Door 1 is stuck');
    slack.edit(team.uli, source, 'new Door 2 is stuck');
    const second = await questionOf('Door 2 is stuck');
    const old = await asItWas(running, second);

    await press(second, 'Cancel');
    await isSent(running, team.uli, `Not posted: the team still sees *#${id}* as it was.`);
    await press(old, 'Post it there');

    await isSent(running, team.uli, `#${id} is new already`);
    await reads(running, { channel: team.triage.id, ts: card.ts }, 'Door 1 is stuck');
    expectUnseen(running, 'Door 2');
  });

  it('is asked as well when it was a command before it was edited', async () => {
    const { slack, team } = running;
    const channel = slack.dmOf(team.uli);
    const ts = slack.dm(team.uli, 'help');
    await isSent(running, team.uli, 'To ask: write me a DM');
    slack.edit(team.uli, { channel, ts }, 'help, my rent is due');

    const question = await questionOf('help, my rent is due');
    await running.settled();
    expectUnseen(running, 'my rent');
    await press(question, 'Post it there');

    await running.cardOf('help, my rent is due');
  });

  it('posts only what was agreed to when the yes and an edit cross', async () => {
    const { slack, team } = running;
    const { question, source } = await askByDm('Crossing: the first text');

    const yes = press(question, 'Post it there');
    slack.edit(team.uli, source, 'new Crossing: the second text');
    await yes;
    await questionOf('Crossing: the second text');
    await running.settled();

    expectUnseen(running, 'the second text');
  });

  it('hides an edit that waits for a yes from responders who ask for the details', async () => {
    const { slack, team } = running;
    const { question, source, id } = await askByDm('Details of the first text');
    await press(question, 'Post it there');
    const card = await running.cardOf('Details of the first text');
    slack.edit(team.uli, source, 'new Details of the second text');
    await questionOf('Details of the second text');

    await running.press(team.ana, card, 'More…');
    await slack.waitFor(() => slack.views(team.ana).length > 0, 'a form');
    await slack.pressInView(team.ana, 'Details');
    await isSent(running, team.ana, `*#${id}*`, 'Details of the first text');

    expectUnseen(running, 'Details of the second text');
  });

  it('may be answered by its asker alone', async () => {
    const { slack, team } = running;
    const { question, id } = await askByDm('Not for lea to say');
    const [post] = JSON.stringify(messageAt(running, question).blocks).match(/\d+:[0-9a-f]{16}/) ?? [];
    const left = await leftBehind(
      running,
      team.triage.id,
      { actionId: 'triage.post', value: post! },
      { actionId: 'triage.cancel', value: String(id) },
    );

    await slack.press(team.lea, left, 'triage.post');
    await slack.press(team.lea, left, 'triage.cancel');
    await isTold(running, team.lea, `There is no request #${id} that you may see.`);
    await running.settled();
    expectUnseen(running, 'Not for lea');
    await press(question, 'Post it there');
    await running.cardOf('Not for lea to say');
    await slack.press(team.lea, left, 'triage.cancel');

    await isTold(running, team.lea, `Only the person who asked #${id} can do that.`);
  });

  it('takes the yes of a version that did not say to which text for none', async () => {
    const { slack, team } = running;
    const { id } = await askByDm('A yes without a text');
    const left = await leftBehind(running, slack.dmOf(team.uli), {
      actionId: 'triage.post',
      value: String(id),
    });

    await slack.press(team.uli, left, 'triage.post');

    await isSent(running, team.uli, `The text of #${id} has changed since I asked that.`);
    expectUnseen(running, 'A yes without a text');
  });

  it('is asked about each of two messages that are made two requests', async () => {
    const { slack } = running;
    const pat = slack.people.add({ name: 'pat' });
    const channel = slack.dmOf(pat);
    slack.dm(pat, 'Pat needs a hat');
    await isSent(running, pat, 'everybody here can read', 'Pat needs a hat');
    const ts = slack.dm(pat, 'Pat needs a coat');
    const both = await isSent(running, pat, 'everybody here can read', 'Pat needs a hat', 'Pat needs a coat');
    const under = (words: RegExp) =>
      slack.waitFor(
        () => slack.thread(channel, ts).find((one) => words.test(textOf(one))),
        `a line like ${words.source}`,
      );

    const line = await under(/Added to/);
    await slack.press(pat, { channel, ts: line.ts }, 'Make it a new request');
    const coat = await under(/everybody here can read[^]*a coat/);
    await slack.press(pat, both, 'Post it there');
    await isSent(running, pat, 'has changed since I asked that');
    await running.settled();
    expectUnseen(running, 'Pat needs');
    await slack.press(pat, { channel, ts: coat.ts }, 'Post it there');

    await running.cardOf('Pat needs a coat');
    await running.settled();
    expectUnseen(running, 'a hat');
  });

  it('keeps what was cancelled to its asker for good, and makes a new request of what they write there next', async () => {
    const { slack, team } = running;
    const { source, question, id } = await askByDm('My pay is late');
    await press(question, 'Cancel');
    await slack.waitFor(
      () => slack.thread(source.channel, source.ts).some((one) => textOf(one).includes('is withdrawn')),
      'the end of it',
    );
    await slack.slash(team.ana, team.triage, '/triage', `show #${id}`);
    await slack.waitFor(
      () =>
        slack.ephemerals(team.ana).some((one) => textOf(one).includes(`no request #${id} that you may see`)),
      'the refusal',
    );
    const posted = slack.messages(team.triage).length;

    slack.say(team.uli, source.channel, 'The office is cold', { threadTs: source.ts });

    await questionOf('The office is cold');
    await running.settled();
    expectUnseen(running, 'My pay is late');
    expectUnseen(running, 'The office is cold');
    expect(slack.messages(team.triage)).to.have.length(posted);
  });
});

import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { read, type Typing, typing } from '../support/typing.ts';
import type { Channel, Message, Person } from '../workspace/wire.ts';

const MORE_QUEUES = `  - name: hr
    triage_channel: "#triage-hr"
    rotation: ["@hal"]
  - name: press
    triage_channel: "#triage-press"
    rotation: ["@hal"]
`;

/** hal responds in the private #triage-hr and the public #triage-press, ben in #triage-it and #triage-hr. */
describe('move', () => {
  let running: RunningApp;
  let typed: Typing;
  let hal: Person;
  let hr: Channel;
  let press: Channel;

  before(async () => {
    running = await runningApp({
      moreQueues: MORE_QUEUES,
      before: (slack, { ben }) => {
        hal = slack.people.add({ name: 'hal' });
        hr = slack.channels.add({ name: 'triage-hr', isPrivate: true, members: [hal, ben] });
        press = slack.channels.add({ name: 'triage-press', members: [hal] });
      },
    });
    typed = typing(running);
  });
  after(() => running.stop());
  afterEach(() => expect(running.slack.complaints()).to.deep.equal([]));

  const cardIn = (channel: Channel, words: string): Promise<Message> =>
    running.slack.waitFor(
      () => running.slack.messages(channel).find((one) => read(one).includes(words)),
      `"${words}" in ${channel.name}`,
    );

  it('gives a request a new card there, and lets the old one point to it without its text', async () => {
    const { ana } = running.team;
    const { id, card } = await typed.ask('My salary is late');
    await typed.slash(ana, `claim #${id}`);

    expect(await typed.slash(ana, `move #${id} hr`)).to.equal(`You moved #${id} to hr.`);

    expect(read(await cardIn(hr, 'My salary is late')))
      .to.include('new')
      .and.to.include('nobody yet');
    await running.shows(card, `#${id} · moved to the queue “hr”`);
    expect(read(running.slack.world.channel(running.team.triage.id).byTs.get(card.ts)!)).to.not.include(
      'salary',
    );
    expect(await typed.slash(ana, `show #${id}`)).to.equal(`There is no request #${id} that you may see.`);
  });

  it('is told to an owner who loses the request by it', async () => {
    const { slack, team } = running;
    const { id } = await typed.ask('My badge has the wrong name');
    await typed.slash(team.ana, `claim #${id}`);

    await typed.slash(team.lea, `move #${id} hr`);

    await slack.waitFor(
      () =>
        slack
          .messages(slack.dmOf(team.ana))
          .some((one) => read(one).includes(`lea moved your *#${id}* to hr`)),
      'a line to ana',
    );
    expect(slack.messages(slack.dmOf(team.ana)).some((one) => read(one).includes('wrong name'))).to.equal(
      false,
    );
  });

  it('there and back again leaves one card in each channel, and the one where it is shows it', async () => {
    const { slack, team } = running;
    const { id, card } = await typed.ask('My locker is jammed');
    await typed.slash(team.ben, `move #${id} hr`);
    const there = await cardIn(hr, 'My locker is jammed');
    await running.settled();
    await typed.slash(team.ben, `move #${id} it`);
    await running.shows(card, 'My locker is jammed', 'new');
    await running.settled();

    const numbered = (channel: Channel) =>
      slack.messages(channel).filter((one) => one.thread_ts === undefined && read(one).includes(`#${id} `));
    expect(numbered(team.triage).map(({ ts }) => ts)).to.deep.equal([card.ts]);
    expect(numbered(hr).map(({ ts }) => ts)).to.deep.equal([there.ts]);
    expect(read(numbered(hr)[0]!)).to.include('moved to the queue “it”');
  });

  it('keeps an owner who responds there too', async () => {
    const { ben } = running.team;
    const { id } = await typed.ask('My contract has a typing mistake');
    await typed.slash(ben, `claim #${id}`);

    await typed.slash(ben, `move #${id} hr`);

    const card = await cardIn(hr, 'My contract has a typing mistake');
    expect(read(card)).to.include('in progress').and.to.include('ben');
    expect(await typed.slash(hal, `resolve #${id}`, hr)).to.equal(`You resolved #${id}.`);
  });

  it('is refused to the asker, into the queue where it is, and into one that is not there', async () => {
    const { ana, uli } = running.team;
    const { id, card } = await typed.ask('My mug is broken');

    expect(await typed.slash(uli, `move #${id} hr`)).to.include('Only the responders');
    expect(await typed.slash(ana, `move #${id} it`)).to.include(`#${id} is in that queue already`);
    expect(await typed.slash(ana, `move #${id} hrr`)).to.equal(
      'There is no queue of that name. Queues here: `it`, `hr`, `press`.',
    );
    expect(await typed.slash(ana, `move #${id}`)).to.include('move needs the name of one queue');

    await running.settled();
    await running.shows(card, 'My mug is broken');
    await typed.slash(ana, `resolve #${id}`);
    expect(await typed.slash(ana, `move #${id} hr`)).to.include('Re-open it first');
  });

  it('asks the asker before private text goes to a channel that everybody can read', async () => {
    const { slack, team } = running;
    const { id, card } = await typed.askByDm('My interview is on Monday');
    const isAsked = (one: Message): boolean =>
      read(one).includes(`#${id}`) &&
      read(one).includes('My interview is on Monday') &&
      read(one).includes('public');

    expect(await typed.slash(team.ana, `move #${id} press`)).to.equal(`You moved #${id} to press.`);

    await running.shows(card, 'moved to the queue “press”');
    const question = await slack.waitFor(
      () => slack.messages(slack.dmOf(team.uli)).find(isAsked),
      'the asker to be asked',
    );
    await running.settled();
    expect(slack.messages(press).map(read).join()).to.not.include('interview');
    expect(await typed.slash(hal, `show #${id}`, press)).to.include('no request');
    await slack.press(team.uli, { channel: slack.dmOf(team.uli), ts: question.ts }, 'Post it there');
    await cardIn(press, 'My interview is on Monday');
  });

  it('asks nobody about what everybody can read already', async () => {
    const { ana } = running.team;
    const { id } = await typed.ask('The newspaper calls');

    await typed.slash(ana, `move #${id} press`);

    await cardIn(press, 'The newspaper calls');
  });
});

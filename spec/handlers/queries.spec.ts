import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { minutesAgo, read, type Typing, typing } from '../support/typing.ts';
import type { Channel, Person } from '../workspace/wire.ts';

const MORE_QUEUES = `  - name: press
    triage_channel: "#triage-press"
    intake:
      - { channel: "#help-press", mode: every_message }
    rotation: ["@pia"]
`;

/** Answers are about everything that was asked before: each spec asks as people of its own. */
describe('list, show and status', () => {
  let running: RunningApp;
  let typed: Typing;
  let pia: Person;
  let helpPress: Channel;
  let people = 0;

  before(async () => {
    running = await runningApp({
      moreQueues: MORE_QUEUES,
      before: (slack, { ben }) => {
        pia = slack.people.add({ name: 'pia' });
        slack.channels.add({ name: 'triage-press', isPrivate: true, members: [pia, ben] });
        helpPress = slack.channels.add({ name: 'help-press', members: [pia] });
      },
    });
    typed = typing(running);
  });
  after(() => running.stop());
  afterEach(() => expect(running.slack.complaints()).to.deep.equal([]));

  /** Somebody who has asked nothing yet, in both help channels. */
  function newcomer(): Person {
    people += 1;
    const person = running.slack.people.add({ name: `newcomer-${people}` });
    for (const channel of [running.team.help, helpPress]) channel.members.add(person.id);
    return person;
  }

  async function askPress(who: Person, words: string): Promise<number> {
    running.slack.say(who, helpPress, words);
    const card = await running.slack.waitFor(
      () =>
        [...running.slack.world.channels.values()]
          .flatMap(({ messages }) => messages)
          .find((one) => one.user === running.slack.botUserId && read(one).includes(words)),
      `a card of "${words}"`,
    );
    await running.settled();
    return running.numberOf(card);
  }

  describe('list', () => {
    it('says to somebody who has asked nothing that there is nothing, and how to ask', async () => {
      const who = newcomer();

      expect(await typed.slash(who, 'list'))
        .to.include('Your requests: none.')
        .and.to.include('`new TEXT`');
      expect(await typed.slash(who, 'list mine')).to.include('Your requests: none.');
      expect(await typed.slash(who, 'list new')).to.include('New, nobody has them yet: none.');
      expect(await typed.slash(who, 'list waiting')).to.include('Waiting for their asker: none.');
      expect(await typed.slash(who, 'list overdue')).to.include('Overdue: none.');
      expect(await typed.slash(who, 'list queue it')).to.include('Open in it: none.');
    });

    it('shows responders what is open in their queues, and others what they asked themselves', async () => {
      const { ana, ben } = running.team;
      const [who, other] = [newcomer(), newcomer()];
      const mine = await typed.ask('A cable is loose here', who);
      const theirs = await typed.ask('A cable is loose there', other);
      const inPress = await askPress(who, 'A cable is in the newspaper');

      const [ofAsker, ofAna, ofBen, ofPia] = [
        await typed.slash(who, 'list'),
        await typed.slash(ana, 'list'),
        await typed.slash(ben, 'list'),
        await typed.slash(pia, 'list'),
      ];

      expect(ofAsker).to.include('Your requests').and.to.include(`#${mine.id}`).and.to.include(`#${inPress}`);
      expect(ofAsker).to.not.include(`#${theirs.id}`).and.to.not.include('there');
      expect(ofAna)
        .to.include('Open in your queues')
        .and.to.include(`#${mine.id}`)
        .and.to.include(`#${theirs.id}`);
      expect(ofAna).to.not.include(`#${inPress}`).and.to.not.include('newspaper');
      expect(ofBen).to.include(`#${theirs.id}`).and.to.include(`#${inPress}`);
      expect(ofPia).to.include(`#${inPress}`).and.to.not.include(`#${mine.id}`);
    });

    it('shows of each its state, its owner, who asked and until when it is due', async () => {
      const { ana } = running.team;
      const who = newcomer();
      const { id } = await typed.ask('A hinge is stiff', who);
      await typed.slash(who, `priority #${id} high`);
      await typed.slash(ana, `claim #${id}`);

      const [line] = (await typed.slash(ana, 'list'))
        .split('\n')
        .flatMap((text, at, all) => (text.includes(`#${id}`) ? [`${text} ${all[at + 1]}`] : []));

      for (const part of ['🟠', 'A hinge is stiff', 'in progress', 'ana', who.name, 'due']) {
        expect(line).to.include(part);
      }
    });

    it('keeps to what is new, waiting or overdue when that is asked for', async () => {
      const { ana } = running.team;
      const who = newcomer();
      const fresh = await typed.ask('A fresh problem', who);
      const waits = await typed.ask('A problem that waits', who);
      await typed.slash(ana, `wait #${waits.id}`);
      const late = await typed.ask('A late problem', who, minutesAgo(180));

      for (const person of [who, ana]) {
        const [isNew, isWaiting, isOverdue] = [
          await typed.slash(person, 'list new'),
          await typed.slash(person, 'list waiting'),
          await typed.slash(person, 'list overdue'),
        ];

        expect(isNew).to.include('A fresh problem').and.to.not.include('that waits');
        expect(isWaiting).to.include('that waits').and.to.not.include('A fresh problem');
        expect(isOverdue).to.include('A late problem').and.to.include('was due');
        expect(isOverdue).to.not.include(`#${fresh.id}*`).and.to.not.include(`#${waits.id}*`);
      }
      await typed.slash(ana, `resolve #${late.id}`);
    });

    it('shows a responder what they asked themselves by `mine`, also what is resolved and not yet closed', async () => {
      const { slack, team } = running;
      slack.say(team.ana, team.help, 'My own door creaks');
      const id = running.numberOf(await running.cardOf('My own door creaks'));
      await running.settled();
      await typed.slash(team.ben, `resolve #${id}`);

      const mine = await typed.slash(team.ana, 'list mine');

      expect(mine)
        .to.include('Your requests')
        .and.to.include('My own door creaks')
        .and.to.include('resolved');
      expect(mine).to.not.include('A fresh problem');
      expect(await typed.slash(team.ana, 'list')).to.not.include('My own door creaks');
      await typed.slash(team.ana, `claim #${id}`);
      expect(await typed.slash(team.zoe, 'list mine')).to.not.include('My own door creaks');
    });

    it('shows of one queue what the person may see of it', async () => {
      const { ana, ben } = running.team;
      const who = newcomer();
      const inPress = await askPress(who, 'A reporter rings');
      const inIt = await typed.ask('A ring is lost', who);

      const [ofBen, ofAna, ofAsker] = [
        await typed.slash(ben, 'list queue press'),
        await typed.slash(ana, 'list queue press'),
        await typed.slash(who, 'list queue press'),
      ];

      expect(ofBen)
        .to.include('Open in press')
        .and.to.include(`#${inPress}`)
        .and.to.not.include(`#${inIt.id}*`);
      expect(ofAna).to.include('Open in press: none.');
      expect(ofAsker).to.include('A reporter rings').and.to.not.include('A ring is lost');
    });

    it('names the queues of a responder when there is no queue of that name', async () => {
      const { ben } = running.team;

      expect(await typed.slash(ben, 'list queue prss')).to.equal(
        'There is no queue of that name that you may see. Yours: `it`, `press`.',
      );
      expect(await typed.slash(newcomer(), 'list queue prss')).to.equal(
        'There is no queue of that name that you may see.',
      );
    });

    it('shows 20 and counts the rest', async () => {
      const { slack, team } = running;
      const who = newcomer();
      for (let place = 1; place <= 23; place += 1) slack.say(who, team.help, `Wish number ${place} of 23`);
      await running.cardOf('Wish number 23 of 23');
      await running.settled();

      const list = await typed.slash(who, 'list');

      expect(list.match(/Wish number/g)).to.have.length(20);
      expect(list).to.include('+3 more');
    });
  });

  describe('show', () => {
    it('tells all of a request: text, state, owner, queue, and what happened to it', async () => {
      const { ana } = running.team;
      const who = newcomer();
      const { id } = await typed.ask('A drawer is stuck\nIt holds the scissors', who);
      await typed.slash(ana, `claim #${id}`);
      await typed.slash(ana, `priority #${id} high`);

      for (const person of [who, ana]) {
        const shown = await typed.slash(person, `show #${id}`);

        for (const part of [
          '🟠',
          'A drawer is stuck',
          'It holds the scissors',
          'queue “it”',
          'in progress',
        ]) {
          expect(shown).to.include(part);
        }
        expect(shown).to.match(/asked it in a channel/);
        expect(shown).to.include('ana took it').and.to.include('ana set it to high');
      }
    });

    it('names the request that one continues or repeats by its number only', async () => {
      const { ana } = running.team;
      const [one, two] = [newcomer(), newcomer()];
      const first = await typed.ask('A secret of the first', one);
      const second = await typed.ask('A shelf fell', two);
      await typed.slash(ana, `duplicate #${second.id} of #${first.id}`);

      const shown = await typed.slash(two, `show #${second.id}`);

      expect(shown).to.include(`duplicate of *#${first.id}*`).and.to.not.include('secret');
    });

    it('says of others’ requests and of numbers that do not exist the same', async () => {
      const { id } = await typed.ask('A private matter', newcomer());
      const who = newcomer();

      expect(await typed.slash(who, `show #${id}`)).to.equal(`There is no request #${id} that you may see.`);
      expect(await typed.slash(who, 'show #99999')).to.equal('There is no request #99999 that you may see.');
      expect(await typed.slash(pia, `show #${id}`)).to.equal(`There is no request #${id} that you may see.`);
      expect(running.slack.ephemerals(pia).map(read).join()).to.not.include('private matter');
    });

    it('shows nothing of a text that its author deleted', async () => {
      const { slack, team } = running;
      const { id, ts, card } = await typed.ask('A thing that I regret', team.uli);
      await typed.slash(team.ana, `claim #${id}`);
      slack.remove(team.uli, { channel: team.help.id, ts });
      await running.shows(card, 'deleted by its author');

      const shown = await typed.slash(team.ana, `show #${id}`);

      expect(shown).to.include('deleted by its author').and.to.include('in progress');
      expect(shown).to.not.include('regret');
    });
  });

  describe('status', () => {
    it('says to an asker without requests that there are none', async () => {
      expect(await typed.slash(newcomer(), 'status')).to.equal('You have no open requests.');
    });

    it('says how each request of an asker stands, and nothing of others', async () => {
      const { ana } = running.team;
      const who = newcomer();
      const taken = await typed.ask('A plug is hot', who);
      await typed.ask('A plug is cold', who);
      await typed.slash(ana, `claim #${taken.id}`);
      await typed.ask('A plug of somebody else', newcomer());

      const status = await typed.slash(who, 'status');

      expect(status)
        .to.match(/A plug is hot[^#]*in progress · ana/)
        .and.to.match(/A plug is cold[^#]*new/);
      expect(status).to.not.include('somebody else').and.to.not.include('without owner');
    });

    it('tells responders each of their queues in one line', async () => {
      const { ben, lea } = running.team;
      const who = newcomer();
      await typed.ask('A very old wish', who, minutesAgo(600));
      const [ofIt] = /\*it\*: (\d+) open, (\d+) without owner, 🔴 (\d+) overdue/.exec(
        await typed.slash(ben, 'status'),
      ) ?? [''];
      const pressBefore = /\*press\*: (\d+) open, (\d+) without owner, none overdue/;
      expect(ofIt).to.not.equal('');
      const [, openBefore] = pressBefore.exec(await typed.slash(ben, 'status')) ?? [];

      const id = await askPress(who, 'A line for the press');

      const status = await typed.slash(ben, 'status');
      expect(status).to.include(ofIt);
      expect(Number(pressBefore.exec(status)?.[1])).to.equal(Number(openBefore) + 1);
      await typed.slash(pia, `claim #${id}`);
      const [, open, unowned] = pressBefore.exec(await typed.slash(ben, 'status')) ?? [];
      expect(Number(unowned)).to.be.lessThan(Number(open));
      expect(await typed.slash(lea, 'status'))
        .to.include('*it*: ')
        .and.to.not.include('*press*');
    });
  });
});

import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { read, type Typing, typing } from '../support/typing.ts';
import type { Channel, Message, Person } from '../workspace/wire.ts';

const MORE_QUEUES = `  - name: press
    triage_channel: "#triage-press"
    intake:
      - { channel: "#board" }
    rotation: ["@pia"]
`;

/** pia responds in the public #triage-press, to which the private #board belongs; sid is of another workspace. */
describe('what list and show keep to themselves', () => {
  let running: RunningApp;
  let typed: Typing;
  let pia: Person;
  let sid: Person;
  let board: Channel;
  let press: Channel;

  before(async () => {
    running = await runningApp({
      moreQueues: MORE_QUEUES,
      before: (slack, { uli, triage }) => {
        pia = slack.people.add({ name: 'pia' });
        sid = slack.people.add({ name: 'sid', teamId: 'T0OTHER' });
        triage.members.add(sid.id);
        board = slack.channels.add({ name: 'board', isPrivate: true, members: [uli] });
        press = slack.channels.add({ name: 'triage-press', members: [pia] });
      },
    });
    typed = typing(running);
  });
  after(() => running.stop());
  afterEach(() => expect(running.slack.complaints()).to.deep.equal([]));

  /** The question to uli whether this text may be posted. */
  const questionOf = (words: string): Promise<Message> =>
    running.slack.waitFor(
      () =>
        running.slack
          .messages(running.slack.dmOf(running.team.uli))
          .find((one) => read(one).includes(words) && read(one).includes('Post it there')),
      `the question about "${words}"`,
    );

  const numberIn = (message: Message): number => Number(/#(\d+)/.exec(read(message))?.[1]);

  it('is a request whose asker has not agreed to post it: nobody else sees that there is one', async () => {
    const { uli } = running.team;
    typed.sayTo(uli, board, 'the merger is off');
    const id = numberIn(await questionOf('the merger is off'));

    expect(await typed.slash(uli, 'list mine'))
      .to.include('the merger is off')
      .and.to.include('not posted yet');
    expect(await typed.slash(uli, `show #${id}`)).to.include('the merger is off');
    expect(await typed.slash(pia, `show #${id}`)).to.equal(`There is no request #${id} that you may see.`);
    for (const list of ['list', 'list new', 'list queue press']) {
      expect(await typed.slash(pia, list), list).to.include(': none.');
    }
    expect(await typed.slash(pia, 'status')).to.include('*press*: 0 open');
  });

  it('is an edit that its asker has not agreed to post: others see the text as it was', async () => {
    const { slack, team } = running;
    const ts = typed.sayTo(team.uli, board, 'the new logo is ready');
    const question = await questionOf('the new logo is ready');
    await slack.press(team.uli, { channel: slack.dmOf(team.uli), ts: question.ts }, 'Post it there');
    await slack.waitFor(
      () => slack.messages(press).some((one) => read(one).includes('the new logo is ready')),
      'the card',
    );
    await running.settled();
    slack.edit(team.uli, { channel: board.id, ts }, `<@${slack.botUserId}> the new logo is a swan`);
    const id = numberIn(await questionOf('a swan'));

    const ofResponder = await typed.slash(pia, `show #${id}`);
    const ofAsker = await typed.slash(team.uli, `show #${id}`);

    expect(ofResponder).to.include('the new logo is ready').and.to.not.include('swan');
    expect(ofAsker).to.include('a swan');
    expect(slack.sees(pia, 'swan')).to.equal(false);
  });

  it('is everything to somebody who has left the triage channel, and what others asked to somebody from outside', async () => {
    const { slack, team } = running;
    const { id } = await typed.ask('The rack is humming');
    expect(await typed.slash(team.ben, `show #${id}`)).to.include('The rack is humming');
    slack.leave(team.ben, team.triage);
    await running.settled();

    for (const [who, where] of [
      [team.ben, press],
      [sid, team.triage],
    ] as const) {
      expect(await typed.slash(who, 'list', where)).to.equal(
        'Your requests: none. `new TEXT` makes a request; `list queue NAME` shows another list.',
      );
      expect(await typed.slash(who, `show #${id}`, where)).to.equal(
        `There is no request #${id} that you may see.`,
      );
      expect(await typed.slash(who, 'status', where)).to.equal('You have no open requests.');
    }
  });
});

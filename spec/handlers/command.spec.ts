import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { VERBS } from '../../src/domain/command-verbs.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { read, type Typing, typing } from '../support/typing.ts';
import type { Channel, Message, Person } from '../workspace/wire.ts';

const MORE_QUEUES = `  - name: press
    triage_channel: "#triage-press"
    intake:
      - { channel: "#help-press" }
    rotation: ["@pia"]
`;

/** pia responds in the public #triage-press, to which #help-press belongs. */
describe('/triage', () => {
  let running: RunningApp;
  let typed: Typing;
  let pia: Person;
  let press: Channel;
  let helpPress: Channel;
  let lobby: Channel;

  before(async () => {
    running = await runningApp({
      moreQueues: MORE_QUEUES,
      before: (slack, { uli }) => {
        pia = slack.people.add({ name: 'pia' });
        press = slack.channels.add({ name: 'triage-press', members: [pia] });
        helpPress = slack.channels.add({ name: 'help-press', members: [uli] });
        lobby = slack.channels.add({ name: 'lobby', isPrivate: true, members: [uli], bot: false });
      },
    });
    typed = typing(running);
  });
  after(() => running.stop());
  afterEach(() => expect(running.slack.complaints()).to.deep.equal([]));

  const dmFrom = (who: Person, ...words: readonly string[]): Promise<Message> =>
    running.slack.waitFor(
      () =>
        running.slack
          .messages(running.slack.dmOf(who))
          .find((one) => words.every((word) => read(one).includes(word))),
      `a DM with ${words.join(', ')}`,
    );

  it('answers nothing, and `help`, with every verb of this version and none of a later one', async () => {
    const { uli } = running.team;

    for (const text of ['', 'help', 'Help.']) {
      const help = await typed.slash(uli, text);

      for (const { usage } of VERBS) expect(help, text).to.include(`\`${usage}\``);
      expect(help, text).to.not.match(/`(stats|config|away|back)|clocks/);
    }
  });

  it('answers what is no command with the nearest verb and help, and makes no request of it', async () => {
    const { uli } = running.team;

    const near = await typed.slash(uli, 'clam #1');
    const far = await typed.slash(uli, 'the projector of room 4 is broken');

    expect(near).to.include('Did you mean `/triage claim`?').and.to.include('`show #n`');
    expect(far).to.include('That is no command.').and.to.include('`show #n`');
    await running.settled();
    expect(running.cards().filter((card) => read(card).includes('room 4'))).to.deep.equal([]);
  });

  it('says what is missing of a command, with an example and help', async () => {
    const { uli } = running.team;

    for (const [text, problem] of [
      ['claim', 'claim needs the number of a request: claim #12'],
      ['claim #1 now', 'there is more than this verb takes: claim #n'],
      ['list everything', 'there is more than this verb takes: list [mine|new|waiting|overdue|queue NAME]'],
      ['duty @ana', 'duty needs "until" and a time to come'],
      ['hold #1 until 5/3 parts', 'hold needs "until" and a time to come'],
    ] as const) {
      expect(await typed.slash(uli, text), text)
        .to.include(problem)
        .and.to.include('`show #n`');
    }
  });

  it('refuses by name the verbs whose time has not come', async () => {
    const { ana } = running.team;
    const { id } = await typed.ask('The gong is silent');

    for (const [text, verb] of [
      ['stats', 'stats'],
      ['stats it week', 'stats'],
      ['config', 'config'],
      ['away until friday', 'away'],
      ['back', 'back'],
      [`show #${id} clocks`, 'show clocks'],
    ] as const) {
      expect(await typed.slash(ana, text), text).to.equal(`\`${verb}\` is not in this version.`);
    }
  });

  it('makes a request of `new TEXT`, tells its number, and talks about it in the asker’s DM', async () => {
    const { slack, team } = running;

    const answer = await typed.slash(team.uli, 'new 🟠 The safe does not open');

    const card = await running.cardOf('The safe does not open');
    expect(answer).to.equal(`It is #${running.numberOf(card)}, in it.`);
    expect(read(card)).to.include('🟠').and.to.include('new').and.to.include('uli');
    await dmFrom(team.uli, 'Got it', `#${running.numberOf(card)}`);
    expect(slack.sees(team.zoe, 'The safe does not open')).to.equal(false);
    expect(slack.messages(team.help).map(read).join()).to.not.include('safe');
  });

  it('puts it into the queue of the channel where it was typed, and asks before private text goes public', async () => {
    const { slack, team } = running;

    const answer = await typed.slash(team.uli, 'new A journalist is at the door', helpPress);

    const id = Number(/#(\d+), in press\./.exec(answer)?.[1]);
    const question = await dmFrom(team.uli, `#${id}`, 'A journalist is at the door', 'public');
    await running.settled();
    expect(slack.sees(pia, 'journalist')).to.equal(false);
    await slack.press(team.uli, { channel: slack.dmOf(team.uli), ts: question.ts }, 'Post it there');
    await slack.waitFor(
      () => slack.messages(press).some((one) => read(one).includes('A journalist is at the door')),
      'the card in #triage-press',
    );
  });

  it('opens the form for `new` alone, with the queue of the channel chosen', async () => {
    const { slack, team } = running;

    await slack.slash(team.uli, helpPress, '/triage', 'new');

    await slack.waitFor(() => slack.views(team.uli).length === 1, 'the form');
    await slack.submit(team.uli, { text: 'A radio calls', level: 'low' });
    await dmFrom(team.uli, 'A radio calls', 'public');
    expect(slack.userErrors()).to.deep.equal([]);
  });

  it('answers for one person alone, also where the bot is not', async () => {
    const { slack, team } = running;
    const posts = slack.messages(lobby).length;

    const answer = await typed.slash(team.uli, 'status', lobby);

    expect(answer).to.include('#');
    expect(slack.ephemerals(team.uli).at(-1)?.channel).to.equal(lobby.id);
    expect(slack.messages(lobby)).to.have.length(posts);
  });

  it('obeys a command once that Slack sends twice', async () => {
    const { slack, team } = running;
    await typed.slash(team.uli, 'new The bell rings twice');
    const sent = slack.acks().findLast(({ type }) => type === 'slash_commands');
    const answers = slack.ephemerals(team.uli).length;

    slack.again(sent!, 'same_envelope');
    await slack.waitFor(
      () => slack.acks().filter((one) => one.envelopeId === sent!.envelopeId).length === 2,
      'it',
    );
    await running.cardOf('The bell rings twice');
    await running.settled();

    expect(running.cards().filter((card) => read(card).includes('The bell rings twice'))).to.have.length(1);
    expect(slack.ephemerals(team.uli)).to.have.length(answers);
  });
});

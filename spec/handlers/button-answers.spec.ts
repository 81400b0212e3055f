import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { ask, isSent, isTold, leftBehind, offered, opened } from '../support/pressing.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { initialOf } from '../workspace/elements.ts';
import { type Channel, isJson, type View } from '../workspace/wire.ts';

describe('the buttons of help', () => {
  let running: RunningApp;
  let lunch: Channel;
  let helpHr: Channel;

  before(async () => {
    running = await runningApp({
      moreQueues: `
  - name: hr
    triage_channel: "#triage-hr"
    intake:
      - { channel: "#help-hr" }
    rotation: ["@lea"]`,
      before: (slack, { uli, ana, lea, zoe }) => {
        slack.channels.add({ name: 'triage-hr', isPrivate: true, members: [lea] });
        helpHr = slack.channels.add({ name: 'help-hr', members: [uli, zoe] });
        lunch = slack.channels.add({ name: 'lunch', isPrivate: true, bot: false, members: [ana, zoe, uli] });
      },
    });
  });

  after(() => running.stop());

  afterEach(() => {
    expect(running.slack.userErrors()).to.deep.equal([]);
    expect(running.slack.complaints()).to.deep.equal([]);
  });

  /** Somebody asks for help there; answers what they can press. */
  async function help(who: { id: string }, where: Channel): Promise<{ channel: string; ts: string }> {
    const { slack } = running;
    const earlier = slack.ephemerals(who).length;
    await slack.slash(who, where, '/triage', 'help');
    const shown = await slack.waitFor(() => slack.ephemerals(who)[earlier], 'help');
    expect(offered(shown)).to.deep.equal(['New request', 'List', 'Status', 'Who is on duty?']);
    return { channel: where.id, ts: shown.ts };
  }

  function chosenQueue({ body }: View): unknown {
    const block = body.blocks.find((each) => each['block_id'] === 'queue');
    return isJson(block?.['element']) ? initialOf(block['element']) : undefined;
  }

  it('answer those who press them where we are not a member, each of them alone', async () => {
    const { slack, team } = running;
    await ask(running, 'Lunch is late');
    const shown = await help(team.uli, lunch);

    for (const pick of ['List', 'Status', 'Who is on duty?']) await slack.press(team.uli, shown, pick);

    const told = await slack.waitFor(() => {
      const answers = slack.ephemerals(team.uli).slice(1);
      return answers.length === 3 ? answers : undefined;
    }, 'three answers');
    expect(new Set(told.map(({ channel }) => channel))).to.deep.equal(new Set([lunch.id]));
    const texts = told.map(({ text }) => text);
    expect(texts).to.include.members(['Your requests: 1', 'Your requests: 1']);
    expect(texts.join('\n')).to.include('Only responders see who is on duty');
    expect(slack.sees(team.uli, 'Lunch is late')).to.equal(true);
    expect(slack.sees(team.zoe, 'Your requests')).to.equal(false);
    const lines = running.logger.lines.filter(({ level }) => level === 'error' || level === 'warn');
    expect(lines.map(({ message }) => message)).to.deep.equal([]);
  });

  it('answer a responder with their queues, there too', async () => {
    const { slack, team } = running;
    const shown = await help(team.ana, lunch);

    await slack.press(team.ana, shown, 'List');
    await slack.press(team.ana, shown, 'Status');
    await slack.press(team.ana, shown, 'Who is on duty?');

    await isTold(running, team.ana, 'Open in your queues');
    await isTold(running, team.ana, '*it*: ');
    const duty = await isTold(running, team.ana, 'Change it…');
    expect(offered(duty)).to.deep.equal(['Change it…']);
  });

  it('open the form New request, which has the queue of the channel chosen', async () => {
    const { slack, team } = running;
    await slack.press(team.uli, await help(team.uli, lunch), 'New request');
    expect(chosenQueue(await opened(running, team.uli, 'New request'))).to.equal('it');
    await slack.dismiss(team.uli);

    await slack.press(team.uli, await help(team.uli, helpHr), 'New request');

    expect(chosenQueue(await opened(running, team.uli, 'New request'))).to.equal('hr');
    await slack.dismiss(team.uli);
  });

  it('answer in the DM what is pressed in the DM', async () => {
    const { slack, team } = running;
    slack.dm(team.zoe, 'help');
    const shown = await isSent(running, team.zoe, 'To ask: write me a DM');

    await slack.press(team.zoe, shown, 'Status');
    await isSent(running, team.zoe, 'You have no open requests.');
    await slack.press(team.zoe, shown, 'List');
    await isSent(running, team.zoe, 'Your requests: none.');
    await slack.press(team.zoe, shown, 'New request');
    expect(chosenQueue(await opened(running, team.zoe, 'New request'))).to.equal('it');

    expect(slack.ephemerals(team.zoe)).to.deep.equal([]);
    await slack.dismiss(team.zoe);
  });

  it('show help to those alone who ask for it by a button', async () => {
    const { slack, team } = running;
    const left = await leftBehind(running, team.help.id, { actionId: 'triage.help', value: 'help' });

    await slack.press(team.zoe, left, 'triage.help');

    const shown = await isTold(running, team.zoe, 'To ask: write me a DM');
    expect(shown.channel).to.equal(team.help.id);
    expect(slack.sees(team.uli, 'What you can do with TrIAge')).to.equal(
      slack.ephemerals(team.uli).length > 0,
    );
  });

  it('are only logged when Slack opens no form, and the next press opens it', async () => {
    const { slack, team, logger } = running;
    const shown = await help(team.zoe, lunch);
    slack.failNext('views.open', { kind: 'http', status: 503 });

    await slack.press(team.zoe, shown, 'New request');
    await running.settled();
    expect(slack.views(team.zoe)).to.deep.equal([]);
    await slack.press(team.zoe, shown, 'New request');

    await opened(running, team.zoe, 'New request');
    const lines = logger.lines.filter(({ message }) => message === 'a form could not be opened');
    expect(lines.map(({ meta }) => meta['callbackId'])).to.deep.equal(['new_request']);
    expect(slack.countOf('views.open')).to.be.greaterThan(1);
  });
});

import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { hears, inState, requestOf, said } from '../support/stored.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Channel } from '../workspace/wire.ts';

describe('what happens to channels and to the app', () => {
  let running: RunningApp;
  /** Intake of the queue `hr`, and its triage channel. */
  let helpHr: Channel;
  let triageHr: Channel;

  before(async () => {
    running = await runningApp({
      moreQueues: `  - name: hr
    triage_channel: "#triage-hr"
    intake: [{ channel: "#help-hr", mode: every_message }]
    rotation: ["@lea"]`,
      before: (slack, { uli, ana, lea }) => {
        helpHr = slack.channels.add({ name: 'help-hr', members: [uli, ana] });
        triageHr = slack.channels.add({ name: 'triage-hr', isPrivate: true, members: [ana, lea] });
      },
    });
  });

  after(() => running.stop());

  const CHANGED = 'a channel of the configuration has changed';

  /** What the operator reads about one channel. */
  const warned = (channel: Channel): readonly unknown[] =>
    running.logger.lines
      .filter(
        ({ level, message, meta }) =>
          level === 'warn' && message === CHANGED && meta['channel'] === channel.id,
      )
      .map(({ meta }) => meta['change']);

  const logged = (level: string, words: string): Promise<unknown> =>
    running.slack.waitFor(
      () => running.logger.lines.find((line) => line.level === level && line.message.includes(words)),
      `a line of the log: ${words}`,
    );

  /** The daemon does its work: a message of the channel becomes a request. */
  async function worksOn(text: string): Promise<void> {
    running.slack.say(running.team.uli, running.team.help, text);
    await running.cardOf(text);
  }

  it('moves the conversation of an archived channel to the asker’s DM, and tells the operator', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, helpHr, 'Payslip is wrong');
    const card = await slack.waitFor(
      () => slack.messages(triageHr).find((one) => textOf(one).includes('Payslip is wrong')),
      'a card',
    );
    await hears(running, helpHr, ts, 'Got it');
    slack.channels.archive(helpHr);
    await running.settled();
    await slack.press(team.ana, { channel: triageHr.id, ts: card.ts }, 'Take it');
    const number = running.numberOf(card);
    await slack.waitFor(
      () =>
        slack.messages(slack.dmOf(team.uli)).some((one) => textOf(one).includes(`ana has *#${number}* now`)),
      'the line in the DM',
    );
    slack.say(team.lea, triageHr, 'Which month?', { threadTs: card.ts });
    await slack.waitFor(() => slack.sees(team.uli, 'lea: Which month?'), 'the copy');

    expect((await requestOf(running, card)).conversation.isMirrored).to.equal(true);
    expect(warned(helpHr)).to.deep.equal(['archived']);
    slack.channels.archive(helpHr, false);
    await running.settled();
    expect(warned(helpHr)).to.deep.equal(['archived', 'unarchived']);
    expect(said(running, helpHr, ts)).to.have.length(1);
  });

  it('takes requests in a channel again once it is back from the archive', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, helpHr, 'Payslip is late');

    await hears(running, helpHr, ts, 'Got it');
  });

  it('shows the new name of a renamed channel from the next change on, and troubles nobody with it', async () => {
    const { slack, team } = running;
    slack.say(team.uli, team.help, 'Sign is old');
    const card = await running.cardOf('Sign is old');
    slack.channels.rename(team.help, 'ask-it');
    await running.settled();
    await running.press(team.ana, card, 'Take it');
    await running.shows(card, '#ask-it', 'in progress');
    await worksOn('Sign is new');

    expect(warned(team.help)).to.deep.equal([]);
  });

  it('keeps private text from a triage channel that is shared with another workspace, until its asker agrees', async () => {
    const { slack, team } = running;
    const eva = slack.people.add({ name: 'eva', teamId: 'T0OTHER' });
    slack.channels.share(team.triage);
    slack.join(eva, team.triage);
    await running.settled();
    const ts = slack.dm(team.uli, 'My raise is late');
    const question = await hears(running, slack.dmOf(team.uli), ts, 'a channel that everybody here can read');
    await running.settled();
    expect(slack.sees(eva, 'raise')).to.equal(false);
    expect(slack.sees(team.ana, 'raise')).to.equal(false);

    await slack.press(team.uli, { channel: slack.dmOf(team.uli), ts: question.ts }, 'Post it there');
    const card = await running.cardOf('My raise is late');
    await inState(running, card, 'new');
    slack.channels.share(team.triage, false);
    await running.settled();

    expect(warned(team.triage)).to.deep.equal(['shared', 'unshared']);
  });

  it('keeps the cards for a triage channel that takes none, names it in /ready, and posts them once it does', async () => {
    const { slack, team } = running;
    slack.channels.archive(team.triage);
    slack.say(team.uli, team.help, 'Asked while the team was away');
    const { host, port } = running.app().address()!;
    await slack.waitFor(async () => {
      const ready = (await (await fetch(`http://${host}:${port}/ready`)).json()) as {
        outbox?: { refusedChannels?: string };
      };
      return ready.outbox?.refusedChannels === team.triage.id;
    }, 'the channel to be named');
    slack.channels.archive(team.triage, false);

    await running.cardOf('Asked while the team was away');
    expect(warned(team.triage).slice(-2)).to.deep.equal(['archived', 'unarchived']);
  });

  it('goes on when a channel of the configuration is deleted, and tells the operator', async () => {
    const { slack } = running;
    slack.channels.delete(triageHr);
    await running.settled();

    expect(warned(triageHr)).to.deep.equal(['deleted']);
    await worksOn('Work goes on after the deletion');
  });

  it('tells the operator nothing of channels that are in no queue', async () => {
    const { slack, team } = running;
    const chat = slack.channels.add({ name: 'chat', members: [team.uli] });
    slack.channels.archive(chat);
    slack.channels.archive(chat, false);
    await running.settled();

    expect(warned(chat)).to.deep.equal([]);
  });

  it('says in the log that Slack withholds events, and goes on', async () => {
    running.slack.rateLimitEvents();
    await logged('warn', 'Slack withholds events');

    await worksOn('Work goes on after the limit');
  });

  it('says in the log that the app was removed, and goes on as soon as the token is good again', async () => {
    const { slack, team } = running;
    slack.uninstall();
    await logged('error', 'the app was removed from the workspace');
    slack.say(team.uli, team.help, 'Asked meanwhile');
    await logged('error', 'refuses our token');
    slack.refuseToken('bot', undefined);

    await running.cardOf('Asked meanwhile');
    const removed = running.logger.lines.filter(({ message }) => message.includes('the app was removed'));
    expect(removed.map(({ meta }) => meta['change'])).to.have.members(['tokens_revoked', 'uninstalled']);
  });
});

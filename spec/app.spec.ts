import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from './support/running-app.ts';
import { textOf } from './workspace/text-of.ts';

describe('the daemon, from Slack to Slack', () => {
  let running: RunningApp;

  before(async () => {
    running = await runningApp();
  });

  after(() => running.stop());

  const cardOf = (words: string) => running.cardOf(words);
  const shows = (card: { ts: string }, ...words: string[]) => running.shows(card, ...words);

  it('makes a DM a request with one card, which is taken and resolved by its buttons', async () => {
    const { slack, team } = running;
    const dm = slack.dm(team.uli, 'My monitor is dead');

    const card = await cardOf('My monitor is dead');
    const dmChannel = slack.dmOf(team.uli);
    await slack.waitFor(() => slack.thread(dmChannel, dm).length > 1, 'a reply under the DM');
    await slack.press(team.ana, { channel: team.triage.id, ts: card.ts }, 'Take it');
    await shows(card, 'in progress', 'Ana');
    await slack.press(team.ana, { channel: team.triage.id, ts: card.ts }, 'Resolve');
    await shows(card, 'resolved');

    expect(running.cards().filter((one) => textOf(one).includes('My monitor is dead'))).to.have.length(1);
    expect(slack.complaints()).to.deep.equal([]);
  });

  it('makes a mention and an every-message post requests, once each whichever events tell of them', async () => {
    const { slack, team } = running;
    slack.say(team.uli, team.help, `<@${slack.botUserId}> the VPN is down`, { isEscaped: true });
    slack.say(team.uli, team.help, 'Printer out of paper');

    await cardOf('the VPN is down');
    await cardOf('Printer out of paper');
    await slack.waitFor(() => slack.unsettled() === 0, 'all events to be acknowledged');

    const { rows } = await running.database.pool.query<{ n: number }>(
      `select count(*) as n from requests where body like '%VPN is down%' or body = 'Printer out of paper'`,
    );
    expect(rows[0]?.n).to.equal(2);
  });

  it('lets a responder who replies take it, and the asker re-open it by posting', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, team.help, 'Scanner blinks');
    const card = await cardOf('Scanner blinks');

    slack.say(team.ana, team.help, 'Having a look', { threadTs: ts });
    await shows(card, 'in progress', 'Ana');
    await slack.press(team.ana, { channel: team.triage.id, ts: card.ts }, 'Resolve');
    await shows(card, 'resolved');
    slack.say(team.uli, team.help, 'still blinks', { threadTs: ts });

    await shows(card, 'in progress');
  });

  it('follows edits and deletions of the source', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, team.help, 'Mouse is lots');
    const card = await cardOf('Mouse is lots');

    slack.edit(team.uli, { channel: team.help.id, ts }, 'Mouse is lost');
    await shows(card, 'Mouse is lost');
    slack.remove(team.uli, { channel: team.help.id, ts });

    await shows(card, 'withdrawn', 'deleted by its author');
  });

  it('answers slash commands and keeps what others asked to themselves', async () => {
    const { slack, team } = running;
    const dm = 'My salary slip is wrong';
    slack.dm(team.uli, dm);
    const card = await cardOf(dm);
    const id = /#(\d+)/.exec(textOf(card))?.[1];

    await slack.slash(team.zoe, team.help, '/triage', `show #${id}`);
    await slack.waitFor(() => slack.ephemerals(team.zoe).length > 0, 'an answer to zoe');
    await slack.slash(team.ana, team.help, '/triage', 'list');
    await slack.waitFor(
      () => slack.ephemerals(team.ana).some((one) => textOf(one).includes(`#${id}`)),
      'a list for ana',
    );

    expect(textOf(slack.ephemerals(team.zoe)[0]!)).to.include('no request');
    expect(slack.sees(team.zoe, 'salary slip')).to.equal(false);
  });

  it('takes by 👀, resolves by ✅ and captures by 🎫', async () => {
    const { slack, team } = running;
    const ts = slack.say(team.uli, team.help, 'Badge does not open the door');
    const card = await cardOf('Badge does not open');

    slack.react(team.ana, { channel: team.help.id, ts }, 'eyes');
    await shows(card, 'in progress', 'Ana');
    slack.react(team.ana, { channel: team.triage.id, ts: card.ts }, 'white_check_mark');
    await shows(card, 'resolved');
    slack.unreact(team.ana, { channel: team.triage.id, ts: card.ts }, 'white_check_mark');

    await shows(card, 'in progress');
  });

  it('mirrors the conversation of a DM with the thread of its card, and keeps 🔒 inside', async () => {
    const { slack, team } = running;
    const dm = slack.dm(team.zoe, 'Can I get a second screen?');
    const card = await cardOf('second screen');
    const channel = slack.dmOf(team.zoe);

    slack.say(team.ana, team.triage, '🔒 he had one last year', { threadTs: card.ts });
    slack.say(team.ana, team.triage, 'Which size?', { threadTs: card.ts });
    await slack.waitFor(
      () => slack.thread(channel, dm).some((one) => textOf(one).includes('Which size?')),
      'the copy for zoe',
    );
    slack.say(team.zoe, channel, '27 inches', { threadTs: dm });
    await slack.waitFor(
      () => slack.thread(team.triage, card.ts).some((one) => textOf(one).includes('27 inches')),
      'the copy for the team',
    );

    expect(slack.sees(team.zoe, 'last year')).to.equal(false);
    await shows(card, 'in progress', 'Ana');
  });
});

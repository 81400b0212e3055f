import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { waitFor } from '../support/wait-for.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Message } from '../workspace/wire.ts';

/** Whole lives of follow-ups in seconds: urgent requests climb fast, the others wait for their asker. */
const TIMES = `    ladder: { urgent: [1s, 2s, 3s, 4s], normal: [1h, 2h, 3h, 4h] }
    waiting: { nudge: [1s, 2s], notice: 3s, resolve: 4s }
    close_after: 2s
`;

describe('follow-ups', function () {
  this.timeout(40_000);
  let running: RunningApp;

  before(async () => {
    running = await runningApp({ times: TIMES });
  });
  after(() => running.stop());

  /** What the bot wrote to somebody by DM about these words. */
  function askedOf(who: { id: string }, words: string): readonly Message[] {
    const { slack } = running;
    return slack.messages(slack.dmOf(who)).filter((one) => textOf(one).includes(words));
  }

  function askedAtAll(words: string): readonly Message[] {
    const { ana, ben } = running.team;
    return [...askedOf(ana, words), ...askedOf(ben, words)];
  }

  const linesOf = (channel: { id: string }, number: number): readonly Message[] =>
    running.slack
      .messages(channel)
      .filter((one) => one.user === running.slack.botUserId && textOf(one).includes(`#${number}`));

  const escalationsOf = (number: number) => linesOf(running.team.managers, number);
  const leadLinesOf = (number: number) =>
    linesOf(running.team.triage, number).filter((one) => textOf(one).includes('Can you find somebody'));

  async function escalated(number: number): Promise<void> {
    await running.slack.waitFor(
      () => escalationsOf(number).length > 0,
      `the escalation of #${number}`,
      20_000,
    );
    await running.settled();
  }

  it('climb the ladder of a request that nobody takes: duty, next, lead, escalation, each once', async () => {
    const { slack, team } = running;
    slack.say(team.uli, team.help, '🔴 Smoke in the server room');
    const number = running.numberOf(await running.cardOf('Smoke in the server room'));
    await escalated(number);

    expect(askedOf(team.ana, 'Smoke in the server room')).to.have.length(1);
    expect(askedOf(team.ben, 'Smoke in the server room')).to.have.length(1);
    expect(leadLinesOf(number)).to.have.length(1);
    expect(leadLinesOf(number)[0]?.subtype).to.equal('thread_broadcast');
    expect(escalationsOf(number)).to.have.length(1);
    expect(textOf(escalationsOf(number)[0]!)).to.not.include('Smoke');
  });

  it('end with its owner: what comes later is not sent', async () => {
    const { slack, team } = running;
    slack.say(team.uli, team.help, '🔴 Door of the lab is jammed');
    const card = await running.cardOf('Door of the lab');
    await slack.waitFor(() => askedAtAll('Door of the lab').length > 0, 'the first to be asked');
    await running.press(team.lea, card, 'Take it');
    await running.shows(card, 'in progress', 'Lea');
    slack.say(team.uli, team.help, '🔴 Window of the lab is open');
    await escalated(running.numberOf(await running.cardOf('Window of the lab')));

    const number = running.numberOf(card);
    expect(askedAtAll('Door of the lab')).to.have.length(1);
    expect([...leadLinesOf(number), ...escalationsOf(number)]).to.deep.equal([]);
  });

  it('go on after a restart in their middle, no step twice and none left out', async () => {
    const { slack, team } = running;
    slack.say(team.uli, team.help, '🔴 Badge printer burns');
    const number = running.numberOf(await running.cardOf('Badge printer burns'));
    await slack.waitFor(() => askedAtAll('Badge printer burns').length > 0, 'the first to be asked');
    await running.restart();
    await escalated(number);

    expect(askedAtAll('Badge printer burns')).to.have.length(2);
    expect(leadLinesOf(number)).to.have.length(1);
    expect(escalationsOf(number)).to.have.length(1);
  });

  it('are sent in order, each once, when the daemon was down while they came due', async () => {
    const { slack, team } = running;
    slack.say(team.uli, team.help, '🔴 Lift is stuck');
    const number = running.numberOf(await running.cardOf('Lift is stuck'));
    await running.app().stop();
    const back = Date.now() + 5000;
    await waitFor(() => Date.now() > back, 'all steps to come due');
    await running.restart();
    await escalated(number);

    expect(askedAtAll('Lift is stuck')).to.have.length(2);
    const [lead, escalation] = [leadLinesOf(number)[0]!, escalationsOf(number)[0]!];
    for (const asked of askedAtAll('Lift is stuck')) expect(Number(asked.ts)).to.be.below(Number(lead.ts));
    expect(Number(lead.ts)).to.be.below(Number(escalation.ts));
  });

  it('ask the next at once when the first to be asked passes, and again whoever snoozed', async () => {
    const { slack, team } = running;
    slack.say(team.uli, team.help, '🔴 Coffee on the switch');
    await slack.waitFor(() => askedAtAll('Coffee on the switch').length > 0, 'the first to be asked');
    const [first] = askedAtAll('Coffee on the switch');
    const [one, other] = askedOf(team.ana, 'Coffee').length > 0 ? [team.ana, team.ben] : [team.ben, team.ana];
    await slack.press(one, { channel: slack.dmOf(one), ts: first!.ts }, 'Pass');
    await slack.waitFor(() => askedOf(other, 'Coffee on the switch').length === 1, 'the next to be asked');
    const number = running.numberOf(await running.cardOf('Coffee on the switch'));
    await slack.slash(other, team.triage, '/triage', `snooze #${number} in 2s`);

    await slack.waitFor(() => askedOf(other, 'Coffee on the switch').length === 2, 'to be asked again');
    const [line, ...more] = askedOf(one, 'Coffee on the switch');
    expect(textOf(line!)).to.include(`passed on *#${number}*`);
    expect(more).to.deep.equal([]);
  });

  async function waitingFor(text: string): Promise<Message> {
    const { slack, team } = running;
    const ts = slack.say(team.uli, team.help, text);
    const card = await running.cardOf(text);
    slack.say(team.ana, team.help, 'Which one?', { threadTs: ts });
    await running.shows(card, 'in progress');
    await running.press(team.ana, card, 'Waiting for asker');
    // "Waiting" alone would also be the button of the state before.
    await running.shows(card, 'Unhold');
    return card;
  }

  const threadOf = (text: string): readonly string[] => {
    const { slack, team } = running;
    const source = slack.messages(team.help).find((one) => one.text === text)!;
    return slack.thread(team.help, source.ts).map(textOf);
  };

  it('nudge an asker who does not answer, warn, and end it as unanswered', async () => {
    const { slack } = running;
    const card = await waitingFor('My screen flickers');
    await slack.waitFor(
      () => threadOf('My screen flickers').some((text) => text.includes('no answer came')),
      'the end',
      20_000,
    );
    await running.shows(card, 'closed');

    const thread = threadOf('My screen flickers');
    const nudges = thread.filter((text) =>
      /#\*?\d+\*? (still )?waits for your answer. Write here/.test(text),
    );
    expect(nudges.length).to.be.at.least(2);
    expect(thread.filter((text) => text.includes('without one. Write here, or keep it open'))).to.have.length(
      1,
    );
  });

  it('keep it open when the asker asks for it, and stop when the asker answers', async () => {
    const { slack, team } = running;
    const kept = await waitingFor('My mouse jumps');
    const answered = await waitingFor('My desk wobbles');
    const source = slack.messages(team.help).find((one) => one.text === 'My desk wobbles')!;
    slack.say(team.uli, team.help, 'The left one', { threadTs: source.ts });
    const notice = await slack.waitFor(
      () =>
        slack
          .messages(team.help)
          .find(
            (one) =>
              textOf(one).includes('keep it open') && textOf(one).includes(`#${running.numberOf(kept)}`),
          ),
      'the notice',
      20_000,
    );
    await slack.press(team.uli, { channel: team.help.id, ts: notice.ts }, 'Keep open');
    // A later one runs its whole course meanwhile.
    const later = await waitingFor('My chair squeaks');
    await running.shows(later, 'resolved');

    await running.shows(kept, 'Unhold');
    await running.shows(answered, 'in progress');
    expect(threadOf('My desk wobbles').join('\n')).to.not.include('keep it open');
  });

  it('end a hold at its date and tell the owner, remind whoever asked for it, close after resolution', async () => {
    const { slack, team } = running;
    slack.say(team.uli, team.help, 'My phone is cracked');
    const card = await running.cardOf('My phone is cracked');
    const number = running.numberOf(card);
    await running.press(team.ana, card, 'Take it');
    await slack.slash(team.ana, team.triage, '/triage', `hold #${number} until in 2s spare part`);
    await running.shows(card, 'on hold', 'spare part');
    await slack.slash(team.ben, team.triage, '/triage', `remind #${number} in 1s`);

    await slack.waitFor(() => askedOf(team.ben, 'You wanted to be reminded').length === 1, 'the reminder');
    await slack.waitFor(
      () => askedOf(team.ana, `The hold of *#${number}* is over`).length === 1,
      'the end of the hold',
    );
    await running.shows(card, 'in progress');
    await running.press(team.ana, card, 'Resolve');
    await running.shows(card, 'resolved');
    await running.shows(card, 'closed', 'closed by silence');
  });
});

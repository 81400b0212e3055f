import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { hears, inState, requestOf, requestsWith, said } from '../support/stored.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Message, Person } from '../workspace/wire.ts';

describe('threads in the DM with the bot', () => {
  let running: RunningApp;

  before(async () => {
    running = await runningApp();
  });
  after(() => running.stop());

  /** Everybody here begins without any request, so that nothing is added to an earlier one. */
  const somebody = (name: string): Person => running.slack.people.add({ name });

  /** The bot's line to somebody, wherever it stands in their DM. */
  function line(who: Person, words: string): Promise<Message> {
    const { slack } = running;
    return slack.waitFor(
      () =>
        slack
          .messages(slack.dmOf(who))
          .find((one) => one.user === slack.botUserId && textOf(one).includes(words)),
      `a line that says ${words}`,
    );
  }

  it('under a message that was added to a request belong to that request', async () => {
    const { slack, team } = running;
    const kim = somebody('kim');
    slack.dm(kim, 'Blinds are stuck');
    const card = await running.cardOf('Blinds are stuck');
    const second = slack.dm(kim, 'and so is the door');
    await running.shows(card, 'and so is the door');

    slack.say(kim, slack.dmOf(kim), 'The door squeaks, too', { threadTs: second });

    await hears(running, team.triage, card.ts, 'kim: The door squeaks, too');
  });

  it('take commands under what belongs to no request', async () => {
    const { slack } = running;
    const kai = somebody('kai');
    slack.dm(kai, 'help');
    const help = await line(kai, 'To ask: write me a DM');

    slack.say(kai, slack.dmOf(kai), 'status', { threadTs: help.ts });

    await hears(running, slack.dmOf(kai), help.ts, 'You have no open requests');
  });

  it('begin a request with what is said under a line of ours that belongs to none', async () => {
    const { slack, team } = running;
    const pia = somebody('pia');
    slack.dm(pia, 'help');
    const help = await line(pia, 'To ask: write me a DM');

    const ts = slack.say(pia, slack.dmOf(pia), 'My phone has no signal', { threadTs: help.ts });

    const card = await running.cardOf('My phone has no signal');
    expect((await requestOf(running, card)).source.ts).to.equal(ts);
    await hears(running, slack.dmOf(pia), help.ts, 'Got it');
    slack.say(team.ana, team.triage, 'On which floor?', { threadTs: card.ts });
    await hears(running, slack.dmOf(pia), help.ts, 'ana: On which floor?');
  });

  it('are opened under the card by the line that says so, however quick the asker is', async () => {
    const { slack, team } = running;
    for (let nth = 0; nth < 5; nth += 1) {
      const quick = somebody(`quick${nth}`);
      const ts = slack.dm(quick, `Quick question ${nth}`);
      slack.say(quick, slack.dmOf(quick), 'first thought', { threadTs: ts });
      slack.say(quick, slack.dmOf(quick), 'second thought', { threadTs: ts });
      const card = await running.cardOf(`Quick question ${nth}`);
      await hears(running, team.triage, card.ts, 'second thought');
      await running.settled();

      const [opening, ...copies] = said(running, team.triage, card.ts);
      expect(opening).to.match(/^What you write here goes to/);
      expect(copies).to.have.members([`quick${nth}: first thought`, `quick${nth}: second thought`]);
    }
  });

  it('keep a priority that somebody set, though an edit leaves the mark of another one where it is', async () => {
    const { slack, team } = running;
    const ari = somebody('ari');
    const first = slack.dm(ari, '🔴 Sink drips');
    const card = await running.cardOf('Sink drips');
    slack.dm(ari, 'and the tap');
    await running.shows(card, 'and the tap', '🔴 urgent');
    await slack.slash(team.ana, team.triage, '/triage', `priority #${running.numberOf(card)} low`);
    await running.shows(card, '⚪ low');

    slack.edit(ari, { channel: slack.dmOf(ari), ts: first }, '🔴 Sink drips a lot');
    await running.shows(card, 'Sink drips a lot');
    await running.settled();

    expect((await requestOf(running, card)).priority).to.equal('low');
  });

  it('raise the priority with a mark that is added later', async () => {
    const { slack } = running;
    const eva = somebody('eva');
    slack.dm(eva, 'Fan is loud');
    const card = await running.cardOf('Fan is loud');
    slack.dm(eva, '🟠 and it smells');

    await running.shows(card, '🟠 high', 'and it smells');
  });
});

describe('threads in the DM with the bot, before a public triage channel may see them', () => {
  let running: RunningApp;

  before(async () => {
    running = await runningApp({ isTriagePublic: true });
  });
  after(() => running.stop());

  for (const [way, more, ask] of [
    ['a DM', 'of a raise', (who: Person) => running.slack.dm(who, 'Secret wish by DM')],
    [
      'the slash command',
      'of a holiday',
      (who: Person) => running.slack.slash(who, running.team.help, '/triage', 'new Secret wish by command'),
    ],
  ] as const) {
    it(`add to the text that the asker is asked about: asked by ${way}`, async () => {
      const { slack, team } = running;
      const who = slack.people.add({ name: `asker${way.length}` });
      await ask(who);
      const dm = slack.dmOf(who);
      const question = await slack.waitFor(
        () => slack.messages(dm).find((one) => textOf(one).includes('Post it there')),
        'the question',
      );
      slack.say(who, dm, more, { threadTs: question.thread_ts ?? question.ts });
      const again = await slack.waitFor(
        () =>
          slack
            .messages(dm)
            .find((one) => textOf(one).includes('Post it there') && textOf(one).includes(more)),
        'the question about both',
      );
      expect(textOf(again)).to.include('Secret wish');
      await slack.press(who, { channel: dm, ts: question.ts }, 'Post it there');
      await slack.waitFor(
        () => slack.messages(dm).some((one) => textOf(one).includes('has changed since I asked that')),
        'the refusal',
      );
      expect(slack.sees(team.zoe, more)).to.equal(false);

      await slack.press(who, { channel: dm, ts: again.ts }, 'Post it there');

      const [request] = await slack.waitFor(async () => {
        const found = (await requestsWith(running, more)).filter(({ asker }) => asker === who.id);
        return found.length > 0 && found[0]?.state === 'new' ? found : false;
      }, 'the request');
      const card = await slack.waitFor(
        () => running.cards().find((one) => textOf(one).includes(`#${request!.id} `)),
        'its card',
      );
      await inState(running, card, 'new');
      await running.shows(card, 'Secret wish', more);
    });
  }
});

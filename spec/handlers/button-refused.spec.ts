import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import {
  type Asked,
  ask,
  isSent,
  isTold,
  leftBehind,
  pressReply,
  stands,
  tellsNothing,
} from '../support/pressing.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { textOf } from '../workspace/text-of.ts';

describe('a button that cannot do what it says', () => {
  let running: RunningApp;

  before(async () => {
    running = await runningApp();
  });

  after(() => running.stop());

  afterEach(() => {
    expect(running.slack.userErrors()).to.deep.equal([]);
    expect(running.slack.complaints()).to.deep.equal([]);
  });

  const press = (asked: Asked, pick: string, who = running.team.ana) => running.press(who, asked.card, pick);

  /** All that is said to somebody alone about a request. */
  function toldOf(who: string, { id }: Asked): readonly string[] {
    return running.slack
      .ephemerals(who)
      .map(textOf)
      .filter((text) => new RegExp(`#${id}\\b`).test(text));
  }

  it('refuses a bystander under the question in the words for a request that is not there', async () => {
    const { slack, team } = running;
    const asked = await ask(running, 'withdrawn by somebody else');

    await pressReply(running, team.zoe, asked, 'Withdraw');

    const told = await isTold(running, team.zoe, `There is no request #${asked.id} that you may see.`);
    expect(told).to.include({ channel: team.help.id, thread_ts: asked.ts });
    await stands(running, asked, 'new', 'nobody yet');
    expect(slack.sees(team.uli, `There is no request #${asked.id}`)).to.equal(false);
  });

  it('says the same of a number that does not exist', async () => {
    const { slack, team } = running;
    for (const value of ['999999', '999999999999999']) {
      const left = await leftBehind(running, team.help.id, { actionId: 'triage.withdraw', value });

      await slack.press(team.uli, left, 'triage.withdraw');

      await isTold(running, team.uli, `There is no request #${value} that you may see.`);
    }
  });

  it('refuses a responder what is for the asker', async () => {
    const { team } = running;
    const asked = await ask(running, 'for its asker only');
    await press(asked, 'Take it');
    await stands(running, asked, 'in progress');

    await pressReply(running, team.ana, asked, 'Withdraw');
    await isTold(running, team.ana, `Only the person who asked #${asked.id} can do that.`);
    await press(asked, 'Resolve');
    await stands(running, asked, 'resolved');
    await pressReply(running, team.ana, asked, 'It works');
    await running.slack.waitFor(() => toldOf(team.ana.id, asked).length === 2, 'a second refusal');

    await stands(running, asked, 'resolved', 'ana');
  });

  it('refuses an asker who is no responder what is for responders', async () => {
    const { slack, team } = running;
    const asked = await ask(running, 'for its responders only');
    const value = String(asked.id);
    for (const action of ['take', 'wait', 'not_request', 'pass']) {
      const actionId = `triage.${action}`;
      const left = await leftBehind(running, team.help.id, { actionId, value });
      await slack.press(team.uli, left, actionId);
    }

    const refusal = `Only the responders of #${asked.id}'s queue can do that.`;
    await slack.waitFor(
      () => toldOf(team.uli.id, asked).filter((text) => text.includes(refusal)).length === 4,
      'four refusals',
    );
    await stands(running, asked, 'new', 'nobody yet');
  });

  /** Whoever came second has been answered: once nothing more is to be said, that is all that is said. */
  async function answered(asked: Asked): Promise<void> {
    const { slack, team } = running;
    await slack.waitFor(
      () => [team.ana, team.ben].some(({ id }) => toldOf(id, asked).length > 0),
      'the second press to be answered',
    );
    await running.settled();
  }

  /** Both presses are on their way before anything is handled, as when somebody presses twice. */
  async function twice(asked: Asked, pick: string): Promise<void> {
    await Promise.all([press(asked, pick), press(asked, pick)]);
    await answered(asked);
  }

  for (const [pick, state, refusal] of [
    ['Take it', 'in progress', 'is yours already'],
    ['Not a request', 'not a request', 'is not a request, so that does not fit any more'],
  ] as const) {
    it(`does its work once when it is pressed twice, and says so the second time: ${pick}`, async () => {
      const asked = await ask(running, `twice: ${pick}`);

      await twice(asked, pick);

      await stands(running, asked, state);
      expect(toldOf(running.team.ana.id, asked)).to.have.length(1);
      expect(toldOf(running.team.ana.id, asked)[0]).to.include(`#${asked.id} ${refusal}`);
    });
  }

  for (const [pick, state, refusal] of [
    ['Resolve', 'resolved', 'is resolved already'],
    ['Waiting for asker', 'waiting', 'is waiting already'],
  ] as const) {
    it(`does its work once when it is pressed twice, and says so the second time: ${pick}`, async () => {
      const asked = await ask(running, `taken and twice: ${pick}`);
      await press(asked, 'Take it');
      await stands(running, asked, 'in progress');

      await twice(asked, pick);

      await stands(running, asked, state, 'ana');
      expect(toldOf(running.team.ana.id, asked)).to.have.length(1);
      expect(toldOf(running.team.ana.id, asked)[0]).to.include(`#${asked.id} ${refusal}`);
      const lines = running.slack.thread(asked.channel, asked.ts).map(textOf);
      expect(lines.filter((line) => /resolved|needs an answer/.test(line))).to.have.length(
        state === 'resolved' ? 2 : 1,
      );
    });
  }

  it('re-opens once, and neither confirms nor re-opens what is closed', async () => {
    const { slack, team } = running;
    const asked = await ask(running, 'twice: all the way');
    await press(asked, 'Take it');
    await stands(running, asked, 'in progress');
    await press(asked, 'Resolve');
    await stands(running, asked, 'resolved');
    await twice(asked, 'Re-open');
    expect(toldOf(team.ana.id, asked)[0]).to.include(`#${asked.id} is in progress already`);
    await press(asked, 'Resolve');
    await stands(running, asked, 'resolved');
    await pressReply(running, team.uli, asked, 'It works');
    await stands(running, asked, 'closed');

    for (const action of ['triage.confirm', 'triage.still_broken']) {
      const left = await leftBehind(running, team.help.id, { actionId: action, value: String(asked.id) });
      await slack.press(team.uli, left, action);
    }

    await isTold(running, team.uli, `#${asked.id} is closed already`);
    await isTold(running, team.uli, `#${asked.id} has ended. An end by mistake can be undone for 24 h`);
    await stands(running, asked, 'closed', 'ana');
  });

  it('brings back once what has ended once', async () => {
    const asked = await ask(running, 'twice: undone');
    await press(asked, 'Not a request');
    await stands(running, asked, 'not a request');

    await twice(asked, 'Undo');

    await stands(running, asked, 'new', 'nobody yet');
    expect(toldOf(running.team.ana.id, asked)).to.have.length(1);
    expect(toldOf(running.team.ana.id, asked)[0]).to.include(`There is nothing to undo on #${asked.id}`);
  });

  it('undoes nothing a day later', async () => {
    const { database, team } = running;
    const asked = await ask(running, 'undone too late');
    await press(asked, 'Not a request');
    await stands(running, asked, 'not a request');
    await database.pool.query(
      `update requests set exit = jsonb_set(exit, '{at}', to_jsonb((exit->>'at')::numeric - 25 * 3600000)) where id = $1`,
      [asked.id],
    );

    await press(asked, 'Undo');

    await isTold(running, team.ana, `#${asked.id} ended more than 24 h ago.`);
    await stands(running, asked, 'not a request');
  });

  it('lets one of two people take it who press at once, and tells the other who has it', async () => {
    const { slack, team } = running;
    const asked = await ask(running, 'taken by two');

    await Promise.all([press(asked, 'Take it', team.ana), press(asked, 'Take it', team.ben)]);
    await answered(asked);

    const [winner, loser] =
      toldOf(team.ana.id, asked).length === 0 ? [team.ana, team.ben] : [team.ben, team.ana];
    await stands(running, asked, 'in progress', winner.displayName);
    expect(toldOf(winner.id, asked)).to.deep.equal([]);
    expect(toldOf(loser.id, asked)).to.have.length(1);
    expect(toldOf(loser.id, asked)[0]).to.include(`${winner.displayName} has #${asked.id} already`);
    expect(
      slack.thread(asked.channel, asked.ts).filter((line) => textOf(line).includes('has *#')),
    ).to.have.length(2);
  });

  it('lets one of two people resolve it who press at once, and answers the other', async () => {
    const { team } = running;
    const asked = await ask(running, 'resolved by two');
    await press(asked, 'Take it', team.lea);
    await stands(running, asked, 'in progress', 'lea');

    await Promise.all([press(asked, 'Resolve', team.ana), press(asked, 'Resolve', team.ben)]);
    await answered(asked);

    const told = [...toldOf(team.ana.id, asked), ...toldOf(team.ben.id, asked)];
    expect(told).to.have.length(1);
    expect(told[0]).to.include(`#${asked.id} is resolved already`);
    await stands(running, asked, 'resolved', 'lea');
  });

  it('cannot move a request where there is only one queue, and says so to whoever pressed', async () => {
    const { slack, team } = running;
    const asked = await ask(running, 'nowhere to go');

    await press(asked, 'Move…');

    const told = await isTold(running, team.ana, 'There is only one queue here, so it cannot move.');
    expect(told.channel).to.equal(team.triage.id);
    expect(slack.views(team.ana)).to.deep.equal([]);
  });

  it('opens no form about a request that somebody may not see', async () => {
    const { slack, team } = running;
    const asked = await ask(running, 'not for zoe');
    const left = await leftBehind(running, team.help.id, {
      actionId: 'triage.priority',
      value: String(asked.id),
    });

    await slack.press(team.zoe, left, 'triage.priority');

    await isTold(running, team.zoe, `There is no request #${asked.id} that you may see.`);
    expect(slack.views(team.zoe)).to.deep.equal([]);
  });

  it('shows nothing of a request to those who may not see it', async () => {
    const { slack, team } = running;
    slack.dm(team.uli, 'uli asks for more money');
    const card = await running.cardOf('more money');
    const id = running.numberOf(card);
    const left = await leftBehind(running, team.help.id, { actionId: 'triage.show', value: String(id) });

    await slack.press(team.zoe, left, 'triage.show');

    await isTold(running, team.zoe, `There is no request #${id} that you may see.`);
    expect(slack.sees(team.zoe, 'more money')).to.equal(false);
  });

  it('shows an asker their own request, wherever they press', async () => {
    const { slack, team } = running;
    const asked = await ask(running, 'shown to its asker');
    const left = await leftBehind(running, team.help.id, {
      actionId: 'triage.show',
      value: String(asked.id),
    });
    const inDm = await leftBehind(running, slack.dmOf(team.uli), {
      actionId: 'triage.show',
      value: String(asked.id),
    });

    await slack.press(team.uli, left, 'triage.show');
    await slack.press(team.uli, inDm, 'triage.show');

    await isTold(running, team.uli, 'shown to its asker');
    await isSent(running, team.uli, 'shown to its asker');
  });

  for (const [what, actionId, value] of [
    ['of a version that knew other ones', 'triage.fly', '12'],
    ['of a menu that knew other ones', 'triage.more', 'fly:12'],
    ['with something else for a number', 'triage.take', 'twelve'],
  ] as const) {
    it(`says that it is out of date when it is ${what}`, async () => {
      const { slack, team } = running;
      const left = await leftBehind(running, slack.dmOf(team.ben), { actionId, value });
      const sent = slack.messages(slack.dmOf(team.ben)).length;
      await slack.press(team.ben, left, actionId);

      await slack.waitFor(
        () =>
          slack
            .messages(slack.dmOf(team.ben))
            .slice(sent)
            .some((one) => textOf(one).includes('That button is out of date')),
        'the answer',
      );
      expect(running.logger.lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
    });
  }

  it('is left alone when it is of somebody else', async () => {
    await tellsNothing(running, running.team.ben, { actionId: 'approve', value: '12' });
  });
});

import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import {
  type Asked,
  asItWas,
  ask,
  inHours,
  isSent,
  leftBehind,
  messageAt,
  offered,
  opened,
  reads,
  stands,
} from '../support/pressing.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Person } from '../workspace/wire.ts';

describe('the buttons of who is asked to take a request, and who is on duty', () => {
  let running: RunningApp;

  before(async () => {
    running = await runningApp({ times: '    ladder: { normal: [0s, 1h, 2h, 1d] }' });
  });

  after(() => running.stop());

  afterEach(() => {
    expect(running.slack.userErrors()).to.deep.equal([]);
    expect(running.slack.complaints()).to.deep.equal([]);
  });

  interface AskedOf {
    /** Whose turn it is, and who comes next. */
    readonly duty: Person;
    readonly next: Person;
    /** What the first of them was sent. */
    readonly question: { readonly channel: string; readonly ts: string };
  }

  /** The rotation is ana and ben, a week each; lea may stand in. */
  async function isAsked({ id }: Asked): Promise<AskedOf> {
    const { slack, team } = running;
    return slack.waitFor(() => {
      for (const duty of [team.ana, team.ben, team.lea]) {
        const channel = slack.dmOf(duty);
        const found = slack.messages(channel).find((one) => textOf(one).includes(`nobody has *#${id}* yet`));
        const next = duty === team.ana ? team.ben : team.ana;
        if (found !== undefined) return { duty, next, question: { channel, ts: found.ts } };
      }
      return undefined;
    }, 'somebody on duty to be asked');
  }

  it('are Take it, Pass and Snooze; Take it makes it theirs', async () => {
    const asked = await ask(running, 'taken from the DM');
    const { duty, question } = await isAsked(asked);
    expect(offered(messageAt(running, question))).to.deep.equal(['Take it', 'Pass', 'Snooze']);

    await running.slack.press(duty, question, 'Take it');

    await stands(running, asked, 'in progress', duty.displayName);
    await reads(
      running,
      question,
      '*taken from the DM*',
      `${duty.displayName} took *#${asked.id}*.`,
      'Open the card',
    );
    expect(offered(messageAt(running, question))).to.deep.equal([]);
  });

  it('are Pass, which asks the next at once and changes no state; pressed again it says so', async () => {
    const { slack } = running;
    const asked = await ask(running, 'passed on from the DM');
    const { duty, next, question } = await isAsked(asked);
    const old = await asItWas(running, question);

    await slack.press(duty, question, 'Pass');
    const passedOn = await isSent(running, next, `Nobody has taken *#${asked.id}*`);
    await running.shows(asked.card, 'new', `${duty.displayName} passed on it`);
    await reads(running, question, `${duty.displayName} passed on *#${asked.id}*`);
    await slack.press(duty, old, 'Pass');

    await isSent(running, duty, `#${asked.id} is that way already`);
    expect(slack.messages(slack.dmOf(next)).filter(({ ts }) => ts === passedOn.ts)).to.have.length(1);
    await slack.press(next, passedOn, 'Take it');
    await stands(running, asked, 'in progress', next.displayName);
  });

  it('are Snooze, which asks until when and is confirmed to whoever pressed alone', async () => {
    const { slack } = running;
    const asked = await ask(running, 'snoozed from the DM');
    const { duty, next, question } = await isAsked(asked);

    await slack.press(duty, question, 'Snooze');
    await opened(running, duty, `Snooze #${asked.id}`);
    await slack.submit(duty, { until: inHours(2) });

    await isSent(running, duty, `Your reminders for #${asked.id} are off until`);
    await stands(running, asked, 'new', 'nobody yet');
    expect(slack.sees(next, `Your reminders for #${asked.id}`)).to.equal(false);
  });

  it('tell whoever takes it second who was first', async () => {
    const { slack, team } = running;
    const asked = await ask(running, 'taken by lea before');
    const { duty, question } = await isAsked(asked);
    await running.press(team.lea, asked.card, 'Take it');
    await stands(running, asked, 'in progress', 'lea');

    await slack.press(duty, question, 'Take it');

    await isSent(running, duty, `has #${asked.id} already`);
    await stands(running, asked, 'in progress', 'lea');
  });

  it('are refused to somebody who has left the triage channel, in words that tell nothing', async () => {
    const { slack, team } = running;
    const asked = await ask(running, 'asked and gone');
    const { duty, question } = await isAsked(asked);
    slack.leave(duty, team.triage);
    await running.settled();
    const pressed = ['Take it', 'Pass', 'Snooze'] as const;

    for (const pick of pressed) await slack.press(duty, question, pick);

    await slack.waitFor(
      () =>
        slack
          .messages(slack.dmOf(duty))
          .filter((one) => textOf(one).includes(`There is no request #${asked.id} that you may see.`))
          .length === pressed.length,
      'three refusals',
    );
    await stands(running, asked, 'new', 'nobody yet');
    expect(
      slack.views(duty).filter(({ body }) => JSON.stringify(body).includes(`#${asked.id}`)),
    ).to.deep.equal([]);
    slack.join(duty, team.triage);
    await running.settled();
  });

  it('are Change … under who is on duty, which asks who shall be and until when, and says so', async () => {
    const { slack, team } = running;
    await slack.slash(team.ben, team.triage, '/triage', 'duty');
    const shown = await slack.waitFor(
      () => slack.ephemerals(team.ben).find((one) => textOf(one).includes('Change it…')),
      'who is on duty',
    );

    await slack.press(team.ben, { channel: team.triage.id, ts: shown.ts }, 'Change it…');
    await opened(running, team.ben, 'On duty');
    await slack.submit(team.ben, { person: team.lea.id, until: inHours(5) });

    await isSent(running, team.ben, '*it*: lea until');
    const asked = await ask(running, 'lea stands in');
    await isSent(running, team.lea, `nobody has *#${asked.id}* yet`);
  });

  it('open no form for a queue that is no longer there', async () => {
    const { slack, team } = running;
    const left = await leftBehind(running, slack.dmOf(team.ben), {
      actionId: 'triage.set_duty',
      value: 'gone',
    });
    await slack.press(team.ben, left, 'triage.set_duty');

    await isSent(running, team.ben, 'That button is out of date');
    expect(slack.views(team.ben)).to.deep.equal([]);
  });

  it('are answered where the request was resolved meanwhile', async () => {
    const { slack, team } = running;
    const asked = await ask(running, 'resolved before it is taken');
    const { duty, question } = await isAsked(asked);
    await running.press(team.ana, asked.card, 'Take it');
    await stands(running, asked, 'in progress', 'ana');
    await running.press(team.ana, asked.card, 'Resolve');
    await stands(running, asked, 'resolved');

    await slack.press(duty, question, 'Take it');

    await isSent(running, duty, `#${asked.id} is resolved, so that does not fit any more. Re-open it first.`);
    await reads(running, asked.card, '*Owner*\nana');
  });
});

import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { type Asked, ask, isSent, isTold, leftBehind, offered, opened, stands } from '../support/pressing.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { textOf } from '../workspace/text-of.ts';

type Seen = (asked: Asked) => Promise<unknown>;

describe('More… on a card', () => {
  let running: RunningApp;

  before(async () => {
    running = await runningApp({
      moreQueues: `
  - name: hr
    triage_channel: "#triage-hr"
    rotation: ["@lea"]`,
      before: (slack, { ana, lea }) => {
        slack.channels.add({ name: 'triage-hr', isPrivate: true, members: [ana, lea] });
      },
    });
  });

  after(() => running.stop());

  afterEach(() => {
    expect(running.slack.userErrors()).to.deep.equal([]);
    expect(running.slack.complaints()).to.deep.equal([]);
  });

  const is =
    (state: string, owner = 'ana'): Seen =>
    (asked) =>
      stands(running, asked, state, owner);
  const opens =
    (title: string): Seen =>
    (asked) =>
      opened(running, running.team.ana, `${title} #${asked.id}`);
  const sends =
    (words: (id: number) => string): Seen =>
    (asked) =>
      isSent(running, running.team.ana, words(asked.id));

  async function more(asked: Asked): Promise<readonly string[]> {
    await running.press(running.team.ana, asked.card, 'More…');
    return offered((await opened(running, running.team.ana, `#${asked.id}`)).body);
  }

  async function take(asked: Asked): Promise<void> {
    await running.press(running.team.ana, asked.card, 'Take it');
    await is('in progress')(asked);
  }

  /** In the DM of whoever pressed, and not before they did. */
  const answers =
    (words: string): Seen =>
    () => {
      const { slack, team } = running;
      const dm = slack.dmOf(team.ana);
      return slack.waitFor(
        () =>
          slack
            .messages(dm)
            .slice(sentBefore)
            .some((one) => textOf(one).includes(words)),
        `an answer: ${words}`,
      );
    };
  let sentBefore = 0;

  const ALWAYS: readonly (readonly [string, Seen])[] = [
    ['Details', sends((id) => `*#${id}* · *`)],
    ['Who is on duty?', answers('*it*: ')],
    ['Help', answers('To ask: write me a DM')],
  ];
  const FORMS: readonly (readonly [string, Seen])[] = [
    ['Assign…', opens('Assign')],
    ['Resolve with a note…', opens('Resolve')],
    ['Hold…', opens('Put on hold')],
    ['Priority…', opens('Priority')],
    ['Move…', opens('Move')],
    ['Duplicate…', opens('Duplicate')],
    ['Decline…', opens('Decline')],
    ['Snooze…', opens('Snooze')],
    ['Remind me…', opens('Remind me')],
  ];
  const STATES: readonly (readonly [
    state: string,
    reach: Seen,
    entries: readonly (readonly [string, Seen])[],
  ])[] = [
    [
      'new',
      () => Promise.resolve(),
      [
        ['Take it', is('in progress')],
        ['Resolve', is('resolved')],
        ['Waiting for asker', is('waiting')],
        ['Not a request', is('not a request', 'nobody')],
        ...FORMS,
        ...ALWAYS,
      ],
    ],
    [
      'in progress',
      take,
      [
        ['Pass', is('new', 'nobody yet')],
        ['Resolve', is('resolved')],
        ['Waiting for asker', is('waiting')],
        ['Not a request', is('not a request')],
        ...FORMS,
        ...ALWAYS,
      ],
    ],
    [
      'waiting',
      async (asked) => {
        await take(asked);
        await running.press(running.team.ana, asked.card, 'Waiting for asker');
        await is('waiting')(asked);
      },
      [
        ['Pass', is('new', 'nobody yet')],
        ['Resolve', is('resolved')],
        ['Unhold', is('in progress')],
        ['Not a request', is('not a request')],
        ...FORMS,
        ...ALWAYS,
      ],
    ],
    [
      'resolved',
      async (asked) => {
        await take(asked);
        await running.press(running.team.ana, asked.card, 'Resolve');
        await is('resolved')(asked);
      },
      [['Re-open', is('in progress')], ['Remind me…', opens('Remind me')], ...ALWAYS],
    ],
  ];

  for (const [state, reach, entries] of STATES) {
    describe(`of a request that is ${state}`, () => {
      it('offers everything that fits, and nothing else', async () => {
        const asked = await ask(running, `everything that fits: ${state}`);
        await reach(asked);

        expect(await more(asked)).to.have.members(entries.map(([pick]) => pick));
      });

      for (const [pick, seen] of entries) {
        it(`does or answers what is pressed: ${pick}`, async () => {
          const asked = await ask(running, `${state}, then ${pick}`);
          await reach(asked);
          await more(asked);
          sentBefore = running.slack.messages(running.slack.dmOf(running.team.ana)).length;

          await running.slack.pressInView(running.team.ana, pick);

          await seen(asked);
        });
      }
    });
  }

  it('of a request that has ended offers to undo that, pressed on a card that is behind', async () => {
    const { slack, team } = running;
    const asked = await ask(running, 'ended behind the card');
    await running.press(team.ana, asked.card, 'Not a request');
    await is('not a request', 'nobody')(asked);
    const behind = await leftBehind(running, team.triage.id, {
      actionId: 'triage.all',
      value: String(asked.id),
    });

    await slack.press(team.ben, behind, 'triage.all');

    const shown = await opened(running, team.ben, `#${asked.id}`);
    expect(offered(shown.body)).to.deep.equal(['Undo', 'Details', 'Who is on duty?', 'Help']);
    await slack.pressInView(team.ben, 'Undo');
    await is('new', 'nobody yet')(asked);
  });

  it('is not shown to those who may not see the request', async () => {
    const { slack, team } = running;
    const asked = await ask(running, 'More… for nobody else');
    const behind = await leftBehind(running, team.help.id, {
      actionId: 'triage.all',
      value: String(asked.id),
    });

    await slack.press(team.zoe, behind, 'triage.all');

    await isTold(running, team.zoe, `There is no request #${asked.id} that you may see.`);
    expect(slack.views(team.zoe)).to.deep.equal([]);
  });

  it('lets a responder who asked it themselves withdraw it', async () => {
    const { slack, team } = running;
    slack.say(team.ana, team.help, 'ana asks and withdraws');
    const card = await running.cardOf('ana asks and withdraws');
    const asked = { id: running.numberOf(card), card: { channel: team.triage.id, ts: card.ts } };
    await running.press(team.ana, card, 'More…');
    await opened(running, team.ana, `#${asked.id}`);

    await slack.pressInView(team.ana, 'Withdraw');

    await stands(running, asked, 'withdrawn');
  });

  it('that cannot be opened is only logged, and opens at the next press', async () => {
    const { slack, team, logger } = running;
    const asked = await ask(running, 'More… at the second press');
    slack.failNext('views.open', { kind: 'error', error: 'internal_error' });

    await running.press(team.lea, asked.card, 'More…');
    await running.settled();
    expect(slack.views(team.lea)).to.deep.equal([]);
    expect(logger.lines.filter(({ message }) => message === 'a form could not be opened')).to.have.length(1);
    await running.press(team.lea, asked.card, 'More…');

    await opened(running, team.lea, `#${asked.id}`);
    expect(logger.lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
    expect(slack.ephemerals(team.lea)).to.deep.equal([]);
  });
});

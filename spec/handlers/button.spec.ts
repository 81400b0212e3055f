import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import {
  type Asked,
  ask,
  inHours,
  isSent,
  isTold,
  messageAt,
  offered,
  opened,
  pressReply,
  stands,
} from '../support/pressing.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';

/** What a press leads to: said in words, and waited for. */
type Entry = readonly [press: string, leadsTo: string, seen: (asked: Asked) => Promise<unknown>];

describe('the buttons and the menu of a card', () => {
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

  const press = (asked: Asked, pick: string, who = running.team.ana) => running.press(who, asked.card, pick);
  const is =
    (state: string, owner = 'ana') =>
    (asked: Asked) =>
      stands(running, asked, state, owner);
  const opens = (title: string) => (asked: Asked) =>
    opened(running, running.team.ana, `${title}#${asked.id}`);

  async function take(asked: Asked): Promise<void> {
    await press(asked, 'Take it');
    await is('in progress')(asked);
  }

  async function wait(asked: Asked): Promise<void> {
    await take(asked);
    await press(asked, 'Waiting for asker');
    await is('waiting')(asked);
  }

  async function hold(asked: Asked): Promise<void> {
    await take(asked);
    await press(asked, 'Hold…');
    await opens('Put on hold ')(asked);
    await running.slack.submit(running.team.ana, { until: inHours(48), reason: 'the vendor' });
    await is('on hold')(asked);
  }

  async function resolve(asked: Asked): Promise<void> {
    await take(asked);
    await press(asked, 'Resolve');
    await is('resolved')(asked);
  }

  const STATES: readonly (readonly [state: string, reach: (asked: Asked) => Promise<unknown>, Entry[]])[] = [
    [
      'new',
      () => Promise.resolve(),
      [
        ['Take it', 'makes it theirs', (asked) => is('in progress')(asked)],
        ['Assign', 'asks to whom', opens('Assign ')],
        ['Not a request', 'ends it', is('not a request', 'nobody')],
        ['Priority…', 'asks which', opens('Priority ')],
        ['Hold…', 'asks until when and why', opens('Put on hold ')],
        ['Duplicate…', 'asks of which', opens('Duplicate ')],
        ['Move…', 'asks where to', opens('Move ')],
        ['More…', 'shows everything else', opens('')],
      ],
    ],
    [
      'in_progress',
      take,
      [
        ['Resolve', 'resolves it', is('resolved')],
        ['Waiting for asker', 'pauses it', is('waiting')],
        ['Hand over', 'asks to whom', opens('Assign ')],
        ['Priority…', 'asks which', opens('Priority ')],
        ['Hold…', 'asks until when and why', opens('Put on hold ')],
        ['Duplicate…', 'asks of which', opens('Duplicate ')],
        ['Move…', 'asks where to', opens('Move ')],
        ['More…', 'shows everything else', opens('')],
      ],
    ],
    [
      'waiting',
      wait,
      [
        ['Resolve', 'resolves it', is('resolved')],
        ['Unhold', 'goes on with it', is('in progress')],
        ['Hand over…', 'asks to whom', opens('Assign ')],
        ['Hold…', 'asks until when and why', opens('Put on hold ')],
        ['Priority…', 'asks which', opens('Priority ')],
        ['Duplicate…', 'asks of which', opens('Duplicate ')],
        ['More…', 'shows everything else', opens('')],
      ],
    ],
    [
      'on_hold',
      hold,
      [
        ['Resolve', 'resolves it', is('resolved')],
        ['Unhold', 'goes on with it', is('in progress')],
        ['Hand over…', 'asks to whom', opens('Assign ')],
        ['Waiting for asker', 'waits for the asker instead', is('waiting')],
        ['Hold…', 'asks until when and why', opens('Put on hold ')],
        ['Priority…', 'asks which', opens('Priority ')],
        ['More…', 'shows everything else', opens('')],
      ],
    ],
    [
      'resolved',
      resolve,
      [
        ['Re-open', 'goes on with it', is('in progress')],
        [
          'Details',
          'shows it in full to whoever pressed',
          async (asked) => {
            const shown = await isTold(running, running.team.ana, `*#${asked.id}* · *resolved: Details*`);
            expect(shown.channel).to.equal(running.team.triage.id);
          },
        ],
        ['Remind me…', 'asks when', opens('Remind me ')],
        ['More…', 'shows everything else', opens('')],
      ],
    ],
  ];

  for (const [state, reach, entries] of STATES) {
    describe(`of a request that is ${state}`, () => {
      it(`are ${entries.map(([pick]) => pick).join(', ')}, and no others`, async () => {
        const asked = await ask(running, `${state}: which buttons`);
        await reach(asked);

        expect(offered(messageAt(running, asked.card))).to.deep.equal(entries.map(([pick]) => pick));
      });

      for (const [pick, leadsTo, seen] of entries) {
        it(`“${pick}” ${leadsTo}`, async () => {
          const asked = await ask(running, `${state}: ${pick}`);
          await reach(asked);

          await press(asked, pick);

          await seen(asked);
        });
      }
    });
  }

  describe('of a request that waits or is on hold and has lost its owner', () => {
    for (const [state, reach] of [
      ['waiting', 'Waiting for asker'],
      ['on hold', 'Hold…'],
    ] as const) {
      it(`begin the menu with Take it, which changes the owner only: ${state}`, async () => {
        const { slack, team } = running;
        const max = slack.people.add({ name: `max-${state.replace(' ', '-')}`, realName: 'Max' });
        slack.join(max, team.triage);
        const asked = await ask(running, `lost its owner: ${state}`);
        await running.settled();
        await press(asked, 'Take it', max);
        await stands(running, asked, 'in progress', max.displayName);
        await press(asked, reach, max);
        if (state === 'on hold') {
          await opened(running, max, `Put on hold #${asked.id}`);
          await slack.submit(max, { until: inHours(2), reason: 'the vendor' });
        }
        await stands(running, asked, state, max.displayName);
        slack.leave(max, team.triage);
        await stands(running, asked, state, 'nobody yet');

        expect(offered(messageAt(running, asked.card))[2]).to.equal('Take it');
        await press(asked, 'Take it');

        await stands(running, asked, state, 'ana');
      });
    }
  });

  describe('of a request that has ended', () => {
    const EXITS: readonly (readonly [state: string, reach: (asked: Asked) => Promise<unknown>])[] = [
      ['not a request', (asked) => press(asked, 'Not a request')],
      [
        'duplicate',
        async (asked) => {
          const first = await ask(running, 'the first of two');
          await press(asked, 'Duplicate…');
          await opens('Duplicate ')(asked);
          await running.slack.submit(running.team.ana, { of: `#${first.id}` });
        },
      ],
      [
        'declined',
        async (asked) => {
          await press(asked, 'More…');
          await opens('')(asked);
          await running.slack.pressInView(running.team.ana, 'Decline…');
          await opens('Decline ')(asked);
          await running.slack.submit(running.team.ana, { reason: 'Not ours' });
        },
      ],
      ['withdrawn', (asked) => pressReply(running, running.team.uli, asked, 'Withdraw')],
    ];

    for (const [state, reach] of EXITS) {
      it(`are Undo, which goes back to the state and owner before: ${state}`, async () => {
        const asked = await ask(running, `undone: ${state}`);
        if (state === 'withdrawn') await take(asked);
        await reach(asked);
        await stands(running, asked, state);

        expect(offered(messageAt(running, asked.card))).to.deep.equal(['Undo', 'Details', 'More…']);
        await press(asked, 'Undo', running.team.ben);

        await (state === 'withdrawn' ? is('in progress')(asked) : is('new', 'nobody yet')(asked));
      });
    }

    it('are only what can be read once it is closed', async () => {
      const asked = await ask(running, 'closed: which buttons');
      await resolve(asked);
      await pressReply(running, running.team.uli, asked, 'It works');
      await is('closed')(asked);

      expect(offered(messageAt(running, asked.card))).to.deep.equal(['Details', 'More…']);
    });
  });

  it('let any responder do what the owner may: the card names who did it, and the owner is told', async () => {
    const asked = await ask(running, 'done by a colleague');
    await take(asked);

    await press(asked, 'Resolve', running.team.ben);

    await is('resolved')(asked);
    await running.shows(asked.card, 'Ben resolved it');
    await isSent(running, running.team.ana, `ben resolved your *#${asked.id}*`);
  });

  it('give the one who resolves what nobody had the ownership of it', async () => {
    const asked = await ask(running, 'resolved at once');
    await press(asked, 'More…');
    await opens('')(asked);

    await running.slack.pressInView(running.team.ana, 'Resolve');

    await is('resolved')(asked);
  });
});

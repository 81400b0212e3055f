import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import {
  type Asked,
  ask,
  inHours,
  isSent,
  leftBehind,
  opened,
  openForm,
  openOlder,
  stands,
} from '../support/pressing.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Channel, Person } from '../workspace/wire.ts';

type Values = Readonly<Record<string, string | null>>;

describe('a form whose values or moment are wrong', () => {
  let running: RunningApp;
  let triageHr: Channel;

  before(async () => {
    running = await runningApp({
      moreQueues: `
  - name: hr
    triage_channel: "#triage-hr"
    rotation: ["@lea"]`,
      before: (slack, { lea }) => {
        triageHr = slack.channels.add({ name: 'triage-hr', isPrivate: true, members: [lea] });
      },
    });
  });

  after(() => running.stop());

  afterEach(() => {
    expect(running.slack.userErrors()).to.deep.equal([]);
    expect(running.slack.complaints()).to.deep.equal([]);
  });

  /** All that is stored of a request, as one text. */
  async function stored({ id }: Asked): Promise<string> {
    const { rows } = await running.database.pool.query('select * from requests where id = $1', [id]);
    return JSON.stringify(rows);
  }

  async function countOfRequests(): Promise<number> {
    const { rows } = await running.database.pool.query<{ n: number }>('select count(*) as n from requests');
    return rows[0]!.n;
  }

  const form = (asked: Asked, action: string, title: string, who: Person = running.team.ana) =>
    openForm(running, who, asked, action, title);
  const submit = (values: Values, who: Person = running.team.ana) => running.slack.submit(who, values);

  describe('says in the form what is wrong, by its input, and stores nothing', () => {
    const PASSED = 'That moment has passed. Choose one that is still to come.';
    const HOUR_AGO = inHours(-1);
    const WRONG: readonly (readonly [
      action: string,
      title: string,
      wrong: Values,
      errors: Readonly<Record<string, string>>,
    ])[] = [
      [
        'hold',
        'Put on hold',
        { until: HOUR_AGO, reason: ' \n ' },
        { until: PASSED, reason: 'Say what it is waiting for.' },
      ],
      ['hold', 'Put on hold', { until: HOUR_AGO, reason: 'the vendor' }, { until: PASSED }],
      [
        'duplicate',
        'Duplicate',
        { of: 'the other one' },
        { of: 'Write the number of the other request, like #12.' },
      ],
      ['decline', 'Decline', { reason: '   ' }, { reason: 'Say why: the person who asked reads it.' }],
      [
        'resolve_note',
        'Resolve',
        { note: '\n' },
        { note: 'Say what was done, or press Resolve without a note.' },
      ],
      ['snooze', 'Snooze', { until: HOUR_AGO }, { until: PASSED }],
      ['remind', 'Remind me', { until: HOUR_AGO }, { until: PASSED }],
    ];

    for (const [action, title, wrong, errors] of WRONG) {
      it(`${title}: ${Object.keys(errors).join(', ')}`, async () => {
        const asked = await ask(running, `wrong values: ${title} ${Object.keys(errors).length}`);
        await form(asked, action, title);
        await running.settled();
        const earlier = await stored(asked);

        const answer = await submit(wrong);
        await running.settled();

        expect(answer.errors).to.deep.equal(errors);
        expect(await stored(asked)).to.equal(earlier);
        expect(running.slack.views(running.team.ana)).to.have.length(1);
        await running.slack.dismiss(running.team.ana);
      });
    }

    it('takes the same form once it is right', async () => {
      const asked = await ask(running, 'wrong at first');
      await form(asked, 'hold', 'Put on hold');
      expect((await submit({ until: HOUR_AGO, reason: 'x' })).errors).to.have.property('until');

      const answer = await submit({ until: inHours(1), reason: 'x' });

      expect(answer.errors).to.equal(undefined);
      await stands(running, asked, 'on hold', 'ana');
    });

    it('New request: text', async () => {
      const { slack, team } = running;
      const earlier = await countOfRequests();
      await slack.shortcut(team.uli, 'new_request');
      await opened(running, team.uli, 'New request');

      const { errors } = await submit({ text: '  \n ' }, team.uli);
      await running.settled();

      expect(errors).to.deep.equal({ text: 'Say what you need.' });
      expect(await countOfRequests()).to.equal(earlier);
      await slack.dismiss(team.uli);
    });

    it('On duty: until', async () => {
      await openDuty(running.team.ana);

      const { errors } = await submit({ person: running.team.ben.id, until: HOUR_AGO });

      expect(errors).to.deep.equal({ until: PASSED });
      const { rows } = await running.database.pool.query('select * from duty_overrides');
      expect(rows).to.deep.equal([]);
      await running.slack.dismiss(running.team.ana);
    });
  });

  async function openDuty(who: Person, queue = 'it'): Promise<void> {
    const channel = who === running.team.zoe ? running.team.help : running.team.triage;
    const left = await leftBehind(running, channel.id, { actionId: 'triage.set_duty', value: queue });
    await running.slack.press(who, left, 'triage.set_duty');
    await opened(running, who, 'On duty');
  }

  describe('tells whoever submitted by DM why not, and changes nothing', () => {
    /** ana (or somebody else) submits a form, is told this, and the request stays as it was. */
    async function isRefused(
      asked: Asked,
      values: Values,
      words: string,
      who: Person = running.team.ana,
    ): Promise<void> {
      const { slack } = running;
      await running.settled();
      const earlier = await stored(asked);
      const sent = slack.messages(slack.dmOf(who)).length;

      const { errors } = await submit(values, who);

      expect(errors).to.equal(undefined);
      await slack.waitFor(
        () =>
          slack
            .messages(slack.dmOf(who))
            .slice(sent)
            .some((one) => textOf(one).includes(words)),
        `a DM that says ${words}`,
      );
      await running.settled();
      expect(await stored(asked)).to.equal(earlier);
    }

    it('when it is assigned to somebody who is not in the triage channel', async () => {
      const asked = await ask(running, 'assigned to zoe');
      await form(asked, 'assign', 'Assign');

      await isRefused(
        asked,
        { person: running.team.zoe.id },
        `is not in the triage channel of #${asked.id}'s queue`,
      );
    });

    it('when it is handed over to who has it', async () => {
      const asked = await ask(running, 'handed over to lea again');
      await running.press(running.team.lea, asked.card, 'Take it');
      await stands(running, asked, 'in progress', 'lea');
      await form(asked, 'assign', 'Assign');

      await isRefused(asked, { person: running.team.lea.id }, `has #${asked.id} already`);
    });

    it('when the priority is that one already', async () => {
      const asked = await ask(running, 'normal and normal');
      await form(asked, 'priority', 'Priority');

      await isRefused(asked, { level: 'normal' }, `#${asked.id} is that way already`);
    });

    it('when it would be a duplicate of itself, of none, or of one that they may not see', async () => {
      const { slack, team } = running;
      slack.dm(team.uli, 'uli and lea only');
      const secret = await running.cardOf('uli and lea only');
      const id = running.numberOf(secret);
      const moved = { id, channel: '', ts: '', card: { channel: team.triage.id, ts: secret.ts } };
      await form(moved, 'move', 'Move', team.lea);
      await submit({ queue: 'hr' }, team.lea);
      await slack.waitFor(
        () => slack.messages(triageHr).some((one) => textOf(one).includes(`#${id}`)),
        'the move',
      );
      const asked = await ask(running, 'a duplicate of what');

      for (const [of, words] of [
        [asked.id, `#${asked.id} cannot be a duplicate of itself`],
        [987_654, 'There is no request #987654 that you may see.'],
        [999_999_999_999_999, 'There is no request #999999999999999 that you may see.'],
        [id, `There is no request #${id} that you may see.`],
      ] as const) {
        await form(asked, 'duplicate', 'Duplicate');
        await isRefused(asked, { of: `#${of}` }, words);
      }
    });

    it('when it was resolved while the form was open', async () => {
      const asked = await ask(running, 'resolved behind the form');
      await form(asked, 'hold', 'Put on hold');
      await running.press(running.team.ben, asked.card, 'Take it');
      await stands(running, asked, 'in progress', 'ben');
      await running.press(running.team.ben, asked.card, 'Resolve');
      await stands(running, asked, 'resolved');

      await isRefused(
        asked,
        { until: inHours(1), reason: 'x' },
        `#${asked.id} is resolved, so that does not fit`,
      );
    });

    it('when it was moved to that queue while the form was open, or out of their sight', async () => {
      const { team } = running;
      const asked = await ask(running, 'moved behind the form');
      await form(asked, 'move', 'Move', team.lea);
      await form(asked, 'decline', 'Decline');
      await form(asked, 'move', 'Move', team.ben);
      await submit({ queue: 'hr' }, team.ben);
      const { slack } = running;
      await slack.waitFor(
        () => slack.messages(triageHr).some((one) => textOf(one).includes('moved behind the form')),
        'the move',
      );

      await isRefused(asked, { queue: 'hr' }, `#${asked.id} is in that queue already`, team.lea);
      await isRefused(asked, { reason: 'x' }, `There is no request #${asked.id} that you may see.`);
    });

    it('when they have left the triage channel while the form was open', async () => {
      const { slack, team } = running;
      const max = slack.people.add({ name: 'max' });
      slack.join(max, team.triage);
      const asked = await ask(running, 'max was here');
      await running.settled();
      for (const [action, title, values] of [
        ['resolve_note', 'Resolve', { note: 'x' }],
        ['remind', 'Remind me', { until: inHours(1) }],
      ] as const) {
        slack.join(max, team.triage);
        await running.settled();
        await form(asked, action, title, max);
        slack.leave(max, team.triage);
        await running.settled();
        await isRefused(asked, values, `There is no request #${asked.id} that you may see.`, max);
      }
      expect(slack.messages(slack.dmOf(max)).filter(({ user }) => user === slack.botUserId)).to.have.length(
        2,
      );
    });

    it('when an asker who is no responder wants what is for responders', async () => {
      const { slack, team } = running;
      const asked = await ask(running, 'uli wants to decide');
      for (const [action, title, values] of [
        ['assign', 'Assign', { person: team.ana.id }],
        ['snooze', 'Snooze', { until: inHours(1) }],
      ] as const) {
        const actionId = `triage.${action}`;
        const left = await leftBehind(running, team.help.id, { actionId, value: String(asked.id) });
        await slack.press(team.uli, left, actionId);
        await opened(running, team.uli, `${title} #${asked.id}`);
        await isRefused(asked, values, `Only the responders of #${asked.id}'s queue can do that.`, team.uli);
      }
    });

    it('when somebody sets who is on duty who is no responder, or sets somebody who is none', async () => {
      const { team } = running;
      await openDuty(team.zoe);
      await submit({ person: team.zoe.id, until: inHours(1) }, team.zoe);
      await isSent(running, team.zoe, 'Only responders can change who is on duty');
      await openDuty(team.ana, 'hr');
      await submit({ person: team.lea.id, until: inHours(1) });
      await isSent(running, team.ana, 'Only responders can change who is on duty');
      await openDuty(team.ana);
      await submit({ person: team.zoe.id, until: inHours(1) });

      await isSent(running, team.ana, 'is not in the triage channel of it.');
      const { rows } = await running.database.pool.query('select * from duty_overrides');
      expect(rows).to.deep.equal([]);
    });
  });

  for (const [what, callbackId, metadata] of [
    ['a form that this version does not have', 'change.fly', '1'],
    ['a form of something else', 'survey', '1'],
    ['a form that says of no request', 'change.priority', 'one'],
  ] as const) {
    it(`changes nothing and says that it is out of date: ${what}`, async () => {
      const { slack, team, logger } = running;
      await openOlder(running, team.lea, callbackId, metadata, {
        level: {
          type: 'static_select',
          options: [{ text: { type: 'plain_text', text: 'high' }, value: 'high' }],
        },
      });
      const sent = slack.messages(slack.dmOf(team.lea)).length;

      const { errors } = await submit({ level: 'high' }, team.lea);

      expect(errors).to.equal(undefined);
      await slack.waitFor(
        () =>
          slack
            .messages(slack.dmOf(team.lea))
            .slice(sent)
            .some((one) => textOf(one).includes('That form is out of date, and nothing was done')),
        'the answer',
      );
      expect(logger.lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
    });
  }
});

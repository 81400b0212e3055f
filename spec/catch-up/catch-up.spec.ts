import { expect } from 'chai';
import { describe, it } from 'mocha';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { waitFor } from '../support/wait-for.ts';
import { textOf } from '../workspace/text-of.ts';
import { DAY_MS, ownDaemon } from './gap.ts';

describe('what happened in a gap', function () {
  this.timeout(40_000);

  describe('is none of ours', () => {
    let running: RunningApp;
    const { gap, cardsOf } = ownDaemon((own) => {
      running = own;
    });

    it('when it was before the bot came into the channel', async () => {
      const { slack, team } = running;
      const late = slack.channels.add({ name: 'late', members: [team.uli, team.zoe], bot: false });
      await gap(() => {
        slack.say(team.uli, late, `<@${slack.botUserId}> before you came`, { isEscaped: true });
        slack.join(slack.bot, late);
        slack.say(team.uli, late, `<@${slack.botUserId}> after you came`, { isEscaped: true });
      });
      expect(cardsOf('after you came')).to.have.lengthOf(1);
      expect(cardsOf('before you came')).to.deep.equal([]);
    });
  });

  describe('that was long', () => {
    let running: RunningApp;
    const { gap, caughtUp, caughtUpTimes, cardsOf } = ownDaemon((own) => {
      running = own;
    });

    it('asks by the usual question, with its buttons, where only one was missed', async () => {
      const { slack, team, database } = running;
      await gap(async () => {
        await database.pool.query(
          `update hearing set heard_until = now() - interval '7 days', begun_at = now() - interval '8 days'`,
        );
        slack.say(team.uli, team.help, 'the only one', {
          ts: `${Math.floor((Date.now() - 5 * DAY_MS) / 1000)}.000200`,
        });
      });
      const asked = await slack.waitFor(
        () =>
          [team.ana, team.ben]
            .flatMap((who) => slack.messages(slack.dmOf(who)))
            .find((one) => textOf(one).includes('the only one')),
        'the person on duty to be asked',
      );
      expect(textOf(asked)).to.include('Pass');
    });

    it('goes on where it was, when the daemon is stopped in the middle', async () => {
      const { slack, team, database } = running;
      await running.settled();
      await running.app().stop();
      await database.pool.query(
        `update hearing set heard_until = now() - interval '7 days', begun_at = now() - interval '8 days'`,
      );
      const rooms = Array.from({ length: 6 }, (_, n) =>
        slack.channels.add({ name: `hall-${n}`, members: [team.uli] }),
      );
      rooms.forEach((room, n) =>
        slack.say(team.uli, room, `@triage in ${room.name}`, {
          ts: `${Math.floor((Date.now() - 4 * DAY_MS) / 1000) + n}.000300`,
        }),
      );
      let answered = 0;
      slack.faultPlan(({ method }) => {
        if (method !== 'conversations.history') return undefined;
        answered += 1;
        return answered > 10 ? { kind: 'http', status: 500 } : undefined;
      });
      await running.restart();
      await slack.waitFor(() => answered > 11, 'the reading to be interrupted');
      await running.app().stop();
      const { rows: left } = await database.pool.query<{ n: number }>('select count(*) as n from catch_up');
      expect(left[0]?.n).to.be.greaterThan(0);
      slack.faultPlan(undefined);
      const times = caughtUpTimes();
      await running.restart();
      await caughtUp(times);
      for (const room of rooms) expect(cardsOf(`in ${room.name}`), room.name).to.have.lengthOf(1);
    });

    it('does not matter where Slack refuses a channel: the others are read, and the log names it', async () => {
      const { slack, team, logger } = running;
      const gone = slack.channels.add({ name: 'a-refused-channel', members: [team.uli] });
      slack.faultPlan(({ method, args }) =>
        method === 'conversations.history' && args['channel'] === gone.id
          ? { kind: 'error', error: 'channel_not_found' }
          : undefined,
      );
      await gap(() => {
        slack.say(team.uli, team.help, 'after a refusal');
      });
      slack.faultPlan(undefined);
      expect(cardsOf('after a refusal')).to.have.lengthOf(1);
      expect(
        logger.lines.some(
          ({ message, meta }) => message === 'a channel cannot be read' && meta['channel'] === gone.id,
        ),
      ).to.equal(true);
    });
  });
});

describe('the first start', () => {
  it('captures nothing of what was before', async () => {
    const running = await runningApp({
      slack: { offline: 'lose' },
      before: (slack, { uli, help }) => {
        slack.say(uli, help, 'from before TrIAge came');
      },
    });
    try {
      const { slack, team } = running;
      slack.say(team.uli, team.help, 'from now on');
      await running.cardOf('from now on');
      await running.restart();
      await waitFor(
        () => running.logger.lines.some(({ message }) => message === 'caught up with Slack'),
        'the catch-up of the second start',
        20_000,
      );
      await running.settled();
      expect(running.cards()).to.have.lengthOf(1);
    } finally {
      await running.stop();
    }
  });
});

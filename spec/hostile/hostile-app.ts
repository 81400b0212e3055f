/** The running app with one request in it, and what must be true of it whatever it was sent. */
import { expect } from 'chai';
import { runningApp } from '../support/running-app.ts';
import { waitFor } from '../support/wait-for.ts';
import { logText } from './log-text.ts';
import { CANARY, type Ids } from './shapes.ts';

export type HostileApp = Awaited<ReturnType<typeof hostileApp>>;

/** Lines that say that something of ours was not prepared for what came. */
const SURPRISES: ReadonlySet<string> = new Set([
  'A frame could not be handled',
  'An acknowledgement could not be written',
  'events could not be committed; Slack will deliver them again',
  'an event could not be handled',
  'a row of the outbox failed',
  'a row of the outbox keeps failing, it is dropped',
  'a lane of the outbox failed',
]);

/** Of Slack's words for a refused message, those that blame the place or the person and not what we sent. */
const PLACE_CODES =
  /^(channel_not_found|user_not_found|not_in_channel|user_not_in_channel|thread_not_found|message_not_found|users_list_not_supplied|cannot_dm_bot)$/;

export async function hostileApp() {
  // So late only where the machine is busy: how soon is the benchmark's to say.
  const app = await runningApp({ slack: { ackDeadlineMs: 15_000 } });
  const { slack, team } = app;
  const sourceTs = slack.say(team.uli, team.help, 'the first request');
  const card = await app.cardOf('the first request');
  await app.settled();
  const ids: Ids = {
    asker: team.uli.id,
    responder: team.ana.id,
    help: team.help.id,
    triage: team.triage.id,
    dm: slack.dmOf(team.uli),
    sourceTs,
    cardTs: card.ts,
    request: String(app.numberOf(card)),
    team: slack.teamId,
    bot: slack.botUserId,
    responseUrl: `${new URL(slack.apiUrl).origin}/response/none`,
  };
  let asked = 0;

  async function ready(): Promise<number> {
    const address = app.app().address();
    const response = await fetch(`http://127.0.0.1:${String(address?.port)}/ready`);
    await response.body?.cancel();
    return response.status;
  }

  return {
    ...app,
    ids,
    ready,
    /** Waits until all is handled, and checks that every event came to a good end at its first attempt. */
    async everythingIsHandled(): Promise<void> {
      let left: readonly unknown[] = [];
      await waitFor(async () => {
        const { rows } = await app.database.pool.query(
          `select 'inbox' as what, left(body, 1500) as body, attempts, reason from inbox where done_at is null
           union all select 'outbox', left(effect::text, 1500), attempts, null from outbox`,
        );
        left = rows;
        return rows.length === 0;
      }, 'every event to be handled and said').catch((cause: unknown) => {
        throw new Error(`not handled: ${JSON.stringify(left)}`, { cause });
      });
      const { rows } = await app.database.pool.query(
        `select left(body, 2000) as body, outcome, reason, attempts from inbox
          where outcome not in ('handled', 'ignored', 'early') or attempts > 0`,
      );
      expect(rows).to.deep.equal([]);
    },
    /** A message of a person's becomes a request as ever, and `/ready` says so. */
    async worksAsEver(): Promise<void> {
      asked += 1;
      const words = `an ordinary question, the ${asked}th`;
      slack.say(team.zoe, team.help, words);
      await app.cardOf(words);
      await waitFor(async () => (await ready()) === 200, '/ready to say 200');
    },
    /** Nothing in the log tells of a surprise, a secret or somebody's words. */
    logIsCalm(): void {
      const lines = app.logger.lines;
      expect(lines.filter(({ message }) => SURPRISES.has(message))).to.deep.equal([]);
      const refused = lines.filter(
        ({ message, meta }) =>
          message === 'Slack refused a message, it is dropped' && !PLACE_CODES.test(String(meta['code'])),
      );
      expect(refused).to.deep.equal([]);
      // What is told once and what is opened may come too late, but is never of a form that Slack refuses.
      const malformed = lines.filter(({ meta }) =>
        /invalid_(blocks|arguments|view)|too_long|no_text/.test(String(meta['error'])),
      );
      expect(malformed).to.deep.equal([]);
      const text = logText(lines);
      for (const secret of [CANARY, slack.botToken, slack.appToken, 'ticket='])
        expect(text.includes(secret), `the log holds ${secret}`).to.equal(false);
    },
  };
}

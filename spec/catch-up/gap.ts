/** A daemon that is away for a while, and what it then makes of what Slack did not tell it. */
import { expect } from 'chai';
import { after, afterEach, before } from 'mocha';
import { isAllRead } from '../../src/store/hearing.ts';
import { type RunningApp, type RunningAppOptions, runningApp } from '../support/running-app.ts';
import { waitFor } from '../support/wait-for.ts';
import { textOf } from '../workspace/text-of.ts';
import type { Message } from '../workspace/wire.ts';

export const DAY_MS = 24 * 60 * 60_000;

/**
 * For one group of specs: its own daemon, for what it may read in a minute is counted.
 * @param use gets it before the first spec
 */
export function ownDaemon(use: (running: RunningApp) => void, options: RunningAppOptions = {}) {
  let running: RunningApp;
  before(async () => {
    running = await runningApp({ ...options, slack: { offline: 'lose' } });
    use(running);
  });
  after(() => running.stop());
  afterEach(() => {
    expect(running.slack.complaints()).to.deep.equal([]);
  });

  const caughtUpTimes = (): number =>
    running.logger.lines.filter(({ message }) => message === 'caught up with Slack').length;

  /** All is read, handled and said, once more than before. */
  async function caughtUp(times: number): Promise<void> {
    await waitFor(() => caughtUpTimes() > times, 'the catch-up to end', 20_000);
    await running.settled();
  }

  /** The daemon is away, and Slack loses what it would have told it meanwhile. */
  async function gap(meanwhile: () => void | Promise<void>): Promise<void> {
    await running.settled();
    // What an earlier gap left to be read would be read first, and "caught up" said of it.
    await waitFor(() => isAllRead(running.database.pool), 'the gap before to be read');
    await running.app().stop();
    const times = caughtUpTimes();
    await meanwhile();
    await running.restart();
    await caughtUp(times);
  }

  const cardsOf = (words: string): readonly Message[] =>
    running.cards().filter((card) => textOf(card).includes(words));

  return { gap, caughtUp, caughtUpTimes, cardsOf };
}

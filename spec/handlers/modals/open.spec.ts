import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { ask, opened } from '../../support/pressing.ts';
import { type RunningApp, runningApp } from '../../support/running-app.ts';
import type { Fault } from '../../workspace/faults.ts';

const FAULTS: Readonly<Record<string, Fault>> = {
  'that its trigger is too old': { kind: 'error', error: 'expired_trigger_id' },
  'that there are too many calls': { kind: 'rate_limited', retryAfter: 30 },
  'with an error of its own': { kind: 'http', status: 503 },
  'with a page that is no answer': { kind: 'html' },
  'nothing at all': { kind: 'reset', when: 'before' },
};

describe('opening a form', () => {
  let running: RunningApp;

  before(async () => {
    running = await runningApp();
  });

  after(() => running.stop());

  for (const [what, fault] of Object.entries(FAULTS)) {
    it(`is tried once, logged, and works at the next press when Slack answers ${what}`, async () => {
      const { slack, team, logger } = running;
      const asked = await ask(running, `a form that Slack answers ${what}`);
      await running.settled();
      const [calls, lines] = [slack.countOf('views.open'), logger.lines.length];
      slack.failNext('views.open', fault);

      const press = await running.press(team.ana, asked.card, 'Priority…');
      await running.settled();
      expect(press.error).to.equal(undefined);
      expect(slack.countOf('views.open')).to.equal(calls + 1);
      expect(
        logger.lines
          .slice(lines)
          .filter(({ message }) => message === 'a form could not be opened')
          .map(({ level, meta }) => [level, meta['callbackId']]),
      ).to.deep.equal([['info', 'change.priority']]);
      await running.press(team.ana, asked.card, 'Priority…');

      await opened(running, team.ana, `Priority #${asked.id}`);
      expect(logger.lines.slice(lines).filter(({ level }) => level === 'error')).to.deep.equal([]);
    });
  }
});

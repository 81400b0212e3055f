import { WebClient } from '@slack/web-api';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { TestClock } from 'pg-boss';
import { type Facing, facing, stageOver } from '../../support/facing.ts';
import { type Asked, ask, askByDm, opened, stands } from '../../support/pressing.ts';
import { type RunningApp, runningApp } from '../../support/running-app.ts';
import { waitFor } from '../../support/wait-for.ts';
import { quiet } from '../small-app.ts';
import type { Explained, ExplainedLine } from './wire.ts';

const START = Date.UTC(2026, 0, 5, 9);
const MINUTE_MS = 60_000;

describe('what made a request what it is', function () {
  this.timeout(60_000);
  const clock = new TestClock(START);
  let running: RunningApp;
  let page: Facing;
  let hasDatabase = true;

  before(async () => {
    running = await runningApp({ clock });
    page = await facing(stageOver(running, { database: () => (hasDatabase ? running.database.pool : null) }));
  });
  after(async () => {
    await page.close();
    await running.stop();
  });

  const explained = ({ id }: Pick<Asked, 'id'>): Promise<Explained> => page.ask(`/explain?number=${id}`);
  /** `kind: what`, with who did it in front. */
  function words(lines: readonly ExplainedLine[]): readonly string[] {
    const { people } = running.slack.world;
    return lines.map(
      ({ kind, what, by }) => `${kind}: ${by === null ? '' : `${people.get(by)?.name} `}${what}`,
    );
  }

  it('is told line by line over a whole life, in the time of the show', async () => {
    const { slack, team } = running;
    const asked = await ask(running, 'The <b>roof</b> leaks, @ana');
    await running.settled();
    await clock.setTime(START + 61 * MINUTE_MS);
    await waitFor(async () => {
      await clock.tick(5000);
      const all = words((await explained(asked)).lines);
      return (
        all.includes('timer: the alarm rang') && all.some((each) => each.startsWith('write: wrote in a DM'))
      );
    }, 'the person on duty to be asked');
    await running.settled();
    const inLadder = await explained(asked);
    expect(inLadder).to.include({ number: asked.id, state: 'new', owner: null, asker: team.uli.id });
    expect(inLadder.lines.at(-1)).to.include({
      kind: 'timer',
      what: 'next: the next person is asked',
      isPending: true,
    });

    /** Time goes on between what people do, once all that they did is done. */
    const later = async (): Promise<void> => {
      await running.settled();
      await clock.tick(5000);
    };
    await running.press(team.ana, asked.card, 'Take it');
    await stands(running, asked, 'in progress', 'ana');
    await later();
    slack.say(team.ana, team.help, 'On my way', { threadTs: asked.ts });
    slack.react(team.ben, asked.card, 'tada');
    await later();
    await slack.slash(team.ana, team.triage, '/triage', `resolve #${asked.id}`);
    await stands(running, asked, 'resolved');
    await running.settled();

    const { lines, ...head } = await explained(asked);
    expect(head).to.deep.equal({
      number: asked.id,
      title: 'The <b>roof</b> leaks, @ana',
      state: 'resolved',
      queue: 'it',
      owner: team.ana.id,
      asker: team.uli.id,
      priority: 'normal',
    });
    const all = words(lines);
    const title = 'The <b>roof</b> leaks, @ana';
    const order = [
      `event: uli wrote “${title}”`,
      'decision: uli asked it in a channel',
      new RegExp(`^write: wrote in #triage-it: “.* #${asked.id} · The <b>roof</b> leaks, @?\\w+ \\(new\\)”$`),
      'timer: the alarm rang',
      'decision: ladder: duty',
      /^write: wrote in a DM with @ana: /,
      'event: ana pressed “Take it”',
      'decision: ana took it',
      /^timer: the alarm was cancelled, \d+ min before it would have rung$/,
      /^write: edited in #triage-it: .*\(in progress\)”$/,
      'event: ana wrote “On my way”',
      `event: ana typed /triage resolve #${asked.id}`,
      'decision: ana resolved it',
      /^timer: next: it is closed$/,
    ];
    let from = 0;
    for (const expected of order) {
      const at = all.findIndex(
        (each, index) =>
          index >= from && (typeof expected === 'string' ? each === expected : expected.test(each)),
      );
      expect(at, `${String(expected)} after ${from} in\n${all.join('\n')}`).to.be.at.least(0);
      from = at;
    }
    expect(all).to.include('event: ben put :tada: on the card (ignored: a reaction without a meaning)');
    expect(all.filter((each) => each.startsWith('event:'))).to.have.length(5);
    expect(lines.map(({ at }) => at)).to.deep.equal(lines.map(({ at }) => at).sort((a, b) => a - b));
    for (const { at, isPending, what } of lines)
      if (!isPending) expect(at, what).to.be.within(START - 1000, clock.now() + 1000);
    for (const { kind, key, what } of lines) {
      if (kind === 'write') expect(key, what).to.match(new RegExp(`^r${asked.id}\\.v\\d+\\.`));
      else if (kind !== 'decision') expect(key, what).to.be.a('string');
    }
    expect(lines.filter(({ isPending }) => isPending)).to.have.length(1);
  });

  it('has what is still to be written, and says of a call what became of it', async () => {
    const { slack, team } = running;
    const asked = await ask(running, 'Slack is in trouble');
    await running.settled();
    slack.faultPlan(({ method, args }) =>
      method === 'chat.update' && args['ts'] === asked.card.ts ? { kind: 'http', status: 503 } : undefined,
    );
    await running.press(team.ana, asked.card, 'Take it');
    await waitFor(async () => {
      const { lines } = await explained(asked);
      const all = words(lines);
      return (
        all.some((each) => /^write: edited in #triage-it: .* \(not done: http\)$/.test(each)) &&
        lines.some(
          ({ kind, isPending, what }) =>
            kind === 'write' && isPending && what.startsWith('is to write or edit the card (not yet: '),
        )
      );
    }, 'the edit that failed and the one to come');
    slack.faultPlan(undefined);
    await waitFor(async () => {
      await clock.tick(1000);
      return (await explained(asked)).lines.every(({ kind, isPending }) => kind !== 'write' || !isPending);
    }, 'the edit');
    await running.settled();
    const writes = words((await explained(asked)).lines).filter((each) =>
      each.startsWith('write: edited in #triage-it'),
    );
    expect(writes.at(-1)).to.match(/\(in progress\)”$/);
  });

  it('has what a form and a mirrored conversation did to it, and nothing of its neighbours', async () => {
    const { slack, team } = running;
    const asked = await askByDm(running, team.uli, 'A question of mine');
    const other = await ask(running, 'Another question');
    await slack.slash(team.zoe, team.help, '/triage', `new The ${asked.id} printers of floor ${other.id}`);
    await running.cardOf('printers of floor');
    await running.settled();
    await running.press(team.ana, asked.card, 'Take it');
    await stands(running, asked, 'in progress', 'ana');
    const note = slack.say(team.ana, team.triage, 'Which one?', { threadTs: asked.card.ts });
    await slack.waitFor(() => slack.sees(team.uli, 'Which one?'), 'the copy');
    await running.press(team.ana, asked.card, 'Priority…');
    const view = await opened(running, team.ana, `Priority #${asked.id}`);
    await slack.submit(team.ana, { level: 'high' }, view.id);
    await running.shows(asked.card, 'high');
    await running.settled();

    const all = words((await explained(asked)).lines);
    expect(all).to.include.members([
      'event: uli wrote “A question of mine”',
      'event: ana wrote “Which one?”',
      'event: ana pressed “Priority…”',
      `event: ana sent the form “Priority #${asked.id}”`,
      'decision: ana set it to high',
    ]);
    expect(
      all.some((each) => /^write: wrote in a thread of a DM with @uli: .*Which one\?/.test(each)),
      all.join('\n'),
    ).to.equal(true);
    expect(all.join('\n')).to.not.match(/Another question|printers/);
    slack.edit(team.ana, { channel: team.triage.id, ts: note }, 'Which of them?');
    await slack.waitFor(() => slack.sees(team.uli, 'Which of them?'), 'the copy to follow');
    slack.remove(team.ana, { channel: team.triage.id, ts: note });
    await waitFor(
      async () =>
        words((await explained(asked)).lines).includes('write: deleted a message in a DM with @uli'),
      'the copy to go',
    );
    const web = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, logger: quiet });
    await web.conversations.replies({ channel: asked.card.channel, ts: asked.card.ts });
    const later = words((await explained(asked)).lines);
    expect(
      later.some((each) => /^write: edited in a DM with @uli: .*Which of them\?/.test(each)),
      later.join('\n'),
    ).to.equal(true);
    // Of what was only read nothing is told.
    expect(later.filter((each) => each.includes('“”'))).to.deep.equal([]);
    expect(words((await explained(other)).lines).join('\n')).to.not.match(
      /question of mine|Which one|high|printers/,
    );
  });

  it('is not told of what there is not, nor without the database', async () => {
    expect((await page.get('/explain?number=999')).text).to.equal('{"refused":"there is no request #999"}');
    expect((await page.get('/explain?number=999')).status).to.equal(404);
    for (const number of ['', '1x', '-1', '1e3'])
      expect((await page.get(`/explain?number=${number}`)).status).to.equal(400);
    hasDatabase = false;
    const { status, text } = await page.get('/explain?number=1');
    expect([status, text]).to.deep.equal([503, '{"refused":"the database cannot be reached just now"}']);
  });
});

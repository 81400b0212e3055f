import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { isSent, opened } from '../support/pressing.ts';
import { type RunningApp, runningApp } from '../support/running-app.ts';
import { readManifest } from '../workspace/manifest.ts';
import { textOfBlocks } from '../workspace/text-of.ts';

describe('New request in the shortcuts menu', () => {
  let running: RunningApp;

  before(async () => {
    const manifest = readManifest();
    running = await runningApp({
      // As an operator may have it who has not followed every change of the manifest.
      slack: {
        manifest: { ...manifest, shortcuts: new Map([...manifest.shortcuts, ['page_everybody', 'global']]) },
      },
    });
  });

  after(() => running.stop());

  afterEach(() => {
    expect(running.slack.userErrors()).to.deep.equal([]);
    expect(running.slack.complaints()).to.deep.equal([]);
  });

  it('asks anybody what they need and how urgent it is, and for no queue where there is only one', async () => {
    const { slack, team } = running;

    await slack.shortcut(team.zoe, 'new_request');

    const { body } = await opened(running, team.zoe, 'New request');
    expect(body.blocks.map((block) => block['block_id'])).to.deep.equal(['text', 'level']);
    expect(textOfBlocks(body.blocks)).to.include('What do you need?').and.to.include('🔵 normal');
    await slack.submit(team.zoe, { text: 'A desk by the window' });
    const card = await running.cardOf('A desk by the window');
    await running.shows(card, '*status*\nnew', '*priority*\n🔵 normal', 'zoe');
    await isSent(running, team.zoe, `Got it: *#${running.numberOf(card)}*`);
    expect(slack.views(team.zoe)).to.deep.equal([]);
  });

  it('makes nothing of a form that is closed again', async () => {
    const { slack, team } = running;
    const cards = running.cards().length;
    await slack.shortcut(team.zoe, 'new_request');
    await opened(running, team.zoe, 'New request');

    await slack.dismiss(team.zoe);
    await running.settled();

    expect(running.cards()).to.have.length(cards);
  });

  it('is only logged when Slack opens no form, and the next time it opens', async () => {
    const { slack, team, logger } = running;
    slack.failNext('views.open', { kind: 'error', error: 'expired_trigger_id' });

    await slack.shortcut(team.uli, 'new_request');
    await running.settled();
    expect(slack.views(team.uli)).to.deep.equal([]);
    await slack.shortcut(team.uli, 'new_request');

    await opened(running, team.uli, 'New request');
    expect(logger.lines.filter(({ message }) => message === 'a form could not be opened')).to.have.length(1);
    expect(logger.lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });

  it('is the only shortcut of that menu that opens anything', async () => {
    const { slack, team } = running;
    await slack.shortcut(team.ben, 'page_everybody');
    await running.settled();

    expect(slack.views(team.ben)).to.deep.equal([]);
    // Of what is ignored nothing is kept but that it was told.
    const { rows } = await running.database.pool.query<{ outcome: string; body: string }>(
      'select outcome, body from inbox order by id desc limit 1',
    );
    expect(rows).to.deep.equal([{ outcome: 'ignored', body: '' }]);
  });
});

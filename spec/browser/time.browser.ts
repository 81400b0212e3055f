import { expect } from 'chai';
import { DateTime } from 'luxon';
import { describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { waitFor } from '../support/wait-for.ts';
import { openTimeStage } from '../workspace/demo/stage-time.ts';
import type { Desk } from './desk.ts';
import { lookingAt } from './looking.ts';

const ZONE = 'Europe/Madrid';

describe('time is moved on the page', () => {
  const at = lookingAt(openTimeStage);
  const now = (): DateTime => DateTime.fromMillis(at.stage.seen().now, { zone: ZONE });

  /** Presses a skip and waits until it is there. */
  async function skip(desk: Desk, button: string): Promise<void> {
    const skips = desk.page.getByRole('group', { name: 'Skip time' });
    await skips.getByRole('button', { name: button }).click();
    await waitFor(
      () => at.stage.seen().skipsTo !== null || at.stage.seen().isAt !== null,
      'the skip to begin',
      1000,
    ).catch(() => {});
    await waitFor(() => at.stage.seen().skipsTo === null, 'the skip to end', 40_000);
  }

  /** What the bar says after a skip, to the eye and to a screen reader. */
  async function newFor(desk: Desk, names: string): Promise<void> {
    const words = new RegExp(`^\\d\\d:\\d\\d: new for ${names}$`);
    await desk.page.getByRole('banner').getByText(words).waitFor();
    await desk.page.getByRole('status').getByText(words).waitFor({ state: 'attached' });
  }

  it('runs at each of its speeds', async () => {
    const desk = await at.open();
    for (const speed of [60, 600, 3600, 1]) {
      await desk.press(`Speed ${speed}×`);
      await waitFor(() => at.stage.seen().speed === speed, `speed ${speed}`);
      await desk.page
        .getByRole('group', { name: 'Speed' })
        .locator('[aria-pressed=true]', { hasText: `${speed}×` })
        .waitFor();
      const began = at.stage.seen().now;
      await waitFor(() => at.stage.seen().now - began >= speed * 1000, `a second of speed ${speed}`, 5000);
    }
  });

  it('says after a skip that nothing is new, for as long as it takes to read that', async () => {
    const desk = await at.open();
    await skip(desk, '+10 min');
    const words = /^\d\d:\d\d: nothing new to read$/;
    await desk.page.getByRole('banner').getByText(words).waitFor();
    await desk.page.getByRole('status').getByText(words).waitFor({ state: 'attached' });
    await desk.page.getByRole('banner').getByText(words).waitFor({ state: 'detached' });
    await desk.page.reload();
    await desk.main.waitFor();
    expect(await desk.page.getByText('nothing new to read').count()).to.equal(0);
  });

  it('says so when nothing is due', async () => {
    at.expect(/409/);
    const desk = await at.open();
    await desk.page
      .getByRole('group', { name: 'Skip time' })
      .getByRole('button', { name: 'Next due' })
      .click();
    await desk.page.getByText('nothing is due: every alarm that was set has rung').waitFor();
  });

  it('goes from one due thing to the next: the whole ladder, as each of them sees it', async () => {
    const desk = await at.open();
    await desk.at('Uli', 'help-it');
    await desk.write('The beamer stays dark');
    await desk.at('Ana', 'triage-it');
    await desk.card(1).waitFor();
    await skip(desk, 'Next due');
    await newFor(desk, 'Ana');
    await desk.at('Ana', 'TrIAge');
    await desk.message('You are on duty, and nobody has #1 yet').waitFor();
    await skip(desk, 'Next due');
    await newFor(desk, 'Ben');
    await desk.at('Ben', 'TrIAge');
    await desk.message('Nobody has taken #1 for 2 h. Can you?').waitFor();
    for (const name of ['the lead', 'escalation']) {
      await skip(desk, 'Next due');
      expect(at.stage.seen().isAt, name).to.equal(null);
    }
    for (let more = 0; more < 4 && !(await said(desk, 'Lea', 'managers', '#1')); more += 1)
      await skip(desk, 'Next due');
    await desk.at('Lea', 'triage-it');
    await desk
      .message(/replied to/)
      .getByText(/Lea/)
      .first()
      .waitFor();
    await desk.goTo('managers');
    await desk.message('#1').waitFor();
  });

  function step(desk: Desk, name: string): Locator {
    return desk.guide.getByRole('button', { name });
  }

  async function said(desk: Desk, who: string, channel: string, words: string): Promise<boolean> {
    await desk.at(who, channel);
    return (await desk.messages().filter({ hasText: words }).count()) > 0;
  }

  it('closes what was resolved, after the silence of two days', async () => {
    const desk = await at.open();
    await desk.at('Ana', 'triage-it');
    await desk.press('Take it', desk.card(1));
    await desk.press('Resolve', desk.card(1));
    await desk.cardSays(1, 'Status', 'resolved');
    for (let days = 0; days < 3; days += 1) await skip(desk, 'Tomorrow');
    await desk.cardSays(1, 'Status', 'closed');
  });

  it('goes ten minutes, an hour, to tomorrow and to Monday', async () => {
    const desk = await at.open();
    const clock = desk.page.getByRole('timer');
    for (const [button, goal] of [
      ['+10 min', now().plus({ minutes: 10 })],
      ['+1 h', now().plus({ minutes: 70 })],
      ['Tomorrow', now().plus({ days: 1, minutes: 70 }).set({ hour: 9, minute: 0 })],
      ['Monday', now().startOf('week').plus({ weeks: 1 }).set({ hour: 9 })],
    ] as const) {
      await skip(desk, button);
      expect(Math.abs(now().diff(goal).as('minutes')), button).to.be.below(2);
      await clock.getByText(now().toFormat('ccc d LLL')).waitFor();
      await clock.getByText(new RegExp(`^${now().toFormat('HH:mm')}`)).waitFor();
    }
  });

  it('stops a skip where it is', async () => {
    const desk = await at.open();
    await desk.at('Uli', 'help-it');
    for (const nth of [1, 2, 3]) await desk.write(`Something else, ${nth}`);
    await desk.at('Ana', 'triage-it');
    await desk.card(4).waitFor();
    const monday = now().startOf('week').plus({ weeks: 1 }).set({ hour: 9 });
    await desk.page.getByRole('button', { name: 'Monday' }).click();
    await desk.page.getByText(/^Skipping to Mon /).waitFor();

    await desk.press('Stop');

    await waitFor(() => at.stage.seen().skipsTo === null, 'the skip to end', 20_000);
    expect(at.stage.seen().now).to.be.below(monday.toMillis());
    await desk.page.getByRole('button', { name: 'Next due' }).waitFor();
  });

  it('reminds who wished for it, and nobody else', async () => {
    const desk = await at.open();
    await desk.at('Ben', 'triage-it');
    await desk.write('/triage remind #2 in 30m');
    await desk.message('Only visible to you').waitFor();
    await skip(desk, '+1 h');
    await desk.at('Ben', 'TrIAge');
    await desk.message('You wanted to be reminded of #2').waitFor();
    for (const other of ['Uli', 'Zoe', 'Ana', 'Lea']) {
      await desk.at(other, 'TrIAge');
      expect(await desk.message('You wanted to be reminded of #2').count(), other).to.equal(0);
    }
  });

  it('begins anew when it is really wished: thread and explanation are closed, no request is there, and the guide begins too', async () => {
    at.expect(/40[49]/, /503 .*explain/);
    const desk = await at.open();
    await desk.at('Uli', 'help-it');
    await desk.write('What becomes of this?');
    await desk.at('Ana', 'triage-it');
    const card = desk.message('What becomes of this?');
    await card.waitFor();
    await desk.openThread(card);
    await card.getByRole('button', { name: /^Explain request/ }).click();
    await desk.explanation.waitFor();
    await desk.guide.getByRole('button', { name: 'All steps' }).click();
    await step(desk, 'Somebody asks (done)').waitFor();
    await step(desk, 'Why is it as it is? (done)').waitFor();
    // Nobody has taken it: there is nothing to be resolved, which takes a while to be said.
    await step(desk, 'Done, and closed').click();
    await desk.press('Resolve and confirm', desk.guide);
    await desk.press('Time');
    await desk.dialog.getByText('Begin anew?').waitFor();
    await desk.press('Stay here', desk.dialog);
    await desk.explanation.waitFor();
    await desk.press('Time');

    await desk.press('Begin anew', desk.dialog);

    await desk.explanation.waitFor({ state: 'detached' });
    await card.waitFor({ state: 'detached' });
    expect(await desk.thread.count()).to.equal(0);
    await desk.message('Here come the cards').waitFor();
    await desk.page.getByRole('button', { name: 'Next due', disabled: false }).waitFor({ timeout: 40_000 });
    await desk.figureIs('Requests', '0');
    expect(now().toFormat('ccc HH')).to.equal('Mon 09');
    expect(await desk.guide.getByText(/^\d of \d$/).innerText()).to.equal('0 of 8');
    expect(await desk.guide.locator('[aria-current=step]').innerText()).to.match(/Somebody asks$/);
    expect(await desk.guide.getByRole('button', { name: 'Ask as Uli', disabled: false }).count()).to.equal(1);
    expect(await desk.guide.getByRole('alert').count()).to.equal(0);
  });
});

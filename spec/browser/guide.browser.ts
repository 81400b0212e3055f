import { expect } from 'chai';
import { describe, it } from 'mocha';
import { waitFor } from '../support/wait-for.ts';
import { openTimeStage } from '../workspace/demo/stage-time.ts';
import { type Step, stepsOf } from '../workspace/page/guide-steps.ts';
import type { Desk } from './desk.ts';
import { lookingAt } from './looking.ts';

describe('the guide', function () {
  this.timeout(180_000);
  const at = lookingAt(openTimeStage);

  /** Where something else needs the room, the guide shows its next step alone. */
  async function showAll(desk: Desk): Promise<void> {
    const all = desk.guide.getByRole('button', { name: 'All steps' });
    if (await all.isVisible()) await all.click();
  }

  /** Presses the step's button, and waits until it counts as done. */
  async function follow(desk: Desk, { title, offer }: Step, isSure: boolean): Promise<void> {
    await showAll(desk);
    const button = desk.guide.getByRole('button', { name: offer, exact: true });
    if (!(await button.isVisible())) await desk.guide.getByRole('button', { name: title }).click();
    await button.click();
    if (isSure) return desk.press('Begin', desk.dialog);
    const done = desk.guide.getByRole('button', { name: `${title} (done)` });
    await waitFor(
      async () => {
        await showAll(desk);
        return done.isVisible();
      },
      `“${title}” to be done`,
      60_000,
    );
  }

  it('says of a step that it comes too early, and of no other one', async () => {
    const desk = await at.open();
    await desk.guide.getByRole('button', { name: 'Somebody takes it' }).click();
    await desk.press('Take it as Ana', desk.guide);
    const tooEarly = desk.guide.getByText('No request is at that point');
    await tooEarly.waitFor({ timeout: 40_000 });
    await desk.guide.getByRole('button', { name: 'Nobody takes the next one' }).click();
    await desk.guide.getByRole('button', { name: 'Ask, and let time pass' }).waitFor();
    expect(await tooEarly.count()).to.equal(0);
  });

  it('leads through both shows, step by step by its own buttons, to its end', async () => {
    // The other show knows nothing of the places of the first one; without its database it explains nothing.
    at.expect(/40[49]/, /503 .*explain/);
    const desk = await at.open();
    await desk.guide.getByRole('heading', { name: 'What TrIAge does' }).waitFor();
    for (const step of stepsOf('time')) await follow(desk, step, step.id === 'faults');
    await desk.guide.getByRole('heading', { name: 'Try to lose something' }).waitFor({ timeout: 60_000 });
    await at.up();
    for (const step of stepsOf('faults')) await follow(desk, step, false);

    await desk.guide.getByText('That was all.').waitFor();
    expect(await desk.guide.getByText(/ of /).first().innerText()).to.equal('6 of 6');
    await desk.figureIs('Lost', '0');
    await desk.figureIs('Said twice', '0');
    await desk.figureIs('Requests', '5');
  });

  it('tells what a step is about, also of one that is not the next; goes when it is closed, and comes back', async () => {
    const desk = await at.open();
    await desk.guide.getByRole('button', { name: 'Count' }).click();
    await desk.guide.getByText('Every ask has one card').waitFor();
    await desk.press('Close guide', desk.guide);
    await desk.guide.waitFor({ state: 'detached' });
    const toggle = desk.page.getByRole('button', { name: 'Guide', exact: true });
    await toggle.click();
    await desk.guide.waitFor();
    await desk.at('Uli', 'general');
    await desk.openThread(desk.messages().first());
    await desk.press('All steps', desk.guide);
    await desk.guide.getByRole('button', { name: 'Cut Slack off' }).waitFor();
    await desk.press('Only the next step', desk.guide);
    await desk.guide.getByRole('button', { name: 'Cut Slack off' }).waitFor({ state: 'detached' });
    await toggle.click();
    await desk.guide.waitFor({ state: 'detached' });
  });
});

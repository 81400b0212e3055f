import { expect } from 'chai';
import { describe, it } from 'mocha';
import { waitFor } from '../support/wait-for.ts';
import { openTimeStage } from '../workspace/demo/stage-time.ts';
import { lookingAt } from './looking.ts';

describe('the message box', () => {
  const at = lookingAt(openTimeStage);

  it('completes a slash command, whose answer one person sees and dismisses', async () => {
    const desk = await at.open();
    await desk.at('Ana', 'help-it');
    const composer = desk.composer();
    await composer.pressSequentially('/tri');
    await desk.page.getByRole('option', { name: '/triage' }).waitFor();
    await composer.press('Enter');
    expect(await composer.inputValue()).to.equal('/triage ');
    await composer.pressSequentially('hepl');
    await composer.press('Enter');
    const answer = desk.message('Only visible to you');
    await answer.getByText('help').first().waitFor();
    await desk.as('Ben');
    await desk.main.getByText('Me, until this morning').waitFor();
    expect(await desk.main.getByText('Only visible to you').count()).to.equal(0);
    await desk.as('Ana');

    await desk.press('Dismiss', answer);

    await answer.waitFor({ state: 'detached' });
  });

  it('completes people and emoji, with the keys and with the mouse', async () => {
    const desk = await at.open();
    await desk.at('Zoe', 'general');
    const composer = desk.composer();
    await composer.pressSequentially('@l');
    await desk.page.getByRole('option', { name: /Lea Novak/ }).click();
    await composer.pressSequentially('thanks :tad');
    await desk.page.getByRole('option', { name: /:tada:/ }).waitFor();
    await composer.press('Tab');
    await desk.press('Send', desk.main);

    const said = desk.message('thanks 🎉');
    await said.getByText('@Lea', { exact: false }).waitFor();
    expect(await composer.inputValue()).to.equal('');
  });

  it('closes what is offered with Escape, and then sends what was written', async () => {
    const desk = await at.open();
    await desk.at('Zoe', 'general');
    const composer = desk.composer();
    await composer.pressSequentially('@le');
    await desk.page.getByRole('listbox').waitFor();
    await composer.press('Escape');
    await desk.page.getByRole('listbox').waitFor({ state: 'detached' });
    await composer.press('ArrowDown');
    await composer.press('Shift+Enter');
    await composer.pressSequentially('two lines');
    await composer.press('Enter');
    await desk.message('two lines').getByText('@le').waitFor();
  });

  it('says why a command does not work in a thread, or is none, and gives it back', async () => {
    at.expect(/422/);
    const desk = await at.open();
    await desk.at('Uli', 'general');
    await desk.openThread(desk.messages().first());
    const inThread = desk.composer(desk.thread);
    await inThread.pressSequentially('/tri');
    expect(await desk.page.getByRole('option').count()).to.equal(0);
    await desk.write('/triage list', desk.thread);
    await desk.thread.getByText('/triage does not work in a thread; write it in the channel').waitFor();
    await waitFor(async () => (await inThread.inputValue()) === '/triage list', 'the command to be back');
    await desk.press('Close thread', desk.thread);
    await desk.write('/traige list');
    await desk.main.getByText('/traige is no command here; there is /triage').waitFor();
    await waitFor(async () => (await desk.composer().inputValue()) === '/traige list', 'the typo to be back');
  });

  it('lets one do something with a message that is higher than the window, whose top is out of sight', async () => {
    const desk = await at.open();
    await desk.at('Uli', 'general');
    await desk.composer().fill(Array.from({ length: 60 }, (_, line) => `line ${line}`).join('\n'));
    await desk.composer().press('Enter');
    const tall = desk.message('line 59');
    await tall.getByText('line 59').hover();
    const [tools, head] = [await desk.tools(tall), desk.main.locator('.pane-head')];
    const [toolsAt, headAt] = [await tools.boundingBox(), await head.boundingBox()];
    expect(toolsAt?.y).to.be.at.least((headAt?.y ?? 0) + (headAt?.height ?? 0));
    await desk.press('Reply in thread', tools);
    await desk.thread.waitFor();
  });

  it('sends nothing, and saves nothing, by the Enter that only ends a word of an input method', async () => {
    const desk = await at.open();
    await desk.at('Uli', 'general');
    await desk.write('Konnichiwa');
    const own = desk.message('Konnichiwa');
    await (await desk.tools(own)).getByRole('button', { name: 'More message actions' }).click();
    await desk.page.getByRole('menuitem', { name: 'Edit message' }).click();
    const editor = desk.main.getByRole('textbox', { name: 'Edit message' });
    await editor.fill('Konnichiwa, minna');
    await editor.dispatchEvent('keydown', { key: 'Enter', isComposing: true });
    await desk.composer().fill('ohayo');
    await desk.composer().dispatchEvent('keydown', { key: 'Enter', isComposing: true });
    await desk.page.waitForTimeout(300);
    expect(await editor.inputValue()).to.equal('Konnichiwa, minna');
    expect(await desk.composer().inputValue()).to.equal('ohayo');
    await editor.press('Enter');
    await desk.message('Konnichiwa, minna').waitFor();
  });
});

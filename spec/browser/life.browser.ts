import { expect } from 'chai';
import { describe, it } from 'mocha';
import { openTimeStage } from '../workspace/demo/stage-time.ts';
import { lookingAt } from './looking.ts';

describe('a request, from the first word to the last, by clicking', () => {
  const at = lookingAt(openTimeStage);

  it('is asked for in a channel, answered in the thread, and has a card', async () => {
    const desk = await at.open();
    await desk.at('Uli', 'help-it');
    await desk.write('The VPN drops every few minutes');
    await desk
      .message('The VPN drops every few minutes')
      .getByRole('button', { name: /^1 reply/ })
      .click();
    await desk.message('Got it: #1', desk.thread).waitFor();

    await desk.at('Ana', 'triage-it');

    await desk.cardSays(1, 'Status', 'new');
    await desk.cardSays(1, 'Owner', 'nobody yet');
    await desk.cardSays(1, 'Priority', '🔵 normal');
    expect(await desk.messages().filter({ hasText: 'The VPN drops' }).count()).to.equal(1);
  });

  it('is taken with a press, and talked about where it was asked', async () => {
    const desk = await at.open();
    await desk.at('Ana', 'triage-it');
    await desk.press('Take it', desk.card(1));
    await desk.cardSays(1, 'Status', 'in progress');
    await desk.cardSays(1, 'Owner', 'Ana');

    await desk.press('Open the message', desk.card(1));

    await desk.main.getByRole('heading', { name: 'help-it', level: 1 }).waitFor();
    await desk.openThread(desk.message('The VPN drops'));
    await desk.message('Ana has #1', desk.thread).waitFor();
    await desk.write('Also with the cable?', desk.thread);
    await desk.as('Uli');
    await desk.openThread(desk.message('The VPN drops'));
    await desk.message('Also with the cable?', desk.thread).waitFor();
  });

  it('waits for who asked, and goes on with their answer', async () => {
    const desk = await at.open();
    await desk.at('Ana', 'triage-it');
    await desk.press('Waiting for asker', desk.card(1));
    await desk.cardSays(1, 'Status', 'waiting');
    await desk.at('Uli', 'help-it');
    await desk.openThread(desk.message('The VPN drops'));
    await desk.message('#1 waits for your answer', desk.thread).waitFor();

    await desk.write('No, only over the air', desk.thread);

    await desk.message('Ana has #1', desk.thread).waitFor();
    await desk.at('Ana', 'triage-it');
    await desk.cardSays(1, 'Status', 'in progress');
  });

  it('is put on hold by a form that says what is missing, keeps what was written, and takes what is right', async () => {
    const desk = await at.open();
    await desk.at('Ana', 'triage-it');
    await desk.choose('More actions', 'Hold…', desk.card(1));
    const form = desk.page.getByRole('dialog', { name: 'Put on hold #1' });
    const reason = form.getByLabel('What is it waiting for?');
    const [day, time] = [form.getByLabel('Until when?: day'), form.getByLabel('Until when?: time')];
    await desk.press('Put on hold', form);
    await form.getByText('Please complete this required field.').nth(1).waitFor();
    expect(await reason.getAttribute('aria-invalid')).to.equal('true');

    await reason.fill('a router of the provider');
    await day.fill('2020-01-02');
    await time.fill('10:00');
    await desk.press('Put on hold', form);
    await form.getByText('That moment has passed. Choose one that is still to come.').waitFor();
    expect(await reason.inputValue()).to.equal('a router of the provider');
    expect(await reason.getAttribute('aria-invalid')).to.equal('false');

    await day.fill(dayAfter(at.stage.seen().now));
    await desk.press('Put on hold', form);

    await form.waitFor({ state: 'detached' });
    await desk.cardSays(1, 'Status', 'on hold');
    await desk.card(1).getByText('a router of the provider').waitFor();
    await desk.press('Unhold', desk.card(1));
    await desk.cardSays(1, 'Status', 'in progress');
  });

  it('leaves a form by each of its ways out, and nothing has happened', async () => {
    const desk = await at.open();
    await desk.at('Ana', 'triage-it');
    const form = desk.page.getByRole('dialog', { name: 'Priority #1' });
    for (const leave of [
      () => desk.press('Close', form),
      () => desk.press('Cancel', form),
      () => desk.page.keyboard.press('Escape'),
    ]) {
      await desk.choose('More actions', 'Priority…', desk.card(1));
      await form.getByRole('combobox').selectOption({ label: '🔴 urgent' });
      await leave();
      await form.waitFor({ state: 'detached' });
    }
    await desk.cardSays(1, 'Priority', '🔵 normal');
  });

  it('gets another priority, and is handed over', async () => {
    const desk = await at.open();
    await desk.at('Ana', 'triage-it');
    await desk.choose('More actions', 'Priority…', desk.card(1));
    const priority = desk.page.getByRole('dialog', { name: 'Priority #1' });
    await priority.getByRole('combobox').selectOption({ label: '🟠 high' });
    await desk.press('Set', priority);
    await desk.cardSays(1, 'Priority', '🟠 high');

    await desk.press('Hand over', desk.card(1));
    const assign = desk.page.getByRole('dialog', { name: 'Assign #1' });
    await assign.getByRole('combobox').selectOption({ label: 'Ben Okafor (on duty next)' });
    await desk.press('Assign', assign);

    await desk.cardSays(1, 'Owner', 'Ben');
    await desk.at('Ben', 'TrIAge');
    await desk.message(/Ana gave you #1/).waitFor();
  });

  it('is resolved with a note from the form of everything, and closed by who asked', async () => {
    const desk = await at.open();
    await desk.at('Ben', 'triage-it');
    await desk.choose('More actions', 'More…', desk.card(1));
    await desk.press('Resolve with a note…', desk.dialog);
    const form = desk.page.getByRole('dialog', { name: 'Resolve #1' });
    await form.getByLabel('What was done?').fill('A new access point on floor 2');
    await desk.press('Resolve', form);
    await desk.cardSays(1, 'Status', 'resolved');
    await desk.card(1).getByText('Note: A new access point on floor 2').waitFor();
    await desk.at('Uli', 'help-it');
    await desk.openThread(desk.message('The VPN drops'));

    await desk.press('It works', desk.message('A new access point on floor 2', desk.thread));

    await desk.message('#1 is closed', desk.thread).waitFor();
    await desk.at('Ben', 'triage-it');
    await desk.cardSays(1, 'Status', 'closed');
  });

  it('is asked for by direct message, and what has a 🔒 stays inside the team', async () => {
    const desk = await at.open();
    await desk.at('Zoe', 'TrIAge');
    await desk.write('My laptop does not start');
    await desk.message('My laptop does not start').getByRole('button', { name: /repl/ }).waitFor();
    await desk.at('Ana', 'triage-it');
    await desk.openThread(desk.card(2));
    await desk.write('🔒 her third one this year', desk.thread);
    await desk.write('What does its screen show?', desk.thread);
    await desk.message('What does its screen show?', desk.thread).waitFor();
    await desk.message('her third one this year', desk.thread).waitFor();

    await desk.at('Zoe', 'TrIAge');
    await desk.openThread(desk.message('My laptop does not start'));
    await desk.message('What does its screen show?', desk.thread).waitFor();
    expect(await desk.thread.getByText('her third one').count()).to.equal(0);
    await desk.write('Nothing at all', desk.thread);

    await desk.at('Ana', 'triage-it');
    await desk.openThread(desk.card(2));
    await desk.message('Nothing at all', desk.thread).waitFor();
  });
});

function dayAfter(now: number): string {
  return new Date(now + 86_400_000).toISOString().slice(0, 10);
}

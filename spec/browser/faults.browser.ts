import { expect } from 'chai';
import { describe, it } from 'mocha';
import { waitFor } from '../support/wait-for.ts';
import { openFaultsStage } from '../workspace/demo/stage-faults.ts';
import type { Desk } from './desk.ts';
import { lookingAt } from './looking.ts';

describe('whatever is done to TrIAge on the page, nothing is lost and nothing is said twice', function () {
  this.timeout(90_000);
  const at = lookingAt(openFaultsStage);
  let asked = 0;

  /** Uli asks while something is wrong. */
  async function ask(desk: Desk): Promise<void> {
    asked += 1;
    await desk.at('Uli', 'help-it');
    await desk.write(`Ask number ${asked}`);
    await desk.message(`Ask number ${asked}`).waitFor();
  }

  /** Every ask has its one card, and the bar says so. */
  async function allIsWell(desk: Desk): Promise<void> {
    await desk.panel.getByRole('button', { name: /^Ready/ }).waitFor({ timeout: 40_000 });
    await desk.at('Ana', 'triage-it');
    for (let number = 1; number <= asked; number += 1) await desk.card(number).waitFor({ timeout: 40_000 });
    await desk.figureIs('Requests', String(asked));
    await desk.figureIs('Inbox', '0 waiting', 40_000);
    await desk.figureIs('Lost', '0');
    await desk.figureIs('Said twice', '0');
  }

  const sockets = (): readonly number[] => at.stage.slack.socket.open();
  /** None of them is open any more. */
  const gone = (those: readonly number[], what: string): Promise<unknown> =>
    waitFor(() => !sockets().some((each) => those.includes(each)), `${what} to be gone`, 20_000);

  const notReady = (desk: Desk) =>
    desk.panel.getByRole('button', { name: /^(Not ready|No answer)/ }).waitFor({ timeout: 30_000 });

  it('a socket dropped, and one that is refreshed', async () => {
    const desk = await at.open();
    for (const button of ['Drop a socket', 'Refresh a socket']) {
      await desk.figureIs('Sockets', '2');
      const [first = 0] = sockets();
      await desk.press(button);
      await gone([first], 'the socket');
      await ask(desk);
    }
    await allIsWell(desk);
    await desk.figureIs('Sockets', '2');
  });

  it('the daemon killed', async () => {
    const desk = await at.open();
    const before = sockets();
    await desk.press('Kill the daemon');
    await gone(before, 'its sockets');
    await ask(desk);
    await allIsWell(desk);
  });

  it('the daemon stopped, and started again', async () => {
    const desk = await at.open();
    await desk.press('Stop the daemon');
    await notReady(desk);
    await ask(desk);
    await desk.press('Start the daemon');
    await allIsWell(desk);
  });

  it('the daemon stopped: a command is given back, and a button says what to do', async () => {
    const desk = await at.open();
    await ask(desk);
    await desk.at('Ana', 'triage-it');
    await desk.card(asked).waitFor({ timeout: 40_000 });
    await desk.press('Stop the daemon');
    await notReady(desk);
    await desk.write('/triage mine');
    const trouble = desk.main.getByRole('alert');
    await trouble
      .getByText('/triage failed with the error "dispatch_failed". TrIAge is not connected; try again when')
      .waitFor();
    expect(await desk.composer().inputValue()).to.equal('/triage mine');
    await desk.press('Take it', desk.card(asked));
    await trouble.getByText('We had some trouble connecting. TrIAge is not connected; try again').waitFor();
    await desk.press('Start the daemon');
    await allIsWell(desk);
    await desk.press('Send', desk.main);
    await desk.message('Only visible to you').waitFor();
    expect(await desk.composer().inputValue()).to.equal('');
  });

  it('PostgreSQL stopped, and started again', async () => {
    at.expect(/503 .*explain/);
    const desk = await at.open();
    await desk.press('Stop Postgres');
    await notReady(desk);
    await ask(desk);
    await desk.press('Start Postgres');
    await allIsWell(desk);
  });

  it('Slack slow', async () => {
    const desk = await at.open();
    await desk.press('Slow Slack down');
    await desk.page.getByRole('button', { name: 'Slack at full speed' }).waitFor();
    await ask(desk);
    // What it says stands there, and its answer is on its way.
    await desk.figureIs('Outbox', /^[1-9]\d* waiting/);
    await desk.press('Slack at full speed');
    await allIsWell(desk);
  });

  it('Slack cut off, and back', async () => {
    const desk = await at.open();
    await desk.press('Cut Slack off');
    await notReady(desk);
    await ask(desk);
    await desk.press('Reconnect Slack');
    await allIsWell(desk);
  });

  it('and the bar tells what each part says of itself, when it is opened', async () => {
    const desk = await at.open();
    const ready = desk.panel.getByRole('button', { name: /^Ready/ });
    await desk.panel.getByText('Postgres', { exact: true }).waitFor();
    await ready.click();
    await desk.panel.getByText('Postgres', { exact: true }).waitFor({ state: 'detached' });
    await ready.click();
    await desk.panel.getByText('Postgres', { exact: true }).waitFor();
  });

  it('the other show begins anew, and only when that is really wished', async () => {
    at.expect(/404/, /503 .*explain/);
    const desk = await at.open();
    await desk.at('Ana', 'triage-it');
    await desk.press('Time');
    await desk.press('Stay here', desk.dialog);
    await desk.card(1).waitFor();
    await desk.press('Time');
    await desk.press('Begin', desk.dialog);
    await desk.page.getByRole('timer').waitFor({ timeout: 40_000 });
    await desk.page.getByRole('button', { name: 'Next due', disabled: false }).waitFor({ timeout: 40_000 });
    await desk.figureIs('Requests', '0');
    await desk.at('Ana', 'triage-it');
    await desk.message('Here come the cards').waitFor();
  });
});

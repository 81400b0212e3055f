import { expect } from 'chai';
import { describe, it } from 'mocha';
import { waitFor } from '../support/wait-for.ts';
import { openTimeStage } from '../workspace/demo/stage-time.ts';
import { lookingAt } from './looking.ts';

describe('a card’s number opens why the request is as it is', () => {
  const at = lookingAt(openTimeStage);

  it('line by line, what has a key with it, and what is still to come', async () => {
    const desk = await at.open();
    await desk.at('Uli', 'help-it');
    await desk.write('The coffee machine wants an update');
    await desk.at('Ana', 'triage-it');
    await desk.number(1).click();
    const past = desk.explanation.getByRole('region', { name: 'What has happened' });
    const coming = desk.explanation.getByRole('region', { name: 'Still to come' });
    await coming.getByText(/duty/).waitFor();
    for (const [kind, least, keys] of [
      ['Event', 1, 1],
      ['Decision', 1, 0],
      ['Write', 2, 2],
    ] as const) {
      const lines = past.getByRole('listitem').filter({ has: desk.page.getByLabel(kind, { exact: true }) });
      await waitFor(async () => (await lines.count()) >= least, `${least} lines of the kind ${kind}`);
      expect(await lines.locator('code', { hasText: /.{6}/ }).count(), `keys of ${kind}s`).to.be.least(keys);
    }

    await desk.press('Take it', desk.card(1));

    await past
      .getByText(/taken|claimed|took/i)
      .first()
      .waitFor();
    await desk.explanation.getByText('in progress', { exact: true }).waitFor();
    await desk.explanation.getByText('Ana Ruiz', { exact: true }).first().waitFor();
  });

  it('stands beside whatever is looked at, and leaves that as it is when it closes', async () => {
    const desk = await at.open();
    await desk.at('Ana', 'triage-it');
    await desk.number(1).first().click();
    await desk.explanation.waitFor();
    await desk.press('TrIAge Home', desk.sidebar);
    await desk.press('Close explanation', desk.explanation);
    await desk.explanation.waitFor({ state: 'detached' });
    await desk.main.getByRole('heading', { name: 'TrIAge', level: 1 }).waitFor();
  });

  it('shows the kinds that are wished for, and closes', async () => {
    const desk = await at.open();
    await desk.at('Ana', 'triage-it');
    await desk.number(1).click();
    const lines = desk.explanation.getByRole('listitem');
    const chips = desk.explanation.getByRole('group', { name: 'Show' });
    await lines.first().waitFor();
    for (const kind of ['Event', 'Decision', 'Timer', 'Write']) {
      const ofKind = lines.filter({ has: desk.page.getByLabel(kind, { exact: true }) });
      expect(await ofKind.count(), kind).to.be.above(0);
      await chips.getByRole('button', { name: `${kind}s` }).click();
      expect(await ofKind.count(), kind).to.equal(0);
    }
    await chips.getByRole('button', { name: 'Events' }).click();
    expect(await lines.count()).to.be.above(0);
    await desk.press('Close explanation', desk.explanation);
    await desk.explanation.waitFor({ state: 'detached' });
  });
});

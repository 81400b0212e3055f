import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { waitFor } from '../support/wait-for.ts';
import { type ExportStage, openExportStage } from '../workspace/demo/stage-export.ts';
import type { Desk } from './desk.ts';
import { lookingAt } from './looking.ts';

/** More than a page of them. */
const ASKS = 130;

describe('an export is looked at', () => {
  let folder: string;
  let stage: ExportStage;
  const at = lookingAt(async () => {
    folder = await mkdtemp(join(tmpdir(), 'export-spec-'));
    process.once('exit', tidy);
    await writeExport(folder);
    stage = await openExportStage(folder);
    return stage;
  });
  // A text as it is: Playwright leaves out what stands around one.
  const ask = (desk: Desk, nth: number) => desk.message(new RegExp(`Ask number ${nth} `));
  before(async () => {
    expect((await stage.replayed)?.requests).to.equal(ASKS);
  });
  const tidy = (): void => rmSync(folder, { recursive: true, force: true });
  after(() => {
    process.off('exit', tidy);
    tidy();
  });

  it('page after page, back to its first message, and forward again', async () => {
    const desk = await at.open();
    await desk.goTo('general');
    await ask(desk, ASKS).waitFor();
    expect(await ask(desk, 1).count()).to.equal(0);
    const list = desk.main.getByRole('region', { name: 'Messages in #general' });
    // As a screen reader presses it: whoever brings it into sight loads them by scrolling.
    await list.getByRole('button', { name: 'Load earlier messages' }).dispatchEvent('click');
    await ask(desk, 1).waitFor();
    await ask(desk, 1).scrollIntoViewIfNeeded();
    expect(await desk.messages().count()).to.equal(ASKS);
    await desk.press('Jump to latest', desk.main);
    await waitFor(() => inSight(ask(desk, ASKS)), 'the last message to be in sight');
    await desk.main.getByRole('button', { name: 'Jump to latest' }).waitFor({ state: 'detached' });
  });

  it('by scrolling, too', async () => {
    const desk = await at.open();
    await desk.goTo('general');
    await ask(desk, ASKS).hover();
    await waitFor(async () => {
      await desk.page.mouse.wheel(0, -4000);
      return (await ask(desk, 1).count()) > 0;
    }, 'the first message');
  });

  it('with the request that each message became, which its number explains', async () => {
    const desk = await at.open();
    await desk.goTo('general');
    await ask(desk, ASKS)
      .getByRole('button', { name: /^Explain request #/ })
      .click();
    await desk.explanation.getByText(`Ask number ${ASKS} `).first().waitFor();
    await desk.press('Close explanation', desk.explanation);
    await ask(desk, 128)
      .getByRole('button', { name: /^2 replies/ })
      .click();
    await desk.message('An answer to 128', desk.thread).waitFor();
  });

  it('through anybody’s eyes, the responder’s too, who sees the cards', async () => {
    const desk = await at.open();
    const reader = desk.page.getByRole('combobox', { name: 'Reading as' });
    await reader.selectOption('Zoe');
    await desk.main.getByRole('heading', { name: 'general', level: 1 }).waitFor();
    expect(await desk.entry('triage-replay').count()).to.equal(0);
    await reader.selectOption('The responder');
    await desk.goTo('triage-replay');
    await desk
      .messages()
      .filter({ hasText: `Ask number ${ASKS} ` })
      .first()
      .waitFor();
  });

  it('and cannot be written to', async () => {
    const desk = await at.open();
    await desk.goTo('general');
    await desk.main.getByText('This is an export: it can be read, not written to.').waitFor();
    expect(await desk.page.getByRole('textbox').count()).to.equal(0);
    expect(await desk.composer().count()).to.equal(0);
    await desk.messages().last().hover();
    expect(await desk.page.getByRole('toolbar').count()).to.equal(0);
    expect(await desk.page.getByRole('group', { name: 'Skip time' }).count()).to.equal(0);
    expect(await desk.page.getByRole('button', { name: 'Skip to the message box' }).count()).to.equal(0);
  });

  it('and nothing that TrIAge made of it can be pressed, only explained', async () => {
    at.expect(/409/);
    const desk = await at.open();
    await desk.page.getByRole('combobox', { name: 'Reading as' }).selectOption('The responder');
    await desk.goTo('triage-replay');
    const card = desk
      .messages()
      .filter({ hasText: `Ask number ${ASKS} ` })
      .first();
    const take = card.getByRole('button', { name: 'Take it' });
    await take.waitFor();
    expect(await take.isDisabled()).to.equal(true);
    expect(await card.getByRole('button', { name: 'More actions' }).isDisabled()).to.equal(true);
    await card.getByRole('button', { name: /^Explain request #/ }).click();
    await desk.explanation.waitFor();
    // Whoever asks the server past the page.
    const answered = await desk.page.evaluate<string>(`(async () => {
      const body = JSON.stringify({ as: 'U0ONE', deed: { do: 'say', channel: 'C0GENERAL', text: 'late' } });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch('/do', { method: 'POST', headers, body });
      return answer.status + ' ' + (await answer.text());
    })()`);
    expect(answered).to.equal('409 {"refused":"an export can be read, not written to"}');
  });

  it('by the dialog that leads anywhere, whose choice is always in sight', async () => {
    const desk = await at.open();
    for (let nth = 0; nth < 60; nth += 1)
      at.stage.slack.channels.add({ name: `floor-${nth}`, members: [...at.stage.slack.world.people.keys()] });
    await desk.page.keyboard.press('Control+k');
    await desk.dialog.waitFor();
    await desk.page.keyboard.press('ArrowUp');
    const chosen = desk.dialog.getByRole('option', { selected: true });
    await chosen.getByText('read as them').waitFor();
    await waitFor(() => inSight(chosen), 'the chosen place to be in sight');
  });
});

async function inSight(locator: {
  boundingBox(): Promise<{ y: number; height: number } | null>;
}): Promise<boolean> {
  const box = await locator.boundingBox();
  return box !== null && box.y >= 0 && box.y + box.height <= 800;
}

/** A channel with more than a page, and a thread in it. */
async function writeExport(folder: string): Promise<void> {
  await mkdir(join(folder, 'general'));
  const write = (name: string, content: unknown): Promise<void> =>
    writeFile(join(folder, name), JSON.stringify(content));
  await write('users.json', [
    { id: 'U0ONE', name: 'uli', real_name: 'Uli' },
    { id: 'U0TWO', name: 'zoe', real_name: 'Zoe' },
  ]);
  await write('channels.json', [{ id: 'C0GENERAL', name: 'general' }]);
  const ts = (nth: number): string => `${1_546_300_800 + nth * 600}.000100`;
  const asks = Array.from({ length: ASKS }, (_, at) => ({
    type: 'message',
    user: at % 2 === 0 ? 'U0ONE' : 'U0TWO',
    text: `Ask number ${at + 1} of the old workspace`,
    ts: ts(at),
  }));
  const answer = {
    type: 'message',
    user: 'U0ONE',
    text: 'An answer to 128',
    ts: `${1_546_300_830 + 127 * 600}.000100`,
    thread_ts: ts(127),
  };
  await write('general/2019-01-01.json', [...asks, answer]);
}

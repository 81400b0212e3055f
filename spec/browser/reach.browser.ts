import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../support/wait-for.ts';
import { openTimeStage } from '../workspace/demo/stage-time.ts';
import { problemsOf } from './accessibility.ts';
import { REBOUND } from './chromium.ts';
import type { Desk } from './desk.ts';
import { lookingAt } from './looking.ts';

describe('the page is for everybody', () => {
  const at = lookingAt(openTimeStage);

  const isFocused = async (locator: Locator): Promise<boolean> =>
    (await locator.and(locator.page().locator(':focus')).count()) > 0;
  const focused = (locator: Locator, what: string): Promise<unknown> =>
    waitFor(() => isFocused(locator), `the focus to be on ${what}`);

  /** Presses Tab until something has the focus; fails when it is never reached. */
  async function tabTo(desk: Desk, locator: Locator, what: string): Promise<void> {
    for (let presses = 0; presses < 80; presses += 1) {
      if (await isFocused(locator)) return;
      await desk.page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${what}`);
  }

  describe('by keyboard alone', () => {
    it('somebody asks, and somebody else takes it, holds it and explains it', async () => {
      const desk = await at.open();
      const { keyboard } = desk.page;
      await keyboard.press('Control+k');
      await keyboard.type('help-it');
      await keyboard.press('Enter');
      await desk.main.getByRole('heading', { name: 'help-it', level: 1 }).waitFor();
      await tabTo(desk, desk.page.getByRole('button', { name: /^Skip to/ }), 'the way to the message box');
      await keyboard.press('Enter');
      await focused(desk.composer(), 'the message box');
      await keyboard.type('The keyboard is all I have');
      await keyboard.press('Enter');
      await desk.message('The keyboard is all I have').waitFor();

      await tabTo(desk, desk.page.getByRole('radio', { name: /^Uli/ }), 'the people');
      await keyboard.press('ArrowDown');
      await keyboard.press('ArrowDown');
      await desk.page.getByRole('radio', { name: /^Ana/, checked: true }).waitFor();
      await focused(desk.person('Ana'), 'Ana');
      await tabTo(desk, desk.entry('triage-it'), 'the triage channel');
      await keyboard.press('Enter');
      await desk.card(1).waitFor();
      await tabTo(desk, desk.card(1).getByRole('button', { name: 'Take it' }), 'Take it');
      await keyboard.press('Space');
      await desk.cardSays(1, 'Owner', 'Ana');

      const more = desk.card(1).getByRole('button', { name: 'More actions' });
      await tabTo(desk, more, 'the card’s menu');
      await keyboard.press('ArrowDown');
      const item = (name: string): Locator => desk.page.getByRole('menuitem', { name });
      await focused(item('Priority…'), 'the first entry');
      await keyboard.press('End');
      await focused(item('More…'), 'the last entry');
      await keyboard.press('ArrowDown');
      await focused(item('Priority…'), 'the first entry again');
      await keyboard.press('Escape');
      await item('Priority…').waitFor({ state: 'hidden' });
      await focused(more, 'the menu’s button');
      await keyboard.press('Enter');
      await keyboard.press('ArrowDown');
      await focused(item('Hold…'), 'Hold…');
      await keyboard.press('Enter');

      await desk.dialog.waitFor();
      for (let presses = 0; presses < 12; presses += 1) {
        await keyboard.press('Tab');
        const isOutside = await desk.page.evaluate(
          'document.activeElement !== document.body && document.activeElement.closest("dialog") === null',
        );
        expect(isOutside, `outside of the dialog after Tab ${presses + 1}`).to.equal(false);
      }
      await keyboard.press('Escape');
      await desk.dialog.waitFor({ state: 'detached' });

      await tabTo(desk, desk.number(1), 'the card’s number');
      await keyboard.press('Enter');
      await focused(desk.explanation, 'the explanation');
      await keyboard.press('Escape');
      await desk.explanation.waitFor({ state: 'detached' });
      await focused(desk.number(1), 'the number again');
    });

    it('whoever joins or leaves a channel, or is told that TrIAge is not there, goes on writing, whatever they answer', async () => {
      at.stage.slack.channels.add({ name: 'floor-4', bot: false });
      const desk = await at.open();
      await desk.at('Zoe', 'floor-4');
      await tabTo(desk, desk.main.getByRole('button', { name: 'Join #floor-4' }), 'the button that joins');
      await desk.page.keyboard.press('Enter');
      await focused(desk.composer(), 'the message box of the channel that was joined');
      await tabTo(desk, desk.main.getByRole('button', { name: 'Leave #floor-4' }), 'the button that leaves');
      await desk.page.keyboard.press('Enter');
      await focused(desk.main.getByRole('button', { name: 'Join #floor-4' }), 'the way back in');
      await tabTo(desk, desk.main.getByRole('button', { name: 'Skip to the message box' }), 'the skip');
      await desk.page.keyboard.press('Enter');
      await focused(desk.main.getByRole('button', { name: 'Join #floor-4' }), 'the way back in again');
      await desk.page.keyboard.press('Enter');
      await focused(desk.composer(), 'the message box again');
      await desk.write('@TrIAge I need a new mouse');
      await desk.openThread(desk.message('I need a new mouse'));
      await desk.write('@TrIAge please', desk.thread);
      for (const [answer, within] of [
        ['Not now', desk.thread],
        ['Invite TrIAge', desk.main],
      ] as const) {
        const notice = within.getByRole('status').filter({ hasText: 'You mentioned @TrIAge' });
        await tabTo(desk, notice.getByRole('button', { name: answer }), answer);
        await desk.page.keyboard.press('Enter');
        await notice.waitFor({ state: 'detached' });
        await focused(desk.composer(within), `the message box after “${answer}”`);
      }
    });

    it('whoever leaves a question or the way to other places is back where they were', async () => {
      const desk = await at.open();
      const { keyboard } = desk.page;
      const time = desk.page.getByRole('button', { name: 'Time', exact: true });
      for (const [from, key, what] of [
        [time, 'Enter', 'Time'],
        [desk.composer(), 'Control+k', 'the message box'],
      ] as const) {
        await from.focus();
        await keyboard.press(key);
        await desk.dialog.waitFor();
        await keyboard.press('Escape');
        await desk.dialog.waitFor({ state: 'detached' });
        await focused(from, what);
      }
    });

    it('messages are gone through by arrows, and their buttons reached by Tab', async () => {
      const desk = await at.open();
      await desk.at('Lea', 'general');
      const last = desk.messages().last();
      await tabTo(desk, last, 'the last message');
      await desk.page.keyboard.press('ArrowUp');
      await desk.page.keyboard.press('ArrowUp');
      await focused(desk.messages().first(), 'the first message');
      const toolbar = desk.messages().first().getByRole('toolbar');
      await tabTo(desk, toolbar.getByRole('button', { name: 'Reply in thread' }), 'its buttons');
      await desk.page.keyboard.press('Enter');
      await focused(desk.thread, 'the thread');
      await desk.page.keyboard.press('Escape');
      await desk.thread.waitFor({ state: 'detached' });
    });
  });

  describe('in a narrow window', () => {
    const narrow = { viewport: { width: 400, height: 800 } };

    const fits = async (desk: Desk, where: string): Promise<void> => {
      const width = await desk.page.evaluate<number>('document.documentElement.scrollWidth');
      expect(width, `the width of ${where}`).to.be.at.most(400);
    };

    it('shows one pane at a time, with a way back from each', async () => {
      const desk = await at.open(narrow);
      await desk.press('Close guide', desk.guide);
      expect(await desk.sidebar.isVisible()).to.equal(false);
      await desk.press('Back to channels', desk.main);
      await desk.sidebar.waitFor();
      await fits(desk, 'the list');
      await desk.person('Uli').click();
      await desk.entry('help-it').click();
      await desk.main.getByRole('heading', { name: 'help-it', level: 1 }).waitFor();
      await fits(desk, 'a channel');
      await desk.write('Is it still in sight?');
      const asked = desk.message('Is it still in sight?');
      await asked.getByRole('button', { name: /^1 reply/ }).click();
      await desk.message(/Got it: #\d/, desk.thread).waitFor();
      expect(await desk.main.isVisible()).to.equal(false);
      await fits(desk, 'a thread');
      await desk.press('Close thread', desk.thread);
      await desk.main.waitFor();

      await desk.press('Back to channels', desk.main);
      await desk.person('Ana').click();
      await desk.entry('triage-it').click();
      await desk
        .messages()
        .last()
        .getByRole('button', { name: /^Explain request/ })
        .click();
      await desk.explanation.getByText('Is it still in sight?').first().waitFor();
      await fits(desk, 'an explanation');
      await desk.press('Close explanation', desk.explanation);
      await desk.main.waitFor();
      await desk.press('Back to channels', desk.main);
      await desk.press('TrIAge Home', desk.sidebar);
      await desk.press('Back to channels', desk.main);
      await desk.sidebar.waitFor();
    });
  });

  it('has every skip and every figure in sight, however narrow the window is', async () => {
    const desk = await at.open();
    await desk.panel.waitFor();
    for (const width of [320, 360, 400, 900, 1000, 1280]) {
      await desk.page.setViewportSize({ width, height: 800 });
      const shown = [
        ...(await desk.page.getByRole('group', { name: 'Skip time' }).getByRole('button').all()),
        ...(await desk.panel.getByRole('definition').all()),
      ];
      expect(shown, 'skips and figures').to.have.length(5 + 9);
      for (const each of shown)
        expect(await partInSight(each), `${await each.innerText()} at ${width} px`).to.be.above(0.99);
      const across = await desk.page.evaluate<number>('document.documentElement.scrollWidth');
      expect(across, 'the width of the page').to.be.at.most(width);
    }
  });

  interface Sight {
    readonly IntersectionObserver: new (
      told: (all: readonly { readonly intersectionRatio: number }[]) => void,
    ) => { observe(element: unknown): void };
  }

  /** How much of it is neither cut off nor scrolled away, from 0 to 1. */
  const partInSight = (locator: Locator): Promise<number> =>
    locator.evaluate((element) => {
      const { IntersectionObserver } = globalThis as unknown as Sight;
      return new Promise<number>((resolve) =>
        new IntersectionObserver(([seen]) => resolve(seen?.intersectionRatio ?? 0)).observe(element),
      );
    });

  describe('in light and in dark', () => {
    const colour = (desk: Desk): Promise<string> =>
      desk.page.evaluate<string>('getComputedStyle(document.querySelector("main")).backgroundColor');

    it('as the system has it, until somebody says otherwise, which is kept', async () => {
      const light = await at.open({ colorScheme: 'light' });
      const dark = await at.open({ colorScheme: 'dark' });
      const [whenLight, whenDark] = [await colour(light), await colour(dark)];
      expect(whenLight).to.not.equal(whenDark);
      await dark.press('Use light colours');
      await waitFor(async () => (await colour(dark)) === whenLight, 'light colours');
      await dark.page.reload();
      await dark.main.waitFor();
      expect(await colour(dark)).to.equal(whenLight);
      await light.press('Use dark colours');
      await waitFor(async () => (await colour(light)) === whenDark, 'dark colours');
    });

    for (const colorScheme of ['light', 'dark'] as const)
      it(`for a screen reader and for weak eyes: nothing to complain of (${colorScheme})`, async () => {
        const desk = await at.open({ colorScheme });
        await desk.at('Uli', 'help-it');
        await desk.write(`Can everybody read this, ${colorScheme}?`);
        await desk.openThread(desk.message(`Can everybody read this, ${colorScheme}?`));
        await desk.message(/Got it/, desk.thread).waitFor();
        expect(await problemsOf(desk.page), 'a thread').to.deep.equal([]);
        await desk.at('Ana', 'triage-it');
        await desk
          .messages()
          .last()
          .getByRole('button', { name: /^Explain request/ })
          .click();
        await desk.explanation.getByRole('listitem').first().waitFor();
        expect(await problemsOf(desk.page), 'cards and an explanation').to.deep.equal([]);
        await desk.choose('More actions', 'Hold…', desk.messages().last());
        await desk.dialog.waitFor();
        await desk.press('Put on hold', desk.dialog);
        await desk.dialog.getByRole('alert').first().waitFor();
        expect(await problemsOf(desk.page), 'a form with errors').to.deep.equal([]);
        await desk.press('Cancel', desk.dialog);
        await desk.dialog.waitFor({ state: 'detached' });
        await desk.page.keyboard.press('Control+k');
        await desk.dialog.waitFor();
        expect(await problemsOf(desk.page), 'the way to anywhere').to.deep.equal([]);
      });
  });

  it('moves nothing for whoever wants no motion, and for others a little', async () => {
    for (const [reducedMotion, moves] of [
      ['reduce', false],
      ['no-preference', true],
    ] as const) {
      const desk = await at.open({ reducedMotion });
      await desk.at('Uli', 'help-it');
      await desk.write(`Does it move? ${reducedMotion}`);
      await desk.at('Ana', 'triage-it');
      await desk.press('Open the message', desk.message(`Does it move? ${reducedMotion}`));
      await desk.page.locator('article:focus').waitFor();
      expect(
        await desk.page.evaluate<boolean>('document.getAnimations().length > 0'),
        reducedMotion,
      ).to.equal(moves);
    }
  });

  it('says so when nothing answers any more, and goes on when something does', async () => {
    at.expect(/ERR_INTERNET_DISCONNECTED/);
    const desk = await at.open();
    await desk.page.context().setOffline(true);
    await desk.at('Uli', 'general').catch(() => {});
    const banner = desk.page.getByRole('alert').filter({ hasText: 'The demo has ended' });
    await banner.waitFor();
    await desk.page.context().setOffline(false);
    await banner.waitFor({ state: 'detached' });
  });

  describe('and for no page of another site', () => {
    const other = createServer((_, response) => response.end('<!doctype html><title>another site</title>'));
    before(async () => {
      other.listen(0, '127.0.0.1');
      await once(other, 'listening');
    });
    after(() => other.close());

    const goThere = (page: Page): Promise<unknown> =>
      page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
    async function elsewhere(): Promise<Page> {
      // Chromium itself asks each server for an icon.
      at.expect(/asked for|403|CORS|frame|favicon|ERR_(FAILED|BLOCKED_BY_RESPONSE)|NotSameOrigin/);
      const { page } = await at.open();
      await goThere(page);
      return page;
    }

    it('which learns nothing by asking', async () => {
      const page = await elsewhere();
      for (const [path, how] of [
        ['state', '{}'],
        ['panel', '{ mode: "no-cors" }'],
        ['time', '{ mode: "no-cors", method: "POST", body: "{}" }'],
      ] as const) {
        const asking = `fetch("${at.show.url}${path}", ${how}).then(() => "answered", () => "refused")`;
        expect(await page.evaluate<string>(asking), path).to.equal('refused');
      }
    });

    it('which leads to nothing but the page itself, and posts no form', async () => {
      const form = `Object.assign(document.createElement("form"), { method: "post", enctype: "text/plain" })`;
      const page = await elsewhere();
      for (const [path, go, status] of [
        ['', 'location.assign(url)', 200],
        ['state', 'location.assign(url)', 403],
        ['page.js', 'location.assign(url)', 403],
        ['time', `document.body.appendChild(Object.assign(${form}, { action: url })).submit()`, 403],
      ] as const) {
        await goThere(page);
        const url = `${at.show.url}${path}`;
        const [answer] = await Promise.all([
          page.waitForResponse(url),
          page.waitForEvent('load'),
          page.evaluate(`{ const url = "${url}"; ${go}; }`),
        ]);
        expect(answer.status(), path).to.equal(status);
      }
    });

    it('which cannot put the page into a frame', async () => {
      const page = await elsewhere();
      const [frame] = await Promise.all([
        page.waitForEvent('frameattached'),
        page.evaluate(
          `document.body.appendChild(Object.assign(document.createElement("iframe"), { src: "${at.show.url}" }))`,
        ),
      ]);
      await waitFor(() => frame.url().startsWith('chrome-error:'), 'the frame to be refused');
    });
  });

  it('and under no other name, though it leads here', async () => {
    at.expect(/asked for|421|Cross-Origin-Opener-Policy/);
    const { page } = await at.open();
    const url = new URL(at.show.url);
    url.hostname = REBOUND;
    const answer = await page.goto(url.href);
    expect(answer?.status()).to.equal(421);
    expect(await page.innerText('body')).to.include(
      `this is ${at.show.url.replace(/\/$/, '')} and answers to no other name`,
    );
    for (const path of ['state', 'page.js'])
      expect(await page.evaluate<number>(`fetch("/${path}").then(({ status }) => status)`), path).to.equal(
        421,
      );
  });
});

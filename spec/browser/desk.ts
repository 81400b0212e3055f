/** What somebody sees and does at the page: everything by role and name, as people and screen readers find it. */
import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../support/wait-for.ts';

/** Message, thread and explanation have these names for a screen reader. */
export class Desk {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get main(): Locator {
    return this.page.getByRole('main');
  }

  get thread(): Locator {
    return this.page.getByRole('complementary', { name: 'Thread' });
  }

  get explanation(): Locator {
    return this.page.getByRole('complementary', { name: /^Explain request/ });
  }

  get sidebar(): Locator {
    return this.page.getByRole('navigation', { name: 'Workspace' });
  }

  get guide(): Locator {
    return this.page.getByRole('region', { name: 'Guide' });
  }

  get panel(): Locator {
    return this.page.getByRole('region', { name: 'How TrIAge is' });
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  /** Posts and looks as somebody from now on. @param name their first name */
  async as(name: string): Promise<void> {
    await this.person(name).click();
    await this.page.getByRole('radio', { name, checked: true }).waitFor();
  }

  person(name: string): Locator {
    return this.page.getByRole('radio', { name: new RegExp(`^${name} `) });
  }

  entry(channel: string): Locator {
    return this.sidebar.getByRole('button', { name: new RegExp(`^${channel}(,|$)`) });
  }

  async goTo(channel: string): Promise<void> {
    await this.entry(channel).click();
    await this.main.getByRole('heading', { name: channel, level: 1, exact: true }).waitFor();
  }

  /** Somebody at a channel: the two most frequent steps. */
  async at(name: string, channel: string): Promise<void> {
    await this.as(name);
    await this.goTo(channel);
  }

  composer(within: Locator = this.main): Locator {
    return within.getByRole('textbox', { name: /^(Message |Reply in thread)/ });
  }

  /** Writes and sends with Enter. */
  async write(text: string, within: Locator = this.main): Promise<void> {
    const composer = this.composer(within);
    await composer.fill(text);
    await composer.press('Enter');
  }

  messages(within: Locator = this.main): Locator {
    return within.getByRole('article');
  }

  /** The last message with these words. */
  message(words: string | RegExp, within: Locator = this.main): Locator {
    return this.messages(within).filter({ hasText: words }).last();
  }

  number(of: number): Locator {
    return this.page.getByRole('button', { name: `Explain request #${of}`, exact: true });
  }

  card(number: number): Locator {
    return this.messages().filter({ has: this.number(number) });
  }

  /** Until the card's field says so. */
  async cardSays(number: number, field: 'Status' | 'Owner' | 'Priority', words: string): Promise<void> {
    await this.card(number)
      .getByText(new RegExp(`^${field}\\s*${words}$`))
      .waitFor();
  }

  async press(button: string, within: Locator = this.page.locator('body')): Promise<void> {
    await within.getByRole('button', { name: button, exact: true }).click();
  }

  /** An entry of a menu by its button. */
  async choose(menu: string, item: string | RegExp, within: Locator): Promise<void> {
    await within.getByRole('button', { name: menu, exact: true }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }

  /** Brings up what can be done with a message; again where another one has come under the mouse meanwhile. */
  async tools(message: Locator): Promise<Locator> {
    const tools = message.getByRole('toolbar', { name: 'Message actions' });
    await waitFor(async () => {
      await message.hover();
      return tools.isVisible();
    }, 'what can be done with a message');
    return tools;
  }

  async openThread(message: Locator): Promise<void> {
    await this.press('Reply in thread', await this.tools(message));
    await this.thread.waitFor();
  }

  /** One of the figures at the bottom. */
  async figure(label: string): Promise<string> {
    const found = this.panel.locator('div', { has: this.page.getByText(label, { exact: true }) });
    return (await found.last().locator('dd').innerText()).trim();
  }

  async figureIs(label: string, wanted: string | RegExp, timeoutMs = 15_000): Promise<void> {
    const fits = (value: string): boolean =>
      typeof wanted === 'string' ? value === wanted : wanted.test(value);
    let last = '';
    await waitFor(
      async () => fits((last = await this.figure(label))),
      `“${label}” to be ${String(wanted)}`,
      timeoutMs,
    ).catch((error: unknown) => {
      throw new Error(`“${label}” is ${last}, not ${String(wanted)}`, { cause: error });
    });
  }
}

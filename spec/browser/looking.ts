/** A show, its page in a browser, and an eye on all that the page asks for and complains of. */
import { after, afterEach, before, beforeEach } from 'mocha';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { openShow, type Show } from '../workspace/demo/show.ts';
import type { Stage } from '../workspace/face/stage.ts';
import { launchChromium } from './chromium.ts';
import { noteControls } from './controls.ts';
import { Desk } from './desk.ts';

const PATIENCE_MS = 25_000;
/** Chromium drops what is under way when one of the machine's networks comes or goes: no matter of the page, which asks again. */
const NOT_OF_THE_PAGE = /ERR_NETWORK_CHANGED/;

/** One browser and one show for the specs of a suite; their pages are closed after each. */
export function lookingAt(opening: () => Promise<Stage>): Looking {
  const looking = new Looking();
  before(async () => {
    await looking.start(opening);
    await looking.up();
  });
  beforeEach(function () {
    looking.begin(this.currentTest?.fullTitle() ?? '');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await looking.tell();
    await looking.end();
  });
  after(() => looking.close());
  return looking;
}

export class Looking {
  #show: Show | undefined;
  #browser: Browser | undefined;
  #title = '';
  #complaints: string[] = [];
  #expected: readonly RegExp[] = [];
  readonly #contexts: BrowserContext[] = [];

  async start(opening: () => Promise<Stage>): Promise<void> {
    this.#browser = await launchChromium();
    this.#show = await openShow(opening);
  }

  get show(): Show {
    return found(this.#show);
  }

  get stage(): Stage {
    return this.show.stage();
  }

  /** Until TrIAge is there. */
  async up(): Promise<void> {
    await this.stage.slack.waitFor(() => this.stage.seen().isUp, 'TrIAge to be up', 50_000);
  }

  /** Opens the page as somebody with a browser of their own would: nothing is kept from another one. */
  async open(options: BrowserContextOptions = {}): Promise<Desk> {
    const context = await found(this.#browser).newContext({
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      ...options,
    });
    this.#contexts.push(context);
    context.setDefaultTimeout(PATIENCE_MS);
    await noteControls(context, () => this.#title);
    this.#watch(context);
    const page = await context.newPage();
    await this.goTo(page);
    return new Desk(page);
  }

  async goTo(page: Page): Promise<void> {
    await page.goto(this.show.url);
    await page.getByRole('main').waitFor();
  }

  /** What the pages show, for whoever looks for the reason of a red spec. */
  async tell(): Promise<void> {
    for (const page of this.#contexts.flatMap((context) => context.pages()))
      process.stderr.write(`${page.url()}\n${await page.locator('body').ariaSnapshot()}\n`);
  }

  begin(title: string): void {
    this.#title = title;
    this.#expected = [];
    this.#complaints = [];
  }

  /** What the browser complains of in this spec, rightly: a refusal stands in its console as an error. */
  expect(...complaints: readonly RegExp[]): void {
    this.#expected = complaints;
  }

  /** Closes every page; fails when one of them complained, or asked for something elsewhere. */
  async end(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close();
    const unexpected = this.#complaints.filter((each) => !this.#expected.some((known) => known.test(each)));
    if (unexpected.length > 0) throw new Error(`the page complained:\n${unexpected.join('\n')}`);
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    await this.#show?.close();
  }

  #watch(context: BrowserContext): void {
    const own = new URL(this.show.url).origin;
    const complain = (what: string): void => {
      if (!NOT_OF_THE_PAGE.test(what)) this.#complaints.push(what);
    };
    context.on('request', (request) => {
      if (new URL(request.url()).origin !== own) complain(`asked for ${request.url()}`);
    });
    context.on('weberror', (each) => complain(each.error().stack ?? each.error().message));
    context.on('console', (said) => {
      if (said.type() === 'error' || said.type() === 'warning')
        complain(`${said.type()}: ${said.text()} (${said.location().url})`);
    });
  }
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the show has not begun');
  return value;
}

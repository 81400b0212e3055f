/**
 * Which controls the page has shown to the specs, and which of them a spec has used: kept over all files of a run, so that
 * the last one can tell of a control that no spec ever used.
 */
import type { BrowserContext } from 'playwright-core';

const seen = new Set<string>();
const used = new Map<string, Set<string>>();

/** As `role name`: those that the page has shown. */
export function controlsSeen(): readonly string[] {
  return [...seen].sort();
}

/** By control, the titles of the specs that used it. */
export function controlsUsed(): ReadonlyMap<string, ReadonlySet<string>> {
  return used;
}

/** @param title of the spec that runs */
export async function noteControls(context: BrowserContext, title: () => string): Promise<void> {
  await context.exposeBinding('noteControl', (_, what: 'seen' | 'used', role: string, name: string) => {
    const control = role === 'option' ? 'option of a list' : `${role} ${general(name)}`;
    seen.add(control);
    if (what === 'used') used.set(control, (used.get(control) ?? new Set()).add(title()));
  });
  await context.addInitScript(watchControls);
}

const ANYBODY = /\b(Uli|Zoe|Ana|Ben|Lea)( (Brandt|Martín|Ruiz|Okafor|Novak))?\b/g;

/** What differs from one showing of the same control to the next is left out; `floor-3` is a channel that a spec made. */
function general(name: string): string {
  return name
    .replaceAll(/\s+/g, ' ')
    .replaceAll(ANYBODY, 'somebody')
    .replaceAll(/#\d+/g, '#n')
    .replace(/, (unread|has ).*$/, '')
    .replace(/^.* reacted with :.*$/, 'somebody reacted with :emoji:')
    .replace(/^(React with )?:[^:]+:$/, '$1:emoji:')
    .replace(/^(somebody(, | and )?)+/, 'somebody')
    .replace(/^.*\d+ (reply|replies)( .*)?$/, 'n replies')
    .replace(/^\d+ /, '')
    .replace(/ \(done\)$/, '')
    .replace(/^\S (Events|Decisions|Timers|Writes) \d+$/, '$1')
    .replace(/^\S (Ready|Not ready|No answer)$/, 'Ready')
    .replace(/^(Message|Also send to|Join|Leave) (#?[\w-]+)$/, '$1 …')
    .replace(/^floor-\d+$/, 'floor')
    .trim();
}

interface Element {
  readonly tagName: string;
  readonly innerText?: string;
  readonly labels?: ArrayLike<{ readonly innerText: string }> | null;
  closest(selector: string): Element | null;
  getAttribute(name: string): string | null;
  checkVisibility(): boolean;
}
interface Page {
  readonly location: { readonly protocol: string };
  readonly document: { querySelectorAll(selector: string): Iterable<Element> };
  addEventListener(name: string, heard: (event: { target: Element }) => void, isEarly: boolean): void;
  noteControl(what: 'seen' | 'used', role: string, name: string): void;
  readonly MutationObserver: new (
    changed: () => void,
  ) => {
    observe(target: unknown, options: Readonly<Record<string, boolean>>): void;
  };
}

/** Runs in the page. */
function watchControls(): void {
  const page = globalThis as unknown as Page;
  // Chromium's own pages, as where a link leads to nothing, are not ours.
  if (page.location.protocol !== 'http:') return;
  const controls =
    'button, input, select, textarea, a[href], summary, [role=option], [role=menuitem], [contenteditable]';
  const told = new Set<string>();
  const tell = (what: 'seen' | 'used', element: Element | null): void => {
    if (element === null || !element.checkVisibility() || element.getAttribute('aria-busy') === 'true')
      return;
    const role = element.getAttribute('role') ?? element.tagName.toLowerCase();
    // What the app has sent is its own: of each kind one shows that the page can do it.
    if (element.closest('.step-head') !== null) return page.noteControl(what, role, 'a step');
    const name =
      element.closest('.blocks') !== null
        ? 'of the app'
        : (element.getAttribute('aria-label') ?? element.labels?.[0]?.innerText ?? element.innerText ?? '');
    const key = `${what} ${role} ${name}`;
    if (what === 'seen' && told.has(key)) return;
    told.add(key);
    page.noteControl(what, role, name);
  };
  const look = (): void => {
    for (const element of page.document.querySelectorAll(controls)) tell('seen', element);
  };
  for (const name of ['click', 'mousedown', 'input', 'change'])
    page.addEventListener(name, ({ target }) => tell('used', target.closest(controls)), true);
  let isOther = true;
  new page.MutationObserver(() => (isOther = true)).observe(page.document, {
    subtree: true,
    childList: true,
    attributes: true,
  });
  setInterval(() => {
    if (isOther) look();
    isOther = false;
  }, 250);
}

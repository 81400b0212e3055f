/** What rendering needs, and what readers of a message can be reached by. */
import type { ActionsBlockElement, RichTextBlock, RichTextElement } from '@slack/types';
import type { Message, RenderContext } from '../../src/outbox/render/context.ts';
import { ANA, ASK, BEN, CAT, HOUR, LEA, MINUTE, queue, T0, ZOE } from './builders.ts';

const NAMES: ReadonlyMap<string, string> = new Map([
  [ASK, 'Asta'],
  [ANA, 'Ana'],
  [BEN, 'Ben'],
  [CAT, 'Cat'],
  [LEA, 'Lea'],
  [ZOE, 'Zoe'],
  ['CHELP', 'help-it'],
  ['CTRIAGE', 'triage-it'],
]);

/** Twenty minutes after T0, with ANA on duty until the evening. */
export function rendering(overrides: Partial<RenderContext> = {}): RenderContext {
  return {
    now: T0 + 20 * MINUTE,
    names: {
      person: (id) => NAMES.get(id) ?? id,
      channel: (id) => NAMES.get(id) ?? id,
    },
    teamUrl: 'https://acme.slack.com/',
    botUserId: 'UBOT',
    queue: queue(),
    onDuty: { user: ANA, untilMs: T0 + 7 * HOUR },
    triageIsPrivate: false,
    ...overrides,
  };
}

/** All texts of a message in which Slack parses tokens and formats: its fallback and its mrkdwn objects. */
export function parsedTexts({ text, blocks }: Message): string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('type' in node && node.type === 'mrkdwn' && 'text' in node) found.push(String(node.text));
    for (const child of Object.values(node)) visit(child);
  };
  visit(blocks);
  return [text, ...found];
}

/** Everything by which a message rings, links or shows time, in order. */
export function tokens(message: Message): string[] {
  return parsedTexts(message).flatMap((text) => text.match(/<[^<>]*>/g) ?? []);
}

export function mentions(message: Message): string[] {
  return tokens(message).filter((token) => /^<[@!]/.test(token) && !token.startsWith('<!date^'));
}

/** Types of all rich-text leaves: only `text` is inert. */
export function leafTypes(message: Message): string[] {
  return message.blocks.flatMap((block) =>
    block.type === 'rich_text' ? leaves(block).map(({ type }) => type) : [],
  );
}

function leaves(block: RichTextBlock): RichTextElement[] {
  return block.elements.flatMap((part): RichTextElement[] =>
    part.type === 'rich_text_list' ? part.elements.flatMap(({ elements }) => elements) : part.elements,
  );
}

/** All characters of text in the blocks, which Slack refuses above about 12,000. */
export function textLength(message: Message): number {
  let length = 0;
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [name, child] of Object.entries(node)) {
      if (name === 'text' && typeof child === 'string') length += child.length;
      else visit(child);
    }
  };
  visit(message.blocks);
  return length;
}

/** A message as a reader sees it, line by line: times as their fallback, links as their label, buttons in brackets. */
export function seen(message: Message): string[] {
  return message.blocks.flatMap((block) => {
    if (block.type === 'header') return [block.text.text];
    if (block.type === 'section') {
      const texts = [...(block.text === undefined ? [] : [block.text]), ...(block.fields ?? [])];
      return texts.flatMap(({ text }) => readable(text).split('\n'));
    }
    if (block.type === 'context')
      return [block.elements.map((part) => (part.type === 'image' ? '' : readable(part.text))).join(' | ')];
    if (block.type === 'rich_text')
      return [
        leaves(block)
          .map((leaf) => (leaf.type === 'text' ? leaf.text : leaf.type))
          .join(''),
      ];
    return block.type === 'actions' ? [block.elements.map(label).join(' ')] : [];
  });
}

function readable(text: string): string {
  return text.replaceAll(/<[^<>|]*\|([^<>]*)>/g, '$1').replaceAll('\u2060', '');
}

function label(element: ActionsBlockElement): string {
  if (element.type === 'button')
    return element.style === undefined ? `[${element.text.text}]` : `[${element.text.text}!]`;
  if (element.type !== 'overflow') return element.type;
  return `⋯(${element.options.map((option) => option.text.text).join(', ')})`;
}

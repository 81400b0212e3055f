/** A message as lines of a terminal: what a person would see of its blocks. */
import { pressables } from '../elements.ts';
import { textOfBlocks } from '../text-of.ts';
import { asText, isJson, isJsonList, type Json, type Message } from '../wire.ts';

/** How the line is drawn. */
export interface Line {
  readonly style: 'plain' | 'bold' | 'dim';
  readonly text: string;
}

/** @param readable makes Slack's tokens what a person reads */
export function linesOf(
  message: Pick<Message, 'text' | 'blocks'>,
  readable: (text: string) => string,
): readonly Line[] {
  const { blocks } = message;
  const lines =
    blocks === undefined || blocks.length === 0
      ? [{ style: 'plain', text: message.text } as const]
      : blocks.flatMap(linesOfBlock);
  return lines.flatMap(({ style, text }) =>
    readable(text)
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => ({ style, text: line })),
  );
}

function linesOfBlock(block: Json): readonly Line[] {
  switch (block['type']) {
    case 'header':
      return [{ style: 'bold', text: textOfBlocks([block]) }];
    case 'context':
      return [{ style: 'dim', text: partsOf(block['elements']).join(' · ') }];
    case 'actions':
      return [{ style: 'plain', text: buttonsOf(block) }];
    case 'rich_text':
      return [{ style: 'plain', text: `┃ ${textOfBlocks([block]).replaceAll('\n', '\n┃ ')}` }];
    case 'divider':
      return [];
    default:
      return isJsonList(block['fields'])
        ? [{ style: 'plain', text: partsOf(block['fields']).map(asField).join('   ') }]
        : [{ style: 'plain', text: textOfBlocks([block]) }];
  }
}

function partsOf(elements: unknown): readonly string[] {
  return isJsonList(elements) ? elements.filter(isJson).map((one) => asText(one['text'])) : [];
}

/** `*Status*\nnew` as `Status: new`. */
function asField(text: string): string {
  return text.replace(/^\*(.+?)\*\n/, '$1: ');
}

/** `[Take it] [Assign] [⋯ Priority… · Hold…]`. */
function buttonsOf(block: Json): string {
  const all = pressables([block]);
  const buttons = all.filter(({ option }) => option === undefined).map(({ text }) => `[${text}]`);
  const menu = all.filter(({ option }) => option !== undefined).map(({ text }) => text);
  return [...buttons, ...(menu.length === 0 ? [] : [`[⋯ ${menu.join(' · ')}]`])].join(' ');
}

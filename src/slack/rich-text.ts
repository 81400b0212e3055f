/**
 * People's own words as rich text. A `text` leaf goes through no parser at all: what is in it can neither ring
 * nor link nor format, whatever it looks like.
 */
import type { RichTextBlock, RichTextText } from '@slack/types';
import { boundaryBefore, clamp } from './clamp.ts';
import type { RawText } from './event.ts';
import { visible } from './inline.ts';
import { LIMITS } from './limits.ts';

/** A quote, clamped. Null where there is nothing to quote. */
export function quote(text: RawText, max = 300): RichTextBlock | null {
  const shown = clamp(visible(text).trim(), Math.min(max, LIMITS.richText));
  return shown === '' ? null : richText('rich_text_quote', shown);
}

/**
 * A whole text, as paragraphs in as many blocks as it takes; for messages that are carried over.
 * @param max of all together, in UTF-16 units
 */
export function words(text: RawText, max = 12_000): readonly RichTextBlock[] {
  const shown = clamp(visible(text).trim(), max);
  return parts(shown, LIMITS.richText).map((part) => richText('rich_text_section', part));
}

function richText(type: 'rich_text_quote' | 'rich_text_section', text: string): RichTextBlock {
  const leaf: RichTextText = { type: 'text', text };
  return { type: 'rich_text', elements: [{ type, elements: [leaf] }] };
}

/** Cuts where a line ends, if there is one in the second half; else between two characters. */
function parts(text: string, size: number): readonly string[] {
  const found: string[] = [];
  let rest = text;
  while (rest.length > size) {
    const line = rest.lastIndexOf('\n', size);
    const end = line > size / 2 ? line : boundaryBefore(rest, size);
    found.push(rest.slice(0, end));
    rest = rest.slice(end).replace(/^\n/, '');
  }
  return rest === '' ? found : [...found, rest];
}

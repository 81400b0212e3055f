/** Cutting text to a length without cutting a character, an entity or a token in two. */

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** The mark of text that was cut. */
const ELLIPSIS = '…';

/**
 * At most `max` UTF-16 units (Slack does not say what it counts; no other count is larger), the last of them an
 * ellipsis if something was cut. A grapheme (an emoji with its skin tone, a letter with its accents) stays whole,
 * unless it alone is longer than all there is room for.
 */
export function clamp(text: string, max: number): string {
  if (text.length <= max) return text;
  if (max < 1) return '';
  return text.slice(0, boundaryBefore(text, max - 1)).trimEnd() + ELLIPSIS;
}

/** The last place at or before `index` where text may be cut. */
export function boundaryBefore(text: string, index: number): number {
  if (index <= 0) return 0;
  if (index >= text.length) return text.length;
  // Looking no further back than this keeps a text of combining marks only from being searched as a whole.
  const start = wellFormedStart(text, Math.max(0, index - 256));
  const around = text.slice(start, index + 256);
  const cut = start + (graphemes.segment(around).containing(index - start)?.index ?? 0);
  return cut > start ? cut : wellFormedStart(text, index);
}

/** The index itself, or the one before it where it would part a surrogate pair. */
function wellFormedStart(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return index > 0 && code >= 0xdc00 && code <= 0xdfff ? index - 1 : index;
}

/** The first line with something on it, its spaces folded, clamped: what a request is called. Empty for empty text. */
export function titleOf(text: string, max: number): string {
  for (const line of text.split(/[\r\n\u2028\u2029]+/)) {
    const words = line.replaceAll(/[\p{White_Space}\p{Cc}]+/gu, ' ').trim();
    if (words !== '') return clamp(words, max);
  }
  return '';
}

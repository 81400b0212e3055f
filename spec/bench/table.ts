/** Results as Markdown, and the place in a document where they belong. */
import type { Judged, medians } from './section.ts';

const BEGIN = '<!-- bench: begin (written by `npm run bench`) -->';
const END = '<!-- bench: end -->';

export function rowsTable(rows: readonly Judged[]): string {
  return markdown(
    ['quantity', 'measured', 'rounds', 'reach', 'aim', 'gets'],
    rows.map(({ quantity, measured, least, most, unit, reach, aim, verdict }) => [
      quantity,
      `**${number(measured)}${unit}**`,
      `${number(least)} – ${number(most)}`,
      reach,
      aim,
      verdict,
    ]),
  );
}

export function figuresTable(figures: ReturnType<typeof medians>): string {
  return markdown(
    ['figure', 'median', 'rounds'],
    figures.map(({ name, median, least, most }) => [
      name,
      number(median),
      `${number(least)} – ${number(most)}`,
    ]),
  );
}

function markdown(heads: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...lines.map(line)].join('\n');
}

/** Three digits that say something: 12345, 123, 12.3, 1.23, 0.12. */
export function number(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value);
  if (size >= 100) return value.toFixed(0);
  const text = value.toFixed(size >= 10 ? 1 : 2);
  return /^-?0\.0+$/.test(text) ? '0' : text;
}

/**
 * The document with what stands between the two markers replaced.
 * @throws Error when it has not both markers, in order
 */
export function withBlock(document: string, block: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin === -1 || end < begin) throw new Error('the document lacks the markers of the bench');
  return `${document.slice(0, begin + BEGIN.length)}\n\n${block.trim()}\n\n${document.slice(end)}`;
}

/**
 * Slack's mrkdwn as a tree. Tokens (`<…>`) are cut out of the text as it stands, and `&lt;` becomes `<` in leaves only: what
 * somebody typed can become neither a mention nor a link here, as little as in Slack.
 */
import { withEmoji } from './emoji.ts';

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'bold' | 'italic' | 'strike'; readonly inside: readonly Node[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'person'; readonly id: string; readonly label: string | null }
  | { readonly kind: 'channel'; readonly id: string; readonly label: string | null }
  | { readonly kind: 'broadcast'; readonly word: string }
  | { readonly kind: 'date'; readonly at: number; readonly form: string; readonly fallback: string }
  | { readonly kind: 'link'; readonly url: string; readonly label: string };

export type Block =
  | { readonly kind: 'paragraph'; readonly inside: readonly Node[] }
  | { readonly kind: 'quote'; readonly inside: readonly Node[] }
  | { readonly kind: 'pre'; readonly text: string };

export function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Paragraphs, quotes and code blocks, in order. */
export function parseMrkdwn(text: string): readonly Block[] {
  return text.split(/```\n?/).flatMap((part, at): readonly Block[] => {
    if (at % 2 === 1) return [{ kind: 'pre', text: plainOf(part.replace(/\n$/, '')) }];
    return paragraphs(part);
  });
}

/** Tokens inside of code are shown by their labels. */
function plainOf(text: string): string {
  return unescaped(
    text.replaceAll(/<([^<>|]+)(?:\|([^<>]*))?>/g, (_, target: string, label?: string) => label ?? target),
  );
}

function paragraphs(text: string): readonly Block[] {
  const found: Block[] = [];
  let lines: string[] = [];
  let isQuote = false;
  const flush = (): void => {
    const inside = parseInline(lines.join('\n').replace(/^\n+|\n+$/g, ''));
    if (inside.length > 0) found.push({ kind: isQuote ? 'quote' : 'paragraph', inside });
    lines = [];
  };
  for (const line of text.split('\n')) {
    const quoted = /^&gt; ?/.exec(line)?.[0];
    if ((quoted !== undefined) !== isQuote) {
      flush();
      isQuote = !isQuote;
    }
    lines.push(line.slice(quoted?.length ?? 0));
  }
  flush();
  return found;
}

/** Code first, since nothing in it means anything; then tokens; then what makes bold. */
const PIECE = /`([^`\n]+)`|<([^<>\n]+)>/g;

export function parseInline(text: string): readonly Node[] {
  const whole: Node[] = [];
  const held: Node[] = [];
  // Tokens and code stand in the text as single characters that nobody can type, so that `*<@U1>*` is bold as a whole.
  const flat = text.replaceAll(/\uE000/g, '').replaceAll(PIECE, (_, code?: string, token?: string) => {
    held.push(code === undefined ? tokenOf(token ?? '') : { kind: 'code', text: plainOf(code) });
    return '\uE000';
  });
  let next = 0;
  for (const node of styled(flat)) whole.push(...filled(node));
  return whole;

  function filled(node: Node): readonly Node[] {
    if ('inside' in node) return [{ ...node, inside: node.inside.flatMap(filled) }];
    if (node.kind !== 'text') return [node];
    return node.text.split(/(\uE000|\n)/).flatMap((part): readonly Node[] => {
      if (part === '') return [];
      if (part === '\n') return [{ kind: 'break' }];
      if (part !== '\uE000') return [{ kind: 'text', text: withEmoji(unescaped(part)) }];
      const found = held[next];
      next += 1;
      return found === undefined ? [] : [found];
    });
  }
}

const STYLES = { '*': 'bold', _: 'italic', '~': 'strike' } as const;

/** A sign opens before a word and closes after one; inside of words it is just a sign. */
const STYLED = /(?<![\p{L}\p{N}*_~])([*_~])(?=\S)((?:(?!\1)[^\n])*?\S)\1(?![\p{L}\p{N}])/gu;

function styled(text: string): readonly Node[] {
  const found: Node[] = [];
  let from = 0;
  for (const match of text.matchAll(STYLED)) {
    if (match.index > from) found.push({ kind: 'text', text: text.slice(from, match.index) });
    const kind = STYLES[(match[1] ?? '*') as keyof typeof STYLES];
    found.push({ kind, inside: styled(match[2] ?? '') });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ kind: 'text', text: text.slice(from) });
  return found;
}

function tokenOf(token: string): Node {
  const bar = token.indexOf('|');
  const target = bar < 0 ? token : token.slice(0, bar);
  const label = bar < 0 ? null : unescaped(token.slice(bar + 1));
  if (/^@[UW]/.test(target)) return { kind: 'person', id: target.slice(1), label };
  if (/^#[CGD]/.test(target)) return { kind: 'channel', id: target.slice(1), label };
  const [, seconds, form] = /^!date\^(\d+)\^([^^]*)/.exec(target) ?? [];
  if (seconds !== undefined && form !== undefined)
    return { kind: 'date', at: Number(seconds) * 1000, form: unescaped(form), fallback: label ?? '' };
  if (target.startsWith('!')) return { kind: 'broadcast', word: target.slice(1) };
  const url = unescaped(target);
  return { kind: 'link', url, label: label ?? url.replace(/^mailto:/, '') };
}

export interface Names {
  person(id: string): string;
  channel(id: string): string;
}

/** A message as its author typed it: to be edited, or told in a line. `<@U1>` becomes `@ana`. */
export function sourceOf(text: string, names: Names): string {
  return withEmoji(
    unescaped(
      text.replaceAll(/<([^<>\n|]+)(?:\|([^<>\n]*))?>/g, (_, target: string, label?: string) => {
        if (target.startsWith('@')) return `@${names.person(target.slice(1))}`;
        if (target.startsWith('#')) return `#${label ?? names.channel(target.slice(1))}`;
        if (target.startsWith('!date')) return label ?? '';
        if (target.startsWith('!')) return `@${target.slice(1)}`;
        return label === undefined || target.startsWith('mailto:') ? target.replace(/^mailto:/, '') : label;
      }),
    ),
  );
}

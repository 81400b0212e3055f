/** What of a message, an ephemeral or a modal Slack would act on. */
import { isJson } from '../workspace/wire.ts';

export interface Acting {
  /** Texts in which Slack parses tokens and formats: mrkdwn, and the text beside the blocks. */
  readonly parsed: readonly string[];
  /** The types of everything inside rich text; only `text` is inert. */
  readonly leaves: readonly string[];
  /** All texts, those in which nothing is parsed too. */
  readonly all: readonly string[];
}

export function actingIn(shown: { readonly text?: string; readonly blocks?: unknown }): Acting {
  const [parsed, leaves, all]: [string[], string[], string[]] = [[], [], []];
  const visit = (node: unknown, isInline: boolean): void => {
    if (Array.isArray(node)) for (const each of node) visit(each, isInline);
    if (!isJson(node)) return;
    const { type, text } = node;
    if (isInline) leaves.push(String(type));
    if (typeof text === 'string') all.push(text);
    if (type === 'mrkdwn') {
      parsed.push(String(text));
      // Without it Slack links names and addresses that stand there bare.
      if (node['verbatim'] !== true) leaves.push('mrkdwn that is not verbatim');
    }
    const isSection = typeof type === 'string' && /^rich_text_(section|quote|preformatted)$/.test(type);
    for (const child of Object.values(node)) visit(child, isSection);
  };
  visit(shown.blocks, false);
  const beside = shown.text ?? '';
  return { parsed: [beside, ...parsed], leaves, all: [beside, ...all] };
}

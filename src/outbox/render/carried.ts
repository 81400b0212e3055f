/** People's words carried over whole, as far as one message of Slack's takes them. */
import type { KnownBlock, RichTextBlock } from '@slack/types';
import { context } from '../../slack/blocks.ts';
import type { RawText } from '../../slack/event.ts';
import { mrkdwn, visible } from '../../slack/inline.ts';
import { words } from '../../slack/rich-text.ts';

/**
 * Slack refuses a message (`msg_blocks_too_long`) whose blocks hold about 12,000 characters, with what the blocks
 * themselves count for; it says neither number, and 11,341 of text have been refused (slackapi/bolt-js#2509, #2867).
 */
export const CARRIED_LENGTH = 9000;

/** The words in blocks, and a line that says how much was left out, if any was. */
export function carried(text: RawText, speaker?: string): readonly KnownBlock[] {
  const all = visible(text).trim();
  const over = all.length - CARRIED_LENGTH;
  const blocks = words(text, CARRIED_LENGTH);
  const spoken = speaker === undefined ? blocks : spokenBy(speaker, blocks);
  const left =
    over > 0 ? context(mrkdwn`Too long for one message: about ${over} more characters are not shown.`) : null;
  return left === null ? spoken : [...spoken, left];
}

/** Puts `Ana: ` in bold before the first words. */
function spokenBy(speaker: string, blocks: readonly RichTextBlock[]): readonly RichTextBlock[] {
  const bold = { type: 'text', text: `${visible(speaker)}: `, style: { bold: true } } as const;
  const [first, ...rest] = blocks;
  const section = first?.elements[0];
  const leaves = section?.type === 'rich_text_section' ? section.elements : [];
  return [
    { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [bold, ...leaves] }] },
    ...rest,
  ];
}

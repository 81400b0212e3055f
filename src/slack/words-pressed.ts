/** What a message of ours said whose button somebody pressed. */
import type { KnownBlock } from '@slack/types';
import { asRecord, isRecord, list, text } from './json.ts';
import type { MessageContent } from './port.ts';

/**
 * The message without its buttons and menus, to be shown again: its blocks are ours, and come back from Slack as they were.
 * @param body of the event of the press, as the inbox keeps it; empty when it is no longer kept
 * @returns null where nothing is left
 */
export function wordsPressed(body: string): MessageContent | null {
  if (body === '') return null;
  const message = asRecord(asRecord(JSON.parse(body)).message);
  const blocks = list(message.blocks)
    .filter(isBlock)
    .filter(({ type }) => type !== 'actions');
  return blocks.length === 0 ? null : { text: text(message.text) ?? '', blocks };
}

/** Of a message of ours, whatever its type says. */
function isBlock(block: unknown): block is KnownBlock {
  return isRecord(block) && typeof block.type === 'string';
}

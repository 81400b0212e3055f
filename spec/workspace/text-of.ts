import { asText, isJson } from './wire.ts';

/** Fields whose text nobody reads. */
const UNSEEN = new Set([
  'block_id',
  'action_id',
  'type',
  'value',
  'metadata',
  'style',
  'private_metadata',
  'ts',
  'callback_id',
]);

/** All that a reader sees of blocks, in order, one line a block. */
export function textOfBlocks(blocks: readonly unknown[]): string {
  return blocks
    .map((block) => leaves(block).join(' '))
    .filter((line) => line !== '')
    .join('\n');
}

/** What a reader sees of a message: its blocks if it has any, its text otherwise. */
export function textOf(message: { text: string; blocks?: readonly unknown[] }): string {
  return message.blocks && message.blocks.length > 0 ? textOfBlocks(message.blocks) : message.text;
}

function leaves(node: unknown): string[] {
  if (typeof node === 'string') return node === '' ? [] : [node];
  if (Array.isArray(node)) {
    const parts = node.map(leaves);
    return isInline(node) ? [parts.flat().join('')] : parts.flat();
  }
  if (!isJson(node)) return [];
  if (node['type'] === 'user') return [`<@${asText(node['user_id'])}>`];
  if (node['type'] === 'channel') return [`<#${asText(node['channel_id'])}>`];
  if (node['type'] === 'broadcast') return [`<!${asText(node['range'])}>`];
  if (node['type'] === 'emoji') return [`:${asText(node['name'])}:`];
  return Object.entries(node).flatMap(([name, value]) => (UNSEEN.has(name) ? [] : leaves(value)));
}

/** The pieces of one rich-text line belong together without spaces between them. */
function isInline(nodes: readonly unknown[]): boolean {
  const kinds = new Set(['text', 'link', 'emoji', 'user', 'channel', 'usergroup', 'broadcast', 'date']);
  return nodes.length > 0 && nodes.every((node) => isJson(node) && kinds.has(asText(node['type'])));
}

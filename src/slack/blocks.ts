/** Blocks of messages and views, inside Slack's limits by construction: too long is cut, too many are left out. */
import type {
  ActionsBlock,
  Button,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  KnownBlock,
  Overflow,
  SectionBlock,
  StaticSelect,
  UsersSelect,
} from '@slack/types';
import { mrkdwnText, plainText } from './block-text.ts';
import { own } from './elements.ts';
import type { Mrkdwn } from './inline.ts';
import { LIMITS } from './limits.ts';

export type Element = Button | Overflow | StaticSelect | UsersSelect;

/** A paragraph, with an element at its right if given. */
export function section(text: Mrkdwn, accessory?: Element | null): SectionBlock {
  return {
    type: 'section',
    text: mrkdwnText(text, LIMITS.sectionText),
    ...(accessory === undefined || accessory === null ? {} : { accessory }),
  };
}

/** Up to ten short texts in two columns. Null without any. */
export function fields(items: readonly Mrkdwn[]): SectionBlock | null {
  if (items.length === 0) return null;
  return {
    type: 'section',
    fields: items.slice(0, LIMITS.fields).map((item) => mrkdwnText(item, LIMITS.fieldText)),
  };
}

/** Small grey text, up to ten pieces side by side. Null without any. */
export function context(...items: readonly Mrkdwn[]): ContextBlock | null {
  if (items.length === 0) return null;
  return {
    type: 'context',
    elements: items.slice(0, LIMITS.contextElements).map((item) => mrkdwnText(item, LIMITS.contextText)),
  };
}

/** A large bold line, in which nothing is parsed. */
export function header(text: string): HeaderBlock {
  return { type: 'header', text: plainText(text, LIMITS.headerText) };
}

/** A row of buttons and menus. Null without any. */
export function actions(...items: readonly (Element | null)[]): ActionsBlock | null {
  const elements = items.filter((item) => item !== null).slice(0, LIMITS.actionElements);
  return elements.length === 0 ? null : { type: 'actions', elements };
}

export function divider(): DividerBlock {
  return { type: 'divider' };
}

/**
 * Puts a message together: what is null is left out, what is over Slack's number too.
 * @param firstBlockId by which the message is found again (see the client's `findPost`). Slack wants block ids
 *   new at every edit, so it belongs to the first posting only.
 */
export function assemble(blocks: readonly (KnownBlock | null)[], firstBlockId?: string): KnownBlock[] {
  const kept = blocks.filter((block) => block !== null).slice(0, LIMITS.blocksInMessage);
  const [first, ...rest] = kept;
  if (first === undefined || firstBlockId === undefined) return kept;
  return [{ ...first, block_id: own(firstBlockId, LIMITS.blockId) }, ...rest];
}

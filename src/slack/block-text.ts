/** Text objects. Slack refuses empty ones, so an empty text becomes a dash. */
import type { MrkdwnElement, PlainTextElement } from '@slack/types';
import { clamp } from './clamp.ts';
import { clampMrkdwn, type Mrkdwn, oneLine } from './inline.ts';
import { LIMITS } from './limits.ts';

const NOTHING = '—';

/** Our own mrkdwn. `verbatim`: Slack links no bare names and addresses in it. */
export function mrkdwnText(piece: Mrkdwn, max: number): MrkdwnElement {
  return { type: 'mrkdwn', text: clampMrkdwn(piece, max).trim() || NOTHING, verbatim: true };
}

/** Text in which Slack parses nothing but emoji names: fit for anybody's. */
export function plainText(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: clamp(oneLine(text), max) || NOTHING, emoji: true };
}

/** The top-level `text` of a message: the notification, and what clients show that cannot show blocks. */
export function messageText(piece: Mrkdwn): string {
  return clampMrkdwn(piece, LIMITS.messageText).trim() || NOTHING;
}

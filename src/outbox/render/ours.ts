/** Texts that our own handlers wrote, which may have echoed somebody's words: their format stays, nothing rings. */
import { type Mrkdwn, mrkdwn, visible } from '../../slack/inline.ts';
import { type AnswerContext, readable } from './context.ts';

/** Times are Slack's own tokens and harmless; every other token becomes what it reads like. */
export function ours(escaped: string, ctx: Pick<AnswerContext, 'names'>): Mrkdwn {
  const parts = visible(escaped).split(/(<[^<>]*>)/);
  return { mrkdwn: parts.map((part, index) => (index % 2 === 1 ? token(part, ctx) : stray(part))).join('') };
}

function token(text: string, ctx: Pick<AnswerContext, 'names'>): string {
  if (/^<!date\^\d+\^[^<>^]*\|[^<>]*>$/.test(text)) return text;
  return mrkdwn`${readable(text, ctx)}`.mrkdwn;
}

/** In escaped text no bracket is left outside of a token. */
function stray(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
